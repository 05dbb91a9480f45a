import QtQuick
import QtQuick.Templates as T
import Kith.Theme

// One of several choices: a filter, a theme.
T.Button {
    id: pill

    checkable: true
    implicitWidth: Math.max(Theme.target, implicitContentWidth + leftPadding + rightPadding)
    implicitHeight: Theme.filterHeight
    leftPadding: Theme.space3
    rightPadding: Theme.space3
    topInset: (Theme.filterHeight - Theme.pillSide) / 2
    bottomInset: topInset
    focusPolicy: Qt.StrongFocus
    Accessible.role: Accessible.RadioButton
    Accessible.name: text
    Accessible.checkable: true
    Accessible.checked: checked
    Accessible.onPressAction: clicked()

    contentItem: Words {
        text: pill.text
        strong: pill.checked
        font.pixelSize: Theme.meta
        lineHeight: 1
        color: pill.checked ? Theme.accent : Theme.inkSoft
        wrapMode: Text.NoWrap
        horizontalAlignment: Text.AlignHCenter
        verticalAlignment: Text.AlignVCenter
        Accessible.ignored: true
    }
    background: Rectangle {
        radius: height / 2
        color: pill.checked ? Theme.accentSoft : pill.down ? Theme.pressed : pill.hovered ? Theme.hover : Theme.none
        FocusRing {
            shown: pill.visualFocus
            radius: height / 2
        }
    }
}
