pragma ComponentBehavior: Bound
import QtQuick
import Kith.App
import Kith.Controls
import Kith.Theme

// One row of the timeline, with what stands before it: the day, the divider, the space between groups.
FocusScope {
    id: row

    required property int index
    required property double messageId
    required property string kind
    required property string body
    required property bool folded
    required property bool rightToLeft
    required property int emoji
    required property bool own
    required property double timeMs
    required property date day
    required property string delivery
    required property bool logsDiffer
    required property bool replies
    required property bool replyOwn
    required property string replyText
    required property bool startsGroup
    required property bool endsGroup
    required property bool startsDay
    required property bool firstUnread
    property ChatController chat: null
    property bool narrow: false
    property real blankWidth: 1

    readonly property bool mirrored: Application.layoutDirection === Qt.RightToLeft
    readonly property string said: Strings.said(kind, body)
    readonly property bool system: kind === "system"
    readonly property real column: Math.min(width, Theme.chatMost)


    implicitHeight: stack.height
    activeFocusOnTab: false
    Accessible.role: Accessible.ListItem
    Accessible.focusable: true
    Accessible.name: system ? said : Strings.spoken(own ? qsTr("You") : chat.name, timeMs, said, own ? delivery : "")

    Column {
        id: stack
        width: row.column
        anchors.horizontalCenter: parent.horizontalCenter

        Repeater {
            model: row.startsDay ? 1 : 0
            Item {
                width: row.column
                height: pill.height + 2 * Theme.space3
                DayPill {
                    id: pill
                    anchors.centerIn: parent
                    text: Strings.day(row.day)
                }
            }
        }
        Repeater {
            model: row.firstUnread && row.chat.timeline.dividerCount > 0 ? 1 : 0
            Item {
                width: row.column
                height: divider.height + 2 * Theme.space2
                UnreadDivider {
                    id: divider
                    anchors.verticalCenter: parent.verticalCenter
                    width: parent.width
                    text: Strings.newMessages(row.chat.timeline.dividerCount)
                }
            }
        }
        Item {
            width: row.column
            height: row.startsDay || row.firstUnread ? 0 : row.startsGroup ? Theme.groupGap : Theme.bubbleGap
        }
        Repeater {
            model: row.system ? 1 : 0
            Words {
                width: row.column
                height: implicitHeight + Theme.space3
                horizontalAlignment: Text.AlignHCenter
                text: row.said
                font.pixelSize: Theme.meta
                color: Theme.inkSoft
                Accessible.ignored: true
            }
        }
        Repeater {
            model: row.logsDiffer ? 1 : 0
            Words {
                width: row.column
                height: implicitHeight + Theme.space3
                horizontalAlignment: Text.AlignHCenter
                text: row.own ? qsTr("The server showed your devices different messages: their copies of this chat differ from here on.")
                              : qsTr("Your copy of this chat and %1's differ from here on.").arg(row.chat.name)
                font.pixelSize: Theme.meta
                color: Theme.inkSoft
            }
        }
        Item {
            visible: !row.system
            width: parent.width
            height: row.system ? 0 : bubble.height + (bubble.failed ? Math.ceil(Theme.meta * Theme.lineSpan) + Theme.space1 : 0)
            Bubble {
                id: bubble
                width: implicitWidth
                height: implicitHeight
                x: row.own !== row.mirrored ? parent.width - width : 0
                kind: row.kind
                words: row.said
                folded: row.folded
                rightToLeft: row.rightToLeft
                emoji: row.emoji
                own: row.own
                time: Strings.clockTime(row.timeMs)
                delivery: row.chat.notes && row.delivery === "accepted" ? "received" : row.delivery
                logsDiffer: row.logsDiffer
                replies: row.replies
                replyAuthor: row.replyOwn ? qsTr("You") : row.chat.name
                replyText: row.replyText
                startsGroup: row.startsGroup
                endsGroup: row.endsGroup
                most: row.narrow ? row.column * Theme.bubbleShareNarrow
                                 : Math.min(Theme.bubbleMost, row.column * Theme.bubbleShare)
                mirrored: row.mirrored
                blankWidth: row.blankWidth
                onUnfolded: row.chat.timeline.setUnfolded(row.index, true)
            }
            Repeater {
                model: bubble.failed ? 1 : 0
                Words {
                    y: bubble.height + Theme.space1
                    width: row.column
                    horizontalAlignment: row.mirrored ? Text.AlignLeft : Text.AlignRight
                    text: Theme.touch ? qsTr("Not sent. Tap to try again.") : qsTr("Not sent. Click to try again.")
                    font.pixelSize: Theme.meta
                    color: Theme.danger
                }
            }
        }
    }
}
