import QtQuick
import Kith.Theme

// A number in a pill of the accent; a dot where there is no number.
Rectangle {
    id: pill

    required property int count
    property bool quiet: false

    implicitWidth: count > 0 ? Math.max(height, words.implicitWidth + Theme.space3) : Theme.presence
    implicitHeight: count > 0 ? Theme.pillHeight : Theme.presence
    radius: height / 2
    color: quiet ? Theme.inkSoft : Theme.accent
    Accessible.ignored: true

    Words {
        id: words
        anchors.centerIn: parent
        visible: pill.count > 0
        text: pill.count > 999 ? "999+" : pill.count
        strong: true
        font.pixelSize: Theme.caption
        lineHeight: 1
        color: pill.quiet ? Theme.panel : Theme.accentInk
        wrapMode: Text.NoWrap
        Accessible.ignored: true
    }
}
