import QtQuick
import Kith.Theme

// Text in the app's type. Always plain: what people wrote is never taken for markup.
Text {
    property bool strong: false

    font.family: Theme.family
    font.pixelSize: Theme.body
    font.weight: strong ? Theme.strong : Theme.regular
    lineHeight: Theme.lineHeight
    color: Theme.ink
    textFormat: Text.PlainText
    wrapMode: Text.Wrap
    Accessible.role: Accessible.StaticText
    Accessible.name: text
}
