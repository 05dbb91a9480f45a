pragma ComponentBehavior: Bound
import QtQuick
import Kith.Controls
import Kith.Icons
import Kith.Theme

// One message: its words, and at the lower trailing corner its time and marks, on the last line where they fit.
Item {
    id: bubble

    required property string kind
    required property string words
    required property bool folded
    required property bool rightToLeft
    required property int emoji
    required property bool own
    required property string time
    required property string delivery
    required property bool logsDiffer
    required property bool replies
    required property string replyAuthor
    required property string replyText
    required property bool startsGroup
    required property bool endsGroup
    required property real most
    required property bool mirrored
    required property real blankWidth

    signal unfolded

    readonly property bool plain: kind === "text"
    readonly property bool large: emoji > 0
    readonly property bool failed: delivery === "failed"
    readonly property color ground: large ? Theme.none : own ? Theme.accentSoft : Theme.raised
    // The tail is at the bottom, on the side of whoever speaks.
    readonly property bool tailRight: own !== mirrored
    readonly property bool metaInline: plain && !folded && !large && rightToLeft === mirrored
    readonly property Quote quote: quotes.count > 0 ? quotes.itemAt(0) as Quote : null
    readonly property real inset: large ? 0 : Theme.space3
    readonly property int skip: metaInline ? Math.ceil((meta.width + Theme.space2) / blankWidth) : 0

    implicitWidth: Math.min(most, Math.max(content.width + content.lead, meta.width, quote !== null ? quote.implicitWidth : 0) + 2 * inset)
    implicitHeight: content.y + content.height + (metaInline ? Theme.space2 : large ? meta.height : meta.height + Theme.space3)

    Rectangle {
        id: ground
        anchors.fill: parent
        visible: !bubble.large
        radius: Theme.radiusBubble
        color: bubble.ground
    }
    // The joined corners, over the round ones.
    Rectangle {
        visible: !bubble.large
        x: bubble.tailRight ? parent.width - width : 0
        y: parent.height - height
        width: Math.min(parent.width, 2 * Theme.radiusBubble)
        height: Theme.radiusBubble + Theme.radiusJoined
        radius: Theme.radiusJoined
        color: bubble.ground
    }
    Rectangle {
        visible: !bubble.large && !bubble.startsGroup
        x: bubble.tailRight ? parent.width - width : 0
        width: Math.min(parent.width, 2 * Theme.radiusBubble)
        height: Theme.radiusBubble + Theme.radiusJoined
        radius: Theme.radiusJoined
        color: bubble.ground
    }
    // What few messages have is made for those alone: a row is cheap, so that opening a chat is.
    Repeater {
        id: quotes
        model: bubble.replies ? 1 : 0
        Quote {
            x: Theme.space2
            y: Theme.space2
            width: bubble.width - 2 * Theme.space2
            height: implicitHeight
            author: bubble.replyAuthor
            words: bubble.replyText
            mirrored: bubble.mirrored
        }
    }
    Repeater {
        model: bubble.plain ? 0 : 1
        Icon {
            x: bubble.mirrored ? bubble.width - width - bubble.inset : bubble.inset
            y: content.y + Math.round((Theme.body * Theme.lineSpan - height) / 2)
            name: bubble.kind === "deleted" ? "trash" : bubble.kind === "waiting" ? "hourglass"
                : bubble.kind === "unknown" ? "update" : "info"
            size: Theme.iconSmall
            color: Theme.inkSoft
        }
    }
    Words {
        id: content
        readonly property real lead: bubble.plain ? 0 : Theme.iconSmall + Theme.space2
        x: bubble.mirrored ? bubble.width - width - bubble.inset - lead : bubble.inset + lead
        y: (bubble.quote !== null ? bubble.quote.y + bubble.quote.height : 0) + (bubble.large ? 0 : Theme.space2)
        width: Math.min(implicitWidth, bubble.most - 2 * bubble.inset - lead)
        text: bubble.skip > 0 ? bubble.words + "\u200b" + "\u00a0".repeat(bubble.skip) : bubble.words
        font.pixelSize: bubble.large ? Theme.emojiText : Theme.body
        font.family: bubble.large ? Theme.emojiFamily : Theme.family
        font.italic: !bubble.plain
        lineHeight: bubble.large ? 1 : Theme.lineHeight
        color: bubble.plain ? Theme.ink : Theme.inkSoft
        wrapMode: Text.Wrap
        Accessible.ignored: true
    }
    Row {
        id: meta
        x: bubble.mirrored ? bubble.inset : bubble.width - width - bubble.inset
        y: bubble.height - height - (bubble.large ? 0 : Theme.space2)
        spacing: Theme.space1
        layoutDirection: bubble.mirrored ? Qt.RightToLeft : Qt.LeftToRight
        Repeater {
            model: bubble.logsDiffer ? 1 : 0
            Icon {
                name: "shield"
                size: Theme.iconSmall
                color: Theme.warn
                anchors.verticalCenter: meta.verticalCenter
            }
        }
        Words {
            text: bubble.time
            font.pixelSize: Theme.caption
            lineHeight: 1
            color: Theme.inkSoft
            wrapMode: Text.NoWrap
            anchors.verticalCenter: parent.verticalCenter
            Accessible.ignored: true
        }
        Repeater {
            model: bubble.delivery !== "received" ? 1 : 0
            DeliveryMark {
                delivery: bubble.delivery
                anchors.verticalCenter: meta.verticalCenter
            }
        }
    }
    Repeater {
        model: bubble.folded ? 1 : 0
        ActionButton {
            x: bubble.mirrored ? bubble.width - width : 0
            y: bubble.height - height + Theme.space1
            plain: true
            text: qsTr("Show all")
            onClicked: bubble.unfolded()
        }
    }
}
