#pragma once
/// People, chats and a clock that stand still until a scene moves them: the store is real, its disk is memory, the
/// server is a script. Owned by kith-offline and by tests. Thread: the GUI thread.

#include "app/offline/OfflineAccount.h"
#include "core/session/SignUp.h"
#include "tests/support/base/FakeClock.h"
#include "tests/support/base/VirtualTime.h"

#include <string>

namespace kith::offline
{

/// Somebody with a chat, and how far its log has come.
struct Person {
    UserId user;
    DeviceId device;
    LogId log;
    std::uint64_t last = 0;
    std::uint64_t marks = 0;
};

/// Makes no account but says so: first run is looked at, not gone through.
class OfflineSignUp final : public SignUp
{
public:
    [[nodiscard]] QFuture<bool> hasKeychain() override;
    [[nodiscard]] bool keyKept() const override { return false; }
    [[nodiscard]] QFuture<Result<void>> createAccount(RegistrationRequest request,
                                                      std::optional<std::string> passphrase) override;
};

class OfflineWorld
{
public:
    /// 2026-03-11 14:05 UTC, a Wednesday.
    static constexpr std::int64_t nowMs = 1'773'237'900'000;

    OfflineWorld();

    /// A chat with somebody new; `name` is how they call themselves.
    Person& add(const std::string& handle, const std::string& name, RequestState request = RequestState::Accepted);
    Person& addNotes();
    void verify(Person& person);
    /// They write; so many minutes before now.
    void hear(Person& person, const std::string& text, int minutesAgo, std::int64_t replyTo = 0);
    /// We write, from another device: the server has it.
    void say(Person& person, const std::string& text, int minutesAgo);
    /// A row without words: waiting, lost, deleted.
    void hearNothing(Person& person, MessageKind kind, int minutesAgo);
    /// They have everything so far, and saw it or not.
    void reached(Person& person, bool read);
    /// We saw everything up to the row that stands `before` rows from the end.
    void readUpTo(Person& person, std::uint64_t before = 0);
    /// So many messages arrive in one go.
    void flood(Person& person, int count, const std::string& text);
    /// The server is known to have so many more.
    void expectMore(Person& person, std::uint64_t count);

    [[nodiscard]] test::TestStore& store() { return store_; }
    [[nodiscard]] OfflineAccount& account() { return account_; }
    [[nodiscard]] OfflineSignUp& signUp() { return signUp_; }
    [[nodiscard]] test::VirtualTime& time() { return time_; }
    [[nodiscard]] const Clock& clock() const { return clock_; }

private:
    InboxRow row(Person& person, int minutesAgo);
    void commit(const Person& person, std::vector<InboxRow> rows);

    test::FakeClock clock_{nowMs};
    test::VirtualTime time_{clock_};
    test::TestStore store_;
    OfflineAccount account_;
    OfflineSignUp signUp_;
    std::deque<Person> people_;
};

} // namespace kith::offline
