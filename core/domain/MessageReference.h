#pragma once
/// How content names a message: never by entry id or seq, which an unsent message does not have (mechanisms, section
/// 1). Thread: plain values.

#include "core/base/Bytes.h"
#include "core/base/StrongId.h"

namespace kith
{

struct MessageReference {
    UserId author;
    ClientMsgId clientMsgId;
    Bytes commitment; ///< 32 octets; empty while the message named is not sealed yet.

    friend bool operator==(const MessageReference&, const MessageReference&) = default;
};

} // namespace kith
