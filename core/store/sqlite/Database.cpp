#include "core/store/sqlite/Database.h"

#include "core/crypto/ConstantTime.h"
#include "core/crypto/Hmac.h"

#define SQLITE_HAS_CODEC 1
#include <sqlcipher/sqlite3.h>

#include <filesystem>

namespace kith::sqlite
{
namespace
{

constexpr std::size_t saltSize = 16;
constexpr int busyTimeoutMs = 5000;

/// The first 16 octets of the file. A PRF of the key, so that it can be recognised by whoever has the key only.
Bytes saltFor(const SecretBytes& key)
{
    return Bytes(hmacSha256(key.exposeSecret(), "kith store salt v1").view().substr(0, saltSize));
}

/// SQLCipher's raw form: x'<key><salt>', 96 hexadecimal digits.
SecretBytes rawKeyText(const SecretBytes& key, ByteView salt)
{
    constexpr std::string_view digits = "0123456789abcdef";
    SecretBytes text(3 + (key.size() + salt.size()) * 2);
    char* out = text.data();
    *out++ = 'x';
    *out++ = '\'';
    for (const ByteView part : {key.exposeSecret(), salt}) {
        for (const char octet : part) {
            *out++ = digits[static_cast<unsigned char>(octet) >> 4U];
            *out++ = digits[static_cast<unsigned char>(octet) & 0xfU];
        }
    }
    *out = '\'';
    return text;
}

StoreError codeOf(int code)
{
    switch (code & 0xff) {
    case SQLITE_FULL:
        return StoreError::Full;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return StoreError::Io;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return StoreError::Damaged;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return StoreError::Busy;
    default:
        return StoreError::Failed;
    }
}

std::string sentence(StoreError code, const std::string& cause)
{
    switch (code) {
    case StoreError::Full:
        return "the disk is full (" + cause + "); what was stored before is kept, free some space and start again";
    case StoreError::Io:
        return "reading or writing the local store failed (" + cause +
               "); what was stored before is kept, check the disk and start again";
    case StoreError::Damaged:
        return "the local store is damaged (" + cause +
               "); the file was left as it is, restore it from a backup of the profile or link this device anew";
    case StoreError::Busy:
        return "another program is using the local store; close it and try again";
    default:
        return "the local store could not do this (" + cause + ")";
    }
}

/// How SQLite reads where it can make no file.
struct Frozen {
    std::string name;
    const char* vfs = nullptr;
    bool indexInMemory = false;
};

Frozen frozen(const std::string& path)
{
    std::error_code none;
    const auto wal = std::filesystem::file_size(path + "-wal", none);
    if (!none && wal > 0) {
        // A killed program leaves a WAL and its index. A backup may lack the index: it is made anew in memory, without
        // locks, for nobody can write there.
        const bool index = std::filesystem::exists(path + "-shm", none);
        return {path, index ? nullptr : "unix-none", !index};
    }
    // The file says everything, and nothing beside it is needed.
    std::string name = "file:";
    for (const char c : path)
        name += c == '%' ? "%25" : c == '?' ? "%3f" : c == '#' ? "%23" : std::string(1, c);
    return {name + "?immutable=1"};
}

} // namespace

Result<std::unique_ptr<Database>> Database::open(const Options& options, const SecretBytes& key)
{
    if (key.size() != keySize)
        return Error::make(StoreError::Invalid, "the key of a local store has 32 octets");
    std::unique_ptr<Database> database(new Database);
    database->path_ = options.path;
    database->access_ = options.access;
    const bool writes = options.access == Access::ReadWrite;
    const int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                      (writes ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY);
    const bool isFrozen = options.access == Access::Frozen;
    const Frozen how = isFrozen              ? frozen(options.path)
                       : options.vfs.empty() ? Frozen{options.path}
                                             : Frozen{options.path, options.vfs.c_str()};
    const int opened =
        sqlite3_open_v2(how.name.c_str(), &database->handle_, isFrozen ? flags | SQLITE_OPEN_URI : flags, how.vfs);
    if (opened != SQLITE_OK)
        return database->fail(opened, false);
    // From here on, closing must not write: nothing is known yet about whose file it is.
    sqlite3_db_config(database->handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    if (writes && options.vfs.empty()) {
        std::error_code ignored; // a file system without modes keeps what it has
        std::filesystem::permissions(options.path,
                                     std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, ignored);
    }
    if (how.indexInMemory)
        KITH_CHECK(database->execute("PRAGMA locking_mode = EXCLUSIVE"));
    KITH_CHECK(database->configure(key));
    return database;
}

Result<void> Database::configure(const SecretBytes& key)
{
    const Bytes salt = saltFor(key);
    const SecretBytes rawKey = rawKeyText(key, salt);
    // SQLCipher always locks and wipes its own key material. Doing that for every allocation of SQLite as well makes
    // catching up eight times slower (docs/decisions/0030-client-store.md).
    KITH_CHECK(execute("PRAGMA cipher_memory_security = OFF;"
                       "PRAGMA cipher_log_level = NONE")); // our errors say it in words; stderr is the program's
    if (const int code = sqlite3_key(handle_, rawKey.exposeSecret().data(), static_cast<int>(rawKey.size()));
        code != SQLITE_OK)
        return fail(code, false);
    // Pinned, so that another version's defaults cannot change what a file means.
    KITH_CHECK(execute("PRAGMA cipher_compatibility = 4;"
                       "PRAGMA cipher_page_size = 4096;"
                       "PRAGMA cipher_hmac_algorithm = HMAC_SHA512;"
                       "PRAGMA cipher_kdf_algorithm = PBKDF2_HMAC_SHA512;"
                       "PRAGMA cipher_plaintext_header_size = 0"));
    const int readable = sqlite3_exec(handle_, "SELECT count(*) FROM sqlite_schema", nullptr, nullptr, nullptr);
    if ((readable & 0xff) == SQLITE_NOTADB || (readable & 0xff) == SQLITE_CORRUPT)
        return explainUnreadable(salt);
    if (readable != SQLITE_OK)
        return fail(readable, false);

    sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_busy_timeout(handle_, busyTimeoutMs);
    KITH_CHECK(execute("PRAGMA temp_store = MEMORY;"
                       "PRAGMA foreign_keys = ON;"
                       "PRAGMA trusted_schema = OFF;"
                       "PRAGMA cell_size_check = ON"));
    if (access_ != Access::ReadWrite)
        return execute("PRAGMA query_only = ON");
    KITH_TRY(Statement mode, prepare("PRAGMA journal_mode = WAL"));
    KITH_TRY(const bool answered, mode.step());
    if (!answered || mode.text(0) != "wal")
        return Error::make(StoreError::Io, "the file system under the local store cannot keep a write-ahead log");
    // FULL: WAL with NORMAL loses acknowledged transactions at a power cut (P1). Checkpoints are ours: SQLite's own
    // ignore a failed sync. 16 MiB of cache hold the upper part of the index over client_msg_id, which is random:
    // without them a catch-up slows down as the store grows.
    return execute("PRAGMA synchronous = FULL;"
                   "PRAGMA secure_delete = ON;"
                   "PRAGMA wal_autocheckpoint = 0;"
                   "PRAGMA cache_size = -16384;"
                   "PRAGMA journal_size_limit = 16777216");
}

Error Database::explainUnreadable(ByteView expectedSalt)
{
    sqlite3_file* file = nullptr;
    std::string found(saltSize, '\0');
    sqlite3_int64 size = 0;
    const bool read = sqlite3_file_control(handle_, "main", SQLITE_FCNTL_FILE_POINTER, &file) == SQLITE_OK &&
                      file != nullptr && file->pMethods != nullptr &&
                      file->pMethods->xFileSize(file, &size) == SQLITE_OK && size >= sqlite3_int64{saltSize} &&
                      file->pMethods->xRead(file, found.data(), saltSize, 0) == SQLITE_OK;
    if (read && !constantTimeEqual(found, expectedSalt))
        return Error::make(StoreError::WrongKey, "this key does not open the local store; nothing was changed, use the "
                                                 "keychain or passphrase that the profile was made with");
    return Error::make(StoreError::Damaged, sentence(StoreError::Damaged, "its first page does not hold together"));
}

Database::~Database()
{
    for (auto& [text, statements] : idle_)
        for (sqlite3_stmt* statement : statements)
            sqlite3_finalize(statement);
    sqlite3_close_v2(handle_);
}

Result<void> Database::execute(std::string_view sql)
{
    const std::string text(sql);
    const int code = sqlite3_exec(handle_, text.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK)
        return fail(code, access_ == Access::ReadWrite && depth_ > 0);
    return {};
}

Result<Statement> Database::prepare(std::string_view sql)
{
    auto [idle, isNew] = idle_.try_emplace(std::string(sql));
    sqlite3_stmt* handle = nullptr;
    if (!idle->second.empty()) {
        handle = idle->second.back();
        idle->second.pop_back();
    } else {
        const int code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()),
                                            SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
        if (code != SQLITE_OK)
            return fail(code, false);
    }
    texts_.emplace(handle, &idle->first);
    Statement statement(*this, handle);
    if (stopped_ && sqlite3_stmt_readonly(handle) == 0)
        return Error::make(StoreError::Stopped, "nothing more is written: " + stopReason_.detail);
    return statement;
}

void Database::giveBack(sqlite3_stmt* handle)
{
    sqlite3_reset(handle);
    sqlite3_clear_bindings(handle);
    const auto owner = texts_.find(handle);
    idle_.find(*owner->second)->second.push_back(handle);
    texts_.erase(owner);
}

Error Database::fail(int code, bool writing)
{
    const StoreError kind = codeOf(code);
    // sqlite3_errmsg names tables and columns at most, never values.
    std::string cause = handle_ != nullptr ? sqlite3_errmsg(handle_) : sqlite3_errstr(code);
    if (kind == StoreError::Io || kind == StoreError::Damaged)
        cause += ", code " + std::to_string(code);
    Error error = Error::make(kind, sentence(kind, cause));
    if (writing && access_ == Access::ReadWrite &&
        (kind == StoreError::Full || kind == StoreError::Io || kind == StoreError::Damaged))
        stop(error);
    return error;
}

void Database::onStopped(std::function<void(const Error&)> handler)
{
    stopHandler_ = std::move(handler);
    if (stopped_ && stopHandler_)
        stopHandler_(stopReason_);
}

void Database::stop(Error reason)
{
    if (stopped_)
        return;
    stopped_ = true;
    stopReason_ = std::move(reason);
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    if (stopHandler_)
        stopHandler_(stopReason_);
}

Result<void> Database::allowCheckpoints()
{
    sqlite3_wal_hook(
        handle_,
        [](void* self, sqlite3*, const char*, int pages) {
            static_cast<Database*>(self)->walPages_ = pages;
            return SQLITE_OK;
        },
        this);
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr);
    checkpoints_ = true;
    return checkpoint(); // what an earlier run left behind
}

