import QtQuick
import QtQuick.Templates as T
import Kith.Theme

// The words that appear when the pointer rests on something.
T.ToolTip {
    id: hint

    x: parent ? (parent.width - width) / 2 : 0
    y: parent ? parent.height + Theme.space1 : 0
    delay: Theme.hintDelay
    margins: Theme.space1
    padding: Theme.space2
    topPadding: Theme.space1
    bottomPadding: Theme.space1
    implicitWidth: implicitContentWidth + leftPadding + rightPadding
    implicitHeight: implicitContentHeight + topPadding + bottomPadding
    closePolicy: T.Popup.CloseOnEscape | T.Popup.CloseOnPressOutsideParent | T.Popup.CloseOnReleaseOutsideParent

    contentItem: Words {
        text: hint.text
        font.pixelSize: Theme.caption
        color: Theme.raised
        wrapMode: Text.NoWrap
    }
    background: Rectangle {
        radius: Theme.radiusControl
        color: Theme.ink
    }
}
