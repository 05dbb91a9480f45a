// Any text as kithd.toml: refused in words with the file's name, or a config whose limits hold.

#include "server/config/ConfigFile.h"

#include <cstdlib>

using namespace kith;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto config = server::parseConfig({reinterpret_cast<const char*>(data), size}, "kithd.toml");
    if (!config.ok()) {
        if (!config.error().detail.starts_with("kithd.toml:"))
            std::abort();
        return 0;
    }
    const server::Limits defaults;
    if (config->limits.body > defaults.body || config->limits.pageBytes > defaults.pageBytes ||
        config->hardAgeDays == 0 || (config->plain && !wire::isLoopbackHost(config->listenHost)))
        std::abort();
    return 0;
}
