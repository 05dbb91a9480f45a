pragma ComponentBehavior: Bound
import QtQuick
import Kith.App
import Kith.Onboarding
import Kith.Theme

// Everything inside the window: the way into a profile, first run, chats, or a trouble in front of them.
Item {
    id: view

    required property ShellController shell
    required property AppearanceController appearance
    required property OnboardingController onboarding
    required property UnlockController unlock
    required property ConversationsController conversations
    required property ChatController chat
    required property bool active

    LayoutMirroring.enabled: Application.layoutDirection === Qt.RightToLeft
    LayoutMirroring.childrenInherit: true

    Binding { target: Theme; property: "dark"; value: view.appearance.dark }
    Binding { target: Theme; property: "highContrast"; value: view.appearance.highContrast }
    Binding { target: Theme; property: "reducedMotion"; value: view.appearance.reducedMotion }
    Binding { target: Theme; property: "touch"; value: view.appearance.touch }
    Binding { target: Theme; property: "textScale"; value: view.appearance.textPercent / 100 }

    // One of five; a Repeater, because Loader cannot make bound components in Qt 6.4.
    Repeater {
        model: view.shell.page === "opening" ? 1 : 0
        OpeningPage {
            anchors.fill: view
            slow: view.shell.slow
        }
    }
    Repeater {
        model: view.shell.page === "unlock" ? 1 : 0
        UnlockPage {
            anchors.fill: view
            unlock: view.unlock
        }
    }
    Repeater {
        model: view.shell.page === "welcome" ? 1 : 0
        WelcomeFlow {
            anchors.fill: view
            onboarding: view.onboarding
        }
    }
    Repeater {
        model: view.shell.page === "chats" ? 1 : 0
        ChatsView {
            anchors.fill: view
            shell: view.shell
            appearance: view.appearance
            conversations: view.conversations
            chat: view.chat
            active: view.active
        }
    }
    Repeater {
        model: view.shell.page === "trouble" ? 1 : 0
        TroublePage {
            anchors.fill: view
            shell: view.shell
        }
    }
    Shortcut {
        sequences: ["Ctrl++", "Ctrl+="]
        onActivated: view.appearance.enlargeText()
    }
    Shortcut {
        sequences: ["Ctrl+-"]
        onActivated: view.appearance.shrinkText()
    }
}
