#include "server/storage/embedded/RocksCheck.h"

#include "server/storage/embedded/LogShape.h"
#include "server/storage/embedded/RocksOptions.h"

#include <fcntl.h>
#include <rocksdb/db.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

namespace kith::server
{
namespace
{

namespace fs = std::filesystem;

/// RocksDB's log of its own doings; an inspection leaves none.
class NoLog final : public rocksdb::Logger
{
public:
    using rocksdb::Logger::Logv;
    void Logv(const char*, va_list) override {}
};

/// Locked where a server runs on it.
Result<void> checkLock(const RocksKv::Options& options)
{
    rocksdb::Env* const env = options.env ? options.env : rocksdb::Env::Default();
    rocksdb::FileLock* lock = nullptr;
    if (const rocksdb::Status status = env->LockFile(options.directory + "/LOCK", &lock); !status.ok())
        return openError(status, options.directory);
    env->UnlockFile(lock);
    return {};
}

/// Up to which change the log can be read in `mode`, without changing anything.
rocksdb::Status readLog(const RocksKv::Options& options, rocksdb::WALRecoveryMode mode, std::uint64_t& last)
{
    rocksdb::Options reading = rocksOptions(options);
    reading.wal_recovery_mode = mode;
    reading.info_log = std::make_shared<NoLog>();
    rocksdb::DB* db = nullptr;
    const rocksdb::Status status = rocksdb::DB::OpenForReadOnly(reading, options.directory, &db);
    const std::unique_ptr<rocksdb::DB> owned(db);
    if (status.ok())
        last = owned->GetLatestSequenceNumber();
    return status;
}

/// The files of the log, oldest first: their names are numbers of one length.
std::vector<std::string> logFiles(const std::string& directory)
{
    std::vector<std::string> files;
    std::error_code failed;
    for (fs::directory_iterator it(directory, failed), end; !failed && it != end; it.increment(failed)) {
        if (it->path().extension() == ".log")
            files.push_back(it->path().string());
    }
    std::sort(files.begin(), files.end());
    return files;
}

/// What is missing in the middle of the log without RocksDB noticing; empty: nothing.
std::string hole(const std::string& directory)
{
    for (const std::string& file : logFiles(directory)) {
        if (const auto found = holeInLog(file))
            return "its log " + file + " has " + found->words;
    }
    return {};
}

/// Ends the log where its first hole begins: a log with holes breaks the numbering of entries (P3).
Result<void> cutAtHole(const std::string& directory)
{
    bool cut = false;
    for (const std::string& file : logFiles(directory)) {
        std::error_code failed;
        if (cut) {
            fs::remove(file, failed);
        } else if (const auto found = holeInLog(file)) {
            cut = true;
            fs::resize_file(file, found->offset, failed);
        }
        if (failed)
            return Error::make(StorageError::Unopened, "'" + file + "' cannot be changed: " + failed.message() + ".");
    }
    return {};
}

bool exists(const std::string& path)
{
    return ::access(path.c_str(), F_OK) == 0;
}

} // namespace

std::uint64_t RocksFinding::lost() const
{
    if (interrupted || acknowledged <= readable)
        return behind;
    return std::max(acknowledged - readable, behind);
}

Result<RocksFinding> inspectRocks(const RocksKv::Options& options)
{
    using State = RocksFinding::State;
    RocksFinding finding;
    const std::optional<std::uint64_t> note = AcknowledgedNote(options.directory).read();
    finding.interrupted = note == AcknowledgedNote::underRepair;
    finding.acknowledged = finding.interrupted ? 0 : note.value_or(0);
    if (!exists(options.directory + "/CURRENT")) {
        if (note.value_or(0) > 0) {
            finding.state = State::Damaged;
            finding.reason = "its file CURRENT is missing";
        }
        return finding; // else a new one
    }
    KITH_CHECK(checkLock(options));
    const auto damaged = [&](const rocksdb::Status& status) -> Result<RocksFinding> {
        KITH_CHECK(checkLock(options)); // a server that started meanwhile is no damage
        finding.state = State::Damaged;
        finding.reason = status.ok() ? "its end is missing" : status.ToString();
        return finding;
    };
    rocksdb::Status status = readLog(options, rocksdb::WALRecoveryMode::kAbsoluteConsistency, finding.readable);
    if (!status.ok()) {
        if (!status.IsCorruption())
            return openError(status, options.directory);
        if (const auto upTo = readLog(options, rocksdb::WALRecoveryMode::kPointInTimeRecovery, finding.readable);
            !upTo.ok())
            return damaged(upTo);
        // Is it the log's last write, or does anything stand behind it?
        std::uint64_t last = finding.readable;
        const auto beyond = readLog(options, rocksdb::WALRecoveryMode::kSkipAnyCorruptedRecords, last);
        if (!beyond.ok() || last > finding.readable) {
            finding.behind = last - finding.readable;
            return damaged(status);
        }
        finding.state = State::TornTail;
        finding.reason = status.ToString();
    }
    if (const std::string found = hole(options.directory); !found.empty()) {
        KITH_TRY(finding, damaged(status));
        finding.reason = found;
        return finding;
    }
    if (finding.interrupted || finding.readable < finding.acknowledged)
        return damaged(status);
    return finding;
}

Error damageError(const RocksFinding& finding, const std::string& directory)
{
    std::string what = "The database in '" + directory + "' is damaged";
    if (finding.interrupted)
        what += ": a repair was begun and did not end";
    else if (finding.lost() > 0)
        what += ": of what was acknowledged, " + std::to_string(finding.lost()) + " changes or more cannot be read (" +
                finding.reason + ")";
    else
        what += ": " + finding.reason;
    return Error::make(StorageError::Damaged, what + ". Nothing was changed. Put a backup back and run 'kithd "
                                                     "restored', or run 'kithd repair' to go on without what is lost.");
}

Result<void> copyAside(const std::string& directory, const std::string& aside)
{
    std::error_code failed;
    fs::create_directory(aside, failed);
    if (!failed)
        fs::permissions(aside, fs::perms::owner_all, failed);
    for (fs::directory_iterator it(directory, failed), end; !failed && it != end; it.increment(failed)) {
        if (!it->is_regular_file() || it->path().filename() == "LOCK")
            continue;
        const fs::path to = fs::path(aside) / it->path().filename();
        if (it->path().extension() == ".sst") {
            fs::create_hard_link(it->path(), to, failed);
            if (!failed)
                continue;
            failed.clear(); // a file system without links
        }
        fs::copy_file(it->path(), to, failed);
    }
    if (failed)
        return Error::make(StorageError::Unopened, "The database's files cannot be copied to '" + aside +
                                                       "': " + failed.message() + ". Nothing was changed.");
    const int folder = ::open(aside.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) {
        ::syncfs(folder);
        ::close(folder);
    }
    return {};
}

Result<void> salvageRocks(const RocksKv::Options& options)
{
    KITH_CHECK(AcknowledgedNote(options.directory).writeDurably(AcknowledgedNote::underRepair));
    KITH_CHECK(cutAtHole(options.directory));
    std::uint64_t last = 0;
    const rocksdb::Status status = readLog(options, rocksdb::WALRecoveryMode::kPointInTimeRecovery, last);
    if (status.ok())
        return {}; // opening it reads up to the damage
    // Its own list of files is damaged or gone: made anew from the files.
    if (const auto repaired = rocksdb::RepairDB(options.directory, rocksOptions(options)); !repaired.ok())
        return openError(repaired, options.directory);
    return {};
}

} // namespace kith::server
