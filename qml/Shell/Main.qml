import QtQuick
import Kith.App
import Kith.Theme

// The window of Kith.
Window {
    id: window

    required property ShellController shell
    required property AppearanceController appearance
    required property OnboardingController onboarding
    required property UnlockController unlock
    property ConversationsController conversations: null
    property ChatController chat: null

    width: Theme.windowWidth
    height: Theme.windowHeight
    minimumWidth: Theme.windowLeastWidth
    minimumHeight: Theme.windowLeastHeight
    title: "Kith"
    color: Theme.window
    visible: true
    LayoutMirroring.enabled: Application.layoutDirection === Qt.RightToLeft
    LayoutMirroring.childrenInherit: true

    AppView {
        anchors.fill: parent
        shell: window.shell
        appearance: window.appearance
        onboarding: window.onboarding
        unlock: window.unlock
        conversations: window.conversations
        chat: window.chat
        active: window.active
    }
}
