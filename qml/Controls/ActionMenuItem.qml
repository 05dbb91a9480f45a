import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Kith.Icons
import Kith.Theme

// One entry of a menu.
T.MenuItem {
    id: item

    required property string iconName
    property bool danger: false
    readonly property color tint: danger ? Theme.danger : Theme.ink

    width: ListView.view ? ListView.view.width : implicitWidth
    implicitWidth: implicitContentWidth + leftPadding + rightPadding
    implicitHeight: Math.max(Theme.target, Theme.fieldHeight)
    leftPadding: Theme.space3
    rightPadding: Theme.space4
    Accessible.role: Accessible.MenuItem
    Accessible.name: text
    Accessible.onPressAction: triggered()

    contentItem: RowLayout {
        spacing: Theme.space3
        Icon {
            name: item.iconName
            color: item.danger ? Theme.danger : Theme.inkSoft
        }
        Words {
            text: item.text
            color: item.tint
            lineHeight: 1
            wrapMode: Text.NoWrap
            elide: Text.ElideRight
            Layout.fillWidth: true
            Accessible.ignored: true
        }
    }
    background: Rectangle {
        radius: Theme.radiusControl
        color: item.highlighted ? Theme.field : Theme.none
    }
}
