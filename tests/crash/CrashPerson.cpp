#include "tests/crash/CrashPerson.h"

#include "core/crypto/Sign.h"
#include "core/protocol/wire/WireError.h"
#include "core/sync/DeviceDirectory.h"

#include <QTimer>
#include <QUrl>
#include <QWebSocketHandshakeOptions>

namespace kith::crash
{
namespace
{

constexpr std::size_t inFlight = 16;
constexpr std::size_t remembered = 32; ///< Within the server's dedupe window of 64.

template <class Message> Message parsed(const wire::Frame& frame)
{
    Message message;
    message.ParseFromString(frame.body());
    return message;
}

wire::CallError errorOf(const wire::Frame& frame)
{
    return parsed<wire::CallError>(frame);
}

/// Said while the server goes down, or to whoever is too fast: neither says anything about a message.
bool isLater(const wire::CallError& error)
{
    return error.code() == wire::UNAVAILABLE || error.code() == wire::RATE_LIMITED;
}

} // namespace

CrashPerson::CrashPerson(std::string handle, WallTime now, Random& random, Findings& findings)
    : handle_(std::move(handle)), random_(random), findings_(findings), account_(NewAccount::generate(now, random)),
      ledger_(findings)
{
}

void CrashPerson::fail(Kind kind, const char* promise, const std::string& what, std::uint64_t number)
{
    findings_.add(kind, promise, log_.isNull() ? handle_ : log_.hex(), number, what);
}

void CrashPerson::disconnect()
{
    signedIn_ = false;
    sending_ = 0;
    answers_.clear();
    if (socket_) {
        socket_->QObject::disconnect(this);
        socket_.release()->deleteLater();
    }
}

void CrashPerson::connectTo(std::uint16_t port)
{
    disconnect();
    lastRequest_ = 0;
    socket_ = std::make_unique<QWebSocket>();
    connect(socket_.get(), &QWebSocket::binaryMessageReceived, this, &CrashPerson::received);
    connect(socket_.get(), &QWebSocket::disconnected, this, [this] { disconnect(); });
    connect(socket_.get(), &QWebSocket::connected, this, [this] {
        call(wire::HELLO, wire::HelloRequest(),
             [this](const wire::Frame& frame) { greeted(parsed<wire::HelloResponse>(frame)); });
    });
    QWebSocketHandshakeOptions options;
    options.setSubprotocols({QStringLiteral("kith.v1")});
    socket_->open(QUrl(QStringLiteral("ws://127.0.0.1:%1/v1/ws").arg(port)), options);
}

template <class Request> void CrashPerson::call(wire::Method method, const Request& request, Answer answer)
{
    if (!socket_)
        return;
    const std::uint64_t id = ++lastRequest_;
    answers_.emplace(id, std::move(answer));
    const Bytes frame = wire::encodeFrame(wire::REQUEST, method, id, request.SerializeAsString());
    socket_->sendBinaryMessage(QByteArray::fromStdString(frame));
}

void CrashPerson::received(const QByteArray& bytes)
{
    const auto frame = wire::decodeFrame({bytes.constData(), static_cast<std::size_t>(bytes.size())});
    if (!frame.ok())
        return fail(Kind::Failure, "P11", frame.error().detail);
    if (frame->kind() == wire::EVENT) {
        if (frame->method() == wire::ENTRIES)
            live(parsed<wire::Entries>(*frame));
        return;
    }
    const auto found = answers_.find(frame->id());
    if (found == answers_.end())
        return fail(Kind::Failure, "P11", "an answer to nothing");
    const Answer answer = std::move(found->second);
    answers_.erase(found);
    answer(*frame);
}

void CrashPerson::greeted(const wire::HelloResponse& hello)
{
    if (registered_)
        authenticate(hello);
    else
        registerFirst(hello);
}

void CrashPerson::registerFirst(const wire::HelloResponse& hello)
{
    wire::DeviceManifest manifest;
    manifest.set_user_id(account_.user.bytes());
    manifest.set_version(1);
    manifest.set_identity_key(account_.identity.publicKey.bytes());
    *manifest.add_devices() = certify(account_.device.identity, account_.identity.secretKey);
    manifest.set_author_device(account_.device.identity.device.bytes());
    wire::RegisterRequest request;
    request.set_handle(handle_);
    *request.mutable_manifest() = signManifest(manifest, account_.identity.secretKey, account_.device);
    auto* key = request.mutable_keys()->mutable_signed_prekey();
    const Bytes publicKey = random_.bytes(32);
    Bytes statement;
    appendBigEndian32(statement, 1);
    key->set_id(1);
    key->set_public_key(publicKey);
    key->set_signature(sign(account_.device.signing.secretKey, signedPreKeyLabel, statement + publicKey).bytes());
    const Bytes proof = hello.server_id() + hello.challenge() + handle_;
    request.set_identity_proof(sign(account_.identity.secretKey, registerLabel, proof).bytes());
    request.set_device_proof(sign(account_.device.signing.secretKey, registerLabel, proof).bytes());
    call(wire::REGISTER, request, [this, hello](const wire::Frame& frame) {
        if (frame.kind() == wire::ERROR)
            return fail(Kind::Failure, "setup", "registration: " + errorOf(frame).detail());
        registered_ = true;
        authenticate(hello);
    });
}

void CrashPerson::authenticate(const wire::HelloResponse& hello)
{
    const auto& device = account_.device.identity;
    wire::AuthenticateRequest request;
    request.set_user_id(account_.user.bytes());
    request.set_device_id(device.device.bytes());
    request.set_incarnation(device.incarnation.bytes());
    const Bytes statement = hello.server_id() + hello.challenge() + account_.user.bytes() + device.device.bytes();
    request.set_signature(sign(account_.device.signing.secretKey, authenticateLabel, statement).bytes());
    call(wire::AUTHENTICATE, request, [this](const wire::Frame& frame) {
        if (frame.kind() == wire::ERROR)
            return fail(Kind::Lost, "P1", "an acknowledged registration is refused: " + errorOf(frame).detail());
        signedIn_ = true;
        sendAgain();
        write();
    });
}

void CrashPerson::talkTo(const CrashPerson& peer)
{
    peer_ = peer.account_.user;
    peerDevice_ = peer.account_.device.identity.device;
    wire::CreateConversationRequest request;
    request.set_peer_user(peer_.bytes());
    call(wire::CREATE_CONVERSATION, request, [this](const wire::Frame& frame) {
        if (frame.kind() == wire::ERROR)
            return fail(Kind::Failure, "setup", "conversation: " + errorOf(frame).detail());
        const Bytes id = parsed<wire::CreateConversationResponse>(frame).log_id();
        wire::RespondRequestRequest accept;
        accept.set_log_id(id);
        accept.set_accept(true);
        call(wire::RESPOND_REQUEST, accept, [this, id](const wire::Frame&) {
            log_ = LogId::fromBytes(id).value_or(LogId{});
            writing_ = true;
            write();
        });
    });
}

void CrashPerson::write()
{
    while (writing_ && signedIn_ && pending_.size() < inFlight) {
        wire::SendMessageRequest request;
        request.set_log_id(log_.bytes());
        request.set_client_msg_id(random_.bytes(16));
        request.set_send_no(++lastSendNo_);
        request.set_kind(wire::APPLICATION);
        request.set_body(random_.bytes(100 + random_.below(400)));
        request.set_commitment(random_.bytes(32));
        request.add_envelopes()->set_device_id(peerDevice_.bytes());
        request.mutable_envelopes(0)->set_sealed(random_.bytes(200));
        for (const UserId& user : {account_.user, peer_}) {
            auto* list = request.add_device_lists();
            list->set_user_id(user.bytes());
            list->set_version(1);
        }
        pending_.push_back(request);
        send(request);
        if (!answered_.empty() && random_.below(20) == 0) {
            ++repeats_;
            send(answered_[random_.below(answered_.size())]);
        }
    }
}

/// The server may have them or not: P2.
void CrashPerson::sendAgain()
{
    repeats_ += pending_.size();
    for (const auto& request : pending_)
        send(request);
}

void CrashPerson::refused(const wire::CallError& error)
{
    if (isLater(error))
        return;
    // The membership changed under one send: it was tried again behind the next, which is early then.
    if (error.code() != wire::CONFLICT || !error.conflict().has_send_no())
        return fail(Kind::Failure, "P2", "a send is refused: " + error.detail());
    if (error.conflict().send_no().expected() <= answeredSendNo_)
        fail(Kind::Lost, "P1",
             "send " + std::to_string(answeredSendNo_) + " was acknowledged, and the server waits for " +
                 std::to_string(error.conflict().send_no().expected()));
}

void CrashPerson::send(const wire::SendMessageRequest& request)
{
    ++sending_;
    call(wire::SEND_MESSAGE, request, [this, request](const wire::Frame& frame) {
        --sending_;
        if (frame.kind() == wire::ERROR) {
            const wire::CallError error = errorOf(frame);
            refused(error);
            if (sending_ == 0)
                later(error, [this] { sendAgain(); });
            return;
        }
        answeredSendNo_ = std::max<std::uint64_t>(answeredSendNo_, request.send_no());
        ledger_.accepted(request, parsed<wire::SendMessageResponse>(frame));
        const auto found = std::find_if(pending_.begin(), pending_.end(), [&](const auto& each) {
            return each.client_msg_id() == request.client_msg_id();
        });
        if (found != pending_.end()) {
            answered_.push_back(*found);
            pending_.erase(found);
            if (answered_.size() > remembered)
                answered_.pop_front();
        }
        if (sending_ == 0 && !pending_.empty())
            sendAgain(); // what was refused as early
        write();
    });
}

/// As the server asked; not at all where the connection ends before.
void CrashPerson::later(const wire::CallError& error, std::function<void()> what)
{
    QTimer::singleShot(static_cast<int>(error.retry_after_ms()), socket_.get(), std::move(what));
}

void CrashPerson::live(const wire::Entries& entries)
{
    for (const wire::Entry& entry : entries.entries()) {
        if (entries.log_id() != log_.bytes())
            continue;
        // A position is stated anew with each connection: what came before may come again, a hole may not.
        if (entry.seq() > cursor_ + 1 && cursor_ != 0)
            return fail(Kind::Hole, "P4", "came live after #" + std::to_string(cursor_), entry.seq());
        cursor_ = std::max<std::uint64_t>(cursor_, entry.seq());
    }
    if (entries.entries_size() > 0 && entries.log_id() == log_.bytes())
        acknowledge(cursor_, entries.generation());
}

void CrashPerson::acknowledge(std::uint64_t cursor, std::uint64_t generation)
{
    wire::AckRequest request;
    request.set_log_id(log_.bytes());
    request.set_generation(generation);
    request.set_cursor(cursor);
    request.set_delivered(cursor);
    call(wire::ACK, request, [this](const wire::Frame& frame) {
        if (frame.kind() == wire::ERROR && !isLater(errorOf(frame)))
            fail(Kind::Failure, "P6", "an ack is refused: " + errorOf(frame).detail());
    });
}

void CrashPerson::readLog(std::function<void(std::vector<wire::Entry>)> done)
{
    readPage(std::make_shared<std::vector<wire::Entry>>(), std::move(done));
}

void CrashPerson::readPage(std::shared_ptr<std::vector<wire::Entry>> read,
                           std::function<void(std::vector<wire::Entry>)> done)
{
    wire::SyncRequest request;
    request.set_log_id(log_.bytes());
    request.set_after(read->empty() ? 0 : read->back().seq());
    call(wire::SYNC, request, [this, read, done = std::move(done)](const wire::Frame& frame) {
        if (frame.kind() == wire::ERROR && isLater(errorOf(frame)))
            return later(errorOf(frame), [this, read, done] { readPage(read, done); });
        const auto page = parsed<wire::SyncResponse>(frame);
        if (frame.kind() == wire::ERROR || page.entries_size() == 0)
            return done(std::move(*read));
        read->insert(read->end(), page.entries().begin(), page.entries().end());
        readSoFar_ = read->size();
        readPage(read, done);
    });
}

} // namespace kith::crash
