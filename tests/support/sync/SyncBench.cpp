#include "tests/support/sync/SyncBench.h"

#include "core/crypto/Hash.h"
#include "core/crypto/KeyAgreement.h"
#include "core/sync/ContentMapping.h"

namespace kith::test
{

wire::SignedDeviceManifest SyncPerson::list(const std::vector<DeviceIdentity>& more)
{
    wire::DeviceManifest manifest;
    manifest.set_user_id(account.user.bytes());
    manifest.set_version(++version);
    manifest.set_identity_key(Bytes(account.identity.publicKey.view()));
    if (version > 1)
        manifest.set_previous_hash(Bytes(sha256(newest.manifest()).view()));
    *manifest.add_devices() = certify(account.device.identity, account.identity.secretKey);
    for (const DeviceIdentity& device : more)
        *manifest.add_devices() = certify(device, account.identity.secretKey);
    manifest.set_author_device(account.device.identity.device.bytes());
    newest = signManifest(manifest, account.identity.secretKey, account.device);
    return newest;
}

SyncBench::SyncBench() : me(random, wallFromMillis(serverMs)), anna(random, wallFromMillis(serverMs))
{
    account_.user = me.user();
    account_.device = me.device().device;
    account_.incarnation = me.device().incarnation.bytes();
    account_.handle = "me";
    account_.accountLog = idOf<LogId>(0xac);
    account_.server.url = "wss://chat.example:1";
    account_.registered = true;
    KITH_VERIFY_OK(store->account().save(account_));
    KITH_VERIFY_OK(store->contacts().setHandle(anna.user(), "ana"));
    KITH_VERIFY_OK(
        store->conversations().ensure(testLog, ConversationType::Direct, anna.user(), RequestState::Accepted));
    know(me);
    know(anna);
    open();
}

void SyncBench::know(SyncPerson& person)
{
    KnownIdentity known;
    known.identityKey = person.account.identity.publicKey;
    known.manifestVersion = 1;
    known.signedManifest = person.list().SerializeAsString();
    KITH_VERIFY_OK(store->identities().saveIdentity(person.user(), known));
}

void SyncBench::open()
{
    net::ConnectionSettings settings;
    settings.address = net::ServerAddress::parse("chat.example").value();
    settings.credentials = net::Credentials{account_.user, account_.device, account_.incarnation,
                                            [](const auto&) -> Result<Bytes> { return Bytes(64, 'S'); }};
    connection = std::make_unique<net::Connection>(std::move(settings),
                                                   net::ConnectionPorts{transport, clock, random, time, time});
    context = std::make_unique<SyncContext>(
        SyncContext{clock, random, time, time, *store, *connection, crypto, me.account.device, account_});
    directory = std::make_unique<DeviceDirectory>(*context);
}

void SyncBench::connect()
{
    if (connection->fact().state == net::ConnectionState::Stopped)
        connection->start();
    while (!transport.opening())
        time.pass(Millis{100});
    wire::AuthenticateResponse welcome;
    welcome.set_server_time_ms(serverMs);
    welcome.set_account_log(account_.accountLog.bytes());
    QVERIFY(transport.serverOpens() && server.hear<wire::HelloRequest>(wire::HELLO) &&
            server.answer(ScriptedServer::hello(serverMs)));
    QVERIFY(server.hear<wire::AuthenticateRequest>(wire::AUTHENTICATE) && server.answer(welcome));
    QVERIFY(context->connected());
}

void SyncBench::breakOff()
{
    QVERIFY(transport.serverCloses());
    time.settle();
}

void SyncBench::crash()
{
    directory.reset();
    context.reset();
    connection.reset();
    store.crash();
    open();
}

NewMessage SyncBench::text(const std::string& words, const LogId& log)
{
    NewMessage message;
    message.log = log;
    message.clientMsgId = random.id<ClientMsgId>();
    message.text = words;
    message.senderClock = clock.wall();
    return message;
}

wire::Entry SyncBench::entry(const Bytes& body, wire::EntryKind kind)
{
    wire::Entry out;
    out.set_log_id(testLog.bytes());
    out.set_generation(1);
    lastSeq_ = lastSeq_.next();
    out.set_seq(lastSeq_.value());
    out.set_kind(kind);
    out.set_sender_user(anna.user().bytes());
    out.set_sender_device(anna.device().device.bytes());
    out.set_client_msg_id(random.id<ClientMsgId>().bytes());
    out.set_server_time_ms(serverMs + static_cast<std::int64_t>(lastSeq_.value()));
    out.set_body(body);
    out.set_body_hash(Bytes(sha256(body).view()));
    out.set_commitment(Bytes(32, 'c'));
    out.set_envelope("an envelope");
    out.set_chain(Bytes(32, '\0'));
    chain_ = chainAfter(chain_, row(out));
    out.set_chain(Bytes(chain_.view()));
    return out;
}

wire::Entry SyncBench::says(const std::string& words)
{
    Message message;
    message.text = words;
    return entry(ScriptedCrypto::bodyOf(*encodeContent(message, OwnAccount{})));
}

LogRow SyncBench::row(const wire::Entry& entry)
{
    auto read = readRow(testLog, entry);
    if (!read)
        qFatal("%s", read.error().describe().c_str());
    return std::move(*read);
}

void SyncBench::stockKeys(std::uint32_t count)
{
    for (std::uint32_t id = 1; id <= count; ++id) {
        PreKeyPair pair;
        pair.id = PreKeyId{id};
        pair.pair = generateX25519(random);
        pair.created = clock.wall();
        KITH_VERIFY_OK(store->preKeys().saveOneTimePreKey(pair));
    }
    crypto.firstKey = PreKeyId{std::uint32_t{1}};
}

std::size_t SyncBench::leftKeys()
{
    std::size_t left = 0;
    for (std::uint32_t id = 1; id <= 100; ++id) {
        const auto key = store->preKeys().oneTimePreKey(PreKeyId{id});
        left += key && *key ? 1 : 0;
    }
    return left;
}

Conversation SyncBench::conversation(const LogId& log)
{
    const auto found = store->conversations().find(log);
    return found && *found ? **found : Conversation{};
}

std::vector<std::string> SyncBench::texts()
{
    std::vector<std::string> out;
    const auto rows = store->messages().newest(testLog, 200);
    for (const Message& message : rows ? *rows : std::vector<Message>()) {
        if (message.kind == MessageKind::Text)
            out.push_back(message.text);
    }
    return out;
}

} // namespace kith::test
