#pragma once
/// Which receipt marks may be seen by whom. Nothing leaves before a request is accepted, or past a block; `read` of
/// somebody who keeps it private reads 0. Thread: the strand of the call.

#include "server/chat/ChatContext.h"

namespace kith::server
{

/// Takes out of `marks` what the other members of this conversation may not see.
[[nodiscard]] Result<void> hidePrivateMarks(const ChatContext& context, const DirectView& view, LogMarks& marks);

} // namespace kith::server
