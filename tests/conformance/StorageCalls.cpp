#include "tests/conformance/StorageCalls.h"

namespace kith::test
{

using namespace server;

NewEntry systemEntry(ByteView body)
{
    NewEntry entry;
    entry.kind = EntryKind::System;
    entry.body = Bytes(body);
    return entry;
}

NewEntry messageEntry(int device, std::uint64_t number, ByteView body)
{
    NewEntry entry;
    entry.senderUser = testUser(device);
    entry.senderDevice = testDevice(device);
    entry.clientMsgId = testId<ClientMsgId>(static_cast<char>('A' + device), static_cast<int>(number));
    entry.sendNo = SendNo{number};
    entry.body = Bytes(body);
    entry.commitment = Bytes(32, 'c');
    return entry;
}

Transaction appendTo(LogId log, std::vector<NewEntry> entries)
{
    Transaction transaction;
    transaction.bucket = bucketOf(log.view());
    Append& append = transaction.appends.emplace_back();
    append.log = log;
    append.entries = std::move(entries);
    return transaction;
}

Result<Committed> StorageCalls::commit(Transaction transaction)
{
    const Awaited<Result<Committed>> awaited;
    fixture_.storage().submit(std::move(transaction), awaited.done());
    return await(awaited.future());
}

Result<Accepted> StorageCalls::send(LogId log, int device, std::uint64_t number, ByteView body)
{
    KITH_TRY(const auto committed, commit(appendTo(log, {messageEntry(device, number, body)})));
    return committed.accepted.at(0).at(0);
}

Result<MarkResult> StorageCalls::mark(MarkUpdate update)
{
    const Awaited<Result<MarkResult>> awaited;
    fixture_.storage().submitMark(std::move(update), awaited.done(), [](const Result<void>&) {});
    return await(awaited.future());
}

Result<void> StorageCalls::flush()
{
    const Awaited<Result<void>> awaited;
    fixture_.storage().flush(awaited.done());
    return await(awaited.future());
}

Result<std::size_t> StorageCalls::trim(WallTime before, std::size_t maxLogs)
{
    const Awaited<Result<std::size_t>> awaited;
    fixture_.storage().trim(before, maxLogs, awaited.done());
    return await(awaited.future());
}

std::size_t StorageCalls::trimAll(WallTime before, std::size_t maxLogs)
{
    std::size_t calls = 0;
    for (;;) {
        ++calls;
        const auto waiting = trim(before, maxLogs);
        if (!waiting.ok() || *waiting == 0 || calls == 1000)
            return calls;
    }
}

std::vector<Entry> StorageCalls::entries(LogId log)
{
    auto page = fixture_.storage().read(log, Seq{}, 100'000, 100U << 20U);
    return page.ok() ? std::move(page->entries) : std::vector<Entry>{};
}

std::uint64_t StorageCalls::hour()
{
    return static_cast<std::uint64_t>(toMillis(fixture_.clock().wall())) / 3'600'000;
}

} // namespace kith::test
