import QtQuick
import QtQuick.Layouts
import Kith.Theme

// Nothing here: one line in ink, one in soft ink, at most one button.
ColumnLayout {
    id: empty

    required property string heading
    required property string words
    property string action: ""

    signal acted

    spacing: Theme.space2
    Words {
        text: empty.heading
        strong: true
        font.pixelSize: Theme.title
        horizontalAlignment: Text.AlignHCenter
        Layout.fillWidth: true
    }
    Words {
        text: empty.words
        color: Theme.inkSoft
        horizontalAlignment: Text.AlignHCenter
        Layout.fillWidth: true
    }
    ActionButton {
        visible: empty.action !== ""
        text: empty.action
        Layout.alignment: Qt.AlignHCenter
        Layout.topMargin: Theme.space3
        onClicked: empty.acted()
    }
}
