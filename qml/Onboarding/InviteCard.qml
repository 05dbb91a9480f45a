import QtQuick
import QtQuick.Layouts
import Kith.Controls
import Kith.Icons
import Kith.Theme

// The server that an invite leads to, and how sure that is.
Rectangle {
    id: card

    required property string server
    required property bool keyChecked

    implicitHeight: column.implicitHeight + 2 * Theme.space4
    radius: Theme.radiusCard
    color: Theme.panel

    ColumnLayout {
        id: column
        x: Theme.space4
        y: Theme.space4
        width: parent.width - 2 * Theme.space4
        spacing: Theme.space2
        RowLayout {
            spacing: Theme.space3
            Icon {
                name: "server"
                color: Theme.inkSoft
            }
            Words {
                text: card.server
                strong: true
                Layout.fillWidth: true
                elide: Text.ElideMiddle
                wrapMode: Text.NoWrap
            }
        }
        RowLayout {
            spacing: Theme.space3
            Icon {
                name: card.keyChecked ? "verified" : "info"
                color: card.keyChecked ? Theme.ok : Theme.inkSoft
            }
            Words {
                text: card.keyChecked ? qsTr("The link carries this server's key: nobody can pose as it.")
                                      : qsTr("Checked by its certificate.")
                font.pixelSize: Theme.meta
                color: Theme.inkSoft
                Layout.fillWidth: true
            }
        }
    }
}
