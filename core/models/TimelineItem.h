#pragma once
/// One row of a timeline as it is shown: a message, and how it stands among its neighbours. Made on the reader's
/// thread, immutable from then on. Thread: plain values.

#include "core/domain/DeliveryState.h"
#include "core/domain/Message.h"

#include <QDate>
#include <QString>

namespace kith
{

struct TimelineItem {
    MessageId id;
    MessageKind kind = MessageKind::Text;
    UserId author; ///< Null: the server.
    bool own = false;
    Seq seq; ///< 0: not numbered yet.
    QString text;
    /// Where the 41st line begins; -1: the text is short enough to be shown whole.
    qsizetype fold = -1;
    bool rightToLeft = false; ///< By the first strong letter of the text.
    int emoji = 0;            ///< 1 to 3: the text is that many emoji and nothing else.
    std::int64_t timeMs = 0;  ///< The server's; of an unsent message its author's clock. UTC.
    QDate day;                ///< Of that time, in the reader's time zone.
    DeliveryState delivery = DeliveryState::Received;
    bool logsDiffer = false; ///< The author's copy of the log and ours differ (P4).
    bool replies = false;
    bool replyOwn = false;
    QString replyText; ///< One line; empty: the message replied to is not here.

    bool startsGroup = false; ///< First of its author's within five minutes.
    bool endsGroup = false;
    bool startsDay = false;   ///< The row before it, if any, is of another day.
    bool firstUnread = false; ///< The divider stands before it.

    [[nodiscard]] std::uint64_t key() const { return id.value(); }
    friend bool operator==(const TimelineItem&, const TimelineItem&) = default;
};

} // namespace kith
