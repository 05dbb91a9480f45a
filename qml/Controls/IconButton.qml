import QtQuick
import QtQuick.Templates as T
import Kith.Icons
import Kith.Theme

// A button that is an icon; `label` is its name for speech, tests and the hint.
T.Button {
    id: button

    required property string iconName
    required property string label
    property string keys: ""
    property color tint: Theme.ink
    property bool filled: false
    property bool flips: false
    property int side: Theme.target

    implicitWidth: side
    implicitHeight: side
    focusPolicy: Qt.StrongFocus
    opacity: enabled ? 1 : Theme.disabled
    Accessible.role: Accessible.Button
    Accessible.name: label
    Accessible.onPressAction: clicked()

    contentItem: Item {
        Icon {
            anchors.centerIn: parent
            name: button.iconName
            color: button.filled ? Theme.accentInk : button.tint
            mirror: button.flips && button.mirrored
        }
    }
    background: Rectangle {
        radius: height / 2
        color: button.filled ? Theme.accent : button.down ? Theme.pressed : button.hovered ? Theme.hover : Theme.none
        FocusRing {
            shown: button.visualFocus
            radius: height / 2
        }
    }
    Hint {
        visible: button.hovered && !button.down
        text: button.keys === "" ? button.label : button.label + "  " + button.keys
    }
}
