import QtQuick
import QtQuick.Layouts
import Kith.Theme

// The top of a page: the way back, its name, and what may stand at the end.
Item {
    id: header

    required property string heading
    property bool hasBack: true
    property color ground: Theme.none
    default property alias tail: tailRow.data

    signal back

    implicitHeight: Theme.headerHeight

    RowLayout {
        anchors.fill: parent
        anchors.leftMargin: header.hasBack ? Theme.space2 : Theme.space4
        anchors.rightMargin: Theme.space3
        spacing: Theme.space2
        IconButton {
            visible: header.hasBack
            iconName: "back"
            label: qsTr("Back")
            flips: true
            onClicked: header.back()
        }
        Words {
            text: header.heading
            strong: true
            font.pixelSize: Theme.title
            elide: Text.ElideRight
            wrapMode: Text.NoWrap
            Layout.fillWidth: true
            Accessible.role: Accessible.Heading
        }
        Row {
            id: tailRow
            spacing: Theme.space1
        }
    }
}
