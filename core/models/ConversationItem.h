#pragma once
/// One row of the list of chats as it is shown. Made on the reader's thread, immutable from then on. Thread: plain
/// values.

#include "core/domain/Contact.h"
#include "core/domain/Conversation.h"
#include "core/domain/DeliveryState.h"

#include <QString>

namespace kith
{

struct ConversationItem {
    LogId log;
    UserId peer;
    bool notes = false; ///< With oneself.
    QString name;
    QString handle;
    QString initials;
    int hue = 0;
    bool verified = false;
    bool blocked = false;
    RequestState request = RequestState::Accepted;
    int unread = 0;
    bool markedUnread = false;
    std::int64_t timeMs = 0; ///< Of the last row; 0: there is none.
    bool hasLast = false;
    MessageKind lastKind = MessageKind::Text;
    bool lastOwn = false;
    QString preview; ///< One line.
    DeliveryState delivery = DeliveryState::Received;

    [[nodiscard]] const LogId& key() const { return log; }
    friend bool operator==(const ConversationItem&, const ConversationItem&) = default;
};

} // namespace kith
