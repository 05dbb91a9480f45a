/// kith-sim: plays seeds and says which promise broke. See README.md.

#include "core/base/Log.h"
#include "tests/sim/Scenario.h"

#include <QCoreApplication>

#include <CLI/CLI.hpp>

#include <cstdio>

namespace
{

/// "A..B" or "A".
bool parseRange(const std::string& text, std::uint64_t& first, std::uint64_t& last)
{
    const std::size_t dots = text.find("..");
    char* end = nullptr;
    first = std::strtoull(text.c_str(), &end, 10);
    if (dots == std::string::npos) {
        last = first;
        return end == text.c_str() + text.size() && !text.empty();
    }
    last = std::strtoull(text.c_str() + dots + 2, &end, 10);
    return end == text.c_str() + text.size() && first <= last;
}

} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv); // for the store's threads and locks; its loop never runs
    CLI::App app{"kith-sim: several people and a server on virtual time and network; checks P1-P4, P6 and P7."};
    std::string seeds = "1..300";
    std::string seed;
    bool trace = false;
    bool everyFault = false;
    app.add_option("--seeds", seeds, "range A..B")->capture_default_str();
    app.add_option("--seed", seed, "one seed, the same as --seeds N..N");
    app.add_flag("--trace", trace, "tell the story on standard error");
    app.add_flag("--every-fault", everyFault, "fail also when a kind of fault never happened in these seeds");
    CLI11_PARSE(app, argc, argv);
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    if (!parseRange(seed.empty() ? seeds : seed, first, last)) {
        std::fputs("kith-sim: seeds are given as A..B\n", stderr);
        return 2;
    }
    kith::setLogLevel(trace ? kith::LogLevel::Warning : kith::LogLevel::Error);
    std::uint64_t failures = 0;
    std::uint64_t messages = 0;
    std::uint64_t steps = 0;
    std::uint64_t devices = 0;
    kith::sim::FaultCounts faults;
    for (std::uint64_t number = first; number <= last; ++number) {
        kith::sim::Scenario scenario(number, trace);
        const auto broken = scenario.run();
        messages += scenario.messages();
        steps += scenario.world().steps();
        devices += scenario.devices();
        faults.add(scenario.world().faults());
        if (trace)
            std::fprintf(stderr, "seed %llu: trace %016llx\n", static_cast<unsigned long long>(number),
                         static_cast<unsigned long long>(scenario.world().trace()));
        if (!broken)
            continue;
        ++failures;
        std::fprintf(stderr, "seed %llu breaks %s: %s\n  replay: kith-sim --seed %llu --trace\n",
                     static_cast<unsigned long long>(number), broken->promise.c_str(), broken->what.c_str(),
                     static_cast<unsigned long long>(number));
    }
    std::printf("{\"seeds\":%llu,\"failures\":%llu,\"devices\":%llu,\"messages\":%llu,\"steps\":%llu,\"faults\":{",
                static_cast<unsigned long long>(last - first + 1), static_cast<unsigned long long>(failures),
                static_cast<unsigned long long>(devices), static_cast<unsigned long long>(messages),
                static_cast<unsigned long long>(steps));
    bool missing = false;
    const char* comma = "";
    for (const kith::sim::FaultName& name : kith::sim::faultNames) {
        const std::uint64_t times = faults.of(name.fault);
        std::printf("%s\"%s\":%llu", std::exchange(comma, ","), name.name.data(),
                    static_cast<unsigned long long>(times));
        if (times == 0 && everyFault) {
            std::fprintf(stderr, "kith-sim: %s never happened\n", name.name.data());
            missing = true;
        }
    }
    std::puts("}}");
    return failures == 0 && !missing ? 0 : 1;
}
