#include "server/chat/devices/ListCopies.h"

#include "server/chat/Rule.h"

#include <algorithm>

namespace kith::server
{

namespace
{

constexpr std::size_t logsAtOnce = 64;

/// The copy was written when the log stood at `head` or later; what was appended in between under the old copy has no
/// envelope for these devices.
struct Refreshed {
    bool written = false;
    Seq head;
    std::vector<DeviceId> added;
};

bool same(const Member& a, const Member& b)
{
    return a.listVersion == b.listVersion && a.blocksPeer == b.blocksPeer && a.devices.size() == b.devices.size();
}

Result<Seq> headOf(const Storage& storage, LogId log)
{
    const Result<LogHead> head = storage.head(log);
    if (head.ok())
        return head->head;
    if (head.error().is(StorageError::NotFound))
        return Seq{};
    return head.error();
}

Decision<Refreshed> refreshOnce(ChatContext& context, LogId log)
{
    KITH_TRY(auto loaded, load<Conversation>(context.storage, conversationKey(log)));
    if (!loaded || loaded->value.type != LogType::Direct)
        return answer(Refreshed{});
    KITH_TRY(const Seq head, headOf(context.storage, log));

    Refreshed result{false, head, {}};
    Conversation next = loaded->value;
    for (Member& member : next.members) {
        std::optional<UserId> peer;
        for (const Member& other : loaded->value.members) {
            if (other.user != member.user)
                peer = other.user;
        }
        const Member before = member;
        KITH_TRY(member, memberNow(context, before, peer, head.next()));
        result.written = result.written || !same(before, member);
        for (const ReaderDevice& device : member.devices) {
            if (readerOf(before, device.device) == nullptr)
                result.added.push_back(device.device);
        }
    }
    if (!result.written)
        return answer(std::move(result));
    Transaction transaction{bucketOf(log.view()), {}, {}, {}};
    transaction.expects.push_back({conversationKey(log), loaded->version});
    transaction.writes.push_back({conversationKey(log), encode(next)});
    return commit<Refreshed>(std::move(transaction), [&context, log, result](const Committed&) -> Result<Refreshed> {
        context.conversations.forget(log);
        return result;
    });
}

/// The first seq behind `after` that a device of `added` can open: the first application entry sealed for one of them.
Result<Seq> startAfter(const Storage& storage, LogId log, Seq after, std::span<const DeviceId> added)
{
    KITH_TRY(const Page page, storage.read(log, after, 256, 1U << 20));
    Seq start = after.next();
    for (const Entry& entry : page.entries) {
        const bool sealed = std::any_of(entry.envelopes.begin(), entry.envelopes.end(), [&](const Envelope& envelope) {
            return std::find(added.begin(), added.end(), envelope.device) != added.end();
        });
        if (sealed)
            break;
        start = entry.seq.next();
    }
    return start;
}

/// Moves the start of the added devices behind entries that slipped in between the read of the head and the commit.
Decision<Unit> startOnce(ChatContext& context, LogId log, const Refreshed& refreshed)
{
    KITH_TRY(const Seq head, headOf(context.storage, log));
    if (head <= refreshed.head)
        return answer(Unit{});
    KITH_TRY(const Seq start, startAfter(context.storage, log, refreshed.head, refreshed.added));
    KITH_TRY(auto loaded, load<Conversation>(context.storage, conversationKey(log)));
    if (!loaded || start <= refreshed.head.next())
        return answer(Unit{});
    Conversation next = std::move(loaded->value);
    for (Member& member : next.members) {
        for (ReaderDevice& device : member.devices) {
            if (std::find(refreshed.added.begin(), refreshed.added.end(), device.device) != refreshed.added.end())
                device.fromSeq = std::max(device.fromSeq, start);
        }
    }
    Transaction transaction{bucketOf(log.view()), {}, {}, {}};
    transaction.expects.push_back({conversationKey(log), loaded->version});
    transaction.writes.push_back({conversationKey(log), encode(next)});
    return commit<Unit>(std::move(transaction), [&context, log](const Committed&) -> Result<Unit> {
        context.conversations.forget(log);
        return Unit{};
    });
}

/// One page of a user's logs after the other.
void refreshPage(ChatContext& context, Executor& strand, UserId user, Bytes after, std::optional<Error> failed,
                 Done<void> done)
{
    Result<std::vector<Record>> rows =
        context.storage.scan(bucketOf(user.view()), Table::UserLog, user.view(), after, logsAtOnce);
    if (!rows.ok())
        return done(asChatError(rows.error()));
    if (rows->empty())
        return done(failed ? Result<void>(std::move(*failed)) : Result<void>());

    struct Wait {
        std::size_t open = 0;
        std::optional<Error> failed;
    };
    auto wait = std::make_shared<Wait>(Wait{rows->size(), std::move(failed)});
    Bytes last = rows->back().key;
    for (const Record& row : *rows) {
        const auto log = LogId::fromBytes(ByteView(row.key).substr(UserId::size));
        refreshCopies(context, strand, log.value_or(LogId{}),
                      [&context, &strand, user, last, wait, done](Result<void> result) {
                          if (!result.ok())
                              wait->failed = std::move(result).error();
                          if (--wait->open > 0)
                              return;
                          strand.post([&context, &strand, user, last, wait, done] {
                              refreshPage(context, strand, user, last, std::move(wait->failed), done);
                          });
                      });
    }
}

} // namespace

Result<Member> memberNow(const ChatContext& context, Member before, std::optional<UserId> peer, Seq fromSeq)
{
    const Storage& storage = context.storage;
    KITH_TRY(const auto account, load<Account>(storage, accountKey(before.user)));
    if (!account)
        return refused(ChatError::Internal, "A conversation has a member without an account.");
    const std::uint64_t version = account->value.manifestVersion;
    KITH_TRY(const auto manifest, load<ManifestRecord>(storage, manifestKey(before.user, version)));
    if (!manifest)
        return refused(ChatError::Internal, "An account's device list is missing.");
    if (peer) {
        KITH_TRY(const auto block, storage.get(blockKey(before.user, *peer)));
        before.blocksPeer = block.has_value();
    }
    if (version == before.listVersion)
        return before;

    std::vector<ReaderDevice> devices;
    for (const DeviceId& device : manifest->value.devices) {
        const ReaderDevice* known = readerOf(before, device);
        devices.push_back(known != nullptr ? *known : ReaderDevice{device, fromSeq});
    }
    before.previousListVersion = before.listVersion;
    before.listVersion = version;
    before.listSince = context.clock.wall();
    before.devices = std::move(devices);
    return before;
}

Result<std::vector<SignedManifest>> manifestsSince(const Storage& storage, std::span<const ListVersion> held)
{
    std::vector<SignedManifest> manifests;
    for (const ListVersion& list : held) {
        KITH_TRY(const auto account, load<Account>(storage, accountKey(list.user)));
        if (!account)
            continue;
        const std::uint64_t newest = account->value.manifestVersion;
        const bool follows = list.version > 0 && list.version < newest;
        const std::uint64_t first = follows ? list.version + 1 : newest;
        const std::uint64_t last = std::min(newest, first + listsAtOnce - 1);
        for (std::uint64_t version = first; version <= last; ++version) {
            KITH_TRY(auto manifest, load<ManifestRecord>(storage, manifestKey(list.user, version)));
            if (manifest)
                manifests.push_back(std::move(manifest->value.signedManifest));
        }
    }
    return manifests;
}

void refreshCopies(ChatContext& context, Executor& strand, LogId log, Done<void> done)
{
    runRule<Refreshed>(
        context.storage, strand, [&context, log] { return refreshOnce(context, log); },
        [&context, &strand, log, done = std::move(done)](Result<Refreshed> refreshed) {
            if (!refreshed.ok())
                return done(std::move(refreshed).error());
            if (!refreshed->written || refreshed->added.empty())
                return done({});
            runRule<Unit>(
                context.storage, strand,
                [&context, log, refreshed = std::move(*refreshed)] { return startOnce(context, log, refreshed); },
                asUnit(done));
        });
}

void refreshAllCopies(ChatContext& context, Executor& strand, UserId user, Done<void> done)
{
    refreshPage(context, strand, user, {}, std::nullopt, std::move(done));
}

} // namespace kith::server
