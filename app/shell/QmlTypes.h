#pragma once
/// What of C++ QML sees, registered here in one place so that core and the controllers link no Qt Qml. Objects are made
/// by the composition root and handed down as required properties. Thread: the GUI thread.

#include "app/chat/ChatController.h"
#include "app/conversations/ConversationsController.h"
#include "app/onboarding/OnboardingController.h"
#include "app/onboarding/UnlockController.h"
#include "app/settings/AppearanceController.h"
#include "app/shell/ShellController.h"
#include "app/shell/Strings.h"

#include <QtQml/qqml.h>

namespace kith
{

struct TimelineModelForQml {
    Q_GADGET
    QML_FOREIGN(kith::TimelineModel)
    QML_NAMED_ELEMENT(TimelineModel)
    QML_UNCREATABLE("made by ChatController")
};

struct ConversationListModelForQml {
    Q_GADGET
    QML_FOREIGN(kith::ConversationListModel)
    QML_NAMED_ELEMENT(ConversationListModel)
    QML_UNCREATABLE("made by ConversationsController")
};

struct ChatControllerForQml {
    Q_GADGET
    QML_FOREIGN(kith::ChatController)
    QML_NAMED_ELEMENT(ChatController)
    QML_UNCREATABLE("made by the program")
};

struct ConversationsControllerForQml {
    Q_GADGET
    QML_FOREIGN(kith::ConversationsController)
    QML_NAMED_ELEMENT(ConversationsController)
    QML_UNCREATABLE("made by the program")
};

struct OnboardingControllerForQml {
    Q_GADGET
    QML_FOREIGN(kith::OnboardingController)
    QML_NAMED_ELEMENT(OnboardingController)
    QML_UNCREATABLE("made by the program")
};

struct UnlockControllerForQml {
    Q_GADGET
    QML_FOREIGN(kith::UnlockController)
    QML_NAMED_ELEMENT(UnlockController)
    QML_UNCREATABLE("made by the program")
};

struct AppearanceControllerForQml {
    Q_GADGET
    QML_FOREIGN(kith::AppearanceController)
    QML_NAMED_ELEMENT(AppearanceController)
    QML_UNCREATABLE("made by the program")
};

struct ShellControllerForQml {
    Q_GADGET
    QML_FOREIGN(kith::ShellController)
    QML_NAMED_ELEMENT(ShellController)
    QML_UNCREATABLE("made by the program")
};

struct NoticeForQml {
    Q_GADGET
    QML_FOREIGN(kith::Notice)
    QML_VALUE_TYPE(notice)
};

/// The window's Strings, which the composition root put into the engine's property "strings".
struct StringsForQml {
    Q_GADGET
    QML_FOREIGN(kith::Strings)
    QML_NAMED_ELEMENT(Strings)
    QML_SINGLETON

public:
    static Strings* create(QQmlEngine* engine, QJSEngine*);
};

} // namespace kith
