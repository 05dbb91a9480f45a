import QtQuick
import QtQuick.Templates as T
import Kith.Theme

// A menu; open it with popup(), it stands where the pointer is.
T.Menu {
    id: menu

    implicitWidth: Math.min(Theme.menuMost, Math.max(Theme.menuLeast, contentWidth + leftPadding + rightPadding))
    implicitHeight: contentHeight + topPadding + bottomPadding
    padding: Theme.space1
    margins: Theme.space2
    overlap: Theme.hairline

    contentItem: ListView {
        implicitHeight: contentHeight
        model: menu.contentModel
        interactive: Window.window ? contentHeight + menu.topPadding + menu.bottomPadding > Window.window.height : false
        clip: true
        currentIndex: menu.currentIndex
    }
    background: Rectangle {
        radius: Theme.radiusCard
        color: Theme.raised
        border.width: Theme.hairline
        border.color: Theme.line
    }
}
