#pragma once
/// One account on this device: the facade over store, encryption, connection and sync, and the only thing that app,
/// command line, load tool and simulation see of them. Every use case writes the store first; what people see is read
/// from the store (style.md section 5). Sans-I/O: clock, randomness, timers, transport and store are injected.
/// Owned by the composition root. Thread: the engine thread alone; completions come there too, never inside the call.

#include "core/base/Clock.h"
#include "core/base/Executor.h"
#include "core/base/Random.h"
#include "core/base/Timers.h"
#include "core/domain/Contact.h"
#include "core/domain/Conversation.h"
#include "core/domain/DeliveryState.h"
#include "core/domain/Message.h"
#include "core/domain/OwnAccount.h"
#include "core/domain/OwnInvite.h"
#include "core/net/ConnectionState.h"
#include "core/net/Transport.h"
#include "core/session/SessionError.h"

#include <functional>
#include <memory>
#include <span>

namespace kith
{

class ClientStore;

template <class T> using Completion = std::function<void(Result<T>)>;

/// Things that happened, in the past tense. Content is read from the store.
struct SessionEvents {
    std::function<void(const net::ConnectionFact&)> connectionChanged;
    /// Rows or marks of this conversation changed, and were committed.
    std::function<void(LogId)> conversationChanged;
    std::function<void(LogId, UserId, bool typing)> typingChanged;
    std::function<void(UserId, bool online)> presenceChanged;
    /// The local store stopped writing (full disk, failed fsync): reads go on, the program should say so and end.
    std::function<void(const Error&)> storeStopped;
};

struct SessionEnvironment {
    const Clock& clock;
    Random& random;
    Timers& timers;
    Executor& executor; ///< Of the engine thread.
    net::Transport& transport;
    ClientStore& store;
};

/// Where to register: from an invite link or typed.
struct RegistrationRequest {
    net::ServerAddress server;
    net::Pins pins;
    std::string invite; ///< Empty: the server must be open.
    Bytes inviter;      ///< SHA-256 of the inviting person's identity key; empty: the server itself invites.
    std::string handle; ///< As typed; the server folds it.
};

/// Parses an invite link; `handle` is left to fill in.
[[nodiscard]] Result<RegistrationRequest> registrationFromInvite(const std::string& link);
/// For a server where registration is open.
[[nodiscard]] Result<RegistrationRequest> registrationFromAddress(const std::string& address);

/// InvalidText, with words, for what no message can hold: too long (both sizes are named), empty, not UTF-8.
[[nodiscard]] Result<void> checkText(const std::string& text);

struct SessionStatus {
    OwnAccount account;
    net::ConnectionFact connection;
    std::size_t queued = 0; ///< Own messages that the server has not accepted.
    std::size_t failed = 0;
    std::size_t devices = 0;  ///< Of this account.
    bool acksPending = false; ///< Marks that the server has not been told yet.
};

class Session
{
public:
    Session(const SessionEnvironment& environment, SessionEvents events);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    /// Makes keys and an account; resumes a registration that a crash interrupted. AlreadyRegistered if there is one.
    /// KeyChanged where the server shows another key of the inviting person than the link: nobody is registered then.
    void registerAccount(const RegistrationRequest& request, Completion<OwnAccount> done);
    /// Connects and stays connected until stop(). NotRegistered without an account; the store's error where it can only
    /// be read.
    [[nodiscard]] Result<void> start();
    /// Closes in good order; the store keeps everything. A registration under way is broken off and never answers;
    /// registerAccount() goes on with it.
    void stop();
    [[nodiscard]] const net::ConnectionFact& connection() const;
    /// The network changed, the machine woke, a person looks: try at once.
    void networkChanged(bool available);
    void lookedAt();

    /// Exact handle. Offline only those already known. NotFound alike for hidden, blocking and absent people. Of
    /// somebody verified the handle is known for good: the server is not asked, so it cannot name another.
    void findPerson(const std::string& handle, Completion<Contact> done);
    /// The one conversation with that person; made when there is none.
    void openConversation(UserId peer, Completion<LogId> done);
    /// Queues the text durably, then sends it when it can be sent. The error is InvalidText, KeyChanged or the store's.
    [[nodiscard]] Result<Message> sendText(LogId log, const std::string& text);
    /// A person gave up waiting or wants another try.
    [[nodiscard]] Result<void> retry(MessageId message);

    void acceptRequest(LogId log, Completion<void> done);
    void declineRequest(LogId log, Completion<void> done);
    void setBlocked(UserId user, bool blocked, Completion<void> done);

    /// A link that lets people in and carries this account's fingerprint and the server's; who registers by it knows
    /// this account verified by link. Denied where the server lets only its operator invite.
    void createInvite(const InviteWish& wish, Completion<OwnInvite> done);
    /// By id or link; NotFound unless it is one of this account's own.
    void revokeInvite(const std::string& idOrLink, Completion<void> done);

    /// Everything up to `seq` was on a screen.
    [[nodiscard]] Result<void> markRead(LogId log, Seq seq);
    /// In front of a person (or not): typing arrives only for this one.
    void setFocus(std::optional<LogId> log);
    void setTyping(LogId log, bool typing);

    /// 60 digits (crypto.md section 8).
    [[nodiscard]] Result<std::string> safetyNumber(UserId user) const;

    [[nodiscard]] Result<SessionStatus> status() const;
    /// Newest first; the account log and declined requests are left out.
    [[nodiscard]] Result<std::vector<Conversation>> conversations() const;
    [[nodiscard]] Result<std::optional<Conversation>> conversation(LogId log) const;
    /// The newest `limit` visible rows, oldest first.
    [[nodiscard]] Result<std::vector<Message>> history(LogId log, std::size_t limit) const;
    /// What others wrote after number `after`, in order; the oldest `limit` rows.
    [[nodiscard]] Result<std::vector<Message>> unread(LogId log, Seq after, std::size_t limit) const;
    /// Own messages that were refused, in order of composing; retry() queues one again.
    [[nodiscard]] Result<std::vector<Message>> failed(LogId log) const;
    /// One row as it stands now; nullopt: it is gone.
    [[nodiscard]] Result<std::optional<Message>> message(MessageId id) const;
    [[nodiscard]] Result<DeliveryState> deliveryState(const Message& message) const;
    [[nodiscard]] Result<std::optional<Contact>> contact(UserId user) const;
    [[nodiscard]] Result<std::optional<Contact>> contactByHandle(const std::string& handle) const;
    /// Whose pinned identity key has this SHA-256.
    [[nodiscard]] Result<std::optional<Contact>> contactByFingerprint(ByteView fingerprint) const;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

} // namespace kith
