pragma ComponentBehavior: Bound
import QtQuick
import Kith.Controls
import Kith.Theme

// One of a few values, all in sight.
Row {
    id: choice

    required property list<string> values
    required property list<string> names
    required property string chosen

    signal picked(string value)

    spacing: Theme.space1
    Repeater {
        model: choice.values.length
        Pill {
            required property int index
            text: choice.names[index]
            checked: choice.chosen === choice.values[index]
            onClicked: choice.picked(choice.values[index])
        }
    }
}
