#include "core/crypto/Aead.h"
#include "core/crypto/CryptoError.h"
#include "core/crypto/Hash.h"
#include "core/crypto/Hkdf.h"
#include "core/crypto/KeyAgreement.h"
#include "core/crypto/LogChain.h"
#include "core/crypto/PasswordHash.h"
#include "core/crypto/SecretBytes.h"
#include "core/crypto/SelfTest.h"
#include "core/crypto/Sign.h"
#include "core/crypto/SodiumRandom.h"

#include <QTest>

#include <new>
#include <set>
#include <type_traits>

using namespace kith;

namespace
{

static_assert(!std::is_copy_constructible_v<SecretBytes> && !std::is_copy_assignable_v<SecretBytes>);
static_assert(!std::is_copy_constructible_v<AeadKey> && !std::is_copy_assignable_v<AeadKey>);
static_assert(!std::is_convertible_v<X25519SecretKey, AeadKey> && !std::is_convertible_v<SecretBytes, Bytes>);
static_assert(!std::is_convertible_v<Ed25519PublicKey, X25519PublicKey>);

ChainedRow sampleRow()
{
    ChainedRow row;
    row.log = *LogId::fromHex("000102030405060708090a0b0c0d0e0f");
    row.generation = Generation(std::uint64_t{2});
    row.seq = Seq(std::uint64_t{3});
    row.sender = *DeviceId::fromHex("101112131415161718191a1b1c1d1e1f");
    row.kind = 1;
    row.clientMsgId = *ClientMsgId::fromHex("202122232425262728292a2b2c2d2e2f");
    row.bodyHash = sha256("body");
    row.commitment = sha256("commitment").bytes();
    return row;
}

} // namespace

class CryptoTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void selfTestPasses()
    {
        const auto result = cryptoSelfTest();
        QVERIFY2(result.ok(), result.ok() ? "" : result.error().describe().c_str());
    }

    void secretsAreWipedWhenMovedDestroyedAndShortened()
    {
        alignas(AeadKey) unsigned char room[sizeof(AeadKey)];
        auto* key = new (room) AeadKey(std::move(*AeadKey::copyOf(Bytes(32, 'k'))));
        QCOMPARE(key->exposeSecret(), ByteView(Bytes(32, 'k')));
        const AeadKey moved(std::move(*key));
        QCOMPARE(key->exposeSecret(), ByteView(Bytes(32, '\0')));
        *key = moved.clone();
        key->~AeadKey();
        QCOMPARE(ByteView(reinterpret_cast<const char*>(room), 32), ByteView(Bytes(32, '\0')));

        Bytes original = "attack at dawn";
        SecretBytes secret = SecretBytes::takeFrom(std::move(original));
        QVERIFY(original.empty()); // NOLINT: the promise under test
        const char* memory = secret.exposeSecret().data();
        secret.shorten(6);
        QCOMPARE(secret.exposeSecret(), ByteView("attack"));
        QCOMPARE(ByteView(memory + 6, 8), ByteView(Bytes(8, '\0')));
        const SecretBytes other = std::move(secret);
        QVERIFY(secret.empty()); // NOLINT: the promise under test
        QVERIFY(other == SecretBytes::copyOf("attack"));
        QVERIFY(!(other == SecretBytes::copyOf("attach")));
    }
    void lockedSecretsHold()
    {
        SecretBytes key = SecretBytes::locked(32);
        QCOMPARE(key.exposeSecret(), ByteView(Bytes(32, '\0')));
        std::fill_n(key.data(), 32, 'x');
        QCOMPARE(key.clone().exposeSecret(), ByteView(Bytes(32, 'x')));
    }
    void fixedOctetsTakeOnlyTheirSize()
    {
        QVERIFY(!AeadKey::copyOf(Bytes(31, 'k')));
        QVERIFY(!X25519PublicKey::fromBytes(Bytes(33, 'k')));
        QVERIFY(X25519PublicKey{}.isNull());
    }

    void randomDoesNotRepeat()
    {
        SodiumRandom random;
        std::set<Bytes> seen;
        for (int i = 0; i < 1000; ++i)
            seen.insert(random.bytes(16));
        QCOMPARE(seen.size(), std::size_t{1000});
    }

    void tamperedCiphertextIsRefused()
    {
        SodiumRandom random;
        AeadKey key;
        random.fill(key.data(), AeadKey::size);
        const Bytes sealed = ChaCha20Poly1305::seal(key, {}, "ad", "text");
        for (std::size_t i = 0; i < sealed.size(); ++i) {
            Bytes changed = sealed;
            changed[i] = static_cast<char>(changed[i] ^ 0x10);
            const auto opened = ChaCha20Poly1305::open(key, {}, "ad", changed);
            QVERIFY(!opened && opened.error().is(CryptoError::NotAuthentic));
        }
        QVERIFY(!ChaCha20Poly1305::open(key, {}, "AD", sealed));
        QVERIFY(!ChaCha20Poly1305::open(key, {}, "ad", sealed.substr(0, 15)));
        QVERIFY(!ChaCha20Poly1305::open(AeadKey{}, {}, "ad", sealed));
        QCOMPARE(ChaCha20Poly1305::open(key, {}, "ad", sealed)->exposeSecret(), ByteView("text"));
    }

    void signatureBelongsToItsLabel()
    {
        SodiumRandom random;
        const auto pair = generateEd25519(random);
        const auto signature = sign(pair.secretKey, registerLabel, "bytes");
        QVERIFY(verify(pair.publicKey, registerLabel, "bytes", signature.view()));
        QVERIFY(!verify(pair.publicKey, authenticateLabel, "bytes", signature.view()));
        QVERIFY(!verify(pair.publicKey, registerLabel, "Bytes", signature.view()));
        QVERIFY(!verify(generateEd25519(random).publicKey, registerLabel, "bytes", signature.view()));
        QVERIFY(!verify(pair.publicKey, registerLabel, "bytes", signature.view().substr(1)));
        // The exact bytes, as docs/protocol/e2ee.md promises them to other implementations.
        QVERIFY(verifyEd25519(pair.publicKey, ByteView("kith register v1\0bytes", 22), signature.view()));
        QCOMPARE(ed25519FromSecret(pair.secretKey).publicKey, pair.publicKey);
    }

    void lowOrderKeysAreRefused()
    {
        SodiumRandom random;
        const auto own = generateX25519(random);
        // The points of order 1, 2, 4 and 8, and two of their non-canonical encodings (RFC 7748 section 6.1 warns).
        const char* points[] = {"0000000000000000000000000000000000000000000000000000000000000000",
                                "0100000000000000000000000000000000000000000000000000000000000000",
                                "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                                "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
                                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"};
        for (const char* point : points) {
            const auto shared = agree(own.secretKey, *X25519PublicKey::fromBytes(*fromHex(point)));
            QVERIFY2(!shared && shared.error().is(CryptoError::WeakKey), point);
        }
    }

    void passwordHashMatchesArgon2id()
    {
        // Computed with an independent Argon2id (npm hash-wasm): t = 1, m = 8 KiB, p = 1.
        PasswordHashParameters parameters;
        parameters.passes = 1;
        parameters.memoryKiB = 8;
        parameters.salt = *PasswordSalt::fromBytes(*fromHex("000102030405060708090a0b0c0d0e0f"));
        const auto key = hashPassphrase(SecretBytes::copyOf("kith"), parameters);
        QVERIFY(key.ok());
        QCOMPARE(toHex(key->exposeSecret()),
                 std::string("6fa575b8635c10c0f82316f21b418267caf8159a374318797f842c9754bca171"));
    }
    void passwordHashParametersAreBounded()
    {
        SodiumRandom random;
        const auto desktop = PasswordHashParameters::desktop(random);
        const auto again = PasswordHashParameters::decode(desktop.encode());
        QVERIFY(again && again->salt == desktop.salt && again->memoryKiB == 256U << 10 && again->passes == 3);
        auto greedy = desktop;
        greedy.memoryKiB = 2U << 20;
        QVERIFY(!PasswordHashParameters::decode(greedy.encode()));
        QVERIFY(!hashPassphrase(SecretBytes::copyOf("x"), greedy));
        auto slow = desktop;
        slow.passes = 1000;
        QVERIFY(!PasswordHashParameters::decode(slow.encode()));
        QVERIFY(!PasswordHashParameters::decode(desktop.encode() + "x"));
        QVERIFY(!PasswordHashParameters::decode(""));
    }

    void chainBindsEveryField()
    {
        const Sha256Digest base = rowHash(sampleRow());
        // Golden: a change here splits the chains of devices that run different versions.
        QCOMPARE(base.hex(), std::string("ca43a8f26116ef62b88dd4cbff17472e1a12ea64a8dbf5d7a81ff6ce86c81139"));
        QCOMPARE(nextChain(chainStart(), base).hex(),
                 std::string("e94c9b68e475223b4971b2ac27a7d595553b2decf5478cd5dfce76cdfc149a13"));
        std::set<Bytes> hashes{base.bytes()};
        const auto differs = [&](auto change) {
            ChainedRow row = sampleRow();
            change(row);
            return hashes.insert(rowHash(row).bytes()).second;
        };
        QVERIFY(differs([](ChainedRow& r) { r.log = LogId{}; }));
        QVERIFY(differs([](ChainedRow& r) { r.generation = r.generation.next(); }));
        QVERIFY(differs([](ChainedRow& r) { r.seq = r.seq.next(); }));
        QVERIFY(differs([](ChainedRow& r) { r.sender = DeviceId{}; }));
        QVERIFY(differs([](ChainedRow& r) { r.kind = 3; }));
        QVERIFY(differs([](ChainedRow& r) { r.clientMsgId = ClientMsgId{}; }));
        QVERIFY(differs([](ChainedRow& r) { r.bodyHash = sha256("other"); }));
        QVERIFY(differs([](ChainedRow& r) { r.commitment.clear(); }));
        QVERIFY(nextChain(base, base) != nextChain(chainStart(), base));
    }
};

QTEST_APPLESS_MAIN(CryptoTest)
#include "CryptoTest.moc"
