import QtQuick
import QtQuick.Layouts
import Kith.App
import Kith.Controls
import Kith.Icons
import Kith.Theme

// A trouble that stands before everything else: what happened, what is safe, what to do.
Rectangle {
    id: page

    required property ShellController shell
    readonly property notice told: shell.trouble

    color: Theme.window

    Flickable {
        anchors.horizontalCenter: parent.horizontalCenter
        anchors.top: parent.top
        anchors.bottom: parent.bottom
        width: Math.min(parent.width - 2 * Theme.space6, Theme.readingMost)
        contentHeight: Math.max(height, column.implicitHeight + 2 * Theme.space8)
        boundsBehavior: Flickable.StopAtBounds
        ColumnLayout {
            id: column
            width: parent.width
            y: Math.max(Theme.space8, (parent.height - implicitHeight) / 2)
            spacing: Theme.space4
            Rectangle {
                Layout.alignment: Qt.AlignHCenter
                implicitWidth: Theme.mark
                implicitHeight: Theme.mark
                radius: width / 2
                color: Theme.panel
                Icon {
                    anchors.centerIn: parent
                    name: page.told.icon !== "" ? page.told.icon : "info"
                    size: Theme.space8
                    color: page.told.serious ? Theme.danger : Theme.inkSoft
                }
            }
            Words {
                Layout.fillWidth: true
                text: page.told.heading
                strong: true
                font.pixelSize: Theme.page
                horizontalAlignment: Text.AlignHCenter
                Accessible.role: Accessible.Heading
            }
            Words {
                Layout.fillWidth: true
                text: page.told.words
                color: Theme.inkSoft
                horizontalAlignment: Text.AlignHCenter
            }
            ActionButton {
                visible: page.told.action !== ""
                Layout.fillWidth: true
                Layout.topMargin: Theme.space3
                filled: true
                text: page.told.action
                onClicked: page.shell.act()
            }
            ActionButton {
                visible: page.told.readable
                Layout.fillWidth: true
                text: qsTr("Read my messages")
                plain: page.told.action !== ""
                onClicked: page.shell.readOnly()
            }
        }
    }
}
