import QtQuick
import Kith.Controls
import Kith.Theme

// A profile is being opened: nothing but the mark, and words if it takes long.
Rectangle {
    id: page

    required property bool slow

    color: Theme.window

    Column {
        anchors.centerIn: parent
        width: Math.min(parent.width - 2 * Theme.space6, Theme.readingMost)
        spacing: Theme.space6
        Image {
            anchors.horizontalCenter: parent.horizontalCenter
            source: "qrc:/qt/qml/Kith/Icons/kith.svg"
            sourceSize.width: Theme.mark
            sourceSize.height: Theme.mark
            Accessible.ignored: true
        }
        Words {
            width: parent.width
            opacity: page.slow ? 1 : 0
            text: qsTr("Opening your messages. The system's keychain may ask you to unlock it.")
            color: Theme.inkSoft
            horizontalAlignment: Text.AlignHCenter
            Accessible.ignored: !page.slow
        }
    }
}
