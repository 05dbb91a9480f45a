#include "core/crypto/Hash.h"
#include "tests/support/crypto/WatchedAead.h"
#include "tests/support/e2ee/TestDevice.h"

#include <QTest>

#include <map>
#include <set>

using namespace kith;
using namespace kith::test;

namespace
{

constexpr std::int64_t startMs = 1'767'225'600'000;

struct Row {
    RowBinding row;
    Bytes body;
    Sha256Digest commitment;
    std::map<DeviceAddress, Bytes> envelopes;
    TestDevice* author = nullptr;
    std::string text;
};

/// One device's reading position in each log, and what it showed.
struct Reader {
    std::map<std::size_t, std::size_t> cursors;
    std::multiset<std::string> shown;
    std::set<std::string> waiting;
};

/// Two people with several devices each and several conversations over the same sessions, so that each ratchet sees its
/// messages out of order. The server is one list of rows per log; crashes throw away what was not committed.
class Lives
{
public:
    explicit Lives(std::uint64_t seed) : dice_(seed), ana_(dice_), ben_(dice_)
    {
        for (int i = 0; i < 3; ++i)
            devices_.push_back(std::make_unique<TestDevice>(ana_, now_, seed * 100 + static_cast<std::uint64_t>(i)));
        for (int i = 0; i < 2; ++i)
            devices_.push_back(
                std::make_unique<TestDevice>(ben_, now_, seed * 100 + 50 + static_cast<std::uint64_t>(i)));
        logs_.resize(3);
        for (std::size_t i = 0; i < logs_.size(); ++i)
            logIds_.push_back(dice_.id<LogId>());
    }

    void run(int steps)
    {
        for (int i = 0; i < steps && fault_.empty(); ++i) {
            now_ += std::chrono::minutes(dice_.below(40));
            TestDevice& device = anyDevice();
            const std::uint64_t choice = dice_.below(20);
            if (choice < 6)
                send(device, dice_.below(logs_.size()), "text " + std::to_string(next_++));
            else if (choice < 18)
                read(device, dice_.below(logs_.size()));
            else if (choice == 18)
                device.reopen();
            else
                device.publish(now_);
        }
        for (int round = 0; round < 30 && fault_.empty() && !quiet(); ++round) {
            now_ += std::chrono::hours(2);
            for (auto& device : devices_) {
                for (std::size_t log = 0; log < logs_.size(); ++log) {
                    while (fault_.empty() && readers_[device.get()].cursors[log] < logs_[log].size())
                        read(*device, log);
                }
            }
        }
    }

    /// Every device shows every text of the others exactly once.
    std::string verdict()
    {
        if (!fault_.empty())
            return fault_;
        for (auto& device : devices_) {
            const Reader& reader = readers_[device.get()];
            std::multiset<std::string> expected;
            for (const auto& [text, author] : written_) {
                if (author != device.get())
                    expected.insert(text);
            }
            if (reader.shown != expected)
                return "a device shows " + std::to_string(reader.shown.size()) + " of " +
                       std::to_string(expected.size());
        }
        return {};
    }
    [[nodiscard]] int resends() const { return resends_; }

private:
    TestDevice& anyDevice() { return *devices_[dice_.below(devices_.size())]; }

    bool quiet()
    {
        for (auto& device : devices_) {
            Reader& reader = readers_[device.get()];
            for (std::size_t log = 0; log < logs_.size(); ++log) {
                if (reader.cursors[log] < logs_[log].size())
                    return false;
            }
        }
        return true;
    }

    void send(TestDevice& from, std::size_t log, const std::string& text)
    {
        written_.insert({text, &from});
        append(from, log, text);
    }

