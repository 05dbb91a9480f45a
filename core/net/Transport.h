#pragma once
/// The port to the network: one framed, ordered, secure byte channel to a server. Implemented by
/// core/net/websocket/WebSocketTransport, by tests/support/net/ScriptedTransport and by the simulation's network.
/// Owned by whoever builds the Connection. Thread: the engine thread alone.
///
/// Contract, for every implementation:
///  1. Events are never delivered inside open(), sendBinary() or close().
///  2. After close(), or the next open(), nothing of the former channel is delivered any more.
///  3. After closed() or failed() the channel is down; the object may be opened again.
///  4. opened() comes only when the peer's identity was checked and the subprotocol agreed: what is sent after it goes
///     to the right server.

#include "core/base/Bytes.h"
#include "core/net/ServerAddress.h"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

namespace kith::net
{

/// Why a channel could not be made or broke.
enum class TransportFailure {
    Refused,      ///< A machine answered, no server does.
    Dns,          ///< The name has no address.
    NoNetwork,    ///< This machine has no way out.
    Timeout,      ///< Nothing answers.
    TlsUntrusted, ///< Neither pin nor authority vouches for the server's certificate, or its name is another.
    PinMismatch,  ///< The server's key is not the pinned one.
    HttpStatus,   ///< The server refused the upgrade to WebSocket.
    Protocol,     ///< Whoever answered does not speak kith.v1, or sent more than a frame may have.
    Lost,         ///< The established channel broke.
};

struct TransportError {
    TransportFailure kind = TransportFailure::Lost;
    std::string words; ///< One sentence for people.
    Bytes pinned;      ///< PinMismatch: the SHA-256 that was expected, 32 octets.
    Bytes presented;   ///< PinMismatch, TlsUntrusted: that of the key the server showed.
    int httpStatus = 0;
};

/// What identifies the server besides its name (mechanisms.md section 5).
struct Pins {
    /// SHA-256 over the SubjectPublicKeyInfo (DER) of the server's certificate, 32 octets. Where present it alone
    /// decides: authorities, name and dates of the certificate are not looked at.
    std::optional<Bytes> serverKey;

    /// What an invite link pins; nothing where it leaves the decision to the authorities.
    [[nodiscard]] static Pins of(const wire::InviteLink& link)
    {
        return {link.serverKey.empty() ? std::nullopt : std::optional(link.serverKey)};
    }
    friend bool operator==(const Pins&, const Pins&) = default;
};

/// Close codes of WebSocket (RFC 6455 section 7.4) that Kith uses; docs/protocol/connection.md.
enum class CloseCode : int {
    Normal = 1000,
    GoingAway = 1001,
    Protocol = 1002,
    Deaf = 4001, ///< The peer was silent too long.
};

struct TransportEvents {
    std::function<void()> opened;
    std::function<void(ByteView message)> binary; ///< One whole message; valid during the call.
    /// The peer closed in good order. `code` as received, 0 where none was.
    std::function<void(int code, const std::string& words)> closed;
    std::function<void(const TransportError& error)> failed;
    std::function<void()> drained; ///< bytesBuffered() fell.
};

class Transport
{
public:
    virtual ~Transport() = default;
    /// Replaces the receiver of events; called once, before the first open().
    virtual void setEvents(TransportEvents events) = 0;
    /// Begins to connect; drops a former channel without a word to it. Has no deadline: the caller closes when it has
    /// waited enough.
    virtual void open(const ServerAddress& address, const Pins& pins) = 0;
    /// Queues one message. Ignored unless opened.
    virtual void sendBinary(ByteView message) = 0;
    /// Says goodbye if the channel stands, and drops it. Harmless when already closed. `words` at most 120 octets.
    virtual void close(CloseCode code, const std::string& words) = 0;
    /// Octets accepted by sendBinary() that the operating system has not taken yet.
    [[nodiscard]] virtual std::size_t bytesBuffered() const = 0;
};

} // namespace kith::net
