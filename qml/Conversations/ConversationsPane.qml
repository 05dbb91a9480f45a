pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Kith.App
import Kith.Controls
import Kith.Icons
import Kith.Theme

// The list of chats with its search, filters and requests.
Rectangle {
    id: pane

    required property ConversationsController conversations
    required property bool online
    required property bool narrow

    signal settingsWanted

    function search() { searchField.takeFocus() }

    color: Theme.panel

    ColumnLayout {
        anchors.fill: parent
        spacing: 0

        Item {
            Layout.fillWidth: true
            Layout.preferredHeight: Theme.headerHeight
            Layout.topMargin: Theme.space1
            T.Button {
                id: own
                anchors.left: parent.left
                anchors.leftMargin: Theme.space3
                anchors.verticalCenter: parent.verticalCenter
                width: Theme.avatar
                height: Theme.avatar
                focusPolicy: Qt.StrongFocus
                Accessible.role: Accessible.Button
                Accessible.name: qsTr("Settings of %1").arg(pane.conversations.ownName)
                Accessible.onPressAction: clicked()
                onClicked: pane.settingsWanted()
                background: Avatar {
                    initials: pane.conversations.ownInitials
                    hue: pane.conversations.ownHue
                    size: Theme.avatar
                    ring: pane.online ? Theme.accent : Theme.outline
                    FocusRing {
                        shown: own.visualFocus
                        radius: height / 2
                    }
                }
                Hint {
                    visible: own.hovered
                    text: qsTr("Settings")
                }
            }
            Words {
                anchors.left: own.right
                anchors.leftMargin: Theme.space3
                anchors.verticalCenter: parent.verticalCenter
                text: "Kith"
                strong: true
                font.pixelSize: Theme.page
                lineHeight: 1
                Accessible.role: Accessible.Heading
            }
            IconButton {
                visible: !pane.narrow
                anchors.right: parent.right
                anchors.rightMargin: Theme.space3
                anchors.verticalCenter: parent.verticalCenter
                iconName: "compose"
                label: qsTr("New chat")
                keys: "Ctrl+N"
                onClicked: pane.search()
            }
        }
        TextEntry {
            id: searchField
            Layout.fillWidth: true
            Layout.leftMargin: Theme.space4
            Layout.rightMargin: Theme.space4
            label: qsTr("Search or start a chat")
            placeholder: label
            iconName: "search"
            keys: "Ctrl+K"
            text: pane.conversations.query
            onEdited: pane.conversations.query = text
            onAccepted: pane.conversations.selectFirst()
            onDownPressed: list.forceActiveFocus(Qt.TabFocusReason)
            Keys.onEscapePressed: pane.conversations.query = ""
        }
        Flickable {
            Layout.fillWidth: true
            Layout.topMargin: Theme.space2
            Layout.bottomMargin: Theme.space2
            Layout.preferredHeight: filters.height
            leftMargin: Theme.space4
            rightMargin: Theme.space4
            contentWidth: filters.width
            contentHeight: height
            interactive: contentWidth > width
            flickableDirection: Flickable.HorizontalFlick
            Row {
                id: filters
                spacing: Theme.space1
                Pill {
                    text: qsTr("All")
                    checked: pane.conversations.show === "chats"
                    onClicked: pane.conversations.show = "chats"
                }
                Pill {
                    text: qsTr("Unread")
                    checked: pane.conversations.show === "unread"
                    onClicked: pane.conversations.show = "unread"
                }
            }
        }
        T.Button {
            id: requests
            readonly property int waiting: pane.conversations.list.requests
            readonly property bool within: pane.conversations.show === "requests"
            visible: waiting > 0 || within
            Layout.fillWidth: true
            Layout.preferredHeight: Theme.rowHeight - Theme.space3
            focusPolicy: Qt.StrongFocus
            text: within ? qsTr("All chats") : qsTr("Message requests")
            Accessible.role: Accessible.Button
            Accessible.name: within ? text : text + ", " + waiting
            Accessible.onPressAction: clicked()
            onClicked: pane.conversations.show = within ? "chats" : "requests"
            background: Rectangle {
                anchors.fill: parent
                anchors.leftMargin: Theme.space2
                anchors.rightMargin: Theme.space2
                radius: Theme.radiusCard
                color: requests.down ? Theme.field : requests.hovered ? Theme.hover : Theme.none
                FocusRing {
                    shown: requests.visualFocus
                    inset: 0
                }
            }
            contentItem: RowLayout {
                spacing: Theme.space3
                Item {
                    Layout.leftMargin: Theme.space4 + Theme.space1
                    implicitWidth: Theme.avatar
                    implicitHeight: Theme.avatar
                    Icon {
                        anchors.centerIn: parent
                        name: requests.within ? "back" : "mail"
                        mirror: requests.within && requests.mirrored
                        color: Theme.accent
                    }
                }
                Words {
                    text: requests.text
                    color: Theme.accent
                    strong: true
                    lineHeight: 1
                    Layout.fillWidth: true
                    Accessible.ignored: true
                }
                CountPill {
                    visible: !requests.within
                    count: requests.waiting
                    Layout.rightMargin: Theme.space4 + Theme.space1
                }
            }
        }
        Item {
            Layout.fillWidth: true
            Layout.fillHeight: true

            ListView {
                id: list
                anchors.fill: parent
                clip: true
                model: pane.conversations.list
                activeFocusOnTab: true
                keyNavigationEnabled: true
                boundsBehavior: Flickable.StopAtBounds
                bottomMargin: pane.narrow ? Theme.newChatButton + 2 * Theme.space4 : Theme.space2
                Accessible.role: Accessible.List
                Accessible.name: qsTr("Chats")
                T.ScrollBar.vertical: SlimScrollBar {}
                delegate: ConversationRow {
                    width: ListView.view.width
                    selected: !pane.narrow && log === pane.conversations.selected
                    onClicked: pane.conversations.select(log)
                }
            }
            EmptyState {
                anchors.centerIn: parent
                width: parent.width - 2 * Theme.space8
                visible: pane.conversations.searching && pane.conversations.list.ready && list.count === 0
                heading: qsTr("No chat with “%1”").arg(pane.conversations.query)
                words: pane.conversations.startProblem !== "" ? pane.conversations.startProblem
                     : qsTr("Names and handles of your chats were searched. Somebody new is found by their exact handle.")
                action: qsTr("Find @%1").arg(pane.conversations.query)
                onActed: pane.conversations.startChat(pane.conversations.query)
            }
            EmptyState {
                anchors.centerIn: parent
                width: parent.width - 2 * Theme.space8
                visible: !pane.conversations.searching && pane.conversations.list.ready && list.count === 0
                         && pane.conversations.show === "chats"
                heading: qsTr("Nobody here yet")
                words: qsTr("Find somebody by their handle, or let them find you: you are @%1.").arg(pane.conversations.ownHandle)
                action: qsTr("Find somebody")
                onActed: pane.search()
            }
            EmptyState {
                anchors.centerIn: parent
                width: parent.width - 2 * Theme.space8
                visible: !pane.conversations.searching && pane.conversations.list.ready && list.count === 0
                         && pane.conversations.show === "unread"
                heading: qsTr("All read")
                words: qsTr("What comes new appears here.")
                action: qsTr("Show all chats")
                onActed: pane.conversations.show = "chats"
            }
            IconButton {
                visible: pane.narrow
                anchors.right: parent.right
                anchors.bottom: parent.bottom
                anchors.margins: Theme.space4
                side: Theme.newChatButton
                filled: true
                iconName: "compose"
                label: qsTr("New chat")
                onClicked: pane.search()
            }
        }
    }
}
