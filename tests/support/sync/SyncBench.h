#pragma once
/// A signed-in device for tests of core/sync: a store on a disk in memory, encryption by script, virtual time, and a
/// server that is the test. One accepted conversation with Ana, whose device list is known. The parts of core/sync are
/// made by the test over `context`. Owned by the test. Thread: one.

#include "core/sync/DeviceDirectory.h"
#include "core/sync/LogRow.h"
#include "core/sync/Registration.h"
#include "tests/support/base/SeededRandom.h"
#include "tests/support/base/VirtualTime.h"
#include "tests/support/net/ScriptedServer.h"
#include "tests/support/store/Rows.h"
#include "tests/support/store/TestStore.h"
#include "tests/support/sync/ScriptedCrypto.h"

namespace kith::test
{

/// Somebody with one device or more, and the list of them that they signed.
struct SyncPerson {
    explicit SyncPerson(Random& random, WallTime now) : account(NewAccount::generate(now, random)) {}

    [[nodiscard]] const UserId& user() const { return account.user; }
    [[nodiscard]] const DeviceIdentity& device() const { return account.device.identity; }
    /// The newest list, with `more` devices besides the first; a new version each time but the first.
    wire::SignedDeviceManifest list(const std::vector<DeviceIdentity>& more = {});

    NewAccount account;
    std::uint64_t version = 0;
    wire::SignedDeviceManifest newest;
};

class SyncBench
{
public:
    static constexpr std::int64_t serverMs = 1'900'000'000'000;

    SyncBench();

    /// Through the handshake to CatchingUp.
    void connect();
    /// Through the handshake to Online.
    void goOnline()
    {
        connect();
        context->positionsConfirmed = true;
        connection->caughtUp();
    }
    /// The channel breaks without a word.
    void breakOff();
    /// The power is cut and the program is started again: what is in memory is gone. The parts over `context` must be
    /// made anew.
    void crash();

    /// Queues a text in `testLog`.
    [[nodiscard]] NewMessage text(const std::string& words, const LogId& log = testLog);
    /// What Ana's device appends next to `testLog`, chained; `body` as ScriptedCrypto understands it.
    [[nodiscard]] wire::Entry entry(const Bytes& body, wire::EntryKind kind = wire::APPLICATION);
    /// The next entry has this number.
    void continueAt(Seq seq) { lastSeq_ = Seq{seq.value() - 1}; }
    /// The same with a text that opens.
    [[nodiscard]] wire::Entry says(const std::string& words);
    [[nodiscard]] static LogRow row(const wire::Entry& entry);
    /// A number of one-time pre-keys for ScriptedCrypto to use up; how many are left is leftKeys().
    void stockKeys(std::uint32_t count);
    [[nodiscard]] std::size_t leftKeys();

    [[nodiscard]] Conversation conversation(const LogId& log = testLog);
    /// Visible texts of `testLog`.
    [[nodiscard]] std::vector<std::string> texts();

    FakeClock clock;
    VirtualTime time{clock};
    SeededRandom random;
    ScriptedTransport transport;
    ScriptedServer server{transport};
    TestStore store;
    ScriptedCrypto crypto;
    SyncPerson me;
    SyncPerson anna; ///< The Ana of `testLog`.
    std::unique_ptr<net::Connection> connection;
    std::unique_ptr<SyncContext> context;
    std::unique_ptr<DeviceDirectory> directory;

private:
    void open();
    void know(SyncPerson& person);

    OwnAccount account_;
    Seq lastSeq_;
    Sha256Digest chain_;
};

} // namespace kith::test
