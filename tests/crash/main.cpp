/// kith-crash: kills kithd under load and says which promise broke. See README.md.

#include "tests/crash/CrashRun.h"
#include "tests/support/base/SeededRandom.h"

#include <QCoreApplication>

#include <CLI/CLI.hpp>

#include <cstdio>

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    CLI::App app{"kith-crash: SIGKILL for kithd under load; checks P1 to P4 afterwards."};
    kith::crash::RunOptions options;
    std::string kithd = QCoreApplication::applicationDirPath().toStdString() + "/kithd";
    std::uint64_t seed = 1;
    app.add_option("--kithd", kithd, "the program to kill")->capture_default_str();
    app.add_option("--rounds", options.rounds, "kills")->capture_default_str()->check(CLI::Range(1, 100'000));
    app.add_option("--people", options.people, "who write, in pairs")->capture_default_str()->check(CLI::Range(2, 200));
    app.add_option("--longest-ms", options.longestMs, "of writing between two kills")
        ->capture_default_str()
        ->check(CLI::Range(1, 60'000));
    app.add_option("--seed", seed, "of what is written and when it dies")->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    options.people += options.people % 2;
    options.kithd = QString::fromStdString(kithd);

    const kith::SystemClock clock;
    kith::test::SeededRandom random(seed);
    const auto report = kith::crash::CrashRun(options, clock, random).run();
    if (report.broken)
        std::fprintf(stderr,
                     "kith-crash: %s: %s\n  again: kith-crash --rounds %d --people %d --longest-ms %d --seed %llu\n",
                     report.broken->promise.c_str(), report.broken->what.c_str(), options.rounds, options.people,
                     options.longestMs, static_cast<unsigned long long>(seed));
    std::printf("{\"kills\":%zu,\"acknowledged\":%zu,\"repeated\":%zu,\"entries\":%zu,\"ok\":%s}\n", report.kills,
                report.acknowledged, report.repeated, report.entries, report.broken ? "false" : "true");
    return report.broken ? 1 : 0;
}
