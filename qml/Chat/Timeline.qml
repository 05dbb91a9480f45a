pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Kith.App
import Kith.Controls
import Kith.Theme

// The messages, drawn from the bottom up: row 0 is the newest. It tells the controller what is on the screen and moves
// only when a person moves it.
Item {
    id: timeline

    required property ChatController chat
    required property bool narrow
    readonly property real margin: narrow ? Theme.space3 : Theme.space6
    readonly property bool farFromEnd: list.contentHeight > list.height
                                       && list.contentY + list.height < list.originY + list.contentHeight - list.height
    readonly property int topRow: list.indexAt(list.width / 2, list.contentY + Theme.space2)
    readonly property int bottomRow: list.indexAt(list.width / 2, list.contentY + list.height - Theme.space6)

    function rowAt(place: point): MessageRow {
        return list.itemAt(place.x, place.y + list.contentY) as MessageRow
    }
    function touched(row: MessageRow, wantsMenu: bool) {
        menu.subject = row
        if (row !== null && wantsMenu)
            menu.popup()
        else if (row !== null && row.delivery === "failed")
            timeline.chat.retry(row.messageId)
    }

    onTopRowChanged: tell.restart()
    onBottomRowChanged: tell.restart()

    TextMetrics {
        id: blank
        font.family: Theme.family
        font.pixelSize: Theme.body
        text: "\u00a0"
    }
    Timer {
        id: tell
        interval: Theme.stateTime
        // Few messages leave the upper part empty: the oldest is on the screen then.
        onTriggered: if (list.count > 0)
            timeline.chat.setVisible(Math.max(0, timeline.bottomRow), timeline.topRow >= 0 ? timeline.topRow : list.count - 1)
    }
    ListView {
        id: list
        anchors.fill: parent
        anchors.leftMargin: timeline.margin
        anchors.rightMargin: timeline.margin
        verticalLayoutDirection: ListView.BottomToTop
        model: timeline.chat.timeline
        cacheBuffer: Theme.viewBuffer
        reuseItems: true
        boundsBehavior: Flickable.StopAtBounds
        topMargin: Theme.space2
        bottomMargin: Theme.space3
        activeFocusOnTab: true
        keyNavigationEnabled: true
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Messages with %1").arg(timeline.chat.name)
        T.ScrollBar.vertical: SlimScrollBar {
            parent: timeline
            anchors.right: parent.right
            anchors.top: parent.top
            anchors.bottom: parent.bottom
        }
        delegate: MessageRow {
            width: ListView.view.width
            chat: timeline.chat
            narrow: timeline.narrow
            blankWidth: Math.max(1, blank.advanceWidth)
        }
        // One for all rows: a row is cheap, so that opening a chat is.
        TapHandler {
            acceptedButtons: Qt.LeftButton | Qt.RightButton
            onTapped: (point, button) => timeline.touched(timeline.rowAt(point.position), button === Qt.RightButton)
            onLongPressed: timeline.touched(timeline.rowAt(point.position), true)
        }
    }
    Connections {
        target: timeline.chat
        function onTimelineOpened() {
            list.positionViewAtIndex(Math.max(0, timeline.chat.timeline.firstUnreadRow), ListView.Center)
            tell.restart()
        }
    }
    DayPill {
        readonly property MessageRow uppermost: list.itemAtIndex(timeline.topRow) as MessageRow
        visible: uppermost !== null && (!uppermost.startsDay || uppermost.y < list.contentY - Theme.space2)
        text: uppermost !== null ? Strings.day(uppermost.day) : ""
        anchors.horizontalCenter: parent.horizontalCenter
        y: Theme.space2
    }
    IconButton {
        visible: timeline.farFromEnd || !timeline.chat.timeline.reachesEnd
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        anchors.margins: Theme.space4
        side: Math.max(Theme.target, Theme.jumpButton)
        iconName: "down"
        label: qsTr("To the newest message")
        keys: "Ctrl+End"
        tint: Theme.ink
        onClicked: timeline.chat.showNewest()
        background: Rectangle {
            radius: height / 2
            color: Theme.raised
            border.width: Theme.hairline
            border.color: Theme.outline
        }
        CountPill {
            visible: timeline.chat.timeline.unread > 0
            count: timeline.chat.timeline.unread
            anchors.horizontalCenter: parent.horizontalCenter
            anchors.bottom: parent.top
            anchors.bottomMargin: -Theme.space2
        }
    }
    ActionMenu {
        id: menu
        property MessageRow subject: null
        readonly property bool failed: subject !== null && subject.delivery === "failed"
        ActionMenuItem {
            text: qsTr("Copy text")
            iconName: "copy"
            onTriggered: timeline.chat.copyRow(menu.subject.index)
        }
        ActionMenuItem {
            text: qsTr("Try again")
            iconName: "retry"
            enabled: menu.failed
            visible: menu.failed
            height: menu.failed ? implicitHeight : 0
            onTriggered: timeline.chat.retry(menu.subject.messageId)
        }
    }
}
