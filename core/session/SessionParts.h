#pragma once
/// The graph behind Session: built when there is an account, torn down with the session. Private to core/session.
/// Engine thread.

#include "core/e2ee/DirectCrypto.h"
#include "core/session/Session.h"
#include "core/sync/Registration.h"
#include "core/sync/SyncEngine.h"

namespace kith
{

struct Session::Parts {
    Parts(const SessionEnvironment& where, SessionEvents told);
    ~Parts();

    void registerAccount(const RegistrationRequest& request, Completion<OwnAccount> done);
    /// Builds the graph for the stored account, once; NotRegistered without one.
    [[nodiscard]] Result<void> prepare();
    [[nodiscard]] Result<void> start();
    void stop() const;
    /// Runs `use` if online, else fails `done` with the reason.
    void whenOnline(Completion<void> done, const std::function<void(Completion<void>)>& use);
    void broken(const Error& error);
    /// Of the account's connection; while there is none, of the one that registers.
    [[nodiscard]] const net::ConnectionFact& fact() const;
    void changed(const StoreChanges& changes) const;

    SessionEnvironment environment;
    SessionEvents events;
    ChangeFeed::Subscription subscription;
    std::optional<NewAccount> account; ///< While it registers.
    std::optional<OwnDevice> device;
    std::unique_ptr<DirectCrypto> crypto;
    std::unique_ptr<net::Connection> connection;
    std::unique_ptr<SyncContext> context;
    std::unique_ptr<SyncEngine> engine;
    bool started = false;

private:
    void registered(const Result<OwnAccount>& result, const Completion<OwnAccount>& done);
    [[nodiscard]] net::ConnectionPorts ports() const;

    std::unique_ptr<net::Connection> registration_;
    bool registering_ = false;
};

} // namespace kith
