import QtQuick
import Kith.Controls
import Kith.Theme

// Two bubbles as they will look.
Rectangle {
    implicitHeight: column.implicitHeight + 2 * Theme.space4
    radius: Theme.radiusCard
    color: Theme.panel
    Accessible.ignored: true

    Column {
        id: column
        x: Theme.space4
        y: Theme.space4
        width: parent.width - 2 * Theme.space4
        spacing: Theme.space2
        Rectangle {
            width: Math.min(parent.width, hers.implicitWidth + 2 * Theme.space3)
            height: hers.implicitHeight + 2 * Theme.space2
            radius: Theme.radiusBubble
            color: Theme.raised
            Words {
                id: hers
                x: Theme.space3
                y: Theme.space2
                width: parent.width - 2 * Theme.space3
                text: qsTr("Did you get home before the rain?")
            }
        }
        Rectangle {
            anchors.right: parent.right
            width: Math.min(parent.width, own.implicitWidth + 2 * Theme.space3)
            height: own.implicitHeight + 2 * Theme.space2
            radius: Theme.radiusBubble
            color: Theme.accentSoft
            Words {
                id: own
                x: Theme.space3
                y: Theme.space2
                width: parent.width - 2 * Theme.space3
                text: qsTr("Soaked, but happy.")
            }
        }
    }
}
