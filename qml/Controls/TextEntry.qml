import QtQuick
import QtQuick.Templates as T
import Kith.Icons
import Kith.Theme

// One line to type into. `label` names it for speech; `problem` stands below in danger's colour, with an icon.
FocusScope {
    id: entry

    required property string label
    property alias text: input.text
    property alias echoMode: input.echoMode
    property alias inputMethodHints: input.inputMethodHints
    property alias maximumLength: input.maximumLength
    property string placeholder: ""
    property string iconName: ""
    property string keys: ""
    property string problem: ""
    property string remark: ""
    property bool good: false
    property bool showLabel: false
    property color fill: Theme.field
    readonly property bool rightToLeft: Application.layoutDirection === Qt.RightToLeft

    signal edited
    signal accepted
    signal downPressed

    function takeFocus() { input.forceActiveFocus(Qt.ShortcutFocusReason) }

    implicitWidth: Theme.listWide
    implicitHeight: column.implicitHeight

    Column {
        id: column
        width: parent.width
        spacing: Theme.space1
        Words {
            visible: entry.showLabel
            text: entry.label
            font.pixelSize: Theme.meta
            color: Theme.inkSoft
            width: parent.width
            Accessible.ignored: true
        }
        T.TextField {
            id: input
            width: parent.width
            height: Theme.fieldHeight
            focus: true
            readonly property real before: lead.visible ? lead.width + 2 * Theme.space3 : Theme.space3
            readonly property real behind: tail.visible ? tail.width + 2 * Theme.space3 : Theme.space3
            leftPadding: entry.rightToLeft ? behind : before
            rightPadding: entry.rightToLeft ? before : behind
            verticalAlignment: TextInput.AlignVCenter
            font.family: Theme.family
            font.pixelSize: Theme.body
            color: Theme.ink
            selectionColor: Theme.accent
            selectedTextColor: Theme.accentInk
            placeholderText: entry.placeholder
            placeholderTextColor: Theme.inkSoft
            selectByMouse: true
            Accessible.role: Accessible.EditableText
            Accessible.name: entry.label
            Accessible.description: entry.problem !== "" ? entry.problem : entry.remark
            onTextEdited: entry.edited()
            onAccepted: entry.accepted()
            Keys.onDownPressed: entry.downPressed()

            Icon {
                id: lead
                visible: entry.iconName !== ""
                name: visible ? entry.iconName : "search"
                color: Theme.inkSoft
                x: entry.rightToLeft ? input.width - width - Theme.space3 : Theme.space3
                anchors.verticalCenter: parent.verticalCenter
            }
            Words {
                id: tail
                visible: entry.keys !== "" && input.text === "" && !Theme.touch
                text: entry.keys
                font.pixelSize: Theme.caption
                lineHeight: 1
                color: Theme.inkSoft
                x: entry.rightToLeft ? Theme.space3 : input.width - width - Theme.space3
                anchors.verticalCenter: parent.verticalCenter
                Accessible.ignored: true
            }
            Words {
                visible: input.text === "" && input.preeditText === ""
                text: input.placeholderText
                color: Theme.inkSoft
                lineHeight: 1
                wrapMode: Text.NoWrap
                elide: Text.ElideRight
                horizontalAlignment: Text.AlignLeft
                x: input.leftPadding
                width: input.width - input.leftPadding - input.rightPadding
                anchors.verticalCenter: parent.verticalCenter
                Accessible.ignored: true
            }
            background: Rectangle {
                radius: Theme.radiusCard
                color: entry.fill
                border.width: Theme.hairline
                border.color: entry.problem !== "" ? Theme.danger : Theme.outline
                FocusRing {
                    shown: input.activeFocus && input.focusReason !== Qt.MouseFocusReason
                    inset: 0
                    radius: parent.radius
                }
            }
        }
        Row {
            visible: entry.problem !== "" || entry.remark !== ""
            width: parent.width
            spacing: Theme.space2
            Icon {
                id: sign
                visible: entry.problem !== "" || entry.good
                name: entry.problem !== "" ? "failed" : "check"
                size: Theme.iconSmall
                color: entry.problem !== "" ? Theme.danger : Theme.ok
            }
            Words {
                text: entry.problem !== "" ? entry.problem : entry.remark
                font.pixelSize: Theme.meta
                color: entry.problem !== "" ? Theme.danger : entry.good ? Theme.ok : Theme.inkSoft
                width: parent.width - (sign.visible ? sign.width + parent.spacing : 0)
            }
        }
    }
}
