import QtQuick
import QtQuick.Layouts
import Kith.App
import Kith.Controls
import Kith.Theme

// The first thing anybody sees of Kith.
ColumnLayout {
    id: step

    required property OnboardingController onboarding

    spacing: Theme.space3

    Image {
        Layout.alignment: Qt.AlignHCenter
        source: "qrc:/qt/qml/Kith/Icons/kith.svg"
        sourceSize.width: Theme.mark
        sourceSize.height: Theme.mark
        Accessible.ignored: true
    }
    Words {
        Layout.fillWidth: true
        Layout.topMargin: Theme.space4
        text: "Kith"
        strong: true
        font.pixelSize: Theme.welcome
        lineHeight: 1
        horizontalAlignment: Text.AlignHCenter
        Accessible.role: Accessible.Heading
    }
    Words {
        Layout.fillWidth: true
        text: qsTr("Private messages, on a server you choose.")
        color: Theme.inkSoft
        horizontalAlignment: Text.AlignHCenter
    }
    ActionButton {
        Layout.fillWidth: true
        Layout.topMargin: Theme.space6
        filled: true
        text: qsTr("I have an invite")
        onClicked: step.onboarding.useInvite()
    }
    ActionButton {
        Layout.alignment: Qt.AlignHCenter
        plain: true
        text: qsTr("Use a server address")
        onClicked: step.onboarding.useAddress()
    }
}
