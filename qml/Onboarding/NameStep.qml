import QtQuick
import QtQuick.Layouts
import Kith.App
import Kith.Controls
import Kith.Theme

// The name by which others find this account.
ColumnLayout {
    id: step

    required property OnboardingController onboarding

    spacing: Theme.space4

    Words {
        Layout.fillWidth: true
        text: qsTr("Choose your name")
        strong: true
        font.pixelSize: Theme.page
        Accessible.role: Accessible.Heading
    }
    Words {
        Layout.fillWidth: true
        text: qsTr("Others on %1 find you by exactly this name. No phone number, no address.").arg(step.onboarding.server)
        color: Theme.inkSoft
    }
    InviteCard {
        Layout.fillWidth: true
        server: step.onboarding.server
        keyChecked: step.onboarding.keyChecked
    }
    TextEntry {
        Layout.fillWidth: true
        focus: true
        label: qsTr("Your name on this server")
        placeholder: qsTr("for example mara")
        iconName: "person"
        fill: Theme.raised
        inputMethodHints: Qt.ImhNoAutoUppercase | Qt.ImhNoPredictiveText
        text: step.onboarding.handle
        problem: step.onboarding.handleProblem
        good: step.onboarding.ready
        remark: step.onboarding.ready ? qsTr("This can be a name. The server says whether it is free.") : ""
        onEdited: step.onboarding.handle = text
        onAccepted: step.onboarding.next()
    }
    Words {
        visible: step.onboarding.problem !== ""
        Layout.fillWidth: true
        text: step.onboarding.problem
        color: Theme.danger
        Accessible.role: Accessible.AlertMessage
    }
    ActionButton {
        Layout.fillWidth: true
        filled: true
        enabled: step.onboarding.ready && !step.onboarding.busy
        text: step.onboarding.busy ? qsTr("Making your account…")
            : step.onboarding.keyKept ? qsTr("Create account") : qsTr("Continue")
        onClicked: step.onboarding.next()
    }
}
