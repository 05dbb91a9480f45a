pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Kith.App
import Kith.Controls
import Kith.Theme

// What a person can choose; everything acts at once.
Rectangle {
    id: page

    required property AppearanceController appearance
    required property ConversationsController conversations

    signal closed

    color: Theme.window

    PageHeader {
        id: header
        width: parent.width
        heading: qsTr("Settings")
        onBack: page.closed()
    }
    Flickable {
        anchors.top: header.bottom
        anchors.bottom: parent.bottom
        anchors.horizontalCenter: parent.horizontalCenter
        width: Math.min(parent.width - 2 * Theme.space4, Theme.settingsMost)
        contentHeight: column.implicitHeight + Theme.space8
        boundsBehavior: Flickable.StopAtBounds
        clip: true
        ColumnLayout {
            id: column
            width: parent.width
            spacing: Theme.space4

            RowLayout {
                Layout.fillWidth: true
                Layout.topMargin: Theme.space2
                spacing: Theme.space4
                Avatar {
                    initials: page.conversations.ownInitials
                    hue: page.conversations.ownHue
                    size: Theme.avatarLarge
                    ground: Theme.window
                }
                ColumnLayout {
                    spacing: Theme.space1
                    Words {
                        text: page.conversations.ownName
                        strong: true
                        font.pixelSize: Theme.title
                        Layout.fillWidth: true
                    }
                    Words {
                        text: "@" + page.conversations.ownHandle
                        color: Theme.inkSoft
                        Layout.fillWidth: true
                    }
                }
            }
            Words {
                text: qsTr("Appearance")
                strong: true
                font.pixelSize: Theme.title
                Layout.topMargin: Theme.space4
                Accessible.role: Accessible.Heading
            }
            AppearanceSample { Layout.fillWidth: true }
            SettingRow {
                Layout.fillWidth: true
                name: qsTr("Theme")
                words: qsTr("Follows your system unless you choose.")
                ChoiceRow {
                    values: ["system", "light", "dark"]
                    names: [qsTr("System"), qsTr("Light"), qsTr("Dark")]
                    chosen: page.appearance.mode
                    onPicked: (value) => page.appearance.mode = value
                }
            }
            SettingRow {
                Layout.fillWidth: true
                name: qsTr("Text size")
                words: qsTr("Everything grows with it. Ctrl + and Ctrl − do the same.")
                Row {
                    spacing: Theme.space2
                    ActionButton {
                        text: "−"
                        Accessible.name: qsTr("Smaller text")
                        enabled: page.appearance.textPercent > 85
                        onClicked: page.appearance.shrinkText()
                    }
                    Words {
                        text: qsTr("%1 %").arg(page.appearance.textPercent)
                        anchors.verticalCenter: parent.verticalCenter
                    }
                    ActionButton {
                        text: "+"
                        Accessible.name: qsTr("Larger text")
                        enabled: page.appearance.textPercent < 200
                        onClicked: page.appearance.enlargeText()
                    }
                }
            }
            SettingRow {
                Layout.fillWidth: true
                name: qsTr("Reduced motion")
                words: qsTr("Nothing slides or fades.")
                Toggle {
                    label: qsTr("Reduced motion")
                    checked: page.appearance.reducedMotion
                    onToggled: page.appearance.reducedMotion = checked
                }
            }
            SettingRow {
                Layout.fillWidth: true
                name: qsTr("High contrast")
                words: qsTr("Stronger text and outlines.")
                Toggle {
                    label: qsTr("High contrast")
                    checked: page.appearance.highContrast
                    onToggled: page.appearance.highContrast = checked
                }
            }
        }
    }
}
