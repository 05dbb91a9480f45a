pragma ComponentBehavior: Bound
import QtQuick
import Kith.App
import Kith.Chat
import Kith.Controls
import Kith.Conversations
import Kith.Settings
import Kith.Theme

// The three layouts: list, chat and details side by side; list and chat; one of them at a time.
Item {
    id: view

    required property ShellController shell
    required property AppearanceController appearance
    required property ConversationsController conversations
    required property ChatController chat
    required property bool active

    readonly property bool wide: width >= Theme.wideFrom
    readonly property bool narrow: width < Theme.mediumFrom
    readonly property bool chatOpen: chat.open
    readonly property bool detailsOpen: chatOpen && shell.detailsOpen
    readonly property int listWidth: narrow ? width
        : appearance.listWidth > 0 ? Math.max(Theme.listLeast, Math.min(Theme.listMost, appearance.listWidth))
        : wide ? Theme.listWide : Theme.listMedium

    function search() {
        if (narrow)
            conversations.deselect()
        shell.settingsOpen = false
        list.search()
    }

    Binding { target: view.chat; property: "lookedAt"; value: view.active && !view.shell.settingsOpen }

    Banner {
        id: banner
        readonly property notice told: view.shell.banner
        z: 1
        width: parent.width
        visible: told.words !== ""
        height: visible ? implicitHeight : 0
        words: told.words
        iconName: visible ? told.icon : "offline"
        action: told.action
        busy: told.busy
        tint: told.serious ? Theme.danger : Theme.inkSoft
        onActed: view.shell.act()
    }
    ConversationsPane {
        id: list
        visible: !view.narrow || !view.chatOpen
        anchors.left: parent.left
        anchors.top: banner.bottom
        anchors.bottom: parent.bottom
        width: view.listWidth
        conversations: view.conversations
        online: view.shell.online
        narrow: view.narrow
        onSettingsWanted: view.shell.settingsOpen = true
    }
    Item {
        id: main
        anchors.left: view.narrow ? parent.left : list.right
        anchors.right: details.visible && view.wide ? details.left : parent.right
        anchors.top: banner.bottom
        anchors.bottom: parent.bottom
        visible: !view.narrow || view.chatOpen
        NothingSelected {
            anchors.fill: parent
            visible: !view.chatOpen
        }
        Repeater {
            model: view.chatOpen ? 1 : 0
            ChatPage {
                anchors.fill: main
                chat: view.chat
                narrow: view.narrow
                onBack: view.conversations.deselect()
                onDetailsWanted: view.shell.detailsOpen = !view.shell.detailsOpen
                Component.onCompleted: if (!Theme.touch)
                    write()
            }
        }
    }
    MouseArea {
        visible: !view.narrow
        anchors.top: banner.bottom
        anchors.bottom: parent.bottom
        anchors.horizontalCenter: main.left
        width: Theme.dragHandle
        cursorShape: Qt.SplitHCursor
        onPositionChanged: (mouse) => view.appearance.listWidth = view.LayoutMirroring.enabled
            ? Math.max(Theme.listLeast, Math.min(Theme.listMost, view.width - x - mouse.x))
            : Math.max(Theme.listLeast, Math.min(Theme.listMost, x + mouse.x))
    }
    Item {
        id: details
        visible: view.detailsOpen
        anchors.right: parent.right
        anchors.top: banner.bottom
        anchors.bottom: parent.bottom
        width: view.wide ? Theme.details : main.width
        Repeater {
            model: view.detailsOpen ? 1 : 0
            DetailsPane {
                anchors.fill: details
                chat: view.chat
                page: !view.wide
                onClosed: view.shell.detailsOpen = false
            }
        }
    }
    Repeater {
        model: view.shell.settingsOpen ? 1 : 0
        SettingsPage {
            anchors.fill: view
            anchors.topMargin: banner.height
            appearance: view.appearance
            conversations: view.conversations
            onClosed: view.shell.settingsOpen = false
        }
    }
    Shortcut {
        sequences: ["Ctrl+K", "Ctrl+F", "Ctrl+N"]
        onActivated: view.search()
    }
    Shortcut {
        sequences: ["Alt+Down", "Ctrl+Tab"]
        onActivated: view.conversations.selectBeside(1)
    }
    Shortcut {
        sequences: ["Alt+Up", "Ctrl+Shift+Tab"]
        onActivated: view.conversations.selectBeside(-1)
    }
    Shortcut {
        sequence: "Ctrl+,"
        onActivated: view.shell.settingsOpen = true
    }
    Shortcut {
        sequence: "Ctrl+End"
        enabled: view.chatOpen
        onActivated: view.chat.showNewest()
    }
    Shortcut {
        sequence: "Escape"
        enabled: view.shell.settingsOpen || view.detailsOpen || view.chatOpen
        onActivated: view.shell.settingsOpen ? view.shell.settingsOpen = false
                   : view.detailsOpen ? view.shell.detailsOpen = false : view.conversations.deselect()
    }
}
