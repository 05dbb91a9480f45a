import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Kith.Theme

// What was just done and can be undone. Goes by itself, but not while the pointer or the keyboard is on it.
T.Popup {
    id: toast

    property string words: ""
    property string action: ""

    signal acted

    x: parent ? (parent.width - width) / 2 : 0
    y: parent ? parent.height - height - Theme.space6 : 0
    width: Math.min(Theme.toastMost, parent ? parent.width - 2 * Theme.space4 : Theme.toastMost, implicitWidth)
    implicitWidth: implicitContentWidth + leftPadding + rightPadding
    implicitHeight: implicitContentHeight + topPadding + bottomPadding
    leftPadding: Theme.space4
    rightPadding: Theme.space2
    topPadding: Theme.space2
    bottomPadding: Theme.space2
    closePolicy: T.Popup.CloseOnEscape

    contentItem: RowLayout {
        spacing: Theme.space3
        Words {
            text: toast.words
            color: Theme.ink
            Layout.fillWidth: true
            Accessible.role: Accessible.AlertMessage
        }
        ActionButton {
            id: undo
            visible: toast.action !== ""
            text: toast.action
            plain: true
            onClicked: {
                toast.acted()
                toast.close()
            }
        }
    }
    background: Rectangle {
        radius: Theme.radiusCard
        color: Theme.raised
        border.width: Theme.hairline
        border.color: Theme.outline
        HoverHandler { id: pointer }
    }
    Timer {
        interval: Theme.toastTime
        running: toast.visible && !pointer.hovered && !undo.activeFocus
        onTriggered: toast.close()
    }
}
