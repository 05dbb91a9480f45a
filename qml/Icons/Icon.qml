import QtQuick
import QtQuick.Controls.impl
import Kith.Theme

// One of Kith's own icons, drawn by `name` from svg/ and tinted. A picture only: whoever shows it says what it means.
ColorImage {
    required property string name
    property int size: Theme.icon

    source: Qt.resolvedUrl("svg/" + name + ".svg")
    sourceSize.width: size
    sourceSize.height: size
    width: size
    height: size
    color: Theme.ink
    Accessible.ignored: true
}
