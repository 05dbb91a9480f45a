import QtQuick
import Kith.Controls
import Kith.Theme

// The message that is answered, in one line, above the answer.
Rectangle {
    id: quote

    required property string author
    required property string words
    required property bool mirrored

    implicitWidth: Math.min(Theme.quoteMost, Math.max(name.implicitWidth, line.implicitWidth)) + Theme.space8
    implicitHeight: name.height + line.height + 2 * Theme.space2
    radius: Theme.radiusCard
    color: Theme.hover

    Rectangle {
        x: quote.mirrored ? parent.width - width - Theme.space2 : Theme.space2
        y: Theme.space2
        width: Theme.quoteBar
        height: parent.height - 2 * Theme.space2
        radius: width / 2
        color: Theme.accent
    }
    Words {
        id: name
        x: quote.mirrored ? Theme.space2 : Theme.space4 + Theme.space1
        y: Theme.space2
        width: parent.width - Theme.space6 - Theme.space1
        text: quote.author
        strong: true
        font.pixelSize: Theme.meta
        color: Theme.accent
        wrapMode: Text.NoWrap
        elide: Text.ElideRight
        horizontalAlignment: Text.AlignLeft
        Accessible.ignored: true
    }
    Words {
        id: line
        x: name.x
        anchors.top: name.bottom
        width: name.width
        text: quote.words !== "" ? quote.words : qsTr("This message is not on this device")
        font.pixelSize: Theme.meta
        color: Theme.inkSoft
        wrapMode: Text.NoWrap
        elide: Text.ElideRight
        horizontalAlignment: Text.AlignLeft
        Accessible.ignored: true
    }
}
