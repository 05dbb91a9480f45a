import QtQuick
import Kith.Controls
import Kith.Theme

// Below it is what was not read yet.
Item {
    id: divider

    required property string text

    implicitHeight: words.implicitHeight + Theme.space2

    Rectangle {
        anchors.left: parent.left
        anchors.right: words.left
        anchors.rightMargin: Theme.space3
        anchors.verticalCenter: parent.verticalCenter
        height: Theme.hairline
        color: Theme.accent
    }
    Words {
        id: words
        anchors.centerIn: parent
        text: divider.text
        strong: true
        font.pixelSize: Theme.caption
        lineHeight: 1
        color: Theme.accent
        wrapMode: Text.NoWrap
    }
    Rectangle {
        anchors.left: words.right
        anchors.leftMargin: Theme.space3
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        height: Theme.hairline
        color: Theme.accent
    }
}
