pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Kith.App
import Kith.Controls
import Kith.Theme

// Who the other person is, how sure that is, and what can be done about them.
Rectangle {
    id: pane

    required property ChatController chat
    required property bool page

    signal closed

    color: Theme.panel
    Component.onCompleted: chat.loadSafetyNumber()

    ColumnLayout {
        anchors.fill: parent
        spacing: 0
        RowLayout {
            Layout.fillWidth: true
            Layout.preferredHeight: Theme.headerHeight
            Layout.leftMargin: Theme.space2
            Layout.rightMargin: Theme.space3
            IconButton {
                visible: pane.page
                iconName: "back"
                label: qsTr("Back")
                flips: true
                onClicked: pane.closed()
            }
            Item { Layout.fillWidth: true }
            IconButton {
                visible: !pane.page
                iconName: "close"
                label: qsTr("Close details")
                onClicked: pane.closed()
            }
        }
        Flickable {
            Layout.fillWidth: true
            Layout.fillHeight: true
            contentHeight: column.implicitHeight + Theme.space6
            clip: true
            boundsBehavior: Flickable.StopAtBounds
            ColumnLayout {
                id: column
                x: Theme.space4
                width: parent.width - 2 * Theme.space4
                spacing: Theme.space2
                Avatar {
                    Layout.alignment: Qt.AlignHCenter
                    initials: pane.chat.initials
                    hue: pane.chat.hue
                    size: Theme.avatarLarge
                    iconName: pane.chat.notes ? "notes" : ""
                }
                Words {
                    Layout.fillWidth: true
                    Layout.topMargin: Theme.space2
                    text: pane.chat.notes ? qsTr("Notes to self") : pane.chat.name
                    strong: true
                    font.pixelSize: Theme.title
                    horizontalAlignment: Text.AlignHCenter
                    wrapMode: Text.Wrap
                    maximumLineCount: 3
                    elide: Text.ElideRight
                }
                Words {
                    visible: pane.chat.handle !== ""
                    Layout.fillWidth: true
                    text: pane.chat.online ? qsTr("@%1 · online").arg(pane.chat.handle) : "@" + pane.chat.handle
                    font.pixelSize: Theme.meta
                    color: Theme.inkSoft
                    horizontalAlignment: Text.AlignHCenter
                }
                VerifiedPill {
                    visible: pane.chat.verified
                    Layout.alignment: Qt.AlignHCenter
                    Layout.topMargin: Theme.space2
                }
                SafetyNumber {
                    visible: pane.chat.safetyNumber !== ""
                    Layout.fillWidth: true
                    Layout.topMargin: Theme.space4
                    digits: pane.chat.safetyNumber
                    name: pane.chat.name
                }
                ActionButton {
                    visible: !pane.chat.notes
                    Layout.topMargin: Theme.space4
                    Layout.fillWidth: true
                    plain: true
                    danger: true
                    iconName: "block"
                    text: pane.chat.blocked ? qsTr("Unblock %1").arg(pane.chat.name) : qsTr("Block %1").arg(pane.chat.name)
                    onClicked: pane.chat.blocked ? pane.chat.setBlocked(false) : confirm.open()
                }
            }
        }
    }
    ConfirmDialog {
        id: confirm
        heading: qsTr("Block %1?").arg(pane.chat.name)
        words: qsTr("They can no longer write to you, and are not told. What was written stays.")
        yes: qsTr("Block")
        onAccepted: pane.chat.setBlocked(true)
    }
}
