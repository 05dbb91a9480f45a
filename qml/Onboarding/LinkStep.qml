import QtQuick
import QtQuick.Layouts
import Kith.App
import Kith.Controls
import Kith.Theme

// An invite link, or a server's address.
ColumnLayout {
    id: step

    required property OnboardingController onboarding
    readonly property bool invite: onboarding.step === "invite"

    spacing: Theme.space4

    Words {
        Layout.fillWidth: true
        text: step.invite ? qsTr("Paste your invite") : qsTr("Which server?")
        strong: true
        font.pixelSize: Theme.page
        Accessible.role: Accessible.Heading
    }
    Words {
        Layout.fillWidth: true
        text: step.invite ? qsTr("Somebody sent you a link that begins with kith://. It names the server and lets you in.")
                          : qsTr("Whoever runs the server told you its address. It must be open to new accounts.")
        color: Theme.inkSoft
    }
    TextEntry {
        Layout.fillWidth: true
        focus: true
        label: step.invite ? qsTr("Invite link") : qsTr("Server address")
        placeholder: step.invite ? "kith://" : "kith.example"
        iconName: step.invite ? "link" : "server"
        fill: Theme.raised
        text: step.invite ? step.onboarding.invite : step.onboarding.address
        problem: step.onboarding.linkProblem
        onEdited: step.invite ? step.onboarding.invite = text : step.onboarding.address = text
        onAccepted: step.onboarding.next()
    }
    InviteCard {
        visible: step.onboarding.server !== ""
        Layout.fillWidth: true
        server: step.onboarding.server
        keyChecked: step.onboarding.keyChecked
    }
    ActionButton {
        Layout.fillWidth: true
        filled: true
        enabled: step.onboarding.ready
        text: qsTr("Continue")
        onClicked: step.onboarding.next()
    }
}
