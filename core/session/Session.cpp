#include "core/crypto/Hash.h"
#include "core/domain/Text.h"
#include "core/e2ee/SafetyNumber.h"
#include "core/session/SessionParts.h"

#include <algorithm>

namespace kith
{
namespace
{

Error offline(const net::ConnectionFact& fact)
{
    return Error::make(SessionError::Unreachable, fact.words.empty() ? "not connected" : fact.words);
}

/// A person has looked at this one's key, or has to: the server's word for who bears the name is not wanted.
bool isSettled(const Result<std::optional<Contact>>& known)
{
    return known && *known && (*known)->trust >= TrustState::ByLink;
}

/// Both keys as people compare them.
std::string fingerprints(const Contact& contact)
{
    return "pinned key " + toHex(sha256(contact.identityKey).view()) + ", presented key " +
           toHex(sha256(contact.offeredKey).view());
}

} // namespace

Result<void> checkText(const std::string& text)
{
    if (text.size() > maxMessageText)
        return Error::make(SessionError::InvalidText, "The text has " + std::to_string(text.size()) + " octets; " +
                                                          std::to_string(maxMessageText) + " is the most.");
    if (!isValidText(text))
        return Error::make(SessionError::InvalidText, "The text is not UTF-8, or holds a NUL.");
    if (!isValidMessageText(text))
        return Error::make(SessionError::InvalidText, "A message needs some text.");
    return {};
}

Session::Session(const SessionEnvironment& environment, SessionEvents events)
    : parts_(std::make_unique<Parts>(environment, std::move(events)))
{
}

Session::~Session() = default;

void Session::registerAccount(const RegistrationRequest& request, Completion<OwnAccount> done)
{
    parts_->registerAccount(request, std::move(done));
}

Result<void> Session::start()
{
    return parts_->start();
}

void Session::stop()
{
    parts_->stop();
}

const net::ConnectionFact& Session::connection() const
{
    return parts_->fact();
}

void Session::networkChanged(bool available)
{
    if (!parts_->connection)
        return;
    if (available)
        parts_->connection->networkUp();
    else
        parts_->connection->networkDown();
}

void Session::lookedAt()
{
    if (parts_->connection)
        parts_->connection->lookedAt();
}

void Session::findPerson(const std::string& handle, Completion<Contact> done)
{
    auto known = contactByHandle(handle);
    if (!isSettled(known) && parts_->engine && parts_->context->online())
        return parts_->engine->people().find(handle, std::move(done));
    parts_->environment.executor.post([known = std::move(known), fact = connection(), done = std::move(done)] {
        if (known && *known)
            done(**known);
        else
            done(known ? offline(fact) : known.error());
    });
}

void Session::openConversation(UserId peer, Completion<LogId> done)
{
    const auto account = parts_->environment.store.account().load();
    if (account && *account && (*account)->user == peer) {
        parts_->environment.executor.post([done = std::move(done)] {
            done(Error::make(SessionError::NotFound, "this is yourself: a conversation is with somebody else"));
        });
        return;
    }
    const auto known = parts_->environment.store.conversations().findDirect(peer);
    if (known && *known) {
        parts_->environment.executor.post([log = (*known)->log, done = std::move(done)] { done(log); });
        return;
    }
    if (parts_->engine && parts_->context->online())
        return parts_->engine->people().openConversation(peer, std::move(done));
    parts_->environment.executor.post([fact = connection(), done = std::move(done)] { done(offline(fact)); });
}

Result<Message> Session::sendText(LogId log, const std::string& text)
{
    KITH_CHECK(checkText(text));
    KITH_CHECK(parts_->prepare());
    KITH_TRY(const auto found, conversation(log));
    if (!found)
        return Error::make(SessionError::NotFound, "there is no such conversation");
    if (found->request == RequestState::Incoming)
        return Error::make(SessionError::NotFound, "accept the request first; then you can answer");
    KITH_TRY(const auto peer, contact(found->peer));
    if (peer && peer->trust == TrustState::Changed) {
        return Error::make(SessionError::KeyChanged,
                           "the identity key of " + peer->shownName() +
                               " changed; nothing is sent until you have accepted it: " + fingerprints(*peer));
    }
    NewMessage message;
    message.log = log;
    message.clientMsgId = parts_->environment.random.id<ClientMsgId>();
    message.text = text;
    message.senderClock = parts_->environment.clock.wall();
    return parts_->engine->outbox().compose(message);
}

Result<void> Session::retry(MessageId message)
{
    KITH_CHECK(parts_->prepare());
    return parts_->engine->outbox().retry(message);
}

void Session::acceptRequest(LogId log, Completion<void> done)
{
    parts_->whenOnline(std::move(done), [this, log](Completion<void> then) {
        parts_->engine->people().respond(log, true, [this, then = std::move(then)](const Result<void>& answer) {
            parts_->engine->receipts().schedule(); // what was received may be told now
            then(answer);
        });
    });
}

void Session::declineRequest(LogId log, Completion<void> done)
{
    parts_->whenOnline(std::move(done), [this, log](Completion<void> then) {
        parts_->engine->people().respond(log, false, std::move(then));
    });
}

void Session::setBlocked(UserId user, bool blocked, Completion<void> done)
{
    parts_->whenOnline(std::move(done), [this, user, blocked](Completion<void> then) {
        parts_->engine->people().setBlocked(user, blocked, std::move(then));
    });
}

void Session::createInvite(const InviteWish& wish, Completion<OwnInvite> done)
{
    if (parts_->engine && parts_->context->online())
        return parts_->engine->invites().create(wish, std::move(done));
    parts_->environment.executor.post([fact = connection(), done = std::move(done)] { done(offline(fact)); });
}

void Session::revokeInvite(const std::string& idOrLink, Completion<void> done)
{
    parts_->whenOnline(std::move(done), [this, idOrLink](Completion<void> then) {
        parts_->engine->invites().revoke(idOrLink, std::move(then));
    });
}

Result<void> Session::markRead(LogId log, Seq seq)
{
    KITH_CHECK(parts_->prepare());
    return parts_->engine->receipts().markRead(log, seq);
}

void Session::setFocus(std::optional<LogId> log)
{
    if (parts_->engine)
        parts_->engine->setFocus(log);
}

void Session::setTyping(LogId log, bool typing)
{
    if (parts_->engine)
        parts_->engine->setTyping(log, typing);
}

Result<std::string> Session::safetyNumber(UserId user) const
{
    KITH_TRY(const auto account, parts_->environment.store.account().load());
    if (!account)
        return Error::make(SessionError::NotRegistered, "this profile has no account yet");
    KITH_TRY(const auto own, parts_->environment.store.identities().identity(account->user));
    KITH_TRY(const auto peer, parts_->environment.store.identities().identity(user));
    if (!own || !peer)
        return Error::make(SessionError::NotFound, "no identity key of that person is known yet");
    return kith::safetyNumber(Fingerprint::of(account->user, own->identityKey),
                              Fingerprint::of(user, peer->identityKey));
}

Result<SessionStatus> Session::status() const
{
    ClientStore& store = parts_->environment.store;
    KITH_TRY(const auto account, store.account().load());
    if (!account)
        return Error::make(SessionError::NotRegistered, "this profile has no account yet");
    SessionStatus status;
    status.account = *account;
    status.connection = connection();
    KITH_TRY(status.queued, store.outbox().pending());
    KITH_TRY(const auto failed, store.outbox().failed({}));
    status.failed = failed.size();
    if (parts_->engine) {
        KITH_TRY(const DeviceManifest* manifest, parts_->engine->directory().manifest(account->user));
        status.devices = manifest != nullptr ? manifest->devices.size() : 0;
        KITH_TRY(status.acksPending, parts_->engine->receipts().pending());
    } else {
        KITH_TRY(const auto own, store.identities().identity(account->user));
        wire::SignedDeviceManifest stored;
        if (own && stored.ParseFromString(own->signedManifest)) {
            const auto manifest = readManifest(stored, parts_->environment.clock.wall());
            status.devices = manifest ? manifest->devices.size() : 0;
        }
    }
    return status;
}

Result<std::vector<Conversation>> Session::conversations() const
{
    KITH_TRY(auto all, parts_->environment.store.conversations().all());
    std::erase_if(all, [](const Conversation& conversation) {
        return conversation.type == ConversationType::Account || conversation.request == RequestState::Declined;
    });
    std::stable_sort(all.begin(), all.end(),
                     [](const Conversation& a, const Conversation& b) { return a.activity > b.activity; });
    return all;
}

Result<std::optional<Conversation>> Session::conversation(LogId log) const
{
    return parts_->environment.store.conversations().find(log);
}

Result<std::vector<Message>> Session::history(LogId log, std::size_t limit) const
{
    std::vector<Message> rows;
    KITH_TRY(rows, parts_->environment.store.messages().newest(log, std::min(limit, MessageStore::maxWindow)));
    while (!rows.empty() && rows.size() < limit) {
        KITH_TRY(auto older, parts_->environment.store.messages().before(rows.front().id, limit - rows.size()));
        if (older.empty())
            break;
        older.insert(older.end(), std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()));
        rows = std::move(older);
    }
    return rows;
}

