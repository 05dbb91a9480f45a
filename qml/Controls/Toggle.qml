import QtQuick
import QtQuick.Templates as T
import Kith.Theme

// A switch: acts at once. Its state shows by place and fill, and by the word beside it for speech.
T.Switch {
    id: control

    required property string label

    implicitWidth: Math.max(Theme.target, Theme.switchWidth)
    implicitHeight: Theme.target
    focusPolicy: Qt.StrongFocus
    Accessible.role: Accessible.CheckBox
    Accessible.name: label
    Accessible.checkable: true
    Accessible.checked: checked
    Accessible.onPressAction: { control.toggle(); control.toggled() }
    Accessible.onToggleAction: { control.toggle(); control.toggled() }

    indicator: Rectangle {
        anchors.centerIn: parent
        width: Theme.switchWidth
        height: Theme.switchHeight
        radius: height / 2
        color: control.checked ? Theme.accent : Theme.none
        border.width: control.checked ? 0 : Theme.focusWidth
        border.color: Theme.outline
        Rectangle {
            width: Theme.switchKnob
            height: width
            radius: width / 2
            anchors.verticalCenter: parent.verticalCenter
            x: (control.checked !== control.mirrored) ? parent.width - width - Theme.space1 : Theme.space1
            color: control.checked ? Theme.accentInk : Theme.outline
            Behavior on x { NumberAnimation { duration: Theme.stateTime; easing.type: Theme.ease } }
        }
        FocusRing {
            shown: control.visualFocus
            radius: height / 2
        }
    }
}
