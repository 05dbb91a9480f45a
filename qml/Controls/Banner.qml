import QtQuick
import QtQuick.Layouts
import Kith.Icons
import Kith.Theme

// What persists: no connection, a changed key. One or two sentences, at most one action.
Rectangle {
    id: banner

    required property string words
    required property string iconName
    property string action: ""
    property color tint: Theme.inkSoft
    property bool busy: false

    signal acted

    implicitHeight: parts.implicitHeight + Theme.space2 * 2
    color: Theme.field
    Accessible.role: Accessible.AlertMessage
    Accessible.name: words

    RowLayout {
        id: parts
        anchors.fill: parent
        anchors.leftMargin: Theme.space4
        anchors.rightMargin: Theme.space2
        spacing: Theme.space3
        Icon {
            name: banner.iconName
            color: banner.tint
            Layout.alignment: Qt.AlignVCenter
        }
        Words {
            text: banner.words
            font.pixelSize: Theme.meta
            Layout.fillWidth: true
            Layout.alignment: Qt.AlignVCenter
            Accessible.ignored: true
        }
        ActionButton {
            visible: banner.action !== ""
            text: banner.action
            plain: true
            onClicked: banner.acted()
        }
    }
    ProgressLine {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        visible: banner.busy
    }
}
