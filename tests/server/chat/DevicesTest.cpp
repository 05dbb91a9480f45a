#include "server/chat/records/Records.h"
#include "tests/support/server/ChatWorld.h"

#include <QTest>

using namespace kith;
using namespace kith::test;
using namespace kith::server;

/// Device lists: linking, unlinking, the copies in every log; sign-in of devices.
class DevicesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void linkingMakesTheDeviceAReaderEverywhere();
    void aLinkedDeviceStartsBehindWhatWasSaid();
    void anAppendBetweenHeadAndCopyIsBeforeTheStart();
    void repeatingALinkSucceeds();
    void wrongLinksAreRefused_data();
    void wrongLinksAreRefused();
    void twoListsRaceAndOneWins();
    void unlinkingTakesKeysAndConnections();
    void anUnlinkedDeviceNeverReturns();
    void tooManyDevicesOrChangesAreRefused();
    void listsAreShownToAcquaintancesOnly();
    void aCrashAtAnyStepKeepsListAndCopiesTogether();

private:
    Result<std::uint64_t> link(ChatWorld& world, const TestPerson& person, TestDevice& added,
                               const DeviceManifest& manifest);
};

Result<std::uint64_t> DevicesTest::link(ChatWorld& world, const TestPerson& person, TestDevice& added,
                                        const DeviceManifest& manifest)
{
    return world.wait<std::uint64_t>([&](Done<std::uint64_t> done) {
        world.chat().devices.link(world.caller(person), manifest, added.keys(world.random, 3), std::move(done));
    });
}

void DevicesTest::linkingMakesTheDeviceAReaderEverywhere()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    TestPerson bob = world.person("bob");
    const LogId log = world.conversation(ana, bob);
    world.connect(ana);
    QVERIFY(world.send(bob, ana, log, "before").ok());
    QCOMPARE(*world.link(ana), std::uint64_t{2});
    QVERIFY(world.send(bob, ana, log, "after").ok());
    const auto page = world.page(ana, log, {}, 1);
    QVERIFY(page.ok());
    QCOMPARE(page->entries.size(), std::size_t{1});
    QCOMPARE(page->entries[0].body, Bytes("after"));
    QCOMPARE(page->entries[0].envelopes.size(), std::size_t{1});
    QVERIFY(page->entries[0].envelopes[0].device == ana.devices[1].id);
    QCOMPARE(world.accountRecords(ana).back(), Bytes("devices 2"));
    QVERIFY(!world.told<Hint>().empty());
}

void DevicesTest::aLinkedDeviceStartsBehindWhatWasSaid()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    TestPerson bob = world.person("bob");
    const LogId log = world.conversation(ana, bob);
    for (int i = 0; i < 5; ++i)
        QVERIFY(world.send(bob, ana, log, "old").ok());
    QVERIFY(world.link(ana).ok());
    const auto heads = world.wait<HeadsView>(
        [&](Done<HeadsView> done) { world.chat().reader.heads(world.caller(ana, 1), {}, std::move(done)); });
    QCOMPARE(heads->logs.size(), std::size_t{2});
    for (const HeadView& head : heads->logs) {
        // The account log whole: it tells of the conversations that there are.
        QVERIFY(head.fromSeq == (head.log == log ? head.head.next() : firstSeq));
    }
}

/// A send that commits while the copy is being refreshed has no envelope for the new device, whatever the order.
void DevicesTest::anAppendBetweenHeadAndCopyIsBeforeTheStart()
{
    for (std::size_t pieces = 0; pieces < 40; ++pieces) {
        ChatWorld world;
        TestPerson ana = world.person("ana");
        TestPerson bob = world.person("bob");
        const LogId log = world.conversation(ana, bob);
        TestDevice added(world.random);
        std::optional<Result<std::uint64_t>> linked;
        world.chat().devices.link(world.caller(ana), ana.manifestWith(added), added.keys(world.random, 1),
                                  [&](Result<std::uint64_t> version) { linked = std::move(version); });
        for (std::size_t i = 0; i < pieces; ++i)
            world.executor.runOne();
        const auto sent = world.send(bob, ana, log, "in between");
        world.run();
        QVERIFY(linked && linked->ok());
        ana.devices.push_back(std::move(added));
        const auto page = world.page(ana, log, {}, 1);
        QVERIFY(page.ok());
        for (const Entry& entry : page->entries)
            QVERIFY2(entry.kind == EntryKind::System || !entry.envelopes.empty(), "nothing that it can never open");
        QVERIFY(sent.ok() || conflictOf(sent.error()));
    }
}

void DevicesTest::repeatingALinkSucceeds()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    TestDevice added(world.random);
    const DeviceManifest manifest = ana.manifestWith(added);
    QCOMPARE(*link(world, ana, added, manifest), std::uint64_t{2});
    QCOMPARE(*link(world, ana, added, manifest), std::uint64_t{2});
}

