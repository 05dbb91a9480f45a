pragma Singleton
import QtQuick

// The tokens: every colour, size, radius, duration and font of Kith. The window's shell sets the five inputs; nothing
// else is ever written.
QtObject {
    id: theme

    // Inputs.
    property bool dark: false
    property bool highContrast: false
    property bool reducedMotion: false
    property bool touch: false
    property real textScale: 1.0
    property string family: Application.font.family

    // Colours. Each role has four values: light, dark, and both with high contrast.
    readonly property color window: highContrast ? (dark ? "#000000" : "#FFFFFF") : (dark ? "#141617" : "#F7F5F0")
    readonly property color panel: highContrast ? (dark ? "#000000" : "#FFFFFF") : (dark ? "#1B1E1F" : "#EFECE4")
    readonly property color raised: highContrast ? (dark ? "#222527" : "#ECEAE4") : (dark ? "#24282A" : "#FFFFFF")
    readonly property color ink: highContrast ? (dark ? "#FFFFFF" : "#000000") : (dark ? "#ECEAE5" : "#1D1B18")
    readonly property color inkSoft: highContrast ? (dark ? "#E0DED8" : "#2E2B26") : (dark ? "#A9A59C" : "#5F5A52")
    readonly property color field: highContrast ? (dark ? "#1A1C1D" : "#F0EEE8") : (dark ? "#252A2B" : "#E4E0D6")
    readonly property color line: highContrast ? (dark ? "#FFFFFF" : "#000000") : (dark ? "#2E3335" : "#E4E0D7")
    readonly property color outline: highContrast ? (dark ? "#FFFFFF" : "#000000") : (dark ? "#7A8084" : "#857F73")
    readonly property color accent: highContrast ? (dark ? "#7FE3D9" : "#004F4B") : (dark ? "#5CC4BA" : "#0F6B66")
    readonly property color accentInk: highContrast ? (dark ? "#000000" : "#FFFFFF") : (dark ? "#0C2B29" : "#FFFFFF")
    readonly property color accentSoft: highContrast ? (dark ? "#00302D" : "#DFF3F0") : (dark ? "#173F3D" : "#D9EEEA")
    readonly property color danger: highContrast ? (dark ? "#FFB3AC" : "#8C0F0A") : (dark ? "#F58F86" : "#B3261E")
    readonly property color warn: highContrast ? (dark ? "#FFD27A" : "#5C3B00") : (dark ? "#E2B04A" : "#8A5A00")
    readonly property color ok: highContrast ? (dark ? "#A6E3A6" : "#174D17") : (dark ? "#7CC27C" : "#2F6B2F")
    readonly property color scrim: "#8C000000"
    readonly property color scrimInk: "#FFFFFF"
    readonly property color shadow: dark ? "#66000000" : "#1F000000"
    readonly property color none: "transparent"
    // A QR code's quiet zone and modules are the same in both themes: cameras want them so.
    readonly property color hover: dark ? "#0FFFFFFF" : "#0A1D1B18"
    readonly property color pressed: dark ? "#1AFFFFFF" : "#141D1B18"

    // Avatars: eight hues, background and letters.
    readonly property list<color> avatarFill: dark
        ? ["#2C5A45", "#5A5726", "#7A4636", "#7A3650", "#45457F", "#2A5670", "#643C70", "#574E44"]
        : ["#B9DEC9", "#DEDBA8", "#E9C5B7", "#EDC1D2", "#C9C9EE", "#B7D7E8", "#DFC5E8", "#DAD2C6"]
    readonly property list<color> avatarInk: dark
        ? ["#CFF0DE", "#F2EFC4", "#FBDDD3", "#FBD9E6", "#DEDEFA", "#D2EAF7", "#F0DDF7", "#EEE8DF"]
        : ["#12402B", "#3D3A07", "#6B2410", "#6B1638", "#26266B", "#0F3D57", "#4A1A5C", "#3B332A"]

    // Space and shape, in pixels of a window at 100 %.
    readonly property int space1: 4
    readonly property int space2: 8
    readonly property int space3: 12
    readonly property int space4: 16
    readonly property int space6: 24
    readonly property int space8: 32
    readonly property int radiusControl: 6
    readonly property int radiusCard: 10
    readonly property int radiusBubble: 16
    readonly property int radiusJoined: 4
    readonly property int hairline: 1
    readonly property int focusWidth: 2
    readonly property int focusOffset: 2
    readonly property int groupGap: 12
    readonly property int bubbleGap: 2

    // Type.
    readonly property int caption: Math.round(12 * textScale)
    readonly property int meta: Math.round(13 * textScale)
    readonly property int body: Math.round(15 * textScale)
    readonly property int title: Math.round(17 * textScale)
    readonly property int page: Math.round(22 * textScale)
    readonly property int welcome: Math.round(28 * textScale)
    readonly property int emojiText: Math.round(44 * textScale)
    readonly property int regular: 400
    readonly property int strong: 600
    // Of the font's own line: 1.35 of the size for Inter, whose lines are 1.21 of it.
    readonly property real lineHeight: 1.12
    readonly property real lineSpan: 1.35
    readonly property bool largeText: textScale >= 1.5
    readonly property string monospace: "monospace"
    readonly property string emojiFamily: "Noto Color Emoji"

    // Targets and parts.
    readonly property int target: touch ? 44 : 32
    readonly property int icon: Math.round(20 * Math.min(textScale, 1.5))
    readonly property int iconSmall: Math.round(16 * Math.min(textScale, 1.5))
    readonly property int markWidth: Math.round(22 * Math.min(textScale, 2))
    readonly property int markHeight: Math.round(14 * Math.min(textScale, 2))
    readonly property int avatarSmall: 36
    readonly property int avatar: 44
    readonly property int avatarLarge: 88
    readonly property int presence: 12
    readonly property int fieldHeight: Math.max(target, Math.round(36 * Math.max(1, textScale)))
    readonly property int buttonHeight: Math.max(target, Math.round(40 * Math.max(1, textScale)))
    readonly property int headerHeight: Math.round(56 * Math.max(1, Math.min(textScale, 1.6)))
    readonly property int rowHeight: Math.round(68 * Math.max(1, textScale))
    readonly property int pillHeight: Math.round(20 * textScale)
    readonly property int filterHeight: Math.max(target, pillSide)
    readonly property int pillSide: Math.round(28 * textScale)
    readonly property int quoteMost: 320
    readonly property int composerHeight: Math.max(44, Math.round(44 * textScale))
    readonly property int composerLines: 8
    readonly property int jumpButton: 40
    readonly property int newChatButton: 56
    readonly property int switchWidth: 40
    readonly property int switchHeight: 24
    readonly property int switchKnob: 16
    readonly property int scrollBar: 8
    readonly property int scrollBarLeast: 32
    readonly property int progressLine: 3
    readonly property int quoteBar: 3
    readonly property int mark: 72
    readonly property int swatch: 40

    // Layout.
    readonly property int wideFrom: 1100
    readonly property int mediumFrom: 700
    readonly property int listWide: 320
    readonly property int listMedium: 300
    readonly property int listLeast: 240
    readonly property int listMost: 420
    readonly property int details: 320
    readonly property int chatMost: 960
    readonly property int bubbleMost: 560
    readonly property real bubbleShare: 0.72
    readonly property real bubbleShareNarrow: 0.78
    readonly property int readingMost: 420
    readonly property int settingsMost: 560
    readonly property int menuLeast: 200
    readonly property int menuMost: 320
    readonly property int dialogMost: 420
    readonly property int windowWidth: 1180
    readonly property int windowHeight: 780
    readonly property int windowLeastWidth: 360
    readonly property int windowLeastHeight: 480
    readonly property int dragHandle: 8
    readonly property int viewBuffer: 400

    // Motion, in milliseconds; nothing moves with reduced motion.
    readonly property int stateTime: reducedMotion ? 0 : 120
    readonly property int paneTime: reducedMotion ? 0 : 180
    readonly property int turnTime: 1400
    readonly property int hintDelay: 600
    readonly property int ease: Easing.OutCubic
    readonly property real disabled: 0.45
}
