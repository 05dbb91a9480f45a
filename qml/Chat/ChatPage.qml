pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Kith.App
import Kith.Controls
import Kith.Theme

// One chat: header, messages, and where one writes or why one cannot.
Rectangle {
    id: page

    required property ChatController chat
    required property bool narrow

    signal back
    signal detailsWanted

    function write() { composer.takeFocus() }

    color: Theme.window

    ColumnLayout {
        anchors.fill: parent
        spacing: 0
        ChatHeader {
            chat: page.chat
            narrow: page.narrow
            Layout.fillWidth: true
            onBack: page.back()
            onDetailsWanted: page.detailsWanted()
        }
        Banner {
            visible: page.chat.keyChanged
            Layout.fillWidth: true
            iconName: "shield"
            tint: Theme.warn
            words: qsTr("%1's security code changed. Compare it when you meet; nothing is sent until then.").arg(page.chat.name)
            action: qsTr("Show")
            onActed: page.detailsWanted()
        }
        Item {
            Layout.fillWidth: true
            Layout.fillHeight: true
            clip: true
            Timeline {
                anchors.fill: parent
                chat: page.chat
                narrow: page.narrow
            }
            EmptyState {
                anchors.centerIn: parent
                width: Math.min(parent.width - 2 * Theme.space8, Theme.readingMost)
                visible: page.chat.timeline.ready && page.chat.timeline.reachesStart && page.chat.timeline.empty
                heading: page.chat.notes ? qsTr("A place for your own notes") : qsTr("Say hello to %1").arg(page.chat.name)
                words: page.chat.notes ? qsTr("What you write here is on your devices alone.")
                                       : qsTr("Only the two of you can read what is written here.")
            }
        }
        Composer {
            id: composer
            visible: !request.visible && !blocked.visible
            chat: page.chat
            narrow: page.narrow
            Layout.fillWidth: true
        }
        InsteadOfComposer {
            id: request
            visible: page.chat.incomingRequest
            Layout.fillWidth: true
            words: qsTr("%1 (@%2) wants to write to you. They do not learn whether you read this before you accept.")
                   .arg(page.chat.name).arg(page.chat.handle)
            first: qsTr("Accept")
            second: qsTr("Delete")
            third: qsTr("Block")
            onFirstChosen: page.chat.acceptRequest()
            onSecondChosen: page.chat.declineRequest()
            onThirdChosen: page.chat.setBlocked(true)
        }
        InsteadOfComposer {
            id: blocked
            visible: page.chat.blocked && !page.chat.incomingRequest
            Layout.fillWidth: true
            words: qsTr("You blocked %1. Neither of you can write to the other.").arg(page.chat.name)
            first: qsTr("Unblock")
            onFirstChosen: page.chat.setBlocked(false)
        }
    }
}
