#include "server/chat/records/Records.h"

#include "server/chat/accounts/Handle.h"
#include "server/chat/records/RecordCodec.h"
#include "tests/support/base/SeededRandom.h"

#include <QTest>

using namespace kith;
using namespace kith::test;
using namespace kith::server;

/// The octets of stored records, of conflict details, and the form of handles.
class RecordsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void numbersComeBack();
    void recordsComeBack();
    void whatDoesNotParseIsRefused();
    void rottenOctetsNeverCrash();
    void conflictDetailsComeBack();
    void storageErrorsBecomeWords();
    void handlesHaveOneForm_data();
    void handlesHaveOneForm();
    void keysKeepUsersApart();

private:
    Conversation conversation(SeededRandom& random);
};

Conversation RecordsTest::conversation(SeededRandom& random)
{
    Conversation value;
    value.log = random.id<LogId>();
    value.created = wallFromMillis(1'700'000'000'000);
    value.hardAgeDays = 7;
    for (int i = 0; i < 2; ++i) {
        Member member;
        member.user = random.id<UserId>();
        member.state = MemberState::Accepted;
        member.listVersion = 300;
        member.previousListVersion = 299;
        member.blocksPeer = i == 1;
        member.devices = {{random.id<DeviceId>(), Seq{std::uint64_t{1} << 40}}, {random.id<DeviceId>(), Seq{}}};
        value.members.push_back(member);
    }
    return value;
}

void RecordsTest::numbersComeBack()
{
    for (int bit = 0; bit < 64; ++bit) {
        for (const std::uint64_t value : {std::uint64_t{1} << bit, (std::uint64_t{1} << bit) - 1, ~std::uint64_t{0}}) {
            RecordWriter writer;
            writer.number(value);
            const Bytes octets = std::move(writer).take();
            RecordReader reader(octets);
            QCOMPARE(reader.number(), value);
            QVERIFY(reader.finished());
        }
    }
    const Bytes ones(10, '\xff');
    RecordReader tooLong(ones);
    QCOMPARE(tooLong.number(), std::uint64_t{0});
    QVERIFY(!tooLong.finished());
}

