#pragma once
/// One profile's encrypted database and all of its stores: the only meeting point between what we did and what we see.
/// Owns the only write connection. Thread: the engine thread; ReaderStore reads for everybody else.

#include "core/store/AccountStore.h"
#include "core/store/ChangeFeed.h"
#include "core/store/ContactStore.h"
#include "core/store/ConversationStore.h"
#include "core/store/InboxStore.h"
#include "core/store/MarkStore.h"
#include "core/store/MessageStore.h"
#include "core/store/OutboxStore.h"
#include "core/store/SqlIdentityStore.h"
#include "core/store/SqlPreKeyStore.h"
#include "core/store/SqlSessionStore.h"
#include "core/store/StoreContext.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>

class QLockFile;

namespace kith
{

/// A unit of work over any number of stores: what is written until commit() reaches the disk together or not at all.
using StoreTransaction = sqlite::Transaction;

class ClientStore final : private sqlite::TransactionObserver
{
public:
    struct Options {
        std::string path; ///< Of the database file; its folder exists.
        std::string vfs;  ///< Empty: the system's files. Tests name their own; no lock file is made then.
    };

    /// Opens or creates, upgrades an older schema, refuses a newer one untouched. `key`: 32 octets from the KeyVault.
    /// Busy while another program has the profile open. Where the folder of an existing database takes no writes, it is
    /// opened for reading alone: readOnly().
    [[nodiscard]] static Result<std::unique_ptr<ClientStore>> open(const Options& options, const SecretBytes& key);
    ~ClientStore() override;

    /// Joins the transaction under way, or begins one.
    [[nodiscard]] Result<StoreTransaction> begin();
    /// Runs `work` in a transaction; commits if it succeeds, rolls everything back if not.
    [[nodiscard]] Result<void> write(const std::function<Result<void>()>& work);

    [[nodiscard]] AccountStore& account() { return account_; }
    [[nodiscard]] ConversationStore& conversations() { return conversations_; }
    [[nodiscard]] MessageStore& messages() { return messages_; }
    [[nodiscard]] OutboxStore& outbox() { return outbox_; }
    [[nodiscard]] InboxStore& inbox() { return inbox_; }
    [[nodiscard]] MarkStore& marks() { return marks_; }
    [[nodiscard]] ContactStore& contacts() { return contacts_; }
    [[nodiscard]] SqlIdentityStore& identities() { return identities_; }
    [[nodiscard]] SqlSessionStore& sessions() { return sessions_; }
    [[nodiscard]] SqlPreKeyStore& preKeys() { return preKeys_; }
    [[nodiscard]] ChangeFeed& changes() { return feed_; }

    /// The writer stopped (failed sync, full disk, damage): reads go on, every write fails with Stopped.
    [[nodiscard]] bool writerStopped() const { return database_->stopped(); }
    /// Nothing failed, but the place allows no writing: what every write fails with.
    [[nodiscard]] std::optional<Error> readOnly() const;
    /// Called once with the reason, on this thread, inside the failing call or this one: only take note and return.
    /// Never where the store was opened for reading.
    void onWriterStopped(std::function<void(const Error&)> handler);

private:
    ClientStore(std::unique_ptr<sqlite::Database> database, std::unique_ptr<QLockFile> lock);
    [[nodiscard]] static Result<std::unique_ptr<ClientStore>> openForReading(const Options& options,
                                                                             const SecretBytes& key);
    void committed() override;
    void rolledBack() override;

    std::unique_ptr<QLockFile> lock_; ///< Null where nothing is written.
    bool readOnly_ = false;
    std::unique_ptr<sqlite::Database> database_;
    ChangeFeed feed_;
    StoreChanges pending_;
    StoreContext context_;
    AccountStore account_;
    ConversationStore conversations_;
    MessageStore messages_;
    OutboxStore outbox_;
    InboxStore inbox_;
    MarkStore marks_;
    ContactStore contacts_;
    SqlIdentityStore identities_;
    SqlSessionStore sessions_;
    SqlPreKeyStore preKeys_;
};

} // namespace kith
