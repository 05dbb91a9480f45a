#pragma once
/// Who a device is: the content of its certificate, as core/sync reads it from the wire's DeviceCertificate. Plain
/// values. Thread: any.

#include "core/base/Clock.h"
#include "core/base/Random.h"
#include "core/base/Result.h"
#include "core/base/StrongId.h"
#include "core/crypto/Keys.h"
#include "core/crypto/SecretBytes.h"
#include "core/crypto/SignatureLabels.h"
#include "core/e2ee/ports/DeviceAddress.h"

#include <vector>

namespace kith
{

/// 16 random octets drawn when a device is made; a restored device has another and is another device.
using Incarnation = FixedId<struct IncarnationTag>;

/// The certificate's fields and the identity key that signed it. Whoever builds one from bytes has called
/// verifyCertificate on exactly those bytes.
struct DeviceIdentity {
    UserId user;
    DeviceId device;
    Ed25519PublicKey identityKey; ///< The account's: what people verify.
    Ed25519PublicKey signingKey;  ///< The device's.
    X25519PublicKey agreementKey; ///< The device's; handshakes start from it.
    Incarnation incarnation;
    WallTime created;
    WallTime expires; ///< The epoch itself: never.

    [[nodiscard]] DeviceAddress address() const { return {user, device}; }
    /// Same device keys and incarnation, so that sessions with it stay good (a renewed certificate).
    [[nodiscard]] bool sameDeviceAs(const DeviceIdentity& other) const;
    friend bool operator==(const DeviceIdentity&, const DeviceIdentity&) = default;
};

/// BadCertificate unless `identityKey` signed exactly `certificate`, and, where it expires, `now` is at most a day past
/// that (clocks differ). `certificate` is the serialized DeviceCertificate that `parsed` was read from.
[[nodiscard]] Result<void> verifyCertificate(ByteView certificate, ByteView signature, const DeviceIdentity& parsed,
                                             WallTime now);

/// This device, with its secrets. Created once, stored by IdentityStore. Owned by the session of the account.
struct OwnDevice {
    DeviceIdentity identity;
    Ed25519KeyPair signing;
    X25519KeyPair agreement;

    /// Fresh ids and keys for a device of `user`, whose identity key is `identityKey`; valid for ever.
    [[nodiscard]] static OwnDevice generate(UserId user, const Ed25519PublicKey& identityKey, WallTime now,
                                            Random& random);
    [[nodiscard]] OwnDevice clone() const { return {identity, signing.clone(), agreement.clone()}; }

    /// Form 1: version | user | device | identity key | incarnation | created 8 | expires 8 | signing secret 64 |
    /// agreement secret 32.
    [[nodiscard]] SecretBytes encode() const;
    /// StateDamaged for anything else.
    [[nodiscard]] static Result<OwnDevice> decode(ByteView stored);
};

} // namespace kith
