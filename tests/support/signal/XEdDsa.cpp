#include "tests/support/signal/XEdDsa.h"

#include "core/crypto/Hash.h"
#include "core/crypto/Sign.h"

#include <openssl/bn.h>

#include <algorithm>
#include <memory>

namespace kith::test
{
namespace
{

struct NumberRelease {
    void operator()(BIGNUM* held) const { BN_clear_free(held); }
    void operator()(BN_CTX* held) const { BN_CTX_free(held); }
};
using Number = std::unique_ptr<BIGNUM, NumberRelease>;
using Context = std::unique_ptr<BN_CTX, NumberRelease>;

/// Little-endian octets, as RFC 8032 and RFC 7748 write numbers.
Number numberOf(ByteView bytes)
{
    return Number(
        BN_lebin2bn(reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()), nullptr));
}
Bytes octetsOf(const Number& number)
{
    Bytes out(32, '\0');
    BN_bn2lebinpad(number.get(), reinterpret_cast<unsigned char*>(out.data()), 32);
    return out;
}
Number fromDecimal(const char* text)
{
    BIGNUM* number = nullptr;
    BN_dec2bn(&number, text);
    return Number(number);
}

/// The field of 2^255 - 19 and the group order 2^252 + 27742317777372353535851937790883648493.
struct Curve {
    Context context{BN_CTX_new()};
    Number p = fromDecimal("57896044618658097711785492504343953926634992332820282019728792003956564819949");
    Number order = fromDecimal("7237005577332262213973186563042994240857116359379907606001950938285454250989");

    Number add(const Number& a, const Number& b) const
    {
        Number out(BN_new());
        BN_mod_add(out.get(), a.get(), b.get(), p.get(), context.get());
        return out;
    }
    Number subtract(const Number& a, const Number& b) const
    {
        Number out(BN_new());
        BN_mod_sub(out.get(), a.get(), b.get(), p.get(), context.get());
        return out;
    }
    Number divide(const Number& a, const Number& b) const
    {
        Number out(BN_new());
        const Number inverse(BN_mod_inverse(nullptr, b.get(), p.get(), context.get()));
        BN_mod_mul(out.get(), a.get(), inverse.get(), p.get(), context.get());
        return out;
    }
    /// The Edwards y of a Montgomery u: (u - 1) / (u + 1), with sign bit 0.
    Bytes edwardsOf(const X25519PublicKey& key) const
    {
        Bytes masked = key.bytes();
        masked[31] = static_cast<char>(masked[31] & 0x7f);
        const Number u = numberOf(masked);
        const Number one(BN_new());
        BN_one(one.get());
        return octetsOf(divide(subtract(u, one), add(u, one)));
    }
};

Bytes scalarModOrder(const Curve& curve, ByteView wide)
{
    const Number value = numberOf(wide);
    Number out(BN_new());
    BN_nnmod(out.get(), value.get(), curve.order.get(), curve.context.get());
    return octetsOf(out);
}

struct EdwardsPoint {
    Number x;
    Number y;
};

/// Affine addition on -x^2 + y^2 = 1 + d x^2 y^2 (RFC 8032 section 5.1.4, without projective coordinates).
EdwardsPoint addPoints(const Curve& curve, const EdwardsPoint& a, const EdwardsPoint& b)
{
    const auto multiply = [&](const Number& m, const Number& n) {
        Number out(BN_new());
        BN_mod_mul(out.get(), m.get(), n.get(), curve.p.get(), curve.context.get());
        return out;
    };
    static const Number d =
        fromDecimal("37095705934669439343138083508754565189542113879843219016388785533085940283555");
    const Number one = numberOf(ByteView("\x01", 1));
    const Number crossed = multiply(d, multiply(multiply(a.x, b.x), multiply(a.y, b.y)));
    const Number x = curve.add(multiply(a.x, b.y), multiply(b.x, a.y));
    const Number y = curve.add(multiply(a.y, b.y), multiply(a.x, b.x));
    return {curve.divide(x, curve.add(one, crossed)), curve.divide(y, curve.subtract(one, crossed))};
}

/// scalar * base point, encoded.
Bytes multiplyBase(const Curve& curve, ByteView scalar)
{
    EdwardsPoint sum{numberOf(ByteView("\0", 1)), numberOf(ByteView("\x01", 1))};
    EdwardsPoint power{fromDecimal("15112221349535400772501151409588531511454012693041857206046113283949847762202"),
                       fromDecimal("46316835694926478169428394003475163141307993866256225615783033603165251855960")};
    const Number bits = numberOf(scalar);
    for (int i = 0; i < BN_num_bits(bits.get()); ++i) {
        if (BN_is_bit_set(bits.get(), i) == 1)
            sum = addPoints(curve, sum, power);
        power = addPoints(curve, power, power);
    }
    Bytes encoded = octetsOf(sum.y);
    if (BN_is_odd(sum.x.get()) == 1)
        encoded[31] = static_cast<char>(encoded[31] | 0x80);
    return encoded;
}

} // namespace

Bytes xeddsaSign(const X25519SecretKey& key, ByteView message, Random& random)
{
    const Curve curve;
    Bytes clamped(key.exposeSecret());
    clamped[0] = static_cast<char>(clamped[0] & 0xf8);
    clamped[31] = static_cast<char>((clamped[31] & 0x7f) | 0x40);
    Bytes scalar = scalarModOrder(curve, clamped);
    Bytes point = multiplyBase(curve, scalar);
    if ((point[31] & 0x80) != 0) { // the public key's sign bit is always 0: take the other scalar
        point[31] = static_cast<char>(point[31] & 0x7f);
        const Number value = numberOf(scalar);
        Number negated(BN_new());
        BN_sub(negated.get(), curve.order.get(), value.get());
        scalar = octetsOf(negated);
    }
    const Bytes noise = random.bytes(64);
    const Bytes prefix = '\xfe' + Bytes(31, '\xff');
    const Bytes nonce = scalarModOrder(curve, sha512({prefix, scalar, message, noise}).view());
    const Bytes commitment = multiplyBase(curve, nonce);
    const Bytes challenge = scalarModOrder(curve, sha512({commitment, point, message}).view());
    const Number h = numberOf(challenge);
    const Number a = numberOf(scalar);
    const Number r = numberOf(nonce);
    Number s(BN_new());
    BN_mod_mul(s.get(), h.get(), a.get(), curve.order.get(), curve.context.get());
    BN_mod_add(s.get(), s.get(), r.get(), curve.order.get(), curve.context.get());
    return commitment + octetsOf(s);
}

bool xeddsaVerify(const X25519PublicKey& key, ByteView message, ByteView signature)
{
    if (signature.size() != Ed25519Signature::size)
        return false;
    // libsignal's form: the sign bit of the Edwards key travels in the top bit of s.
    Bytes plain(signature);
    Bytes point = Curve{}.edwardsOf(key);
    point[31] = static_cast<char>(point[31] | (plain[63] & 0x80));
    plain[63] = static_cast<char>(plain[63] & 0x7f);
    return verifyEd25519(*Ed25519PublicKey::fromBytes(point), message, plain);
}

} // namespace kith::test
