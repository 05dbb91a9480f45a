import QtQuick
import Kith.Theme

// The ring around what the keyboard is at. Put it into the control's background; it draws outside of its parent.
Rectangle {
    required property bool shown
    property int inset: -Theme.focusOffset - Theme.focusWidth

    anchors.fill: parent
    anchors.margins: inset
    radius: Theme.radiusControl - inset
    color: Theme.none
    border.width: Theme.focusWidth
    border.color: Theme.accent
    visible: shown
}