Result<std::vector<Message>> Session::unread(LogId log, Seq after, std::size_t limit) const
{
    return parts_->environment.store.messages().unread(log, after, limit);
}

Result<std::vector<Message>> Session::failed(LogId log) const
{
    KITH_TRY(const auto ids, parts_->environment.store.outbox().failed(log));
    std::vector<Message> rows;
    for (const MessageId id : ids) {
        KITH_TRY(const auto row, message(id));
        if (row)
            rows.push_back(*row);
    }
    return rows;
}

Result<std::optional<Message>> Session::message(MessageId id) const
{
    return parts_->environment.store.messages().find(id);
}

Result<DeliveryState> Session::deliveryState(const Message& message) const
{
    KITH_TRY(const auto account, parts_->environment.store.account().load());
    KITH_TRY(const auto marks,
             parts_->environment.store.marks().others(message.log, account ? account->user : UserId{}));
    return kith::deliveryState(message, marks);
}

Result<std::optional<Contact>> Session::contact(UserId user) const
{
    return parts_->environment.store.contacts().find(user);
}

Result<std::optional<Contact>> Session::contactByHandle(const std::string& handle) const
{
    return parts_->environment.store.contacts().findByHandle(handle);
}

Result<std::optional<Contact>> Session::contactByFingerprint(ByteView fingerprint) const
{
    KITH_TRY(const auto all, parts_->environment.store.contacts().all());
    const auto found = std::find_if(all.begin(), all.end(), [&](const Contact& contact) {
        return !contact.identityKey.empty() && sha256(contact.identityKey).view() == fingerprint;
    });
    return found == all.end() ? std::optional<Contact>() : std::optional(*found);
}

} // namespace kith
