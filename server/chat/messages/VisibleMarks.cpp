#include "server/chat/messages/VisibleMarks.h"

#include <algorithm>

namespace kith::server
{

Result<void> hidePrivateMarks(const ChatContext& context, const DirectView& view, LogMarks& marks)
{
    const Conversation& conversation = view.conversation->value;
    if (conversation.type != LogType::Direct) {
        marks.members.clear();
        return {};
    }
    const auto hidden = [&](const Mark& mark) {
        return std::none_of(conversation.members.begin(), conversation.members.end(), [&](const Member& member) {
            return member.user == mark.user && member.state == MemberState::Accepted;
        });
    };
    marks.members.erase(std::remove_if(marks.members.begin(), marks.members.end(), hidden), marks.members.end());
    for (Mark& mark : marks.members) {
        if (mark.read == Seq{})
            continue;
        KITH_TRY(const auto account, load<Account>(context.storage, accountKey(mark.user)));
        if (!account || !account->value.readReceipts)
            mark.read = Seq{};
    }
    return {};
}

} // namespace kith::server