void DevicesTest::wrongLinksAreRefused_data()
{
    QTest::addColumn<int>("what");
    for (int what = 0; what < 10; ++what)
        QTest::addRow("%d", what) << what;
}

void DevicesTest::wrongLinksAreRefused()
{
    QFETCH(int, what);
    ChatWorld world;
    TestPerson ana = world.person("ana");
    const TestPerson eve = world.person("eve");
    TestDevice added(world.random);
    TestDevice other(world.random);
    DeviceManifest manifest = ana.manifestWith(added);
    const auto signAgain = [&] { signManifest(manifest, ana.identity, ana.devices[0].signing); };
    switch (what) {
    case 0:
        manifest.previousHash = Bytes(32, 'x');
        signAgain();
        break;
    case 1:
        manifest.version = 3;
        signAgain();
        break;
    case 2:
        manifest.identityKey = eve.identity.publicKey.bytes();
        signManifest(manifest, eve.identity, ana.devices[0].signing);
        break;
    case 3:
        manifest.devices.push_back(certify(ana, other));
        signAgain();
        break;
    case 4:
        manifest.revoked.push_back(other.id);
        signAgain();
        break;
    case 5:
        manifest = ana.nextManifest({&added}, {}, added);
        break;
    case 6:
        manifest.author = added.id;
        signManifest(manifest, ana.identity, added.signing);
        break;
    case 7:
        manifest.devices[0].agreementKey[0] ^= 1;
        break;
    case 8:
        manifest.devices[1] = certify(eve, added);
        signAgain();
        break;
    case 9:
        manifest.devices[1] = manifest.devices[0];
        signAgain();
        break;
    }
    const auto refused = link(world, ana, added, manifest);
    QVERIFY(!refused.ok() && !refused.error().is(ChatError::Internal));
    if (what == 1)
        QCOMPARE(std::get<LostRace>(*conflictOf(refused.error())).current, std::uint64_t{1});
    QVERIFY2(world.link(ana).ok(), "nothing was changed");
}

void DevicesTest::twoListsRaceAndOneWins()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    TestDevice first(world.random);
    TestDevice second(world.random);
    int accepted = 0;
    int conflicts = 0;
    for (TestDevice* added : {&first, &second}) {
        world.chat().devices.link(world.caller(ana), ana.manifestWith(*added), added->keys(world.random, 1),
                                  [&](const Result<std::uint64_t>& version) {
                                      accepted += version.ok() ? 1 : 0;
                                      conflicts += !version.ok() && conflictOf(version.error()) ? 1 : 0;
                                  });
    }
    world.run();
    QCOMPARE(accepted, 1);
    QCOMPARE(conflicts, 1);
}

void DevicesTest::unlinkingTakesKeysAndConnections()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    TestPerson bob = world.person("bob");
    const LogId log = world.conversation(ana, bob);
    QVERIFY(world.link(ana).ok());
    world.connect(ana);
    const DeviceId gone = ana.devices[1].id;
    const Caller caller = world.caller(ana, 1);
    const SendMessage late = world.message(ana, bob, log, "late", 1);
    QCOMPARE(*world.revoke(ana, 1), std::uint64_t{3});

    const auto revoked = world.told<DeviceRevoked>();
    QCOMPARE(revoked.size(), std::size_t{1});
    QVERIFY(revoked[0].event.device == gone && revoked[0].users == std::vector<UserId>{ana.user});
    const Bytes prefix = ana.user.bytes() + gone.bytes();
    QVERIFY(world.storage().scan(bucketOf(ana.user.view()), Table::OneTimePreKey, prefix, {}, 10)->empty());
    QVERIFY(!world.storage().get({bucketOf(ana.user.view()), Table::SignedPreKey, prefix})->has_value());
    const auto sent =
        world.wait<Sent>([&](Done<Sent> done) { world.chat().messages.send(caller, late, std::move(done)); });
    QVERIFY(!sent.ok() && sent.error().is(ChatError::Denied));
    const auto page = world.wait<PageView>([&](Done<PageView> done) {
        PageRequest request;
        request.log = log;
        world.chat().reader.page(caller, request, std::move(done));
    });
    QVERIFY(!page.ok() && page.error().is(ChatError::NotFound));
    const auto published = world.wait<std::uint32_t>([&](Done<std::uint32_t> done) {
        PreKeyUpload upload;
        upload.oneTimePreKeys.push_back({1000, Bytes(32, 'k')});
        world.chat().preKeys.publish(caller, upload, std::move(done));
    });
    QVERIFY(!published.ok() && published.error().is(ChatError::Unauthenticated));
    // Its connection may live on for a moment: no rule takes anything from it.
    const auto is = [](const auto& result) { return result.error().is(ChatError::Unauthenticated); };
    Chat& chat = world.chat();
    QVERIFY(is(world.wait<void>([&](Done<void> done) { chat.people.block(caller, bob.user, std::move(done)); })));
    QVERIFY(is(world.wait<void>([&](Done<void> done) { chat.people.setPrivacy(caller, {}, std::move(done)); })));
    QVERIFY(is(world.wait<FoundPerson>(
        [&](Done<FoundPerson> done) { chat.people.find(caller, Bytes("bob"), std::move(done)); })));
    QVERIFY(is(world.wait<CreatedConversation>(
        [&](Done<CreatedConversation> done) { chat.conversations.create(caller, bob.user, std::move(done)); })));
    QVERIFY(is(world.wait<ClaimedKeys>(
        [&](Done<ClaimedKeys> done) { chat.preKeys.claim(caller, bob.user, {}, std::move(done)); })));
    QVERIFY(world.send(bob, ana, log, "to the rest").ok());
}

