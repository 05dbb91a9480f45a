#include "app/offline/SceneWorlds.h"

#include "app/offline/Must.h"
#include "tests/support/store/Rows.h"

namespace kith::offline
{
namespace
{

constexpr int hour = 60;
constexpr int day = 24 * hour;

/// The eight chats below the first one.
void others(OfflineWorld& world)
{
    Person& theo = world.add("theo", "Theo");
    world.say(theo, "Did the parcel come?", 6 * day);
    world.reached(theo, false);
    Person& flat = world.add("ida", "Ida Berg");
    world.hear(flat, "Who let the plumber in last time?", 7 * day + 5 * hour);
    world.say(flat, "Plumber comes Tuesday between 8 and 10", 7 * day);
    world.reached(flat, true);
    world.readUpTo(flat);
    Person& yusuf = world.add("yusuf", "Yusuf Demir");
    world.hear(yusuf, "About the invoice for March, I would rather split it", day + 3 * hour);
    world.readUpTo(yusuf);
    Person& ines = world.add("ines", "Ines Carvalho");
    world.hear(ines, "Chapter six broke me a little, honestly", day + hour);
    world.readUpTo(ines);
    Person& ana = world.add("ana", "Ana Sousa");
    world.hear(ana, "Eight at the fountain?", 4 * hour);
    world.say(ana, "See you at eight then", 3 * hour - 15);
    world.reached(ana, true);
    world.readUpTo(ana);
    Person& dad = world.add("lars", "Dad");
    world.hear(dad, "Are you coming on Sunday?", 2 * hour);
    world.hear(dad, "The tomatoes, finally", 94);
    Person& jonas = world.add("jonas", "Jonas Weber");
    for (int message = 12; message > 1; --message)
        world.hear(jonas, "And another thing", 20 + message);
    world.hear(jonas, "The 9:40 train, platform 4", 13);
    world.addNotes();
}

Person& mara(OfflineWorld& world)
{
    Person& person = world.add("mara", "Mara Lindqvist");
    world.verify(person);
    return person;
}

void talk(OfflineWorld& world, Person& person)
{
    world.hear(person, "Did you get home before the rain? It came down here like a curtain, the whole street stopped.",
               day + 4 * hour);
    world.say(person, "Almost", day + 3 * hour + 50);
    world.say(person, "Someone held the door of the tram for me", day + 3 * hour + 49);
    world.hear(person, "There are still good people then", day + 3 * hour + 30);
    world.hear(person, "Morning. You left your scarf, it is on the chair by the window.", 5 * hour);
    world.hear(person, "And the good umbrella is with you, I hope", 5 * hour - 1);
    world.say(person,
              "I did, soaked but happy. Thank you for the umbrella, I owe you one. Or at least a very good coffee.",
              4 * hour + 45);
    world.hear(person, "From the ridge, right now. You should have come.", 7);
}

} // namespace

void nothing(OfflineWorld&) {}

void friends(OfflineWorld& world)
{
    others(world);
    Person& person = mara(world);
    talk(world, person);
    world.reached(person, true);
    world.readUpTo(person);
    world.hear(person, "Sunday, then? Jonas found a train that isn't cruel.", 4, 7);
    world.hear(person, "It leaves at 9:40, so no excuses", 3);
}

void emptyChat(OfflineWorld& world)
{
    others(world);
    world.add("ebba", "Ebba");
}

void notesAlone(OfflineWorld& world)
{
    Person& notes = world.addNotes();
    world.say(notes, "passport renewal, photos, form B", 3 * day);
    world.say(notes, "The book Ines meant: \"The Years\"", 2 * hour);
    world.say(notes, "Ask Theo about the ladder", hour);
}

void behind(OfflineWorld& world)
{
    friends(world);
    Person& club = world.add("club", "Choir office");
    world.hear(club, "The programme for spring", 2 * day);
    world.readUpTo(club);
    world.expectMore(club, 10'000);
}

void waiting(OfflineWorld& world)
{
    others(world);
    Person& person = mara(world);
    talk(world, person);
    world.readUpTo(person);
    world.hearNothing(person, MessageKind::Lost, 6);
    world.hearNothing(person, MessageKind::Waiting, 3);
    world.hear(person, "Did that arrive? My phone was off.", 2);
    world.readUpTo(person);
}

void deleted(OfflineWorld& world)
{
    others(world);
    Person& person = mara(world);
    talk(world, person);
    world.hearNothing(person, MessageKind::Tombstone, 5);
    world.hear(person, "Wrong chat, sorry. That was for my sister.", 4);
    world.readUpTo(person);
}

void failed(OfflineWorld& world)
{
    others(world);
    Person& person = mara(world);
    talk(world, person);
    world.reached(person, false);
    world.readUpTo(person);
    NewMessage message;
    message.log = person.log;
    message.clientMsgId = test::messageIdOf(77);
    message.text = "Which platform was it?";
    message.senderClock = wallFromMillis(OfflineWorld::nowMs);
    const OwnAccount& self = world.account().self();
    const auto id = must(world.store()->outbox().compose(message, self.user, self.device));
    must(world.store()->outbox().reject(id, Error::make(StoreError::Refused, "refused")));
    message.clientMsgId = test::messageIdOf(78);
    message.text = "I will just look at the board";
    must(world.store()->outbox().compose(message, self.user, self.device));
}

void request(OfflineWorld& world)
{
    friends(world);
    Person& stranger = world.add("sven.r", "Sven Rask", RequestState::Incoming);
    world.hear(stranger, "Hello Elin, we met at the harbour on Saturday. Ana gave me your name.", 30);
}

void blocked(OfflineWorld& world)
{
    others(world);
    Person& person = world.add("pyramid", "Golden Chances");
    world.hear(person, "Dear friend, one word about your future income", 12);
    world.say(person, "No, thank you", 10);
    world.hear(person, "Perhaps tomorrow then", 8);
    world.readUpTo(person);
    must(world.store()->contacts().setBlocked(person.user, true));
}

void keyChanged(OfflineWorld& world)
{
    friends(world);
    Person& ana = world.add("anamaria", "Ana Maria Sousa");
    world.verify(ana);
    world.hear(ana, "New phone, finally", 1);
    world.readUpTo(ana);
    must(world.store()->contacts().setOfferedKey(ana.user, Bytes(32, '\x77')));
}

void longNames(OfflineWorld& world)
{
    others(world);
    Person& person =
        world.add("donaudampfschifffahrt", "Maximiliane Donaudampfschifffahrtselektrizitätenhauptbetriebswerk");
    world.verify(person);
    world.hear(person,
               "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetzlichkeitsprüfungsverfahrensordnung", 9);
    world.say(
        person,
        "https://kith.example/a/very/long/address/that/nobody/breaks/anywhere?and=then&some=parameters&more=0123456789",
        8);
    world.hear(person, std::string(400, 'w'), 7);
    world.readUpTo(person);
    Person& other = world.add("forty", "Forty Characters Long Name Of Somebody 40");
    world.hear(other, "A name of forty characters", 20);
}

void longMessage(OfflineWorld& world)
{
    others(world);
    Person& person = mara(world);
    std::string lines = "The list, all of it:";
    for (int line = 2; line <= 3000; ++line)
        lines += "\n" + std::to_string(line) + ". bring it";
    world.hear(person, lines, 6);
    world.say(person, "You are not serious", 5);
    world.readUpTo(person);
    world.reached(person, true);
}

void emoji(OfflineWorld& world)
{
    others(world);
    Person& person = mara(world);
    world.hear(person, "We got the flat!", 9);
    world.say(person, "\U0001F389\U0001F389\U0001F389", 8);
    world.hear(person, "❤️", 7);
    world.hear(person, "\U0001F468‍\U0001F469‍\U0001F467‍\U0001F466 \U0001F44B\U0001F3FD", 3);
    world.say(person, "\U0001F600\U0001F603\U0001F604\U0001F601\U0001F606", 2);
    world.reached(person, true);
    world.readUpTo(person);
}

void replies(OfflineWorld& world)
{
    others(world);
    Person& person = mara(world);
    talk(world, person);
    world.hear(person, "Sunday, then? Jonas found a train that isn't cruel.", 4, 7);
    world.hear(person, "It is the one by the window still", 3, 5);
    world.readUpTo(person);
}

void arabic(OfflineWorld& world)
{
    others(world);
    Person& person = world.add("sara", "سارة المنصوري");
    world.verify(person);
    world.hear(person, "صباح الخير، هل وصلت إلى البيت قبل المطر؟", 30);
    world.say(person, "نعم، شكرا على المظلة. أدين لك بقهوة جيدة جدا.", 12);
    world.hear(person, "القطار في الساعة 9:40 من الرصيف 4", 6);
    world.say(person, "See you on platform 4", 5);
    world.hear(person, "اتفقنا", 3);
    world.reached(person, true);
    world.readUpTo(person);
}

void sayWhoIsHere(OfflineApp& app)
{
    const auto& rows = app.conversations().list()->rows();
    for (std::size_t row = 0; row < rows.size(); ++row) {
        const bool here = row == 0 || row == 2;
        if (here && !rows[row].notes && !rows[row].blocked)
            app.world().account().setPersonOnline(rows[row].peer, true);
    }
}

QString sampleInvite()
{
    return QStringLiteral("kith://kith.example/i#t=") + QString(43, QLatin1Char('A')) + QStringLiteral("&s=") +
           QString(43, QLatin1Char('A'));
}

} // namespace kith::offline
