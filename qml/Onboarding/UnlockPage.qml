import QtQuick
import QtQuick.Layouts
import Kith.App
import Kith.Controls
import Kith.Theme

// A profile whose key is under a passphrase: asked for each time Kith starts.
Rectangle {
    id: page

    required property UnlockController unlock

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
            Image {
                Layout.alignment: Qt.AlignHCenter
                source: "qrc:/qt/qml/Kith/Icons/kith.svg"
                sourceSize.width: Theme.mark
                sourceSize.height: Theme.mark
                Accessible.ignored: true
            }
            Words {
                Layout.fillWidth: true
                Layout.topMargin: Theme.space2
                text: qsTr("Open your messages")
                strong: true
                font.pixelSize: Theme.page
                horizontalAlignment: Text.AlignHCenter
                Accessible.role: Accessible.Heading
            }
            Words {
                Layout.fillWidth: true
                text: qsTr("They are stored encrypted on this device. Your passphrase opens them.")
                color: Theme.inkSoft
                horizontalAlignment: Text.AlignHCenter
            }
            TextEntry {
                Layout.fillWidth: true
                Layout.topMargin: Theme.space2
                focus: true
                label: qsTr("Passphrase")
                iconName: "key"
                fill: Theme.raised
                echoMode: reveal.checked ? TextInput.Normal : TextInput.Password
                inputMethodHints: Qt.ImhSensitiveData | Qt.ImhNoPredictiveText
                text: page.unlock.passphrase
                problem: page.unlock.problem
                onEdited: page.unlock.passphrase = text
                onAccepted: page.unlock.unlock()
                Component.onCompleted: takeFocus()
            }
            RowLayout {
                Layout.fillWidth: true
                Words {
                    text: qsTr("Show what I type")
                    font.pixelSize: Theme.meta
                    color: Theme.inkSoft
                    Layout.fillWidth: true
                    Accessible.ignored: true
                }
                Toggle {
                    id: reveal
                    label: qsTr("Show what I type")
                }
            }
            ActionButton {
                Layout.fillWidth: true
                filled: true
                enabled: page.unlock.ready
                text: page.unlock.busy ? qsTr("Opening…") : qsTr("Open")
                onClicked: page.unlock.unlock()
            }
        }
    }
}
