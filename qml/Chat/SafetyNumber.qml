pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Kith.App
import Kith.Controls
import Kith.Theme

// Sixty digits that two people compare: 12 groups of 5, always left to right.
ColumnLayout {
    id: number

    required property string digits
    required property string name

    spacing: Theme.space2
    LayoutMirroring.enabled: false
    LayoutMirroring.childrenInherit: true

    Words {
        text: qsTr("Safety number with %1").arg(number.name)
        strong: true
        font.pixelSize: Theme.meta
        Layout.fillWidth: true
    }
    Grid {
        Layout.alignment: Qt.AlignHCenter
        columns: 4
        columnSpacing: Theme.space3
        rowSpacing: Theme.space2
        Accessible.role: Accessible.StaticText
        Accessible.name: number.digits
        Repeater {
            model: 12
            Words {
                required property int index
                text: Strings.digitGroup(number.digits, index)
                font.family: Theme.monospace
                lineHeight: 1
                wrapMode: Text.NoWrap
                Accessible.ignored: true
            }
        }
    }
    Words {
        text: qsTr("Compare it when you meet. If it is the same on both devices, nobody stands between you.")
        font.pixelSize: Theme.meta
        color: Theme.inkSoft
        Layout.fillWidth: true
    }
}
