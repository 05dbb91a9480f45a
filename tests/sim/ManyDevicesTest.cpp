// Several devices of one account, with real rules on both sides. Linking itself is a use case to come: here the test
// composes what it will compose, and hands it to the server's LinkDevice.

#include "tests/sim/Linking.h"

#include <QTest>

#include <algorithm>

using namespace kith;
using namespace kith::sim;

namespace
{

using Texts = std::vector<std::string>;

class Town
{
public:
    Town()
    {
        server.start();
        for (VirtualDevice* device : {&ana, &ben})
            device->start();
    }

    bool wait(const std::function<bool()>& done, Millis most = Millis{120'000})
    {
        const Millis end = world.now() + most;
        while (!done() && world.now() < end)
            world.run(Millis{100});
        return done();
    }
    static bool online(VirtualDevice& device)
    {
        return device.running() && device.registered() &&
               device.session().connection().state == net::ConnectionState::Online;
    }
    std::optional<Conversation> chat(VirtualDevice& device)
    {
        const auto all = device.session().conversations();
        return all && all->size() == 1 ? std::optional(all->front()) : std::nullopt;
    }
    bool befriend()
    {
        if (!wait([&] { return online(ana) && online(ben); }))
            return false;
        ana.session().findPerson("ben", [&](const Result<Contact>& contact) {
            if (contact)
                ana.session().openConversation(contact->user, [](const Result<LogId>&) {});
        });
        if (!wait([&] { return chat(ana).has_value(); }) || !says(ana, "hello"))
            return false;
        if (!wait([&] { return chat(ben) && chat(ben)->request == RequestState::Incoming; }))
            return false;
        bool accepted = false;
        ben.session().acceptRequest(chat(ben)->log, [&](const Result<void>& answer) { accepted = answer.ok(); });
        return wait([&] { return accepted && texts(ben) == Texts{"hello"}; });
    }

    bool says(VirtualDevice& device, const std::string& text)
    {
        const auto conversation = chat(device);
        return conversation && device.session().sendText(conversation->log, text).ok();
    }
    std::vector<Message> rows(VirtualDevice& device)
    {
        const auto conversation = chat(device);
        const auto all = conversation ? device.session().history(conversation->log, 100)
                                      : Result<std::vector<Message>>(std::vector<Message>());
        return all ? *all : std::vector<Message>();
    }
    /// What a person reads there; a row that is not plain text shows as its kind's number.
    Texts texts(VirtualDevice& device)
    {
        Texts out;
        for (const Message& row : rows(device)) {
            if (row.kind == MessageKind::Text)
                out.push_back(row.text);
            else if (row.kind != MessageKind::System)
                out.push_back("kind " + std::to_string(static_cast<int>(row.kind)));
        }
        return out;
    }
    DeliveryState newestState(VirtualDevice& device)
    {
        const auto state = device.session().deliveryState(rows(device).back());
        return state ? *state : DeliveryState::Queued;
    }

    /// `added` becomes one more device of `first`'s account, holding what linking gives it.
    bool link(VirtualDevice& first, VirtualDevice& added)
    {
        const auto composed = composeLink(first, added, world);
        if (!composed)
            return false;
        std::optional<Result<std::uint64_t>> linked;
        callLink(server, *composed, [&](const Result<std::uint64_t>& version) { linked = version; });
        if (!wait([&] { return linked.has_value(); }) || !linked->ok())
            return false;
        // The first device hears of it from its account log.
        return !first.running() || wait([&] {
            return (*first.store().identities().identity(composed->caller.user))->manifestVersion == composed->version;
        });
    }

    World world{11};
    VirtualNetwork network{world};
    VirtualServer server{world, network};
    VirtualDevice ana{world, network, "ana"};
    VirtualDevice ben{world, network, "ben"};
    VirtualDevice tablet{world, network, "ana"};
    VirtualDevice laptop{world, network, "ana"};
};

} // namespace

class ManyDevicesTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    /// From its start on a new device has what the peer writes and what the account's other devices write.
    void aSecondDeviceReadsAndWritesLikeTheFirst()
    {
        Town town;
        QVERIFY(town.befriend());
        QVERIFY(town.link(town.ana, town.tablet));
        town.tablet.start();
        QVERIFY(town.wait([&] { return Town::online(town.tablet); }));
        QVERIFY(town.says(town.ben, "to both"));
        QVERIFY(town.wait([&] { return town.texts(town.tablet) == Texts{"to both"}; }));
        QVERIFY(town.says(town.ana, "from the telephone"));
        QVERIFY(town.wait([&] { return town.texts(town.tablet) == (Texts{"to both", "from the telephone"}); }));
        QVERIFY(town.says(town.tablet, "from the tablet"));
        const Texts all{"hello", "to both", "from the telephone", "from the tablet"};
        QVERIFY(town.wait([&] { return town.texts(town.ana) == all && town.texts(town.ben) == all; }));
        const auto onTablet = town.rows(town.tablet);
        QVERIFY(std::all_of(onTablet.begin(), onTablet.end(),
                            [](const Message& row) { return row.chainCheck != ChainCheck::Different; }));
        QVERIFY(std::any_of(onTablet.begin(), onTablet.end(),
                            [](const Message& row) { return row.own && row.text == "from the telephone"; }));
    }
    /// mechanisms.md section 5: two changes since the last message; the sender is led from its list to the newest.
    void aSenderThatMissedTwoChangesReachesEveryDevice()
    {
        Town town;
        QVERIFY(town.befriend());
        QVERIFY(town.link(town.ana, town.tablet));
        QVERIFY(town.link(town.ana, town.laptop));
        town.tablet.start();
        town.laptop.start();
        QVERIFY(town.wait([&] { return Town::online(town.tablet) && Town::online(town.laptop); }));
        const UserId ana = (**town.ana.store().account().load()).user;
        QCOMPARE((*town.ben.store().identities().identity(ana))->manifestVersion, std::uint64_t{1});
        QVERIFY(town.says(town.ben, "to all three"));
        QVERIFY(town.wait([&] {
            return town.texts(town.tablet) == Texts{"to all three"} &&
                   town.texts(town.laptop) == Texts{"to all three"} &&
                   town.texts(town.ana) == (Texts{"hello", "to all three"});
        }));
        QCOMPARE((*town.ben.store().identities().identity(ana))->manifestVersion, std::uint64_t{3});
        QCOMPARE(town.ben.session().status()->failed, std::size_t{0});
    }
    /// P6: a person's marks are the furthest of all devices; reading on one shows on the others.
    void marksAreThoseOfThePerson()
    {
        Town town;
        QVERIFY(town.befriend());
        QVERIFY(town.link(town.ana, town.tablet));
        town.tablet.start();
        QVERIFY(town.wait([&] { return Town::online(town.tablet); }));
        town.ana.crash();
        QVERIFY(town.says(town.ben, "are you there?"));
        QVERIFY(town.wait([&] { return town.newestState(town.ben) == DeliveryState::Delivered; }));
        const auto row = town.rows(town.tablet).back();
        QVERIFY(town.tablet.session().markRead(row.log, row.position->seq).ok());
        QVERIFY(town.wait([&] { return town.newestState(town.ben) == DeliveryState::Read; }));
        town.ana.start();
        QVERIFY(town.wait([&] { return town.texts(town.ana) == (Texts{"hello", "are you there?"}); }));
        QVERIFY(town.wait([&] { return town.chat(town.ana)->unread == 0; }));
    }
};

QTEST_GUILESS_MAIN(ManyDevicesTest)
#include "ManyDevicesTest.moc"
