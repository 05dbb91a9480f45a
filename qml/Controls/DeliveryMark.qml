import QtQuick
import Kith.Icons
import Kith.Theme

// How far an own message has come, by shape: clock, one tick, two ticks, two ticks in a filled pill, triangle.
Item {
    id: mark

    required property string delivery
    property color tint: Theme.inkSoft
    readonly property bool read: delivery === "read"
    readonly property bool waits: delivery === "queued" || delivery === "sending"
    readonly property bool wrong: delivery === "failed" || delivery === "unconfirmed"

    visible: delivery !== "received"
    implicitWidth: waits || wrong ? Theme.iconSmall : Theme.markWidth
    implicitHeight: waits || wrong ? Theme.iconSmall : Theme.markHeight
    Accessible.ignored: true

    Rectangle {
        anchors.fill: parent
        visible: mark.read
        radius: height / 2
        color: Theme.accent
    }
    Icon {
        anchors.fill: parent
        visible: mark.waits || mark.wrong
        name: mark.wrong ? "failed" : "clock"
        size: Theme.iconSmall
        color: mark.wrong ? Theme.danger : mark.tint
    }
    Icon {
        anchors.fill: parent
        visible: !mark.waits && !mark.wrong
        name: mark.delivery === "accepted" ? "tick" : "ticks"
        sourceSize.width: Theme.markWidth
        sourceSize.height: Theme.markHeight
        width: Theme.markWidth
        height: Theme.markHeight
        color: mark.read ? Theme.accentInk : mark.tint
    }
}
