#include "tests/support/server/ChatWorld.h"

#include "core/crypto/Sign.h"

namespace kith::test
{

using namespace server;

namespace
{

constexpr Millis endless{std::chrono::hours(24 * 365)};

ChatConfig openServer()
{
    ChatConfig config;
    config.serverId = Bytes(16, 's');
    config.serverKey = Bytes(32, 'k');
    config.registrationOpen = true;
    return config;
}

} // namespace

Millis TestRates::take(Rate rate, ByteView key)
{
    if (!on)
        return Millis{0};
    const RateLimit& limit = limits_.rate(rate);
    return buckets_.take(static_cast<std::uint8_t>(rate), key, limit.burst, limit.refill);
}

Bytes PlainRecords::conversationAdded(LogId log, UserId peer, bool request) const
{
    return "added " + log.hex() + " " + peer.hex() + (request ? " request" : "");
}

Bytes PlainRecords::conversationLeft(LogId log) const
{
    return "left " + log.hex();
}

Bytes PlainRecords::devicesChanged(std::uint64_t version) const
{
    return "devices " + std::to_string(version);
}

Bytes PlainRecords::blockChanged(UserId user, bool blocked) const
{
    return (blocked ? "blocked " : "unblocked ") + user.hex();
}

Bytes PlainRecords::requestAccepted(UserId user) const
{
    return "accepted " + user.hex();
}

ChatWorld::ChatWorld(MemoryKv::Buckets buckets)
    : disk(buckets), config(openServer()), rates(clock, config.limits), bus_(*NodeId::fromBytes(Bytes(16, 'n'))),
      registry_(clock), gateway_(*GatewayId::fromBytes(Bytes(16, 'g')))
{
    bus_.subscribe(gateway_, executor, [this](const BusMessage& message) { events_.push_back(message.event); });
    registry_.renew(gateway_, endless);
    open();
}

ChatWorld::~ChatWorld()
{
    run();
    disk.crash();
    storage_.reset();
    run();
}

void ChatWorld::open()
{
    Result<std::unique_ptr<MemoryStorage>> storage = MemoryStorage::open(disk, clock, random, executor);
    if (!storage.ok())
        qFatal("%s", storage.error().describe().c_str());
    storage_ = std::move(*storage);
    chat_ =
        std::make_unique<Chat>(ChatPorts{*storage_, bus_, registry_, clock, random, rates, records_, executor}, config);
}

void ChatWorld::restart()
{
    run();
    disk.beforeStep = nullptr;
    disk.crash();
    storage_.reset();
    run();
    chat_.reset();
    disk.revive();
    open();
    const Result<void> started = wait<void>([&](Done<void> done) { chat_->start(std::move(done)); });
    if (!started.ok())
        qFatal("%s", started.error().describe().c_str());
}

void ChatWorld::crashAfter(std::size_t steps)
{
    disk.beforeStep = [left = steps](std::size_t) mutable { return left-- > 0; };
}

RegisterRequest ChatWorld::registration(TestPerson& person, Bytes invite)
{
    RegisterRequest request;
    request.handle = person.handle;
    request.invite = std::move(invite);
    request.manifest = person.manifest;
    request.keys = person.devices.front().keys(random, 10);
    request.challenge = random.bytes(32);
    request.address = "127.0.0.1";
    const Bytes statement = config.serverId + request.challenge + request.handle;
    request.identityProof = sign(person.identity.secretKey, registerLabel, statement).bytes();
    request.deviceProof = sign(person.devices.front().signing.secretKey, registerLabel, statement).bytes();
    return request;
}

Result<Registered> ChatWorld::tryRegister(TestPerson& person, Bytes invite)
{
    return wait<Registered>([&](Done<Registered> done) {
        chat_->accounts.registerAccount(executor, registration(person, std::move(invite)), std::move(done));
    });
}

TestPerson ChatWorld::person(Bytes handle)
{
    TestPerson person(random, std::move(handle));
    if (const auto registered = tryRegister(person); !registered.ok())
        qFatal("%s", registered.error().describe().c_str());
    return person;
}

Caller ChatWorld::caller(const TestPerson& person, std::size_t device)
{
    const TestDevice& own = person.devices.at(device);
    return {person.user, own.id, own.incarnation, &executor};
}

Result<std::uint64_t> ChatWorld::link(TestPerson& person)
{
    TestDevice added(random);
    DeviceManifest manifest = person.manifestWith(added);
    KITH_TRY(const std::uint64_t version, wait<std::uint64_t>([&](Done<std::uint64_t> done) {
                 chat_->devices.link(caller(person), manifest, added.keys(random, 10), std::move(done));
             }));
    person.devices.push_back(std::move(added));
    person.manifest = std::move(manifest);
    return version;
}

Result<std::uint64_t> ChatWorld::revoke(TestPerson& person, std::size_t device)
{
    DeviceManifest manifest = person.manifestWithout(device);
    KITH_TRY(const std::uint64_t version, wait<std::uint64_t>([&](Done<std::uint64_t> done) {
                 chat_->devices.revoke(caller(person, device == 0 ? 1 : 0), manifest, std::move(done));
             }));
    person.devices.erase(person.devices.begin() + static_cast<std::ptrdiff_t>(device));
    person.manifest = std::move(manifest);
    return version;
}

LogId ChatWorld::conversation(const TestPerson& a, const TestPerson& b, bool accepted)
{
    const auto created = wait<CreatedConversation>(
        [&](Done<CreatedConversation> done) { chat_->conversations.create(caller(a), b.user, std::move(done)); });
    if (!created.ok())
        qFatal("%s", created.error().describe().c_str());
    if (accepted && a.user != b.user) {
        const auto response = wait<void>(
            [&](Done<void> done) { chat_->conversations.respond(caller(b), created->log, true, std::move(done)); });
        if (!response.ok())
            qFatal("%s", response.error().describe().c_str());
    }
    return created->log;
}

SendMessage ChatWorld::message(TestPerson& from, const TestPerson& to, LogId log, Bytes body, std::size_t device)
{
    TestDevice& sender = from.devices.at(device);
    SendMessage message;
    message.log = log;
    message.clientMsgId = random.id<ClientMsgId>();
    message.sendNo = SendNo{++sender.sent[log]};
    message.body = std::move(body);
    message.commitment = Bytes(32, 'c');
    std::vector<const TestPerson*> members{&from};
    if (to.user != from.user)
        members.push_back(&to);
    for (const TestPerson* member : members) {
        message.deviceLists.push_back({member->user, member->manifest.version});
        for (const TestDevice& each : member->devices) {
            if (each.id != sender.id)
                message.envelopes.push_back({each.id, "for " + each.id.hex()});
        }
    }
    return message;
}

Result<Sent> ChatWorld::send(const TestPerson& from, SendMessage message, std::size_t device)
{
    return wait<Sent>(
        [&](Done<Sent> done) { chat_->messages.send(caller(from, device), std::move(message), std::move(done)); });
}

Result<Sent> ChatWorld::send(TestPerson& from, const TestPerson& to, LogId log, Bytes body)
{
    return send(from, message(from, to, log, std::move(body)));
}

Result<PageView> ChatWorld::page(const TestPerson& reader, LogId log, Seq after, std::size_t device)
{
    PageRequest request;
    request.log = log;
    request.after = after;
    return wait<PageView>(
        [&](Done<PageView> done) { chat_->reader.page(caller(reader, device), request, std::move(done)); });
}

Result<void> ChatWorld::ack(const TestPerson& reader, LogId log, std::uint64_t cursor, std::uint64_t delivered,
                            std::uint64_t read, std::vector<Seq> unopened, std::size_t device)
{
    KITH_TRY(const LogHead head, storage_->head(log));
    AckRequest request{log, head.generation, Seq{cursor}, Seq{delivered}, Seq{read}, std::move(unopened), SendNo{}};
    const Result<void> applied = wait<void>([&](Done<void> done) {
        chat_->receipts.ack(caller(reader, device), request, std::move(done), [](const Result<void>&) {});
    });
    return applied;
}

std::vector<Bytes> ChatWorld::accountRecords(const TestPerson& person)
{
    std::vector<Bytes> bodies;
    const Result<PageView> view = page(person, *LogId::fromBytes(person.user.view()));
    if (view.ok()) {
        for (const Entry& entry : view->entries)
            bodies.push_back(entry.body);
    }
    return bodies;
}

void ChatWorld::connect(const TestPerson& person)
{
    registry_.add(person.user, gateway_);
}

} // namespace kith::test
