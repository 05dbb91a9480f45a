import QtQuick
import Kith.Theme

// Something goes on and nobody knows how long. It stands still with reduced motion.
Item {
    id: line

    implicitHeight: Theme.progressLine
    clip: true
    Accessible.role: Accessible.ProgressBar
    Accessible.name: qsTr("Working")

    Rectangle {
        id: runner
        width: line.width / 3
        height: line.height
        color: Theme.accent
        x: line.width / 3
        XAnimator on x {
            running: line.visible && !Theme.reducedMotion
            loops: Animation.Infinite
            from: -line.width / 3
            to: line.width
            duration: Theme.turnTime
        }
    }
}
