import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Kith.Icons
import Kith.Theme

// A button with words. Filled: the one thing to do; tonal: its equal; plain: quiet; danger: cannot be taken back.
T.Button {
    id: button

    property bool filled: false
    property bool plain: false
    property bool danger: false
    property string iconName: ""
    readonly property color tint: filled ? Theme.accentInk : danger ? Theme.danger : Theme.accent

    implicitWidth: Math.max(Theme.target, implicitContentWidth + leftPadding + rightPadding)
    implicitHeight: Math.max(Theme.buttonHeight, implicitContentHeight + topPadding + bottomPadding)
    leftPadding: plain ? Theme.space3 : Theme.space6
    rightPadding: leftPadding
    topPadding: Theme.space1
    bottomPadding: Theme.space1
    opacity: enabled ? 1 : Theme.disabled
    focusPolicy: Qt.StrongFocus
    Accessible.role: Accessible.Button
    Accessible.name: text
    Accessible.onPressAction: clicked()

    contentItem: Item {
        implicitWidth: parts.implicitWidth
        implicitHeight: parts.implicitHeight
        RowLayout {
            id: parts
            anchors.centerIn: parent
            width: Math.min(implicitWidth, parent.width)
            spacing: Theme.space2
            Icon {
                visible: button.iconName !== ""
                name: visible ? button.iconName : "check"
                color: button.tint
            }
            Words {
                text: button.text
                strong: true
                lineHeight: 1
                color: button.tint
                wrapMode: Text.NoWrap
                elide: Text.ElideRight
                Layout.fillWidth: true
                Accessible.ignored: true
            }
        }
    }
    background: Rectangle {
        radius: Theme.radiusCard
        color: button.filled ? Theme.accent : button.plain ? Theme.none : Theme.accentSoft
        Rectangle {
            anchors.fill: parent
            radius: parent.radius
            color: button.down ? Theme.pressed : button.hovered ? Theme.hover : Theme.none
        }
        FocusRing { shown: button.visualFocus }
    }
}
