import QtQuick
import QtQuick.Templates as T
import Kith.App
import Kith.Controls
import Kith.Theme

// Where one writes: grows from one line to eight, Enter sends, Shift+Enter begins a line.
Item {
    id: composer

    required property ChatController chat
    required property bool narrow
    readonly property real margin: narrow ? Theme.space2 : Theme.space6

    function takeFocus() { input.forceActiveFocus(Qt.ShortcutFocusReason) }

    implicitHeight: box.height + (narrow ? Theme.space2 : Theme.space4) + (trouble.visible ? trouble.height + Theme.space1 : 0)

    Words {
        id: trouble
        visible: composer.chat.problem !== ""
        anchors.horizontalCenter: parent.horizontalCenter
        width: box.width
        text: composer.chat.problem
        font.pixelSize: Theme.meta
        color: Theme.danger
    }
    Rectangle {
        id: box
        anchors.horizontalCenter: parent.horizontalCenter
        y: trouble.visible ? trouble.height + Theme.space1 : 0
        width: Math.min(parent.width - 2 * composer.margin, Theme.chatMost)
        height: Math.max(Theme.composerHeight, flick.height + 2 * Theme.space2)
        radius: Math.min(height / 2, Theme.composerHeight / 2)
        color: Theme.raised
        border.width: Theme.hairline
        border.color: Theme.outline
        FocusRing {
            shown: input.activeFocus && input.focusReason === Qt.TabFocusReason
            inset: 0
            radius: parent.radius
        }
        Flickable {
            id: flick
            anchors.left: parent.left
            anchors.leftMargin: Theme.space4 + Theme.space1
            anchors.right: send.left
            anchors.rightMargin: Theme.space2
            anchors.verticalCenter: parent.verticalCenter
            height: Math.min(input.implicitHeight, Math.ceil(Theme.composerLines * Theme.body * Theme.lineSpan))
            contentHeight: input.implicitHeight
            clip: true
            boundsBehavior: Flickable.StopAtBounds
            interactive: contentHeight > height
            T.ScrollBar.vertical: SlimScrollBar {}
            T.TextArea.flickable: T.TextArea {
                id: input
                font.family: Theme.family
                font.pixelSize: Theme.body
                color: Theme.ink
                selectionColor: Theme.accent
                selectedTextColor: Theme.accentInk
                selectByMouse: true
                wrapMode: TextEdit.Wrap
                textFormat: TextEdit.PlainText
                text: composer.chat.draft
                activeFocusOnTab: true
                implicitWidth: 0
                implicitHeight: contentHeight
                Accessible.role: Accessible.EditableText
                Accessible.name: hint.text
                onTextChanged: composer.chat.draft = text
                Keys.onReturnPressed: (event) => {
                    event.accepted = !(event.modifiers & Qt.ShiftModifier) && preeditText === ""
                    if (event.accepted)
                        composer.chat.send()
                }
                Keys.onTabPressed: nextItemInFocusChain(true).forceActiveFocus(Qt.TabFocusReason)
            }
        }
        Words {
            id: hint
            visible: input.text === "" && input.preeditText === ""
            anchors.left: flick.left
            anchors.right: flick.right
            anchors.verticalCenter: flick.verticalCenter
            text: composer.chat.notes ? qsTr("Write a note") : qsTr("Message %1").arg(composer.chat.name)
            color: Theme.inkSoft
            lineHeight: 1
            wrapMode: Text.NoWrap
            elide: Text.ElideRight
            horizontalAlignment: Text.AlignLeft
            Accessible.ignored: true
        }
        IconButton {
            id: send
            anchors.right: parent.right
            anchors.rightMargin: Theme.space2
            anchors.bottom: parent.bottom
            anchors.bottomMargin: Math.round((Theme.composerHeight - height) / 2)
            side: Theme.target
            iconName: "send"
            label: qsTr("Send")
            keys: "Enter"
            filled: enabled
            flips: true
            enabled: composer.chat.draft.trim() !== ""
            onClicked: composer.chat.send()
        }
    }
}
