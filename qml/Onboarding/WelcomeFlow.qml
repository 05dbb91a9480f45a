pragma ComponentBehavior: Bound
import QtQuick
import Kith.App
import Kith.Controls
import Kith.Theme

// From nothing to an account, one question at a time. Back on each step; nothing typed is lost.
Rectangle {
    id: flow

    required property OnboardingController onboarding
    readonly property real column: Math.min(width - 2 * Theme.space6, Theme.readingMost)

    color: Theme.window

    PageHeader {
        id: header
        width: parent.width
        visible: flow.onboarding.step !== "welcome"
        heading: ""
        onBack: flow.onboarding.back()
    }
    Flickable {
        anchors.top: header.bottom
        anchors.bottom: parent.bottom
        anchors.horizontalCenter: parent.horizontalCenter
        width: flow.column
        contentHeight: Math.max(height, steps.height + Theme.space6)
        boundsBehavior: Flickable.StopAtBounds
        Column {
            id: steps
            width: flow.column
            y: Math.max(0, (parent.height - height - header.height) / 2)
            // One of four; a Repeater, because Loader cannot make bound components in Qt 6.4.
            Repeater {
                model: flow.onboarding.step === "welcome" ? 1 : 0
                WelcomeStep {
                    width: flow.column
                    onboarding: flow.onboarding
                }
            }
            Repeater {
                model: flow.onboarding.step === "invite" || flow.onboarding.step === "address" ? 1 : 0
                LinkStep {
                    width: flow.column
                    onboarding: flow.onboarding
                }
            }
            Repeater {
                model: flow.onboarding.step === "name" ? 1 : 0
                NameStep {
                    width: flow.column
                    onboarding: flow.onboarding
                }
            }
            Repeater {
                model: flow.onboarding.step === "key" ? 1 : 0
                KeyStep {
                    width: flow.column
                    onboarding: flow.onboarding
                }
            }
        }
    }
}
