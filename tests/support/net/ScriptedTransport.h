#pragma once
/// The other end of the wire is the test: what the client says is kept until it is asked for, what the server says is
/// said by the test, and silence can be demanded. Owned by the test. Thread: one.

#include "core/net/Transport.h"

#include <deque>
#include <vector>

namespace kith::test
{

class ScriptedTransport final : public net::Transport
{
public:
    void setEvents(net::TransportEvents events) override { events_ = std::move(events); }
    void open(const net::ServerAddress& address, const net::Pins& pins) override
    {
        ++opens_;
        address_ = address;
        pins_ = pins;
        state_ = State::Opening;
        said_.clear();
    }
    void sendBinary(ByteView message) override
    {
        if (state_ == State::Open)
            said_.emplace_back(message);
    }
    void close(net::CloseCode code, const std::string&) override
    {
        if (state_ != State::Down)
            closes_.push_back(code);
        state_ = State::Down;
    }
    [[nodiscard]] std::size_t bytesBuffered() const override { return buffered_; }

    // What the server's side does. Each returns false, and does nothing, when the channel is not in that state.
    bool serverOpens()
    {
        if (state_ != State::Opening)
            return false;
        state_ = State::Open;
        events_.opened();
        return true;
    }
    bool serverSays(ByteView message)
    {
        if (state_ != State::Open)
            return false;
        events_.binary(message);
        return true;
    }
    bool serverCloses(int code = 1001, const std::string& words = {})
    {
        if (state_ == State::Down)
            return false;
        state_ = State::Down;
        events_.closed(code, words);
        return true;
    }
    bool fails(net::TransportError error)
    {
        if (state_ == State::Down)
            return false;
        state_ = State::Down;
        events_.failed(error);
        return true;
    }
    bool fails(net::TransportFailure kind, std::string words = "it failed")
    {
        net::TransportError error;
        error.kind = kind;
        error.words = std::move(words);
        return fails(std::move(error));
    }
    void setBuffered(std::size_t octets)
    {
        const bool fell = octets < buffered_;
        buffered_ = octets;
        if (fell)
            events_.drained();
    }

    /// The oldest message that the client said and nobody asked for yet; nullopt: it was silent.
    std::optional<Bytes> clientSaid()
    {
        if (said_.empty())
            return std::nullopt;
        Bytes message = std::move(said_.front());
        said_.pop_front();
        return message;
    }
    [[nodiscard]] bool silence() const { return said_.empty(); }
    [[nodiscard]] bool opening() const { return state_ == State::Opening; }
    [[nodiscard]] bool isOpen() const { return state_ == State::Open; }
    [[nodiscard]] int opens() const { return opens_; }
    [[nodiscard]] const net::ServerAddress& address() const { return address_; }
    [[nodiscard]] const net::Pins& pins() const { return pins_; }
    /// Codes of every channel that the client itself dropped.
    [[nodiscard]] const std::vector<net::CloseCode>& closes() const { return closes_; }

private:
    enum class State { Down, Opening, Open };
    net::TransportEvents events_;
    State state_ = State::Down;
    std::deque<Bytes> said_;
    std::vector<net::CloseCode> closes_;
    std::size_t buffered_ = 0;
    int opens_ = 0;
    net::ServerAddress address_;
    net::Pins pins_;
};

} // namespace kith::test
