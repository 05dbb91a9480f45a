import QtQuick
import QtQuick.Templates as T
import Kith.Theme

// A thin bar that is there while there is something to scroll.
T.ScrollBar {
    id: bar

    implicitWidth: Theme.scrollBar
    implicitHeight: Theme.scrollBar
    padding: Theme.focusWidth
    minimumSize: height > 0 ? Theme.scrollBarLeast / height : 0
    visible: policy === T.ScrollBar.AlwaysOn || (policy === T.ScrollBar.AsNeeded && size < 1.0)
    Accessible.ignored: true

    contentItem: Rectangle {
        radius: width / 2
        color: Theme.outline
        opacity: bar.pressed ? 1 : bar.hovered || bar.active ? 0.7 : 0
        Behavior on opacity { NumberAnimation { duration: Theme.paneTime } }
    }
}
