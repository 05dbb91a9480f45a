import QtQuick
import QtQuick.Layouts
import Kith.App
import Kith.Controls
import Kith.Theme

// Where the key of this device's messages is kept, and why that matters.
ColumnLayout {
    id: step

    required property OnboardingController onboarding

    spacing: Theme.space4

    Words {
        Layout.fillWidth: true
        text: qsTr("Where should the key be kept?")
        strong: true
        font.pixelSize: Theme.page
        Accessible.role: Accessible.Heading
    }
    Words {
        Layout.fillWidth: true
        text: step.onboarding.needsPassphrase
              ? qsTr("Your messages are stored encrypted. This passphrase opens them each time Kith starts; nobody can reset it.")
              : qsTr("Your messages are stored encrypted. This system's keychain keeps the key and opens it when you sign in.")
        color: Theme.inkSoft
    }
    RowLayout {
        visible: step.onboarding.hasKeychain
        Layout.fillWidth: true
        spacing: Theme.space3
        Words {
            text: qsTr("Ask for a passphrase instead")
            Layout.fillWidth: true
        }
        Toggle {
            label: qsTr("Ask for a passphrase instead")
            checked: step.onboarding.needsPassphrase
            onToggled: step.onboarding.needsPassphrase = checked
        }
    }
    TextEntry {
        id: passphrase
        visible: step.onboarding.needsPassphrase
        Layout.fillWidth: true
        focus: visible
        label: qsTr("Passphrase")
        placeholder: qsTr("four random words are good")
        iconName: "key"
        fill: Theme.raised
        echoMode: reveal.checked ? TextInput.Normal : TextInput.Password
        inputMethodHints: Qt.ImhSensitiveData | Qt.ImhNoPredictiveText
        text: step.onboarding.passphrase
        problem: step.onboarding.passphraseProblem
        good: step.onboarding.ready
        remark: step.onboarding.ready ? qsTr("Long enough.") : ""
        onEdited: step.onboarding.passphrase = text
        onAccepted: step.onboarding.next()
    }
    RowLayout {
        visible: passphrase.visible
        Layout.fillWidth: true
        Words {
            text: qsTr("Show what I type")
            font.pixelSize: Theme.meta
            color: Theme.inkSoft
            Layout.fillWidth: true
        }
        Toggle {
            id: reveal
            label: qsTr("Show what I type")
        }
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
        text: step.onboarding.busy ? qsTr("Making your account…") : qsTr("Create account")
        onClicked: step.onboarding.next()
    }
}
