#pragma once
/// What a call's handler sees of its connection. Implemented by Peer. Thread: the connection's strand.

#include "core/protocol/wire/FrameCodec.h"
#include "server/chat/Chat.h"

#include <functional>
#include <memory>

namespace kith::server
{

/// Facts of this server that Hello states.
struct ServerFacts {
    Bytes serverId; ///< 16 octets.
    bool registrationOpen = false;
    Limits limits;
};

class CallContext
{
public:
    virtual ~CallContext() = default;
    [[nodiscard]] virtual Chat& chat() = 0;
    [[nodiscard]] virtual const ServerFacts& facts() const = 0;
    [[nodiscard]] virtual WallTime now() const = 0;
    [[nodiscard]] virtual Executor& strand() = 0;
    /// Of the other end, for rate limits.
    [[nodiscard]] virtual const Bytes& address() const = 0;
    /// Empty until Hello asked for one; then the same for the connection's life.
    [[nodiscard]] virtual const Bytes& challenge() const = 0;
    virtual const Bytes& makeChallenge() = 0;
    /// Precondition: signed in.
    [[nodiscard]] virtual const Caller& caller() const = 0;

    // What calls change in the connection.
    /// The client speaks this minor version of kith.v1.
    virtual void greeted(std::uint32_t minorVersion) = 0;
    /// Subscribes the connection and fences older ones of the device; before the answer leaves.
    virtual void signedIn(const SignedIn& device) = 0;
    /// Closes once the answer has left.
    virtual void loggedOut() = 0;
    virtual void focused(LogId log) = 0;
    virtual void watchesPresence(bool any) = 0;
    /// False: this connection was replaced by a newer one of its device, whose word alone counts.
    [[nodiscard]] virtual bool isCurrent() const = 0;
    /// The device stated that it has everything up to `cursor`.
    virtual void stated(LogId log, Seq cursor) = 0;
    /// A page that ends at `last` is about to be answered.
    virtual void pageRead(LogId log, Seq last) = 0;
    virtual void headsRead(const HeadsView& view) = 0;
};

/// Answers one request: a serialized response or an error. Called at most once matters; later calls are ignored.
using Reply = std::function<void(Result<Bytes>)>;
using ContextPtr = std::shared_ptr<CallContext>;

/// A Done that answers with what `encode` makes of the value.
template <class T, class Encode> [[nodiscard]] Done<T> answering(Reply reply, Encode encode)
{
    return [reply = std::move(reply), encode = std::move(encode)](const Result<T>& result) {
        if (result.ok())
            reply(encode(*result).SerializeAsString());
        else
            reply(result.error());
    };
}
/// A Done that answers with an empty response.
[[nodiscard]] inline Done<void> answeringEmpty(Reply reply)
{
    return [reply = std::move(reply)](const Result<void>& result) {
        if (result.ok())
            reply(Bytes{});
        else
            reply(result.error());
    };
}

} // namespace kith::server
