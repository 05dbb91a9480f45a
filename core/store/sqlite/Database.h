#pragma once
/// One SQLCipher connection. With Statement and Transaction the only place that knows sqlite3.h. A connection for
/// writing stops at the first failed write, sync or full disk: it rolls back, tells its owner once, refuses every later
/// write and never touches the file again, not even with a checkpoint; reads go on (mechanisms, section 8). Because
/// after a failed fsync the kernel may have dropped what it could not write, and a repeated fsync lies. Thread: the one
/// that opened it.

#include "core/base/Result.h"
#include "core/crypto/SecretBytes.h"
#include "core/store/sqlite/Statement.h"
#include "core/store/sqlite/StoreError.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace kith::sqlite
{

/// Told by the outermost transaction, after the fact.
class TransactionObserver
{
public:
    virtual ~TransactionObserver() = default;
    virtual void committed() = 0;
    virtual void rolledBack() = 0;
};

enum class Access {
    ReadWrite, ///< Created where it does not exist.
    ReadOnly,
    Frozen, ///< Reading on a file system that takes no writes at all: not even the files beside it that reading needs.
};

class Database
{
public:
    static constexpr std::size_t keySize = 32;
    /// After a commit that leaves more WAL pages than this, the WAL is moved into the file (4 MiB; measured so that one
    /// commit never waits longer than some tens of milliseconds).
    static constexpr int checkpointPages = 1000;

    struct Options {
        std::string path;
        Access access = Access::ReadWrite;
        std::string vfs; ///< Empty: the system's. Tests name their own.
    };

    /// `key`: exactly 32 octets, used raw (no key derivation). The file's salt is derived from the key, which tells a
    /// wrong key from a damaged file and reveals nothing of it.
    [[nodiscard]] static Result<std::unique_ptr<Database>> open(const Options& options, const SecretBytes& key);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    /// Prepares (once per text, kept), binds every argument and is ready to step.
    template <class... Args> [[nodiscard]] Result<Statement> query(std::string_view sql, const Args&... args)
    {
        KITH_TRY(Statement statement, prepare(sql));
        int index = 0;
        (statement.bind(++index, args), ...);
        return statement;
    }
    /// The same, stepped to its end.
    template <class... Args> [[nodiscard]] Result<void> run(std::string_view sql, const Args&... args)
    {
        KITH_TRY(Statement statement, query(sql, args...));
        return statement.run();
    }
    /// Several statements without arguments, not kept.
    [[nodiscard]] Result<void> execute(std::string_view sql);

    [[nodiscard]] std::int64_t lastInsertId() const;
    /// Rows changed by the last INSERT, UPDATE or DELETE.
    [[nodiscard]] std::int64_t changes() const;
    [[nodiscard]] Result<int> userVersion();

    /// Scans every page's authentication code: minutes on large stores. For a person who asks.
    [[nodiscard]] Result<void> verifyPages();

    /// From here on as if the first write had failed for `reason`.
    void refuseWrites(Error reason) { stop(std::move(reason)); }
    [[nodiscard]] bool stopped() const { return stopped_; }
    /// Why the writer stopped. Precondition: stopped().
    [[nodiscard]] const Error& stopReason() const { return stopReason_; }
    /// Called once, on this thread, with the reason. From inside the failing call, or from this one where that was
    /// earlier: only take note and return.
    void onStopped(std::function<void(const Error&)> handler);
    void setObserver(TransactionObserver* observer) { observer_ = observer; }

    /// From here on closing the file merges the WAL into it. Until called, closing leaves every byte as it was: a store
    /// that turns out to be too new stays untouched.
    [[nodiscard]] Result<void> allowCheckpoints();
    [[nodiscard]] const std::string& path() const { return path_; }

private:
    friend class Statement;
    friend class Transaction;

    Database() = default;
    [[nodiscard]] Result<void> configure(const SecretBytes& key);
    [[nodiscard]] Error explainUnreadable(ByteView expectedSalt);
    [[nodiscard]] Result<Statement> prepare(std::string_view sql);
    void giveBack(sqlite3_stmt* handle);
    /// Turns a result code into an Error; stops the writer where `writing`.
    [[nodiscard]] Error fail(int code, bool writing);
    void stop(Error reason);
    [[nodiscard]] Result<void> checkpoint();

    sqlite3* handle_ = nullptr;
    std::string path_;
    Access access_ = Access::ReadWrite;
    std::unordered_map<std::string, std::vector<sqlite3_stmt*>> idle_; ///< Prepared and not on loan, by text.
    std::unordered_map<sqlite3_stmt*, const std::string*> texts_;      ///< The key in idle_ of each on loan.
    int depth_ = 0;
    bool doomed_ = false;
    bool stopped_ = false;
    bool checkpoints_ = false;
    int walPages_ = 0; ///< After the last commit.
    Error stopReason_;
    std::function<void(const Error&)> stopHandler_;
    TransactionObserver* observer_ = nullptr;
};

} // namespace kith::sqlite