void DevicesTest::anUnlinkedDeviceNeverReturns()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    TestDevice added(world.random);
    DeviceManifest manifest = ana.manifestWith(added);
    QVERIFY(link(world, ana, added, manifest).ok());
    ana.manifest = manifest;
    TestPerson stays = std::move(ana);
    const DeviceManifest without = stays.nextManifest({&stays.devices[0]}, {added.id}, stays.devices[0]);
    QVERIFY(world.wait<std::uint64_t>(
        [&](Done<std::uint64_t> done) { world.chat().devices.revoke(world.caller(stays), without, std::move(done)); }));
    stays.manifest = without;
    QVERIFY(!link(world, stays, added, stays.nextManifest({&stays.devices[0], &added}, {}, stays.devices[0])).ok());
    QVERIFY(
        !link(world, stays, added, stays.nextManifest({&stays.devices[0], &added}, {added.id}, stays.devices[0])).ok());
    QVERIFY(world.link(stays).ok());
}

void DevicesTest::tooManyDevicesOrChangesAreRefused()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    for (int i = 0; i < 5; ++i)
        QVERIFY(world.link(ana).ok());
    const auto sixth = world.link(ana);
    QVERIFY(!sixth.ok() && sixth.error().is(ChatError::RateLimited));
    QVERIFY(sixth.error().retryAfter > Millis{0});
    world.clock.advance(std::chrono::hours(24));
    for (int i = 0; i < 4; ++i)
        QVERIFY(world.link(ana).ok());
    const auto eleventh = world.link(ana);
    QVERIFY(!eleventh.ok() && eleventh.error().is(ChatError::Denied));
}

void DevicesTest::listsAreShownToAcquaintancesOnly()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    QVERIFY(world.link(ana).ok());
    const auto list = [&](const TestPerson& who, std::uint64_t after) {
        return world.wait<std::vector<SignedManifest>>([&](Done<std::vector<SignedManifest>> done) {
            world.chat().devices.list(world.caller(who), ana.user, after, std::move(done));
        });
    };
    QCOMPARE(list(ana, 0)->size(), std::size_t{2});
    QVERIFY(list(bob, 0).error().is(ChatError::NotFound));
    (void)world.conversation(bob, ana, false);
    QCOMPARE(list(bob, 0)->size(), std::size_t{2});
    const auto newer = list(bob, 1);
    QCOMPARE(newer->size(), std::size_t{1});
    QVERIFY(newer->front() == static_cast<const SignedManifest&>(ana.manifest));
}

void DevicesTest::aCrashAtAnyStepKeepsListAndCopiesTogether()
{
    bool undisturbed = false;
    std::size_t step = 0;
    for (; !undisturbed; ++step) {
        QVERIFY2(step < 100, "the link never got through");
        ChatWorld world(MemoryKv::Buckets::Apart);
        TestPerson ana = world.person("ana");
        TestPerson bob = world.person("bob");
        const LogId log = world.conversation(ana, bob);
        TestDevice added(world.random);
        const DeviceManifest manifest = ana.manifestWith(added);
        world.crashAfter(step);
        const auto linked = link(world, ana, added, manifest);
        undisturbed = !world.disk.isDead();
        world.restart();
        const bool stored = world.storage()
                                .get({bucketOf(ana.user.view()), Table::Device, ana.user.bytes() + added.id.bytes()})
                                ->has_value();
        QVERIFY(!linked.ok() || stored);
        if (stored) {
            ana.manifest = manifest;
            ana.devices.push_back(std::move(added));
        }
        // Either way bob's message to the list as it stands is taken at once: copy and truth agree.
        QVERIFY(world.send(bob, ana, log, "hello").ok());
        if (!stored)
            QVERIFY(link(world, ana, added, manifest).ok());
    }
    QVERIFY(step > 3);
}

QTEST_GUILESS_MAIN(DevicesTest)
#include "DevicesTest.moc"
