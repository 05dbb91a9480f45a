// `repair`: goes on without what a damaged store has lost.
#include "server/Output.h"
#include "server/Renewal.h"
#include "server/ServerCore.h"
#include "server/Settings.h"
#include "server/storage/embedded/RocksCheck.h"

#include <QDateTime>

#include <unistd.h>

namespace kith::server
{
namespace
{

/// A name beside the store that is not taken.
std::string asideOf(const std::string& store)
{
    const SystemClock clock;
    const std::string day = QDateTime::fromMSecsSinceEpoch(toMillis(clock.wall()), Qt::UTC)
                                .toString(QStringLiteral("yyyyMMdd-HHmmss"))
                                .toStdString();
    std::string name = store + ".damaged-" + day;
    for (int i = 2; ::access(name.c_str(), F_OK) == 0; ++i)
        name = store + ".damaged-" + day + "-" + std::to_string(i);
    return name;
}

std::string lossInWords(const RocksFinding& finding)
{
    if (finding.interrupted)
        return "a repair was begun and did not end; it is done again";
    if (finding.lost() == 0)
        return "how much is lost cannot be told: " + finding.reason;
    return "of what was acknowledged, " + std::to_string(finding.lost()) + " changes or more will be lost (" +
           finding.reason + ")";
}

void report(const RocksFinding& finding, const std::string& aside, const Renewed& renewed, bool json)
{
    if (json) {
        printJson({{QStringLiteral("type"), QStringLiteral("repaired")},
                   {QStringLiteral("damaged"), true},
                   {QStringLiteral("lost"), static_cast<qint64>(finding.lost())},
                   {QStringLiteral("reason"), QString::fromStdString(finding.reason)},
                   {QStringLiteral("aside"), QString::fromStdString(aside)},
                   {QStringLiteral("generation"), static_cast<qint64>(renewed.generation.value())},
                   {QStringLiteral("logs"), static_cast<qint64>(renewed.logs)},
                   {QStringLiteral("keys"), static_cast<qint64>(renewed.keys)}});
        return;
    }
    printLine("repaired: " + std::to_string(renewed.logs) + " logs go on in generation " +
              std::to_string(renewed.generation.value()) + "; " + std::to_string(renewed.keys) +
              " one-time keys were withdrawn, devices make new ones");
    printLine("devices show what is missing here as not confirmed; each sends its own again");
    printLine("start the server: kithd serve");
}

} // namespace

int repair(const CommonOptions& options)
{
    const auto settings = readSettings(options);
    if (!settings.ok())
        return fail(settings.error(), options.json);
    const RocksKv::Options rocks = ServerCore::rocksOptions(settings->data, settings->config);
    const auto finding = inspectRocks(rocks);
    if (!finding.ok())
        return fail(finding.error(), options.json);
    if (finding->state != RocksFinding::State::Damaged) {
        if (options.json)
            printJson({{QStringLiteral("type"), QStringLiteral("repaired")}, {QStringLiteral("damaged"), false}});
        else
            printLine("nothing is damaged; nothing was changed");
        return static_cast<int>(Exit::Ok);
    }
    const std::string aside = asideOf(rocks.directory);
    if (!options.json) {
        printLine("damaged: " + lossInWords(*finding));
        printLine("copying the files as they are to " + aside);
    }
    if (const auto copied = copyAside(rocks.directory, aside); !copied.ok())
        return fail(copied.error(), options.json);
    if (const auto salvaged = salvageRocks(rocks); !salvaged.ok())
        return fail(salvaged.error(), options.json);
    const auto renewed = renewStore(*settings, options.acceptClock, true);
    if (!renewed.ok())
        return fail(renewed.error(), options.json);
    report(*finding, aside, *renewed, options.json);
    return static_cast<int>(Exit::Ok);
}

} // namespace kith::server
