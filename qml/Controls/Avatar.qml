import QtQuick
import Kith.Icons
import Kith.Theme

// A person without a picture: initials on one of eight hues, with a dot where they are here.
Item {
    id: avatar

    required property string initials
    required property int hue
    property int size: Theme.avatar
    property string iconName: ""
    property bool online: false
    property color ground: Theme.panel
    property color ring: Theme.none

    implicitWidth: size
    implicitHeight: size
    Accessible.ignored: true

    Rectangle {
        anchors.fill: parent
        anchors.margins: avatar.ring === Theme.none ? 0 : Theme.focusWidth + Theme.focusOffset
        radius: width / 2
        color: Theme.avatarFill[avatar.hue]
        Words {
            anchors.centerIn: parent
            visible: avatar.iconName === ""
            text: avatar.initials
            strong: true
            font.pixelSize: Math.round(avatar.size * 0.36)
            lineHeight: 1
            color: Theme.avatarInk[avatar.hue]
            wrapMode: Text.NoWrap
            Accessible.ignored: true
        }
        Icon {
            anchors.centerIn: parent
            visible: avatar.iconName !== ""
            name: visible ? avatar.iconName : "person"
            size: Math.round(avatar.size * 0.5)
            color: Theme.avatarInk[avatar.hue]
        }
    }
    Rectangle {
        anchors.fill: parent
        visible: avatar.ring !== Theme.none
        radius: width / 2
        color: Theme.none
        border.width: Theme.focusWidth
        border.color: avatar.ring
    }
    Rectangle {
        visible: avatar.online
        width: Theme.presence + 2 * Theme.focusWidth
        height: width
        radius: width / 2
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        anchors.margins: -Theme.focusWidth
        color: Theme.accent
        border.width: Theme.focusWidth
        border.color: avatar.ground
    }
}
