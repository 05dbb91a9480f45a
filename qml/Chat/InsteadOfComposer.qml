import QtQuick
import QtQuick.Layouts
import Kith.Controls
import Kith.Theme

// What stands where one would write, when one cannot: one sentence and at most three answers.
Item {
    id: bar

    required property string words
    required property string first
    property string second: ""
    property string third: ""

    signal firstChosen
    signal secondChosen
    signal thirdChosen

    implicitHeight: column.implicitHeight + 2 * Theme.space4

    ColumnLayout {
        id: column
        anchors.centerIn: parent
        width: Math.min(parent.width - 2 * Theme.space4, Theme.bubbleMost)
        spacing: Theme.space3
        Words {
            text: bar.words
            color: Theme.inkSoft
            horizontalAlignment: Text.AlignHCenter
            Layout.fillWidth: true
        }
        Flow {
            Layout.alignment: Qt.AlignHCenter
            Layout.maximumWidth: column.width
            spacing: Theme.space2
            ActionButton {
                text: bar.first
                filled: bar.second !== ""
                onClicked: bar.firstChosen()
            }
            ActionButton {
                visible: bar.second !== ""
                text: bar.second
                onClicked: bar.secondChosen()
            }
            ActionButton {
                visible: bar.third !== ""
                text: bar.third
                plain: true
                danger: true
                onClicked: bar.thirdChosen()
            }
        }
    }
}
