pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Kith.App
import Kith.Controls
import Kith.Theme

// One chat in the list: who, when, the last words, and what is unread.
T.ItemDelegate {
    id: row

    required property int index
    required property string log
    required property string name
    required property string initials
    required property int hue
    required property bool notes
    required property bool blocked
    required property int unread
    required property bool markedUnread
    required property double timeMs
    required property string lastKind
    required property bool lastOwn
    required property string preview
    required property string delivery
    required property bool typing
    required property bool online
    property bool selected: false

    readonly property string shownName: notes ? qsTr("Notes to self") : name
    readonly property string time: Strings.listTime(timeMs)
    readonly property string said: typing ? qsTr("typing…") : Strings.said(lastKind, preview)
    readonly property bool bold: unread > 0 || markedUnread

    height: Math.max(Theme.rowHeight, lines.implicitHeight + 2 * Theme.space3)
    leftPadding: Theme.space2
    rightPadding: Theme.space2
    focusPolicy: Qt.StrongFocus
    highlighted: selected
    Accessible.role: Accessible.ListItem
    Accessible.name: Strings.spoken(shownName, timeMs, said, lastOwn ? delivery : "") +
                     (unread > 0 ? ", " + qsTr("%1 unread").arg(unread) : "")
    Accessible.onPressAction: clicked()

    background: Item {
        Rectangle {
            anchors.fill: parent
            anchors.leftMargin: Theme.space2
            anchors.rightMargin: Theme.space2
            anchors.topMargin: Theme.hairline
            anchors.bottomMargin: Theme.hairline
            radius: Theme.radiusCard
            color: row.selected ? Theme.accentSoft : row.down ? Theme.field : row.hovered ? Theme.hover : Theme.none
            FocusRing {
                shown: row.visualFocus
                inset: 0
                radius: parent.radius
            }
        }
    }
    contentItem: Item {
        Avatar {
            id: avatar
            anchors.left: parent.left
            anchors.leftMargin: Theme.space3
            anchors.verticalCenter: parent.verticalCenter
            initials: row.initials
            hue: row.hue
            iconName: row.notes ? "notes" : ""
            online: row.online
            ground: row.selected ? Theme.accentSoft : Theme.panel
        }
        Column {
            id: lines
            anchors.left: avatar.right
            anchors.leftMargin: Theme.space3
            anchors.right: parent.right
            anchors.rightMargin: Theme.space3
            anchors.verticalCenter: parent.verticalCenter
            spacing: Theme.space1

            Item {
                width: parent.width
                height: nameWords.height
                Words {
                    id: nameWords
                    anchors.left: parent.left
                    anchors.right: timeWords.visible ? timeWords.left : parent.right
                    anchors.rightMargin: timeWords.visible ? Theme.space2 : 0
                    text: row.shownName
                    strong: row.bold
                    lineHeight: 1
                    wrapMode: Text.NoWrap
                    elide: Text.ElideRight
                    horizontalAlignment: Text.AlignLeft
                    Accessible.ignored: true
                }
                Words {
                    id: timeWords
                    visible: !Theme.largeText
                    anchors.right: parent.right
                    anchors.baseline: nameWords.baseline
                    text: row.time
                    strong: row.bold
                    font.pixelSize: Theme.caption
                    lineHeight: 1
                    color: row.bold ? Theme.accent : Theme.inkSoft
                    wrapMode: Text.NoWrap
                    Accessible.ignored: true
                }
            }
            Words {
                visible: Theme.largeText && row.time !== ""
                text: row.time
                font.pixelSize: Theme.caption
                lineHeight: 1
                color: row.bold ? Theme.accent : Theme.inkSoft
                Accessible.ignored: true
            }
            Item {
                width: parent.width
                height: Math.max(previewWords.height, count.height)
                DeliveryMark {
                    id: mark
                    anchors.left: parent.left
                    y: Math.round((Math.min(previewWords.height, Theme.pillHeight) - height) / 2)
                    delivery: row.lastOwn && !row.typing && !row.notes ? row.delivery : "received"
                }
                Words {
                    id: previewWords
                    anchors.left: mark.visible ? mark.right : parent.left
                    anchors.leftMargin: mark.visible ? Theme.space1 : 0
                    anchors.right: count.visible ? count.left : parent.right
                    anchors.rightMargin: count.visible ? Theme.space2 : 0
                    text: row.said
                    font.pixelSize: Theme.meta
                    font.italic: row.lastKind !== "text" && !row.typing
                    lineHeight: 1
                    color: row.typing ? Theme.accent : Theme.inkSoft
                    wrapMode: Theme.largeText ? Text.Wrap : Text.NoWrap
                    maximumLineCount: Theme.largeText ? 2 : 1
                    elide: Text.ElideRight
                    horizontalAlignment: Text.AlignLeft
                    Accessible.ignored: true
                }
                CountPill {
                    id: count
                    visible: row.bold
                    anchors.right: parent.right
                    anchors.verticalCenter: parent.verticalCenter
                    count: row.unread
                }
            }
        }
    }
}
