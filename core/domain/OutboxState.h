#pragma once
/// Where an own message stands on its way to the server, as a table of (state, event) -> state, pure. The store walks
/// it inside its transactions, so that no crash leaves a step half done.
///
///     queued --Seal--> sealed --HandOver--> sent --Accept--> accepted
///     sent --Disconnect--> sealed     sealed, sent --Reseal--> sealed
///     queued, sealed, sent --Reject--> failed --Retry--> queued
///     sealed, sent, accepted --Requeue--> queued
///
/// Thread: plain values.

#include <cstdint>
#include <optional>
#include <string_view>

namespace kith
{

/// Numbers are the store's: never change them.
enum class OutboxState : std::uint8_t {
    Queued = 1,   ///< Composed; the text may still change.
    Sealed = 2,   ///< Ciphertext and send_no are fixed and committed together with the ratchet.
    Sent = 3,     ///< Handed to a connection; nobody knows whether it arrived.
    Accepted = 4, ///< The server has it on stable storage.
    Failed = 5,   ///< Refused for good, or given up; a person decides.
};

enum class OutboxEvent : std::uint8_t {
    Seal,       ///< Ciphertext and next session state are ready.
    HandOver,   ///< Written to the connection.
    Disconnect, ///< The connection ended without an answer.
    Reseal,     ///< The device list was stale: the same body, other envelopes, the same send_no.
    Accept,     ///< The server's answer, or one's own entry read from the log.
    Reject,     ///< The server refuses for good, or sealing is impossible.
    Retry,      ///< A person asks for another try.
    Requeue,    ///< The server lost it (a restored log was cut): sent again under the same client_msg_id.
};

/// The state after `event`; nullopt where the event cannot happen in that state, which changes nothing.
[[nodiscard]] std::optional<OutboxState> next(OutboxState state, OutboxEvent event);

[[nodiscard]] std::string_view name(OutboxState state);
[[nodiscard]] std::string_view name(OutboxEvent event);

} // namespace kith