void RecordsTest::recordsComeBack()
{
    SeededRandom random;
    const Conversation first = conversation(random);
    const auto again = decode<Conversation>(encode(first));
    QVERIFY(again.has_value());
    QCOMPARE(encode(*again), encode(first));
    QVERIFY(again->members[1].blocksPeer && again->members[0].devices[0].fromSeq.value() == std::uint64_t{1} << 40);

    Invite invite{
        Bytes(16, 'h'), random.id<UserId>(), wallFromMillis(1), wallFromMillis(2), 3, 1, {random.id<UserId>()}, true,
        "ana"};
    QCOMPARE(encode(*decode<Invite>(encode(invite))), encode(invite));
    PreKeyRecord keys{{7, Bytes(32, 'p'), Bytes(64, 's')}, KemPreKey{2, "kem", "sig"}, 99};
    QCOMPARE(encode(*decode<PreKeyRecord>(encode(keys))), encode(keys));
    QVERIFY(decode<PreKeyRecord>(encode(keys))->kem->algorithm == 2);
    Account account;
    account.handle = "ana";
    account.findable = false;
    account.lastSeenHour = 490'000;
    account.invitedBy = random.id<UserId>();
    QCOMPARE(encode(*decode<Account>(encode(account))), encode(account));
    QVERIFY(decode<Account>(encode(account))->invitedBy == account.invitedBy);
    // Format 1 ended before it.
    Bytes older = encode(account);
    older[0] = 1;
    QVERIFY(!decode<Account>(older).has_value());
    const auto before = decode<Account>(older.substr(0, older.size() - 16));
    QVERIFY(before.has_value() && before->lastSeenHour == 490'000 && before->invitedBy.isNull());
}

void RecordsTest::whatDoesNotParseIsRefused()
{
    SeededRandom random;
    const Bytes octets = encode(conversation(random));
    for (std::size_t size = 0; size < octets.size(); ++size)
        QVERIFY(!decode<Conversation>(ByteView(octets).substr(0, size)).has_value());
    QVERIFY(!decode<Conversation>(octets + "x").has_value());
    Bytes newer = octets;
    newer[0] = 2;
    QVERIFY(!decode<Conversation>(newer).has_value());
    QVERIFY(!decode<Account>(octets).has_value());
}

void RecordsTest::rottenOctetsNeverCrash()
{
    SeededRandom random(7);
    const Bytes octets = encode(conversation(random));
    for (int i = 0; i < 20'000; ++i) {
        Bytes rotten = octets;
        for (std::uint64_t hits = 1 + random.below(4); hits > 0; --hits)
            rotten[random.below(rotten.size())] = static_cast<char>(random.below(256));
        (void)decode<Conversation>(rotten);
        (void)decode<ManifestRecord>(rotten);
        (void)decode<Invite>(rotten);
        (void)conflictOf([&] {
            Error error = Error::make(ChatError::Conflict, "");
            error.payload = rotten;
            return error;
        }());
    }
}

void RecordsTest::conflictDetailsComeBack()
{
    const SignedManifest manifest{"octets", "identity", "device"};
    const auto lists = conflictOf(conflictError("why", StaleDeviceLists{{manifest, manifest}}));
    QVERIFY(std::get<StaleDeviceLists>(*lists).manifests == (std::vector<SignedManifest>{manifest, manifest}));
    QCOMPARE(std::get<ExpectedSendNo>(*conflictOf(conflictError("", ExpectedSendNo{SendNo{std::uint64_t{9}}})))
                 .expected.value(),
             std::uint64_t{9});
    QCOMPARE(
        std::get<LogWasCut>(*conflictOf(conflictError("", LogWasCut{Generation{std::uint64_t{8}}}))).generation.value(),
        std::uint64_t{8});
    QCOMPARE(std::get<LostRace>(*conflictOf(conflictError("", LostRace{7}))).current, std::uint64_t{7});
    QVERIFY(!conflictOf(Error::make(ChatError::Denied, "no")).has_value());
}

void RecordsTest::storageErrorsBecomeWords()
{
    Error gap = Error::make(StorageError::SendGap, "gap");
    gap.payload = "12";
    QCOMPARE(std::get<ExpectedSendNo>(*conflictOf(asChatError(gap))).expected.value(), std::uint64_t{12});
    QVERIFY(asChatError(Error::make(StorageError::Stopped, "")).is(ChatError::Unavailable));
    QVERIFY(asChatError(Error::make(StorageError::Full, "")).is(ChatError::Unavailable));
    QVERIFY(asChatError(Error::make(StorageError::Conflict, "")).is(ChatError::Unavailable));
    QVERIFY(asChatError(Error::make(StorageError::Damaged, "")).is(ChatError::Internal));
    QVERIFY(asChatError(Error::make(StorageError::CloneSend, "")).is(ChatError::Denied));
    QVERIFY(asChatError(Error::make(ChatError::TooLarge, "x")).is(ChatError::TooLarge));
    for (int code = 1; code <= 9; ++code) {
        const Error error = Error::make(static_cast<ChatError>(code), "x");
        QVERIFY(!error.name.empty() && error.name != "unknown");
    }
}

void RecordsTest::handlesHaveOneForm_data()
{
    QTest::addColumn<QByteArray>("handle");
    QTest::addColumn<QByteArray>("folded");
    const char* rows[][2] = {{"ana", "ana"},     {"A.b-C_9", "a.b-c_9"},
                             {"ab", ""},         {"-ab", ""},
                             {"ab.", ""},        {".ab", ""},
                             {"a..b", ""},       {"a b", ""},
                             {"an\xc3\xa4", ""}, {"ana\n", ""},
                             {"a_-b", "a_-b"},   {"", ""},
                             {"000", "000"},     {"a@b", ""},
                             {"Z9Z", "z9z"}};
    for (const auto& row : rows)
        QTest::addRow("%s", row[0]) << QByteArray(row[0]) << QByteArray(row[1]);
    QTest::addRow("32") << QByteArray(32, 'x') << QByteArray(32, 'x');
    QTest::addRow("33") << QByteArray(33, 'x') << QByteArray();
}

void RecordsTest::handlesHaveOneForm()
{
    QFETCH(QByteArray, handle);
    QFETCH(QByteArray, folded);
    const auto result = foldHandle(handle.toStdString(), Limits{});
    QCOMPARE(result.value_or(""), folded.toStdString());
    QCOMPARE(result.has_value(), !folded.isEmpty());
}

void RecordsTest::keysKeepUsersApart()
{
    SeededRandom random;
    const auto user = random.id<UserId>();
    const auto device = random.id<DeviceId>();
    QVERIFY(oneTimePreKeyKey(user, device, 7).key.starts_with(preKeyKey(user, device).key));
    QVERIFY(oneTimePreKeyKey(user, device, 255).key < oneTimePreKeyKey(user, device, 256).key);
    QVERIFY(manifestKey(user, 255).key < manifestKey(user, 256).key);
    QVERIFY2(bucketOf(accountLogOf(user).view()) == bucketOf(user.view()), "one transaction reaches both");
}

QTEST_GUILESS_MAIN(RecordsTest)
#include "RecordsTest.moc"
