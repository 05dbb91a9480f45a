import QtQuick
import Kith.Controls
import Kith.Theme

// No chat is open: what the keyboard can do about it.
Rectangle {
    color: Theme.window

    Column {
        anchors.centerIn: parent
        width: Math.min(parent.width - 2 * Theme.space6, Theme.readingMost)
        spacing: Theme.space2
        Words {
            width: parent.width
            text: qsTr("Choose a chat, or begin one")
            strong: true
            font.pixelSize: Theme.title
            horizontalAlignment: Text.AlignHCenter
        }
        Words {
            width: parent.width
            text: qsTr("Ctrl+K searches · Ctrl+N begins a new chat")
            color: Theme.inkSoft
            horizontalAlignment: Text.AlignHCenter
        }
    }
}
