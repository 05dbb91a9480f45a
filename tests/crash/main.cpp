/// kith-crash: kills kithd and kith-cli under load and says what broke. See README.md.

#include "tests/crash/CrashRun.h"
#include "tests/support/base/SeededRandom.h"

#include <QCoreApplication>

#include <CLI/CLI.hpp>

#include <cstdio>

int main(int argc, char** argv)
{
    using namespace kith::crash;
    const QCoreApplication application(argc, argv);
    CLI::App app{"kith-crash: SIGKILL for kithd and kith-cli under load; nothing acknowledged may be missing, nothing "
                 "may stand twice, no hole (P1 to P4)."};
    RunOptions options;
    std::string programs = QCoreApplication::applicationDirPath().toStdString();
    std::uint64_t seed = 1;
    app.add_option("--kills", options.kills, "how often")->capture_default_str()->check(CLI::Range(1, 100'000));
    app.add_option("--seed", seed, "of what is written, who dies and when")->capture_default_str();
    app.add_option("--programs", programs, "folder of kithd and kith-cli")->capture_default_str();
    app.add_option("--writers", options.writers, "raw connections that write, in pairs")
        ->capture_default_str()
        ->check(CLI::Range(2, 200));
    app.add_option("--clients", options.clients, "kith-cli profiles that write and receive, in pairs")
        ->capture_default_str()
        ->check(CLI::Range(2, 20));
    app.add_option("--longest-ms", options.longestMs, "of writing between two kills")
        ->capture_default_str()
        ->check(CLI::Range(1, 60'000));
    CLI11_PARSE(app, argc, argv);
    options.writers += options.writers % 2;
    options.clients += options.clients % 2;
    options.programs = QString::fromStdString(programs);

    const kith::SystemClock clock;
    kith::test::SeededRandom random(seed);
    Findings findings;
    const kith::MonoTime begin = clock.mono();
    const RunReport report = CrashRun(options, clock, random, findings).run();
    const auto seconds = static_cast<double>((clock.mono() - begin).count()) / 1000;
    if (findings.any())
        std::fprintf(stderr, "  again: kith-crash --kills %d --writers %d --clients %d --longest-ms %d --seed %llu\n",
                     options.kills, options.writers, options.clients, options.longestMs,
                     static_cast<unsigned long long>(seed));
    std::printf("{\"kills\":%zu,\"server_kills\":%zu,\"client_kills\":%zu,\"lost\":%zu,\"duplicated\":%zu,"
                "\"holes\":%zu,\"failures\":%zu,\"acknowledged\":%zu,\"repeated\":%zu,\"entries\":%zu,"
                "\"messages\":%zu,\"caught_unsent\":%zu,\"seconds\":%.1f,\"seed\":%llu}\n",
                report.kills, report.serverKills, report.clientKills, findings.count(Kind::Lost),
                findings.count(Kind::Duplicated), findings.count(Kind::Hole), findings.count(Kind::Failure),
                report.acknowledged, report.repeated, report.entries, report.messages, report.caughtUnsent, seconds,
                static_cast<unsigned long long>(seed));
    return findings.any() ? 1 : 0;
}
