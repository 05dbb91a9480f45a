"""check-qml.py fails on each kind of planted violation, and passes without it."""

import unittest

from Planted import PlantedTree

CHECK = "check-qml.py"
CLEAN = """import QtQuick
import Kith.Theme

Item {
    id: item
    width: Theme.space4
    x: 0
    y: parent.height / 2 - Theme.space1
    Behavior on x { NumberAnimation { duration: Theme.stateTime } }
    Rectangle { color: Theme.panel }
}
"""


class QmlCheckTest(PlantedTree):
    def setUp(self):
        super().setUp()
        self.plant("qml/Controls/Thing.qml", CLEAN)

    def planted(self, line):
        """CLEAN with one more line, the 6th."""
        self.plant("qml/Controls/Thing.qml", CLEAN.replace("    id: item\n", f"    id: item\n    {line}\n"))

    def test_clean_tree_passes(self):
        self.passes(CHECK)

    def test_literals_outside_the_theme(self):
        cases = (('color: "#FF0000"', "names a colour"), ('border.color: "red"', "names a colour"),
                 ("color: Qt.rgba(1, 0, 0, 1)", "names a colour"), ("width: 17", "names a size"),
                 ("anchors.leftMargin: 8", "names a size"), ("Layout.preferredHeight: 40", "names a size"),
                 ("font.pixelSize: 15", "names a size"), ("radius: 6", "names a size"), ("spacing: -4", "names a size"),
                 ("Timer { interval: 300 }", "names a duration"), ("NumberAnimation { duration: 120 }", "names a duration"),
                 ('font.family: "Arial"', "names a font"), ("font.weight: Font.Bold", "names a font"))
        for line, reason in cases:
            with self.subTest(line):
                self.planted(line)
                self.fails(CHECK, "qml/Controls/Thing.qml:6:", reason)

    def test_the_theme_may_name_them(self):
        self.plant("qml/Theme/Theme.qml", 'import QtQuick\nQtObject {\n    property color ink: "#000000"\n    property int width: 17\n}\n')
        self.passes(CHECK)

    def test_logic(self):
        for line in ("onClicked: { for (let i = 0; i < 3; ++i) go(i) }", "property var all: list.map(x => x + 1)",
                     "property var when: new Date()"):
            with self.subTest(line):
                self.planted(line)
                self.fails(CHECK, "qml/Controls/Thing.qml:6:", "holds logic")
        self.planted("function long() {\n" + "        step()\n" * 8 + "    }")
        self.fails(CHECK, "a function of more than 6 lines")

    def test_globals_and_markup(self):
        self.planted("Connections { target: Theme }")
        self.fails(CHECK, "listens to a global")
        self.planted("Binding { target: Theme; property: \"dark\"; value: true }")
        self.passes(CHECK)
        self.planted("textFormat: Text.RichText")
        self.fails(CHECK, "takes text for markup")

    def test_delegates_are_bound(self):
        self.planted("ListView { delegate: Item {} }")
        self.fails(CHECK, "no pragma ComponentBehavior: Bound")

    def test_imports_against_the_arrows(self):
        self.plant("qml/Controls/Thing.qml", "import QtQuick\nimport Kith.Chat\nItem {}\n")
        self.fails(CHECK, "qml/Controls/Thing.qml:2: qml/Controls may not import Kith.Chat")
        self.plant("qml/Odd/Thing.qml", "import QtQuick\nItem {}\n")
        self.fails(CHECK, "qml/Odd stands in no row")


if __name__ == "__main__":
    unittest.main()
