#include "tests/support/store/MemoryDisk.h"

#include <sqlcipher/sqlite3.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <limits>
#include <map>
#include <mutex>
#include <new>
#include <vector>

namespace kith::test
{
namespace
{

constexpr std::size_t endless = std::numeric_limits<std::size_t>::max();
constexpr std::size_t shmSlots = SQLITE_SHM_NLOCK;

/// A write or a truncation (data empty, size in offset) that no sync has covered.
struct Change {
    bool truncation = false;
    std::size_t offset = 0;
    Bytes data;
};

void applyTo(Bytes& bytes, const Change& change)
{
    if (change.truncation) {
        bytes.resize(change.offset);
        return;
    }
    if (bytes.size() < change.offset + change.data.size())
        bytes.resize(change.offset + change.data.size());
    std::memcpy(bytes.data() + change.offset, change.data.data(), change.data.size());
}

struct Node {
    Bytes current;
    Bytes durable;
    std::vector<Change> unsynced;
    // File locks.
    int shared = 0;
    void* reserved = nullptr;
    void* exclusive = nullptr;
    // Shared memory of the write-ahead log.
    std::vector<std::unique_ptr<std::array<char, 32768>>> regions;
    std::array<int, shmSlots> shmShared{};
    std::array<void*, shmSlots> shmExclusive{};
    int open = 0;
    bool cutOff = false;
};

} // namespace

struct MemoryDisk::State {
    mutable std::mutex mutex;
    std::string name;
    sqlite3_vfs vfs{};
    std::map<std::string, std::shared_ptr<Node>> files;
    std::size_t syncsLeft = endless;
    std::size_t growthLeft = endless;
    std::size_t writesLeft = endless;
    std::size_t writes = 0;
    std::size_t syncs = 0;
    std::size_t touches = 0;
    int ghosts = 0; ///< Files still open from before a crash; their program is dead and deletes nothing any more.
};

namespace
{

using State = MemoryDisk::State;

struct File {
    sqlite3_file base{};
    State* state = nullptr;
    std::shared_ptr<Node> node;
    int level = SQLITE_LOCK_NONE;
    std::array<bool, shmSlots> sharedSlots{};
    bool deleteOnClose = false;
    std::string path;
};

File& fileOf(sqlite3_file* file)
{
    return *reinterpret_cast<File*>(file); // NOLINT: SQLite's own way of subclassing
}

int unlockTo(File& file, int level)
{
    Node& node = *file.node;
    if (file.level >= SQLITE_LOCK_EXCLUSIVE && level < SQLITE_LOCK_EXCLUSIVE && node.exclusive == &file)
        node.exclusive = nullptr;
    if (file.level >= SQLITE_LOCK_RESERVED && level < SQLITE_LOCK_RESERVED && node.reserved == &file)
        node.reserved = nullptr;
    if (file.level >= SQLITE_LOCK_SHARED && level < SQLITE_LOCK_SHARED)
        --node.shared;
    file.level = level;
    return SQLITE_OK;
}

int onClose(sqlite3_file* base)
{
    File& file = fileOf(base);
    const std::lock_guard lock(file.state->mutex);
    unlockTo(file, SQLITE_LOCK_NONE);
    --file.node->open;
    if (file.node->cutOff)
        --file.state->ghosts;
    else if (file.deleteOnClose)
        file.state->files.erase(file.path);
    file.~File();
    return SQLITE_OK;
}

int onRead(sqlite3_file* base, void* out, int amount, sqlite3_int64 offset)
{
    File& file = fileOf(base);
    const std::lock_guard lock(file.state->mutex);
    const Bytes& bytes = file.node->current;
    const auto from = std::min(static_cast<std::size_t>(offset), bytes.size());
    const auto size = std::min(static_cast<std::size_t>(amount), bytes.size() - from);
    std::memcpy(out, bytes.data() + from, size);
    std::memset(static_cast<char*>(out) + size, 0, static_cast<std::size_t>(amount) - size);
    return size == static_cast<std::size_t>(amount) ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int change(File& file, Change what)
{
    applyTo(file.node->current, what);
    file.node->unsynced.push_back(std::move(what));
    return SQLITE_OK;
}

int onWrite(sqlite3_file* base, const void* data, int amount, sqlite3_int64 offset)
{
    File& file = fileOf(base);
    State& state = *file.state;
    const std::lock_guard lock(state.mutex);
    if (!file.node->cutOff)
        ++state.touches;
    if (state.writesLeft == 0)
        return SQLITE_IOERR_WRITE;
    const std::size_t end = static_cast<std::size_t>(offset) + static_cast<std::size_t>(amount);
    const std::size_t growth = end > file.node->current.size() ? end - file.node->current.size() : 0;
    if (growth > state.growthLeft)
        return SQLITE_FULL;
    if (state.growthLeft != endless)
        state.growthLeft -= growth;
    if (state.writesLeft != endless)
        --state.writesLeft;
    if (!file.node->cutOff)
        ++state.writes;
    return change(file, {false, static_cast<std::size_t>(offset),
                         Bytes(static_cast<const char*>(data), static_cast<std::size_t>(amount))});
}

int onTruncate(sqlite3_file* base, sqlite3_int64 size)
{
    File& file = fileOf(base);
    const std::lock_guard lock(file.state->mutex);
    if (!file.node->cutOff)
        ++file.state->touches;
    return change(file, {true, static_cast<std::size_t>(size), {}});
}

int onSync(sqlite3_file* base, int)
{
    File& file = fileOf(base);
    State& state = *file.state;
    const std::lock_guard lock(state.mutex);
    if (file.node->cutOff)
        return SQLITE_OK;
    ++state.touches;
    if (state.syncsLeft == 0) {
        // What Linux does: the pages count as clean from now on, and a second sync would say that all is well.
        file.node->unsynced.clear();
        return SQLITE_IOERR_FSYNC;
    }
    if (state.syncsLeft != endless)
        --state.syncsLeft;
    ++state.syncs;
    for (const Change& each : file.node->unsynced)
        applyTo(file.node->durable, each);
    file.node->unsynced.clear();
    return SQLITE_OK;
}

int onFileSize(sqlite3_file* base, sqlite3_int64* size)
{
    File& file = fileOf(base);
    const std::lock_guard lock(file.state->mutex);
    *size = static_cast<sqlite3_int64>(file.node->current.size());
    return SQLITE_OK;
}

int onLock(sqlite3_file* base, int level)
{
    File& file = fileOf(base);
    const std::lock_guard lock(file.state->mutex);
    Node& node = *file.node;
    if (level <= file.level)
        return SQLITE_OK;
    if (node.exclusive != nullptr && node.exclusive != &file)
        return SQLITE_BUSY;
    if (file.level == SQLITE_LOCK_NONE) {
        ++node.shared;
        file.level = SQLITE_LOCK_SHARED;
    }
    if (level >= SQLITE_LOCK_RESERVED) {
        if (node.reserved != nullptr && node.reserved != &file)
            return SQLITE_BUSY;
        node.reserved = &file;
        file.level = SQLITE_LOCK_RESERVED;
    }
    if (level == SQLITE_LOCK_EXCLUSIVE) {
        if (node.shared > 1)
            return SQLITE_BUSY;
        node.exclusive = &file;
        file.level = SQLITE_LOCK_EXCLUSIVE;
    }
    return SQLITE_OK;
}

int onUnlock(sqlite3_file* base, int level)
{
    File& file = fileOf(base);
    const std::lock_guard lock(file.state->mutex);
    return unlockTo(file, level);
}

int onCheckReserved(sqlite3_file* base, int* out)
{
    File& file = fileOf(base);
    const std::lock_guard lock(file.state->mutex);
    *out = file.node->reserved != nullptr ? 1 : 0;
    return SQLITE_OK;
}

int onControl(sqlite3_file*, int, void*)
{
    return SQLITE_NOTFOUND;
}

int onSectorSize(sqlite3_file*)
{
    return 4096;
}

int onCharacteristics(sqlite3_file*)
{
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

int onShmMap(sqlite3_file* base, int region, int size, int extend, void volatile** out)
{
    File& file = fileOf(base);
    const std::lock_guard lock(file.state->mutex);
    auto& regions = file.node->regions;
    *out = nullptr;
    if (size > 32768)
        return SQLITE_IOERR_SHMSIZE;
    while (regions.size() <= static_cast<std::size_t>(region)) {
        if (extend == 0)
            return SQLITE_OK;
        regions.push_back(std::make_unique<std::array<char, 32768>>());
        regions.back()->fill(0);
    }
    *out = regions[static_cast<std::size_t>(region)]->data();
    return SQLITE_OK;
}

int onShmLock(sqlite3_file* base, int offset, int count, int flags)
{
    File& file = fileOf(base);
    const std::lock_guard lock(file.state->mutex);
    Node& node = *file.node;
    const auto first = static_cast<std::size_t>(offset);
    const auto last = first + static_cast<std::size_t>(count);
    if ((flags & SQLITE_SHM_UNLOCK) != 0) {
        for (std::size_t slot = first; slot < last; ++slot) {
            if (file.sharedSlots[slot]) {
                file.sharedSlots[slot] = false;
                --node.shmShared[slot];
            }
            if (node.shmExclusive[slot] == &file)
                node.shmExclusive[slot] = nullptr;
        }
        return SQLITE_OK;
    }
    for (std::size_t slot = first; slot < last; ++slot) {
        if (node.shmExclusive[slot] != nullptr && node.shmExclusive[slot] != &file)
            return SQLITE_BUSY;
        if ((flags & SQLITE_SHM_EXCLUSIVE) != 0 && node.shmShared[slot] > (file.sharedSlots[slot] ? 1 : 0))
            return SQLITE_BUSY;
    }
    for (std::size_t slot = first; slot < last; ++slot) {
        if ((flags & SQLITE_SHM_EXCLUSIVE) != 0) {
            node.shmExclusive[slot] = &file;
        } else if (!file.sharedSlots[slot]) {
            file.sharedSlots[slot] = true;
            ++node.shmShared[slot];
        }
    }
    return SQLITE_OK;
}

void onShmBarrier(sqlite3_file*)
{
    std::atomic_thread_fence(std::memory_order_seq_cst);
}

int onShmUnmap(sqlite3_file* base, int deleteFlag)
{
    File& file = fileOf(base);
    const std::lock_guard lock(file.state->mutex);
    if (deleteFlag != 0)
        file.node->regions.clear();
    return SQLITE_OK;
}

constexpr sqlite3_io_methods methods{
    2,          onClose,         onRead,    onWrite,      onTruncate,        onSync,   onFileSize, onLock,
    onUnlock,   onCheckReserved, onControl, onSectorSize, onCharacteristics, onShmMap, onShmLock,  onShmBarrier,
    onShmUnmap, nullptr,         nullptr};

State& stateOf(sqlite3_vfs* vfs)
{
    return *static_cast<State*>(vfs->pAppData);
}

int onOpen(sqlite3_vfs* vfs, const char* path, sqlite3_file* base, int flags, int* outFlags)
{
    State& state = stateOf(vfs);
    const std::lock_guard lock(state.mutex);
    auto* file = new (base) File;
    file->state = &state;
    file->deleteOnClose = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
    file->path = path != nullptr ? path : "temporary";
    const auto found = state.files.find(file->path);
    if (found != state.files.end()) {
        file->node = found->second;
    } else if ((flags & SQLITE_OPEN_CREATE) != 0) {
        file->node = std::make_shared<Node>();
        state.files.emplace(file->path, file->node);
    } else {
        file->~File();
        base->pMethods = nullptr;
        return SQLITE_CANTOPEN;
    }
    ++file->node->open;
    file->base.pMethods = &methods;
    if (outFlags != nullptr)
        *outFlags = flags;
    return SQLITE_OK;
}

int onDelete(sqlite3_vfs* vfs, const char* path, int)
{
    State& state = stateOf(vfs);
    const std::lock_guard lock(state.mutex);
    if (state.ghosts > 0)
        return SQLITE_OK;
    ++state.touches;
    return state.files.erase(path) > 0 ? SQLITE_OK : SQLITE_IOERR_DELETE_NOENT;
}

int onAccess(sqlite3_vfs* vfs, const char* path, int, int* out)
{
    State& state = stateOf(vfs);
    const std::lock_guard lock(state.mutex);
    *out = state.files.contains(path) ? 1 : 0;
    return SQLITE_OK;
}

int onFullPathname(sqlite3_vfs*, const char* path, int size, char* out)
{
    sqlite3_snprintf(size, out, "%s", path);
    return SQLITE_OK;
}

} // namespace

MemoryDisk::MemoryDisk() : state_(std::make_unique<State>())
{
    static std::atomic<int> number{0};
    state_->name = "kith-memory-" + std::to_string(++number);
    sqlite3_vfs& vfs = state_->vfs;
    sqlite3_vfs* system = sqlite3_vfs_find(nullptr);
    vfs.iVersion = 2;
    vfs.szOsFile = sizeof(File);
    vfs.mxPathname = 512;
    vfs.zName = state_->name.c_str();
    vfs.pAppData = state_.get();
    vfs.xOpen = onOpen;
    vfs.xDelete = onDelete;
    vfs.xAccess = onAccess;
    vfs.xFullPathname = onFullPathname;
    // Chance and time as the system has them: neither decides anything that a test looks at.
    vfs.xRandomness = [](sqlite3_vfs*, int size, char* out) {
        sqlite3_vfs* real = sqlite3_vfs_find(nullptr);
        return real->xRandomness(real, size, out);
    };
    vfs.xSleep = [](sqlite3_vfs*, int micros) { return micros; };
    vfs.xCurrentTime = [](sqlite3_vfs*, double* out) {
        *out = 2461000.5;
        return SQLITE_OK;
    };
    vfs.xCurrentTimeInt64 = [](sqlite3_vfs*, sqlite3_int64* out) {
        *out = 212630443200000;
        return SQLITE_OK;
    };
    vfs.xGetLastError = [](sqlite3_vfs*, int, char*) { return 0; };
    vfs.xDlOpen = system->xDlOpen;
    vfs.xDlError = system->xDlError;
    vfs.xDlSym = system->xDlSym;
    vfs.xDlClose = system->xDlClose;
    sqlite3_vfs_register(&vfs, 0);
}

MemoryDisk::~MemoryDisk()
{
    sqlite3_vfs_unregister(&state_->vfs);
}

const std::string& MemoryDisk::vfs() const
{
    return state_->name;
}

namespace
{

template <class Keep> void powerCut(State& state, const Keep& keep)
{
    const std::lock_guard lock(state.mutex);
    for (auto& [path, node] : state.files) {
        auto fresh = std::make_shared<Node>();
        fresh->durable = node->durable;
        for (const Change& each : node->unsynced)
            if (keep())
                applyTo(fresh->durable, each);
        fresh->current = fresh->durable;
        node->cutOff = true;
        state.ghosts += node->open;
        node = std::move(fresh);
    }
}

} // namespace

void MemoryDisk::crash()
{
    powerCut(*state_, [] { return false; });
}

void MemoryDisk::crash(Random& dice)
{
    powerCut(*state_, [&] { return dice.below(2) == 0; });
}

void MemoryDisk::failSyncsAfter(std::size_t more)
{
    const std::lock_guard lock(state_->mutex);
    state_->syncsLeft = more;
}

void MemoryDisk::fullAfter(std::size_t more)
{
    const std::lock_guard lock(state_->mutex);
    state_->growthLeft = more;
}

void MemoryDisk::failWritesAfter(std::size_t more)
{
    const std::lock_guard lock(state_->mutex);
    state_->writesLeft = more;
}

void MemoryDisk::heal()
{
    const std::lock_guard lock(state_->mutex);
    state_->syncsLeft = state_->growthLeft = state_->writesLeft = endless;
}

std::size_t MemoryDisk::writes() const
{
    const std::lock_guard lock(state_->mutex);
    return state_->writes;
}

std::size_t MemoryDisk::syncs() const
{
    const std::lock_guard lock(state_->mutex);
    return state_->syncs;
}

std::size_t MemoryDisk::touches() const
{
    const std::lock_guard lock(state_->mutex);
    return state_->touches;
}

Bytes MemoryDisk::contents(const std::string& path) const
{
    const std::lock_guard lock(state_->mutex);
    const auto found = state_->files.find(path);
    return found == state_->files.end() ? Bytes{} : found->second->current;
}

void MemoryDisk::setContents(const std::string& path, ByteView bytes)
{
    const std::lock_guard lock(state_->mutex);
    auto node = std::make_shared<Node>();
    node->current = node->durable = Bytes(bytes);
    state_->files[path] = std::move(node);
}

bool MemoryDisk::exists(const std::string& path) const
{
    const std::lock_guard lock(state_->mutex);
    return state_->files.contains(path);
}

} // namespace kith::test