    void append(TestDevice& from, std::size_t log, const std::string& text)
    {
        SealRequest request;
        request.row = {logIds_[log], dice_.id<ClientMsgId>(), from.address(), 1};
        request.content = text;
        request.now = now_;
        for (auto& device : devices_)
            request.devices.push_back(device->own.identity);
        for (const UserId& user : {ana_.user, ben_.user}) {
            std::vector<DeviceIdentity> listed;
            for (auto& device : devices_) {
                if (device->address().user == user)
                    listed.push_back(device->own.identity);
            }
            const auto change = from.crypto->devicesChanged(user, listed, now_);
            for (const DeviceAddress& wanted : change->wanted) {
                for (auto& device : devices_) {
                    if (device->address() == wanted)
                        request.bundles.push_back(device->claimBundle());
                }
            }
        }
        auto sealed = from.crypto->seal(request);
        if (!sealed || !sealed->withoutEnvelope.empty() || !from.commit(sealed->change)) {
            fault_ = "sealing failed";
            return;
        }
        Row row{request.row, sealed->body, sealed->commitment, {}, &from, text};
        for (DeviceEnvelope& envelope : sealed->envelopes) {
            if (dice_.below(15) != 0) // else: sealed with a stale device list
                row.envelopes[envelope.device] = std::move(envelope.sealed);
        }
        if (dice_.below(25) == 0) { // a damaged envelope
            for (auto& [device, envelope] : row.envelopes)
                envelope.back() = static_cast<char>(envelope.back() ^ 1);
        }
        logs_[log].push_back(std::move(row));
    }

    void read(TestDevice& device, std::size_t log)
    {
        Reader& reader = readers_[&device];
        std::size_t& cursor = reader.cursors[log];
        if (cursor >= logs_[log].size())
            return;
        const Row& row = logs_[log][cursor];
        if (row.author == &device) {
            ++cursor;
            return;
        }
        const auto envelope = row.envelopes.find(device.address());
        OpenRequest request;
        request.row = row.row;
        request.body = row.body;
        request.commitment = row.commitment.view();
        request.envelope = envelope == row.envelopes.end() ? ByteView() : ByteView(envelope->second);
        request.sender = row.author->own.identity;
        request.now = now_;
        auto result = device.crypto->open(request);
        if (!result) {
            fault_ = result.error().describe();
            return;
        }
        if (dice_.below(10) == 0) {
            device.reopen(); // killed before the commit: the row comes again
            return;
        }
        if (!device.commit(result->change)) {
            fault_ = "commit failed";
            return;
        }
        ++cursor;
        settle(device, reader, row, log, *result);
    }

    void settle(TestDevice& device, Reader& reader, const Row& row, std::size_t log, const OpenResult& result)
    {
        for (const StateChange::Sessions& changed : result.change.sessions) {
            for (const RatchetSession& session : changed.set->sessions()) {
                if (session.ratchet.storedSkipped() > maxStoredSkipped ||
                    session.ratchet.receiving.size() > maxReceiveChains)
                    fault_ = "a session stores more than it may";
            }
        }
        if (const auto* opened = std::get_if<Opened>(&result.outcome)) {
            // A resent text may reach devices that have it: the application deduplicates by what it names.
            if (!reader.shown.contains(std::string(opened->content.exposeSecret())))
                reader.shown.insert(std::string(opened->content.exposeSecret()));
            if (opened->content.exposeSecret() != row.text)
                fault_ = "another text than was written";
        } else if (std::holds_alternative<Waiting>(result.outcome)) {
            if (reader.shown.contains(row.text))
                return;
            ++resends_;
            const auto change = row.author->crypto->resendWanted(device.address(), now_);
            if (!change || !row.author->commit(*change))
                fault_ = "resendWanted failed";
            else
                append(*row.author, log, row.text);
        } else {
            fault_ = "a message was lost";
        }
    }

    SeededRandom dice_;
    WallTime now_ = wallFromMillis(startMs);
    TestAccount ana_;
    TestAccount ben_;
    std::vector<std::unique_ptr<TestDevice>> devices_;
    std::vector<std::vector<Row>> logs_;
    std::vector<LogId> logIds_;
    std::map<TestDevice*, Reader> readers_;
    std::set<std::pair<std::string, TestDevice*>> written_;
    std::string fault_;
    int next_ = 0;
    int resends_ = 0;
};

} // namespace

class ConversationLivesTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void nothingIsLostDoubledOrSealedTwice()
    {
        int resends = 0;
        for (std::uint64_t seed = 1; seed <= 8; ++seed) {
            Lives lives(seed);
            lives.run(400);
            const std::string verdict = lives.verdict();
            QVERIFY2(verdict.empty(),
                     qPrintable(QStringLiteral("seed %1: %2").arg(seed).arg(QString::fromStdString(verdict))));
            resends += lives.resends();
        }
        QVERIFY(resends > 50); // the lives did meet trouble
        QVERIFY(sealedTexts() > 1000);
        QCOMPARE(reusedNonces(), std::size_t{0});
    }
};

QTEST_APPLESS_MAIN(ConversationLivesTest)
#include "ConversationLivesTest.moc"
