#include "core/e2ee/E2eeError.h"
#include "core/e2ee/KithRatchet.h"
#include "core/e2ee/OctetCodec.h"
#include "tests/support/base/SeededRandom.h"

#include <QTest>

#include <deque>

using namespace kith;
using namespace kith::test;

namespace
{

constexpr WallTime start{Millis{1'767'225'600'000}};
constexpr ByteView associated = "both names";

/// Two ends of one ratchet; every call commits like core/sync does.
struct Pair {
    SeededRandom random{5};
    RatchetState ana;
    RatchetState ben;
    WallTime now = start;

    Pair()
    {
        RootKey root;
        random.fill(root.data(), RootKey::size);
        const X25519KeyPair signedPreKey = generateX25519(random);
        ana = std::move(*KithRatchet::initiate(root, std::nullopt, signedPreKey.publicKey, now, random));
        ben = KithRatchet::respond(root, std::nullopt, signedPreKey);
    }

    Bytes send(RatchetState& from, ByteView text)
    {
        auto sealed = KithRatchet::encrypt(from, associated, text);
        from = std::move(sealed->next);
        return sealed->message;
    }
    Result<SecretBytes> receive(RatchetState& to, ByteView message, SkipAllowance allowance = {})
    {
        auto opened = KithRatchet::decrypt(to, associated, message, allowance, now, random);
        if (!opened)
            return std::move(opened).error();
        to = std::move(opened->next);
        return std::move(opened->plaintext);
    }
    bool reads(RatchetState& to, ByteView message, ByteView text)
    {
        const auto opened = receive(to, message);
        return opened && opened->exposeSecret() == text;
    }
    /// One message each way, so that both ratchets turned.
    void roundTrip()
    {
        QVERIFY(reads(ben, send(ana, "ping"), "ping"));
        QVERIFY(reads(ana, send(ben, "pong"), "pong"));
    }
};

Bytes stored(const RatchetState& state)
{
    OctetWriter out;
    encodeRatchet(out, state);
    return out.takePublic();
}

bool failsWith(const Result<SecretBytes>& result, E2eeError code)
{
    return !result && result.error().is(code);
}

} // namespace

class RatchetAttackTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void tamperedOctetsNeverOpenAndChangeNothing()
    {
        Pair pair;
        pair.roundTrip();
        const Bytes message = pair.send(pair.ana, "text");
        const Bytes before = stored(pair.ben);
        for (std::size_t i = 0; i < message.size(); ++i) {
            Bytes changed = message;
            changed[i] = static_cast<char>(changed[i] ^ 0x01);
            QVERIFY2(!pair.receive(pair.ben, changed), qPrintable(QString::number(i)));
            QCOMPARE(stored(pair.ben), before);
        }
        for (std::size_t size = 0; size < message.size(); ++size)
            QVERIFY(!pair.receive(pair.ben, message.substr(0, size)));
        QVERIFY(!pair.receive(pair.ben, message + "x"));
        QVERIFY(pair.reads(pair.ben, message, "text"));
    }

    void replayIsRecognised()
    {
        Pair pair;
        const Bytes first = pair.send(pair.ana, "one");
        const Bytes second = pair.send(pair.ana, "two");
        QVERIFY(pair.reads(pair.ben, second, "two"));
        QVERIFY(pair.reads(pair.ben, first, "one"));
        QVERIFY(failsWith(pair.receive(pair.ben, first), E2eeError::KeyGone));
        QVERIFY(failsWith(pair.receive(pair.ben, second), E2eeError::KeyGone));
        QVERIFY(pair.reads(pair.ana, pair.send(pair.ben, "back"), "back"));
        QVERIFY(pair.reads(pair.ben, pair.send(pair.ana, "three"), "three"));
        QVERIFY(failsWith(pair.receive(pair.ben, first), E2eeError::KeyGone)); // also after the chain was closed
    }

    void orderDoesNotMatterWithinAndAcrossSteps()
    {
        Pair pair;
        std::deque<std::pair<Bytes, std::string>> waiting;
        const Bytes opener = pair.send(pair.ana, "opener");
        QVERIFY(pair.reads(pair.ben, opener, "opener"));
        for (int step = 0; step < 3; ++step) {
            for (int i = 0; i < 4; ++i) {
                const std::string text = std::to_string(step) + "." + std::to_string(i);
                waiting.emplace_back(pair.send(pair.ana, text), text);
            }
            // Ben answers without having read the last three; Ana's next messages come from a new chain.
            QVERIFY(pair.reads(pair.ben, waiting[waiting.size() - 4].first, waiting[waiting.size() - 4].second));
            waiting.erase(waiting.end() - 4);
            QVERIFY(pair.reads(pair.ana, pair.send(pair.ben, "turn"), "turn"));
        }
        for (auto it = waiting.rbegin(); it != waiting.rend(); ++it)
            QVERIFY(pair.reads(pair.ben, it->first, it->second));
        QCOMPARE(pair.ben.storedSkipped(), std::size_t{0});
    }

    void wrongKeyAndWrongNamesDoNotOpen()
    {
        Pair pair;
        Pair strangers;
        strangers.random = SeededRandom(99);
        const Bytes message = pair.send(pair.ana, "text");
        RatchetState other = KithRatchet::respond(RootKey{}, std::nullopt, generateX25519(pair.random));
        QVERIFY(failsWith(pair.receive(other, message), E2eeError::NotDecryptable));
        const auto named = KithRatchet::decrypt(pair.ben, "other names", message, {}, pair.now, pair.random);
        QVERIFY(!named && named.error().is(E2eeError::NotDecryptable));
    }

    void lowOrderRatchetKeyIsRefused()
    {
        Pair pair;
        Bytes message = pair.send(pair.ana, "text");
        std::fill_n(message.begin() + 1, 32, '\0');
        const Bytes before = stored(pair.ben);
        QVERIFY(!pair.receive(pair.ben, message));
        QCOMPARE(stored(pair.ben), before);
    }

    void skippingIsBoundedPerChain()
    {
        Pair pair;
        QVERIFY(pair.reads(pair.ben, pair.send(pair.ana, "first"), "first"));
        Bytes at1000;
        Bytes at1001;
        for (std::uint32_t i = 0; i < maxSkipPerChain + 2; ++i) {
            at1000 = at1001;
            at1001 = pair.send(pair.ana, "text");
        }
        QVERIFY(failsWith(pair.receive(pair.ben, at1001), E2eeError::TooFarAhead));
        QVERIFY(pair.reads(pair.ben, at1000, "text"));
        QCOMPARE(pair.ben.storedSkipped(), std::size_t{maxSkipPerChain});
    }

    void skippedKeysAreBoundedPerSession()
    {
        Pair pair;
        QVERIFY(pair.reads(pair.ben, pair.send(pair.ana, "first"), "first"));
        const Bytes oldest = pair.send(pair.ana, "oldest");
        for (int flood = 0; flood < 4; ++flood) {
            for (int i = 0; i < 900; ++i)
                (void)pair.send(pair.ana, "skipped");
            QVERIFY(pair.reads(pair.ben, pair.send(pair.ana, "seen"), "seen"));
            QVERIFY(pair.ben.storedSkipped() <= maxStoredSkipped);
        }
        QCOMPARE(pair.ben.storedSkipped(), maxStoredSkipped);
        QVERIFY(failsWith(pair.receive(pair.ben, oldest), E2eeError::KeyGone)); // the oldest went
    }

    void provenTrimAllowsAFarJumpButStoresLittle()
    {
        Pair pair;
        QVERIFY(pair.reads(pair.ben, pair.send(pair.ana, "first"), "first"));
        for (std::uint32_t i = 0; i < 24'000; ++i)
            (void)pair.send(pair.ana, "trimmed");
        const Bytes late = pair.send(pair.ana, "late");
        QVERIFY(failsWith(pair.receive(pair.ben, late, SkipAllowance{22'999}), E2eeError::TooFarAhead));
        const auto opened = pair.receive(pair.ben, late, SkipAllowance{23'000});
        QVERIFY(opened && opened->exposeSecret() == "late");
        QVERIFY(pair.ben.storedSkipped() <= maxSkipPerChain);
        QCOMPARE(SkipAllowance{1U << 31}.limit(), maxForwardJump);
    }

    void fewChainsAreKept()
    {
        Pair pair;
        const Bytes neverRead = pair.send(pair.ana, "never read in time");
        for (int i = 0; i < 8; ++i) {
            pair.roundTrip();
            QVERIFY(pair.ben.receiving.size() <= maxReceiveChains);
            QVERIFY(pair.ana.receiving.size() <= maxReceiveChains);
        }
        QVERIFY(!pair.receive(pair.ben, neverRead));
    }

    void skippedKeysAreDroppedAfterThirtyDays()
    {
        Pair pair;
        const Bytes skipped = pair.send(pair.ana, "skipped");
        QVERIFY(pair.reads(pair.ben, pair.send(pair.ana, "second"), "second"));
        QCOMPARE(pair.ben.storedSkipped(), std::size_t{1});
        pair.now += skippedKept + std::chrono::hours(1);
        QVERIFY(pair.reads(pair.ben, pair.send(pair.ana, "third"), "third"));
        QCOMPARE(pair.ben.storedSkipped(), std::size_t{0});
        QVERIFY(failsWith(pair.receive(pair.ben, skipped), E2eeError::KeyGone));
    }

    void aLyingLengthHurtsOnlyTheLiar()
    {
        // The header is authenticated, so only the peer itself can lie about the length of its last chain.
        Pair pair;
        QVERIFY(pair.reads(pair.ben, pair.send(pair.ana, "one"), "one"));
        const Bytes unread = pair.send(pair.ana, "two");
        QVERIFY(pair.reads(pair.ana, pair.send(pair.ben, "turn"), "turn"));
        pair.ana.previousLength = 1; // it was 2
        QVERIFY(pair.reads(pair.ben, pair.send(pair.ana, "three"), "three"));
        QVERIFY(failsWith(pair.receive(pair.ben, unread), E2eeError::TooFarAhead));
        QVERIFY(pair.reads(pair.ben, pair.send(pair.ana, "four"), "four"));
    }

    void aRolledBackSenderIsNoticed()
    {
        // A restored copy of the sender's state would use a key twice. The receiver opens the number once only.
        Pair pair;
        pair.roundTrip();
        const RatchetState backup = pair.ana.clone();
        QVERIFY(pair.reads(pair.ben, pair.send(pair.ana, "before"), "before"));
        pair.ana = backup.clone();
        QVERIFY(failsWith(pair.receive(pair.ben, pair.send(pair.ana, "after")), E2eeError::KeyGone));
    }

    void stateSurvivesStorage()
    {
        Pair pair;
        pair.roundTrip();
        const Bytes skipped = pair.send(pair.ana, "skipped");
        QVERIFY(pair.reads(pair.ben, pair.send(pair.ana, "read"), "read"));
        const Bytes bytes = stored(pair.ben);
        OctetReader in(bytes);
        auto again = decodeRatchet(in);
        QVERIFY(again && in.finished());
        QCOMPARE(stored(*again), bytes);
        pair.ben = std::move(*again);
        QVERIFY(pair.reads(pair.ben, skipped, "skipped"));
        pair.roundTrip();
    }

    void damagedStateIsRefused()
    {
        Pair pair;
        pair.roundTrip();
        (void)pair.send(pair.ana, "skipped");
        QVERIFY(pair.reads(pair.ben, pair.send(pair.ana, "read"), "read"));
        const Bytes bytes = stored(pair.ben);
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            OctetReader in(ByteView(bytes).substr(0, size));
            QVERIFY(!decodeRatchet(in));
        }
        RatchetState twice = pair.ben.clone();
        twice.receiving.push_back(twice.receiving.back().clone());
        const Bytes doubled = stored(twice);
        OctetReader in(doubled);
        QVERIFY(!decodeRatchet(in)); // I3: one ratchet key, two chains
        RatchetState ahead = pair.ben.clone();
        ahead.receiving.back().skipped.back().number = 77;
        const Bytes wrong = stored(ahead);
        OctetReader second(wrong);
        QVERIFY(!decodeRatchet(second)); // I2: a skipped key at or above next
    }

    void anUnknownVersionSaysSo()
    {
        Pair pair;
        Bytes message = pair.send(pair.ana, "text");
        message[0] = 2;
        QVERIFY(failsWith(pair.receive(pair.ben, message), E2eeError::UnknownVersion));
    }
};

QTEST_APPLESS_MAIN(RatchetAttackTest)
#include "RatchetAttackTest.moc"
