#pragma once
/// Every log holds a copy of its members' device lists, blocks included, so that an append is checked in one bucket
/// (mechanisms.md section 5). The truth lies with the users. A copy is brought up to date by reading the truth, never
/// by carrying a change along: so it may be done twice, late, or by two at once, and ends right.
///
/// Why no change is lost: whoever changes the truth reads the user's list of logs (Table::UserLog) after its commit;
/// whoever creates a log writes those rows first and refreshes the log after. One of the two sees the other.
/// Thread: any; see Caller.h.

#include "server/chat/ChatContext.h"
#include "server/chat/messages/Messages.h"

namespace kith::server
{

/// Lists of one account in an answer; who is further behind asks again.
constexpr std::size_t listsAtOnce = 16;

/// Brings one log's copy up to date. A device that becomes a reader starts behind the entries committed so far, which
/// hold no envelope for it.
void refreshCopies(ChatContext& context, Executor& strand, LogId log, Done<void> done);

/// The same for all direct conversations of `user`, several at a time; the first error, after all were tried.
void refreshAllCopies(ChatContext& context, Executor& strand, UserId user, Done<void> done);

/// A member's copy as the truth stands; `fromSeq` for devices that `before` does not have. Internal for nobody.
[[nodiscard]] Result<Member> memberNow(const ChatContext& context, Member before, std::optional<UserId> peer,
                                       Seq fromSeq);

/// For a conflict: of each account what follows the version that the caller holds, oldest first, so that it can check
/// link by link; at most listsAtOnce of each. The newest alone where it holds none, or what it holds stands.
[[nodiscard]] Result<std::vector<SignedManifest>> manifestsSince(const Storage& storage,
                                                                 std::span<const ListVersion> held);

} // namespace kith::server
