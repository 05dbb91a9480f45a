#pragma once
/// A registration in three buckets. Its one commit point is the transaction in the user's bucket that makes the
/// account; everything before it can be taken back and everything after it can be repeated. A job row in the user's
/// bucket says how far it came:
///
///     (none) --begin--> Started --> handle Pending --> invite claimed --commit--> Committed --> handle Taken
///                          |                                             ^             --> invite used --> (none)
///                          +--abort--> Aborting --> handle freed --> claim freed --> (none)
///
/// Invariants:
///  1. The account is made only while the row says Started, in the transaction that makes it Committed. Abort makes the
///     row Aborting first: so of both exactly one happens, however they race.
///  2. A handle is Pending or Taken for one user only, and an invite has one claim or use for each account it makes.
///  3. After a crash the row is found at start: Started is aborted, Committed is finished.
/// Thread: steps on the strand of the call, the job on the job strand.

#include "server/chat/ChatContext.h"

namespace kith::server
{

struct RegistrationRow {
    enum class State : std::uint8_t { Started = 1, Committed = 2, Aborting = 3 };
    State state = State::Started;
    Bytes handle; ///< Folded.
    Bytes invite; ///< Token hash; empty: none.
};
[[nodiscard]] Bytes encode(const RegistrationRow& row);
[[nodiscard]] std::optional<RegistrationRow> decodeRegistration(ByteView bytes);

/// `request` was checked; `handle` is folded.
void runRegistration(ChatContext& context, Executor& strand, RegisterRequest request, Bytes handle,
                     Done<Registered> done);

/// The handler of JobKind::Register: finishes or takes back, by what the row says.
void settleRegistration(ChatContext& context, Executor& strand, const Job& job, Done<void> done);

} // namespace kith::server
