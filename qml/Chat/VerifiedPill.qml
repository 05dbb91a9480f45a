import QtQuick
import Kith.Controls
import Kith.Icons
import Kith.Theme

// The person compared the safety number with this one.
Rectangle {
    implicitWidth: parts.implicitWidth + 2 * Theme.space3
    implicitHeight: parts.implicitHeight + Theme.space3
    radius: height / 2
    color: Theme.accentSoft

    Row {
        id: parts
        anchors.centerIn: parent
        spacing: Theme.space2
        Icon {
            name: "verified"
            size: Theme.iconSmall
            color: Theme.accent
        }
        Words {
            text: qsTr("Verified by you")
            strong: true
            font.pixelSize: Theme.meta
            lineHeight: 1
            color: Theme.accent
        }
    }
}
