// `restored`: after a backup was put back.
#include "server/Commands.h"
#include "server/Output.h"
#include "server/Renewal.h"
#include "server/SeenTime.h"
#include "server/ServerCore.h"
#include "server/Settings.h"

namespace kith::server
{

Result<Renewed> renewStore(const Settings& settings, bool acceptClock, bool salvaged)
{
    const SystemClock clock;
    SodiumRandom random;
    EmbeddedStorage::Options options;
    options.rocks = ServerCore::rocksOptions(settings.data, settings.config);
    options.rocks.salvaged = salvaged;
    KITH_TRY(const auto storage, EmbeddedStorage::open(std::move(options), clock, random));
    // Generations are numbered by the clock: one that went back could repeat what was given out.
    KITH_TRY(const auto seen, seenTime(*storage));
    if (!acceptClock)
        KITH_CHECK(ClockWatch::check(clock.wall(), seen, longestPause(settings.config)));
    KITH_CHECK(storage->startNewGeneration(&WireSystemRecords::cut));
    if (salvaged)
        KITH_CHECK(storage->acceptLoss());
    return storage->renewed();
}

int restored(const CommonOptions& options)
{
    const auto settings = readSettings(options);
    if (!settings.ok())
        return fail(settings.error(), options.json);
    const auto renewed = renewStore(*settings, options.acceptClock, false);
    if (!renewed.ok())
        return fail(renewed.error(), options.json);
    const auto number = [](std::uint64_t value) { return static_cast<qint64>(value); };
    if (options.json) {
        printJson({{QStringLiteral("type"), QStringLiteral("restored")},
                   {QStringLiteral("data"), QString::fromStdString(settings->data.path())},
                   {QStringLiteral("generation"), number(renewed->generation.value())},
                   {QStringLiteral("logs"), number(renewed->logs)},
                   {QStringLiteral("keys"), number(renewed->keys)}});
        return static_cast<int>(Exit::Ok);
    }
    printLine(std::to_string(renewed->logs) + " logs go on in generation " +
              std::to_string(renewed->generation.value()) + "; " + std::to_string(renewed->keys) +
              " one-time keys were withdrawn, devices make new ones");
    printLine("what was accepted after the backup is shown on devices as not confirmed; each sends its own again");
    printLine("people and devices that joined after the backup are unknown to this server: invite them again");
    printLine("start the server: kithd serve");
    return static_cast<int>(Exit::Ok);
}

} // namespace kith::server
