import QtQuick
import Kith.Controls
import Kith.Theme

// The day, centred.
Rectangle {
    id: pill

    required property string text

    implicitWidth: words.implicitWidth + 2 * Theme.space3
    implicitHeight: words.implicitHeight + Theme.space2
    radius: height / 2
    color: Theme.panel

    Words {
        id: words
        anchors.centerIn: parent
        text: pill.text
        font.pixelSize: Theme.caption
        lineHeight: 1
        color: Theme.inkSoft
        wrapMode: Text.NoWrap
    }
}
