import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Kith.App
import Kith.Controls
import Kith.Icons
import Kith.Theme

// Who the chat is with, and how they are.
Rectangle {
    id: header

    required property ChatController chat
    required property bool narrow

    signal back
    signal detailsWanted

    implicitHeight: Theme.headerHeight
    color: Theme.window

    RowLayout {
        anchors.fill: parent
        anchors.leftMargin: header.narrow ? Theme.space1 : Theme.space4
        anchors.rightMargin: Theme.space3
        spacing: Theme.space1
        IconButton {
            visible: header.narrow
            iconName: "back"
            label: qsTr("Back to the list")
            flips: true
            onClicked: header.back()
        }
        T.Button {
            id: person
            Layout.fillWidth: true
            Layout.fillHeight: true
            focusPolicy: Qt.StrongFocus
            text: header.chat.notes ? qsTr("Notes to self") : header.chat.name
            Accessible.role: Accessible.Button
            Accessible.name: stateWords.text !== "" ? text + ", " + stateWords.text : text
            Accessible.description: qsTr("Shows who this is")
            Accessible.onPressAction: clicked()
            onClicked: header.detailsWanted()
            background: FocusRing {
                shown: person.visualFocus
                inset: Theme.space1
            }
            contentItem: RowLayout {
                spacing: Theme.space3
                Avatar {
                    initials: header.chat.initials
                    hue: header.chat.hue
                    size: Theme.avatarSmall
                    iconName: header.chat.notes ? "notes" : ""
                    online: header.chat.online
                    ground: Theme.window
                }
                ColumnLayout {
                    spacing: Theme.space1
                    Layout.fillWidth: true
                    RowLayout {
                        spacing: Theme.space1
                        Words {
                            text: person.text
                            strong: true
                            lineHeight: 1
                            wrapMode: Text.NoWrap
                            elide: Text.ElideRight
                            horizontalAlignment: Text.AlignLeft
                            Layout.fillWidth: true
                            Layout.maximumWidth: implicitWidth + Theme.hairline
                            Accessible.ignored: true
                        }
                        Icon {
                            visible: header.chat.verified
                            name: "verified"
                            size: Theme.iconSmall
                            color: Theme.accent
                        }
                    }
                    Words {
                        id: stateWords
                        visible: text !== ""
                        text: header.chat.typing ? qsTr("typing…") : header.chat.online ? qsTr("online")
                            : header.chat.blocked ? qsTr("blocked") : ""
                        font.pixelSize: Theme.caption
                        lineHeight: 1
                        color: header.chat.typing ? Theme.accent : Theme.inkSoft
                        horizontalAlignment: Text.AlignLeft
                        Layout.fillWidth: true
                        Accessible.ignored: true
                    }
                }
            }
        }
        IconButton {
            iconName: "info"
            label: qsTr("Details")
            onClicked: header.detailsWanted()
        }
    }
    Rectangle {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        height: Theme.hairline
        color: Theme.line
    }
}
