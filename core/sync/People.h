#pragma once
/// Finding people, opening conversations, requests, blocks: calls whose outcome is written to the store before anybody
/// is told. Owned by SyncEngine. Engine thread.

#include "core/sync/DeviceDirectory.h"

namespace kith
{

class People
{
public:
    People(SyncContext& context, DeviceDirectory& directory) : context_(context), directory_(directory) {}

    /// Exact handle. The device list that comes along is checked and kept.
    void find(const std::string& handle, Completion<Contact> done);
    /// Somebody with whom a conversation exists: handle and device list.
    void refresh(UserId user, Completion<Contact> done);
    void openConversation(UserId peer, Completion<LogId> done);
    void respond(LogId log, bool accept, Completion<void> done);
    void setBlocked(UserId user, bool blocked, Completion<void> done);

private:
    void ask(const wire::FindPeopleRequest& request, Completion<Contact> done);
    void found(const wire::FindPeopleResponse& answer, const Completion<Contact>& done);
    [[nodiscard]] Result<Contact> keep(UserId user, const std::string& handle);
    [[nodiscard]] Result<LogId> opened(UserId peer, const wire::CreateConversationResponse& answer);

    SyncContext& context_;
    DeviceDirectory& directory_;
};

} // namespace kith
