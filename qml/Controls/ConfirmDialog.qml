import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Kith.Theme

// A question before what cannot be undone: what happens, what is safe, and two answers. Escape is "no".
T.Dialog {
    id: dialog

    required property string heading
    required property string words
    required property string yes
    property bool danger: true

    parent: T.Overlay.overlay
    x: parent ? Math.round((parent.width - width) / 2) : 0
    y: parent ? Math.round((parent.height - height) / 2) : 0
    width: Math.min(Theme.dialogMost, parent ? parent.width - 2 * Theme.space4 : Theme.dialogMost)
    implicitHeight: implicitContentHeight + topPadding + bottomPadding
    padding: Theme.space6
    modal: true
    focus: true

    contentItem: ColumnLayout {
        spacing: Theme.space3
        Accessible.role: Accessible.Dialog
        Accessible.name: dialog.heading
        Words {
            text: dialog.heading
            strong: true
            font.pixelSize: Theme.title
            Layout.fillWidth: true
            Accessible.role: Accessible.Heading
        }
        Words {
            text: dialog.words
            color: Theme.inkSoft
            Layout.fillWidth: true
        }
        RowLayout {
            Layout.topMargin: Theme.space3
            Layout.alignment: Qt.AlignRight
            spacing: Theme.space2
            ActionButton {
                text: qsTr("Cancel")
                plain: true
                focus: true
                onClicked: dialog.reject()
            }
            ActionButton {
                text: dialog.yes
                danger: dialog.danger
                onClicked: dialog.accept()
            }
        }
    }
    background: Rectangle {
        radius: Theme.radiusCard
        color: Theme.raised
        border.width: Theme.hairline
        border.color: Theme.line
    }
    T.Overlay.modal: Rectangle { color: Theme.scrim }
}
