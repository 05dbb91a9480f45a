import QtQuick
import QtQuick.Layouts
import Kith.Controls
import Kith.Theme

// A setting: its name, one sentence, and the control at the trailing edge (below where there is no room beside).
GridLayout {
    id: row

    required property string name
    required property string words
    default property alias control: holder.data
    readonly property bool beside: width > 2 * holder.implicitWidth + Theme.listLeast * Math.min(1, Theme.textScale - 1)

    columns: beside ? 2 : 1
    columnSpacing: Theme.space4
    rowSpacing: Theme.space2

    ColumnLayout {
        spacing: 0
        Layout.fillWidth: true
        Words {
            text: row.name
            Layout.fillWidth: true
        }
        Words {
            text: row.words
            font.pixelSize: Theme.meta
            color: Theme.inkSoft
            Layout.fillWidth: true
        }
    }
    Item {
        id: holder
        implicitWidth: childrenRect.width
        implicitHeight: childrenRect.height
        Layout.alignment: row.beside ? Qt.AlignRight : Qt.AlignLeft
    }
}
