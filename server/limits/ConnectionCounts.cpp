#include "server/limits/ConnectionCounts.h"

#include <utility>

namespace kith::server
{

std::shared_ptr<ConnectionCounts::Ticket> ConnectionCounts::enter(ByteView address)
{
    std::string name(address);
    const std::scoped_lock lock(mutex_);
    const auto found = byAddress_.find(name);
    const Count here = found != byAddress_.end() ? found->second : Count{};
    const bool refused =
        total_.all >= limits_.all || here.all >= limits_.ofAddress || here.unknown >= limits_.unknownOfAddress;
    if (refused && (total_.refused >= limits_.refusedAtOnce || here.refused >= limits_.refusedOfAddressAtOnce))
        return nullptr;
    add(name, refused ? Count{0, 0, 1} : Count{1, 1, 0});
    return std::make_shared<Ticket>(*this, std::move(name), refused);
}

std::size_t ConnectionCounts::addresses() const
{
    const std::scoped_lock lock(mutex_);
    return byAddress_.size();
}

void ConnectionCounts::add(const std::string& address, const Count& count)
{
    total_ += count;
    if (address.empty())
        return;
    Count& here = byAddress_[address];
    here += count;
    if (here.all == 0 && here.refused == 0)
        byAddress_.erase(address);
}

ConnectionCounts::Ticket::Ticket(ConnectionCounts& counts, std::string address, bool refused)
    : counts_(counts), address_(std::move(address)), refused_(refused)
{
}

ConnectionCounts::Ticket::~Ticket()
{
    const std::scoped_lock lock(counts_.mutex_);
    counts_.add(address_, refused_ ? Count{0, 0, -1} : Count{-1, unknown_ ? -1 : 0, 0});
}

void ConnectionCounts::Ticket::signedIn()
{
    const std::scoped_lock lock(counts_.mutex_);
    if (!refused_ && std::exchange(unknown_, false))
        counts_.add(address_, {0, -1, 0});
}

} // namespace kith::server