Result<void> Database::checkpoint()
{
    if (!checkpoints_ || stopped_)
        return {};
    const int code = sqlite3_wal_checkpoint_v2(handle_, "main", SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY)
        return fail(code, true);
    walPages_ = 0;
    return {};
}

std::int64_t Database::lastInsertId() const
{
    return sqlite3_last_insert_rowid(handle_);
}

std::int64_t Database::changes() const
{
    return sqlite3_changes64(handle_);
}

Result<int> Database::userVersion()
{
    KITH_TRY(Statement statement, query("PRAGMA user_version"));
    KITH_TRY(const bool row, statement.step());
    return row ? static_cast<int>(statement.integer(0)) : 0;
}

Result<void> Database::verifyPages()
{
    KITH_TRY(Statement statement, query("PRAGMA cipher_integrity_check"));
    KITH_TRY(const bool problem, statement.step());
    if (problem)
        return Error::make(StoreError::Damaged, sentence(StoreError::Damaged, statement.text(0)));
    KITH_TRY(Statement structure, query("PRAGMA quick_check(1)"));
    KITH_TRY(const bool row, structure.step());
    if (!row || structure.text(0) != "ok")
        return Error::make(StoreError::Damaged, sentence(StoreError::Damaged, "its structure does not hold together"));
    return {};
}

} // namespace kith::sqlite
