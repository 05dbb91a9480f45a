#include "tests/conformance/e2ee/PreKeyStoreSuite.h"

#include "core/crypto/KeyAgreement.h"
#include "tests/conformance/e2ee/Expect.h"
#include "tests/support/base/SeededRandom.h"

#include <algorithm>

namespace kith::test
{
namespace
{

PreKeyId id(std::uint32_t number)
{
    return PreKeyId(number);
}

PreKeyPair fresh(std::uint32_t number, Random& random)
{
    return {id(number), generateX25519(random), wallFromMillis(1'767'225'600'000 + number)};
}

bool same(const Result<std::optional<PreKeyPair>>& stored, const PreKeyPair& expected)
{
    return stored && *stored && (*stored)->id == expected.id && (*stored)->created == expected.created &&
           (*stored)->pair.publicKey == expected.pair.publicKey && (*stored)->pair.secretKey == expected.pair.secretKey;
}

std::string signedFault(PreKeyStore& store, Random& random)
{
    const PreKeyPair one = fresh(1, random);
    const PreKeyPair two = fresh(2, random);
    KITH_EXPECT(store.signedPreKey(id(1)).ok() && !store.signedPreKey(id(1))->has_value());
    KITH_EXPECT(store.saveSignedPreKey(one).ok() && store.saveSignedPreKey(two).ok());
    KITH_EXPECT(same(store.signedPreKey(id(1)), one) && same(store.signedPreKey(id(2)), two));
    KITH_EXPECT(store.inventory()->signedPreKeys.size() == 2);
    KITH_EXPECT(!store.oneTimePreKey(id(1))->has_value());

    const X25519PublicKey base = generateX25519(random).publicKey;
    KITH_EXPECT(!*store.baseKeySeen(id(1), base));
    KITH_EXPECT(store.addSeenBaseKey(id(1), base).ok() && store.addSeenBaseKey(id(1), base).ok());
    KITH_EXPECT(*store.baseKeySeen(id(1), base) && !*store.baseKeySeen(id(2), base));
    KITH_EXPECT(store.addSeenBaseKey(id(2), base).ok());

    KITH_EXPECT(store.removeSignedPreKey(id(1)).ok());
    KITH_EXPECT(!store.signedPreKey(id(1))->has_value());
    KITH_EXPECT(!*store.baseKeySeen(id(1), base) && *store.baseKeySeen(id(2), base));
    KITH_EXPECT(store.removeSignedPreKey(id(2)).ok());
    KITH_EXPECT(store.inventory()->signedPreKeys.empty());
    KITH_EXPECT(store.inventory()->highestSigned == id(2)); // an id is never given twice
    return {};
}

std::string oneTimeFault(PreKeyStore& store, Random& random)
{
    const PreKeyPair one = fresh(1, random);
    const PreKeyPair two = fresh(2, random);
    KITH_EXPECT(store.saveOneTimePreKey(one).ok() && store.saveOneTimePreKey(two).ok());
    KITH_EXPECT(same(store.oneTimePreKey(id(2)), two));
    KITH_EXPECT(store.removeOneTimePreKey(id(2)).ok() && store.removeOneTimePreKey(id(2)).ok());
    KITH_EXPECT(!store.oneTimePreKey(id(2))->has_value());
    KITH_EXPECT(same(store.oneTimePreKey(id(1)), one));
    KITH_EXPECT(store.inventory()->highestOneTime == id(2));
    const X25519KeyPair pair = generateX25519(random);
    const auto last = static_cast<std::uint32_t>(oneTimePreKeySecretsKept) + 2;
    for (std::uint32_t number = 3; number <= last; ++number)
        KITH_EXPECT(store.saveOneTimePreKey({id(number), pair.clone(), one.created}).ok());
    KITH_EXPECT(!store.oneTimePreKey(id(1))->has_value()); // the oldest made room
    KITH_EXPECT(store.oneTimePreKey(id(3))->has_value() && store.oneTimePreKey(id(last))->has_value());
    return {};
}

} // namespace

std::string preKeyStoreFault(PreKeyStore& store)
{
    SeededRandom random(22);
    KITH_EXPECT(store.inventory()->highestSigned == id(0) && store.inventory()->highestOneTime == id(0));
    std::string fault = signedFault(store, random);
    return fault.empty() ? oneTimeFault(store, random) : fault;
}

} // namespace kith::test
