#pragma once
/// What each member of a conversation must find in the own bucket: a Table::UserLog row as long as it is a member, and
/// a record in the account's log that says so. The job behind JobKind::Conversation. Thread: the job strand.

#include "server/chat/ChatContext.h"

namespace kith::server
{

/// Makes the members' rows agree with the conversation as it stands, then refreshes its device-list copies. It looks
/// again after each write, so that of two runs at once the later truth stays.
void settleMembers(ChatContext& context, Executor& strand, LogId log, Done<void> done);

} // namespace kith::server
