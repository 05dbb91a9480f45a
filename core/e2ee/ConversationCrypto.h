#pragma once
/// The seam between messages and their encryption: a direct conversation uses ratchets (DirectCrypto), a group will use
/// MLS; core/sync knows only this. Every call reads state through ports and returns the change; nothing is written
/// here. Thread: the engine thread.

#include "core/e2ee/SealedContent.h"
#include "core/e2ee/StateChange.h"

#include <variant>

namespace kith
{

struct DeviceEnvelope {
    DeviceAddress device;
    Bytes sealed; ///< At most maxEnvelopeSize octets.
};

struct SealRequest {
    RowBinding row; ///< The sender is this device.
    ChainClaim claim;
    ByteView content; ///< Opaque to e2ee; at most maxContentSize octets.
    /// Every device that shall read it: of both people, own other devices included. This device itself is skipped.
    std::vector<DeviceIdentity> devices;
    /// Freshly claimed bundles; used where a session is missing or shall be renewed.
    std::vector<PreKeyBundle> bundles;
    WallTime now; ///< Server time, monotone.
};

struct Sealed {
    Bytes body;
    Sha256Digest commitment;
    std::vector<DeviceEnvelope> envelopes;
    /// Devices that want a bundle first (ClaimKeys) or whose bundle is bad. Without one they ask for a resend later.
    std::vector<DeviceAddress> withoutEnvelope;
    /// ContentSecret::encode: kept beside the sealed outbox item until the server accepted it, for sealForMore().
    SecretBytes contentSecret;
    FrankingKey frankingKey;
    StateChange change;
};

struct SealMoreRequest {
    ByteView contentSecret; ///< As Sealed gave it.
    std::vector<DeviceIdentity> devices;
    std::vector<PreKeyBundle> bundles;
    WallTime now;
};

struct SealedMore {
    std::vector<DeviceEnvelope> envelopes;
    std::vector<DeviceAddress> withoutEnvelope;
    StateChange change;
};

struct OpenRequest {
    RowBinding row;
    ByteView body;
    ByteView commitment;
    ByteView envelope;                    ///< Empty: none was sealed for this device.
    std::optional<DeviceIdentity> sender; ///< From its account's newest manifest; absent: not known (yet).
    SkipAllowance allowance;              ///< What the log proves trimmed of this sender.
    WallTime now;                         ///< Server time, monotone.
};

struct Opened {
    SecretBytes content;
    DeviceIdentity sender;
    ChainClaim claim; ///< For compareChain().
    FrankingKey frankingKey;
};

/// Repairable. The caller asks for what is needed, tries again when it came, and declares the message lost when
/// `onlineBudget` of being online has passed (P7).
struct Waiting {
    enum class Need {
        Resend,     ///< No envelope for us, or one that does not open: ask the author's device.
        DeviceList, ///< The sender's certificate is unknown: fetch its account's manifests.
        Update,     ///< Sealed by a newer Kith.
    };
    static constexpr std::chrono::hours budget{7 * 24};
    Need need = Need::Resend;
    Millis onlineBudget{budget};
};

/// Shown as lost; nothing will repair it. Numbers are stored; never renumber.
struct Lost {
    enum class Reason : std::uint8_t {
        Replayed = 1,        ///< Its key was used before: the same envelope again, or a sender that went back in time.
        WrongBody = 2,       ///< BodyFault::WrongBody
        WrongCommitment = 3, ///< BodyFault::WrongCommitment
        Damaged = 4,         ///< BodyFault::Damaged
    };
    Reason reason = Reason::Damaged;
};

struct OpenResult {
    std::variant<Opened, Waiting, Lost> outcome;
    StateChange change; ///< To be committed whatever the outcome.
};

struct DevicesChange {
    StateChange change;                ///< Sessions with devices that left or were replaced go.
    std::vector<DeviceAddress> wanted; ///< Claim bundles for these before the next seal().
};

class ConversationCrypto
{
public:
    virtual ~ConversationCrypto() = default;

    /// TooLarge, StateDamaged, or the store's error. Nothing of the result may leave the device before its change is
    /// committed: a discarded result's ratchet keys are drawn again by the next call.
    [[nodiscard]] virtual Result<Sealed> seal(const SealRequest& request) = 0;
    /// Envelopes of an already sealed body for devices that a `conflict` named: the body stays as it is.
    [[nodiscard]] virtual Result<SealedMore> sealForMore(const SealMoreRequest& request) = 0;
    /// For rows of other devices: what this one sent stands in its outbox. An error only where the store fails;
    /// everything that a peer or server can do ends in an outcome.
    [[nodiscard]] virtual Result<OpenResult> open(const OpenRequest& request) = 0;
    /// `devices` = all of `user` by the newest manifest.
    [[nodiscard]] virtual Result<DevicesChange>
    devicesChanged(const UserId& user, const std::vector<DeviceIdentity>& devices, WallTime now) = 0;
    /// The server forwarded a resend request: that device cannot open what we seal. The next seal() starts a fresh
    /// session with it, at most once an hour.
    [[nodiscard]] virtual Result<StateChange> resendWanted(const DeviceAddress& device, WallTime now) = 0;
};

} // namespace kith
