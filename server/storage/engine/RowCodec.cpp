#include "server/storage/engine/RowCodec.h"

#include "server/storage/engine/ValueCodec.h"

#include <limits>

namespace kith::server
{
namespace
{

// One format a kind; a new one gets a new number and its decoder stays.
constexpr std::uint8_t rowFormat = 1;
constexpr std::uint8_t restFormat = 1;
constexpr std::uint8_t sentFormat = 1;
constexpr std::uint8_t cursorFormat = 1;
constexpr std::uint8_t markFormat = 1;
constexpr std::uint8_t recordFormat = 1;

constexpr std::uint64_t wakeFlag = 1;
constexpr std::uint64_t senderFlag = 2;
constexpr std::uint64_t clientMsgIdFlag = 4;
constexpr std::uint64_t allFlags = 7;

template <class Value> std::optional<Value> finished(const ValueDecoder& in, Value value)
{
    return in.finish() ? std::optional<Value>(std::move(value)) : std::nullopt;
}

std::size_t sizeOf(const Entry& entry)
{
    std::size_t size = 256 + entry.body.size() + entry.commitment.size() + entry.frankingTag.size();
    for (const Envelope& envelope : entry.envelopes)
        size += DeviceId::size + 2 + envelope.sealed.size();
    for (const Bytes& blob : entry.blobIds)
        size += 2 + blob.size();
    return size;
}

} // namespace

Bytes encodeRow(const Entry& entry)
{
    const bool hasSender = !entry.senderUser.isNull() || !entry.senderDevice.isNull();
    const bool hasClientMsgId = !entry.clientMsgId.isNull();
    ValueEncoder out(rowFormat, sizeOf(entry));
    out.number(static_cast<std::uint64_t>(entry.kind));
    out.number((entry.wake ? wakeFlag : 0) | (hasSender ? senderFlag : 0) | (hasClientMsgId ? clientMsgIdFlag : 0));
    out.number(entry.generation.value());
    out.number(static_cast<std::uint64_t>(toMillis(entry.time)));
    out.raw(entry.id.view());
    if (hasSender) {
        out.raw(entry.senderUser.view());
        out.raw(entry.senderDevice.view());
    }
    if (hasClientMsgId)
        out.raw(entry.clientMsgId.view());
    out.number(entry.sendNo.value());
    out.number(entry.epoch);
    out.number(entry.expiryClass);
    out.number(entry.homeTerm);
    out.octets(entry.bodyHash);
    out.octets(entry.chain);
    out.octets(entry.commitment);
    out.octets(entry.frankingTag);
    out.number(entry.blobIds.size());
    for (const Bytes& blob : entry.blobIds)
        out.octets(blob);
    out.number(entry.envelopes.size());
    for (const Envelope& envelope : entry.envelopes) {
        out.raw(envelope.device.view());
        out.octets(envelope.sealed);
    }
    out.octets(entry.body);
    return std::move(out).take();
}

std::optional<Entry> decodeRow(LogId log, Seq seq, ByteView value)
{
    ValueDecoder in(value, rowFormat);
    Entry entry;
    entry.log = log;
    entry.seq = seq;
    const std::uint64_t kind = in.number();
    const std::uint64_t flags = in.number();
    if (kind > std::numeric_limits<std::uint8_t>::max() || (flags & ~allFlags) != 0)
        in.fail();
    entry.kind = static_cast<EntryKind>(kind);
    entry.wake = (flags & wakeFlag) != 0;
    entry.generation = Generation{in.number()};
    const std::uint64_t time = in.number();
    if (time > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        in.fail();
    entry.time = wallFromMillis(static_cast<std::int64_t>(time));
    entry.id = in.id<EntryId>();
    if ((flags & senderFlag) != 0) {
        entry.senderUser = in.id<UserId>();
        entry.senderDevice = in.id<DeviceId>();
        if (entry.senderUser.isNull() && entry.senderDevice.isNull())
            in.fail();
    }
    if ((flags & clientMsgIdFlag) != 0) {
        entry.clientMsgId = in.id<ClientMsgId>();
        if (entry.clientMsgId.isNull())
            in.fail();
    }
    entry.sendNo = SendNo{in.number()};
    entry.epoch = in.number();
    const std::uint64_t expiry = in.number();
    if (expiry > std::numeric_limits<std::uint32_t>::max())
        in.fail();
    entry.expiryClass = static_cast<std::uint32_t>(expiry);
    entry.homeTerm = in.number();
    entry.bodyHash = in.octets();
    entry.chain = in.octets();
    if (entry.bodyHash.size() != Sha256Digest::size || entry.chain.size() != Sha256Digest::size)
        in.fail();
    entry.commitment = in.octets();
    entry.frankingTag = in.octets();
    entry.blobIds.resize(in.count(1));
    for (Bytes& blob : entry.blobIds)
        blob = in.octets();
    entry.envelopes.resize(in.count(DeviceId::size + 1));
    for (Envelope& envelope : entry.envelopes) {
        envelope.device = in.id<DeviceId>();
        envelope.sealed = in.octets();
    }
    entry.body = in.octets();
    return finished(in, std::move(entry));
}

Bytes encodeLogRest(const LogRest& rest)
{
    ValueEncoder out(restFormat);
    out.number(rest.floor.value());
    out.raw(rest.floorChain.view());
    out.number(rest.epoch);
    return std::move(out).take();
}

std::optional<LogRest> decodeLogRest(ByteView value)
{
    ValueDecoder in(value, restFormat);
    LogRest rest;
    rest.floor = Seq{in.number()};
    rest.floorChain = in.id<Sha256Digest>();
    rest.epoch = in.number();
    if (rest.floor.value() == 0)
        in.fail();
    return finished(in, rest);
}

Bytes encodeSent(SentResult result)
{
    ValueEncoder out(sentFormat, 16);
    out.number(result.number.value());
    out.number(result.seq.value());
    return std::move(out).take();
}

std::optional<SentResult> decodeSent(ByteView value)
{
    ValueDecoder in(value, sentFormat);
    SentResult result;
    result.number = SendNo{in.number()};
    result.seq = Seq{in.number()};
    if (result.number.value() == 0 || result.seq.value() == 0)
        in.fail();
    return finished(in, result);
}

Bytes encodeCursor(CursorRow row)
{
    ValueEncoder out(cursorFormat, 16);
    out.number(row.cursor.value());
    out.number(row.sendNo.value());
    return std::move(out).take();
}

std::optional<CursorRow> decodeCursor(ByteView value)
{
    ValueDecoder in(value, cursorFormat);
    CursorRow row;
    row.cursor = Seq{in.number()};
    row.sendNo = SendNo{in.number()};
    return finished(in, row);
}

Bytes encodeMark(MarkRow row)
{
    ValueEncoder out(markFormat, 32);
    out.number(row.delivered.value());
    out.number(row.read.value());
    out.number(row.revision);
    return std::move(out).take();
}

std::optional<MarkRow> decodeMark(ByteView value)
{
    ValueDecoder in(value, markFormat);
    MarkRow row;
    row.delivered = Seq{in.number()};
    row.read = Seq{in.number()};
    row.revision = in.number();
    return finished(in, row);
}

Bytes encodeRecord(RecordRow row)
{
    ValueEncoder out(recordFormat, 16 + row.value.size());
    out.number(row.version);
    out.raw(row.value);
    return std::move(out).take();
}

std::optional<RecordRow> decodeRecord(ByteView value)
{
    ValueDecoder in(value, recordFormat);
    RecordRow row;
    row.version = in.number();
    if (row.version == 0)
        in.fail();
    row.value = in.rest();
    return finished(in, row);
}

Error damaged(ByteView key)
{
    // The first three octets are bucket and table: enough to find the place, and no id of a person in it.
    return Error::make(StorageError::Damaged, "Stored bytes do not parse (table " + toHex(key.substr(0, 3)) +
                                                  "). Restore the data directory from a backup.");
}

} // namespace kith::server
