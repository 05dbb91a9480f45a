// Loaded before everything else (LD_PRELOAD) into a program under test: the machine's wall clock is off, or its disk
// does not keep what it is given. Ruled from outside while the program runs, through the file that KITH_FAULTS names:
//
//   octets 0-7   the wall clock is off by so many milliseconds (signed, this machine's byte order)
//   octets 8-15  not 0: fsync and fdatasync of regular files fail with EIO
//
// The monotone clock is never touched. Without the file nothing is changed. Thread: any.

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <ctime>

namespace
{

struct Rules {
    std::atomic<std::int64_t> wallOffsetMs;
    std::atomic<std::int64_t> failSyncs;
};
static_assert(sizeof(Rules) == 16);

const Rules* mapRules()
{
    const char* path = std::getenv("KITH_FAULTS");
    const int file = path != nullptr ? ::open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0)
        return nullptr;
    void* mapped = ::mmap(nullptr, sizeof(Rules), PROT_READ, MAP_SHARED, file, 0);
    ::close(file);
    return mapped == MAP_FAILED ? nullptr : static_cast<const Rules*>(mapped);
}

const Rules* rules()
{
    static const Rules* const mapped = mapRules();
    return mapped;
}

/// The function that this library stands in front of.
template <class Function> Function* original(const char* name)
{
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

void shift(timespec& time)
{
    if (rules() == nullptr)
        return;
    const std::int64_t offset = rules()->wallOffsetMs.load();
    time.tv_sec += offset / 1000;
}

int syncOf(const char* name, int file)
{
    struct stat about {
    };
    if (rules() != nullptr && rules()->failSyncs.load() != 0 && ::fstat(file, &about) == 0 && S_ISREG(about.st_mode)) {
        errno = EIO;
        return -1;
    }
    return original<int(int)>(name)(file);
}

} // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* out) noexcept
{
    static auto* const real = original<int(clockid_t, timespec*)>("clock_gettime");
    const int result = real(clock, out);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        shift(*out);
    return result;
}

int gettimeofday(timeval* out, void*) noexcept
{
    timespec now{};
    const int result = clock_gettime(CLOCK_REALTIME, &now);
    out->tv_sec = now.tv_sec;
    out->tv_usec = now.tv_nsec / 1000;
    return result;
}

time_t time(time_t* out) noexcept
{
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    if (out != nullptr)
        *out = now.tv_sec;
    return now.tv_sec;
}

int fsync(int file)
{
    return syncOf("fsync", file);
}

int fdatasync(int file)
{
    return syncOf("fdatasync", file);
}
}
