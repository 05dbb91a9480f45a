#pragma once
/// Short ways to say what a test puts into a store. Plain functions. Thread: any.

#include "core/store/ClientStore.h"

#include <QTest>

/// Fails the test with the error's words.
#define KITH_VERIFY_OK(expression)                                                                                     \
    do {                                                                                                               \
        const auto& kithOutcome = (expression);                                                                        \
        QVERIFY2(kithOutcome.ok(), kithOutcome.ok() ? "" : kithOutcome.error().describe().c_str());                    \
    } while (false)

/// The call must fail with that code.
#define KITH_VERIFY_FAILS(expression, code)                                                                            \
    do {                                                                                                               \
        const auto& kithOutcome = (expression);                                                                        \
        QVERIFY2(!kithOutcome.ok(), "it succeeded");                                                                   \
        QVERIFY2(kithOutcome.error().is(code), kithOutcome.error().describe().c_str());                                \
    } while (false)

namespace kith::test
{

/// The id whose octets are all `octet`.
template <class Id> Id idOf(int octet)
{
    return *Id::fromBytes(Bytes(Id::size, static_cast<char>(octet)));
}

/// A client_msg_id that is another for each number.
inline ClientMsgId messageIdOf(std::uint64_t number)
{
    Bytes bytes(8, '\x11');
    appendBigEndian(bytes, number);
    return *ClientMsgId::fromBytes(bytes);
}

inline const LogId testLog = idOf<LogId>(0x10);
inline const UserId self = idOf<UserId>(0xa0);
inline const DeviceId selfDevice = idOf<DeviceId>(0xa1);
inline const UserId ana = idOf<UserId>(0xb0);
inline const DeviceId anaDevice = idOf<DeviceId>(0xb1);

inline Seq seqOf(std::uint64_t number)
{
    return Seq{number};
}
inline LogPosition at(std::uint64_t seq, std::uint64_t generation = 1)
{
    return {Generation{generation}, Seq{seq}};
}
inline Bytes chainOf(std::uint64_t seq, std::uint64_t generation = 1)
{
    Bytes chain(16, '\x7c');
    appendBigEndian(chain, generation);
    appendBigEndian(chain, seq);
    return chain;
}

/// An entry that Ana wrote; its server time is seq seconds after 2026-01-01.
inline InboxRow anasRow(std::uint64_t seq, std::string text = "hello", std::uint64_t generation = 1)
{
    InboxRow row;
    row.position = at(seq, generation);
    row.kind = MessageKind::Text;
    row.author = ana;
    row.device = anaDevice;
    row.clientMsgId = messageIdOf(generation * 1'000'000 + seq);
    row.commitment = Bytes(32, '\x0c');
    row.serverTime = wallFromMillis(1'767'225'600'000 + static_cast<std::int64_t>(seq) * 1000);
    row.text = std::move(text);
    row.chain = chainOf(seq, generation);
    return row;
}

/// An own entry as the log shows it.
inline InboxRow ownRow(std::uint64_t seq, const ClientMsgId& id, std::uint64_t generation = 1)
{
    InboxRow row = anasRow(seq, "mine", generation);
    row.author = self;
    row.device = selfDevice;
    row.clientMsgId = id;
    return row;
}

inline InboxRow waitingRow(std::uint64_t seq)
{
    InboxRow row = anasRow(seq, "");
    row.kind = MessageKind::Waiting;
    row.waiting = WaitingRow{WaitingFor::Resend, "body", "envelope"};
    return row;
}

inline InboxBatch batchOf(std::vector<InboxRow> rows, const LogId& log = testLog)
{
    return {log, std::move(rows), {}};
}

inline NewMessage textTo(const LogId& log, std::uint64_t number, std::string text = "mine")
{
    NewMessage message;
    message.log = log;
    message.clientMsgId = messageIdOf(number);
    message.text = std::move(text);
    message.senderClock = wallFromMillis(1'767'225'600'000);
    return message;
}

/// A signed-in account with one accepted conversation, `testLog`, with Ana.
inline void prepare(ClientStore& store)
{
    OwnAccount account;
    account.user = self;
    account.device = selfDevice;
    account.incarnation = Bytes(16, '\x01');
    account.handle = "me";
    account.accountLog = idOf<LogId>(0xac);
    account.server.url = "wss://127.0.0.1:1";
    account.registered = true;
    KITH_VERIFY_OK(store.account().save(account));
    KITH_VERIFY_OK(store.contacts().setHandle(ana, "ana"));
    KITH_VERIFY_OK(store.conversations().ensure(testLog, ConversationType::Direct, ana, RequestState::Accepted));
}

} // namespace kith::test
