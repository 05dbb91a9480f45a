#pragma once
/// Encryption whose outcome a test decides: a body says in clear what became of it. Counts what it was asked, and every
/// change takes one one-time pre-key away, so that a test sees what was committed together. Owned by the test. Thread:
/// one.

#include "core/crypto/Hash.h"
#include "core/e2ee/ConversationCrypto.h"

#include <algorithm>
#include <set>

namespace kith::test
{

class ScriptedCrypto final : public ConversationCrypto
{
public:
    /// A body that opens to `content`, where an envelope comes with it. "damaged" is lost; "newer:" before it waits for
    /// an update unless `updated`; everything else waits for a resend.
    static Bytes bodyOf(ByteView content) { return "sealed:" + Bytes(content); }

    Result<Sealed> seal(const SealRequest& request) override
    {
        ++seals;
        Sealed out;
        out.body = bodyOf(request.content) + ":" + std::to_string(seals); // no two sealings give the same bytes
        out.commitment = sha256(out.body);
        out.contentSecret = SecretBytes::copyOf(Bytes(96, 's'));
        addEnvelopes(request.devices, request.bundles, out.envelopes, out.withoutEnvelope);
        out.change = change();
        return out;
    }
    Result<SealedMore> sealForMore(const SealMoreRequest& request) override
    {
        ++sealsForMore;
        SealedMore out;
        addEnvelopes(request.devices, request.bundles, out.envelopes, out.withoutEnvelope);
        out.change = change();
        return out;
    }
    Result<OpenResult> open(const OpenRequest& request) override
    {
        ++opens;
        OpenResult result;
        Bytes body(request.body);
        allowance = request.allowance;
        const bool newer = body.rfind("newer:", 0) == 0;
        if (newer && updated)
            body.erase(0, 6);
        if (!request.sender) {
            result.outcome = Waiting{Waiting::Need::DeviceList};
        } else if (newer && !updated) {
            result.outcome = Waiting{Waiting::Need::Update};
        } else if (body.rfind("sealed:", 0) == 0 && !request.envelope.empty() && allowance.provenMissing >= farAhead) {
            Opened opened;
            opened.claim = claim;
            opened.content = SecretBytes::copyOf(body.substr(7));
            opened.sender = *request.sender;
            result.outcome = std::move(opened);
        } else if (body == "damaged") {
            result.outcome = Lost{Lost::Reason::Damaged};
        } else {
            result.outcome = Waiting{};
        }
        result.change = change();
        return result;
    }
    Result<DevicesChange> devicesChanged(const UserId&, const std::vector<DeviceIdentity>&, WallTime) override
    {
        return DevicesChange{};
    }
    Result<StateChange> resendWanted(const DeviceAddress& device, WallTime) override
    {
        wanted.push_back(device);
        return StateChange{};
    }

    int seals = 0;
    int sealsForMore = 0;
    int opens = 0;
    std::set<DeviceId> withoutSession; ///< These need a bundle first.
    std::vector<DeviceAddress> wanted;
    bool updated = false;
    std::uint32_t farAhead = 0; ///< Keys that messages skip beyond what is allowed without proof.
    SkipAllowance allowance;    ///< Of the last opening.
    ChainClaim claim;           ///< What every message says of its sender's log.
    PreKeyId firstKey;          ///< Changes use up this one and those that follow; 0: none.

private:
    void addEnvelopes(const std::vector<DeviceIdentity>& devices, const std::vector<PreKeyBundle>& bundles,
                      std::vector<DeviceEnvelope>& envelopes, std::vector<DeviceAddress>& without)
    {
        for (const DeviceIdentity& device : devices) {
            const bool bundled = std::any_of(bundles.begin(), bundles.end(), [&](const PreKeyBundle& bundle) {
                return bundle.device.device == device.device;
            });
            if (withoutSession.count(device.device) > 0 && !bundled)
                without.push_back(device.address());
            else
                envelopes.push_back({device.address(), "for " + device.device.hex()});
        }
    }
    StateChange change()
    {
        StateChange out;
        if (firstKey != PreKeyId{}) {
            out.usedOneTimePreKeys.push_back(firstKey);
            firstKey = firstKey.next();
        }
        return out;
    }
};

} // namespace kith::test
