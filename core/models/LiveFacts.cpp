#include "core/models/LiveFacts.h"

namespace kith
{
namespace
{

template <class Id> bool put(std::set<Id>& into, const Id& id, bool present)
{
    return present ? into.insert(id).second : into.erase(id) > 0;
}

} // namespace

void LiveFacts::setTyping(const LogId& log, bool typing)
{
    if (put(typing_, log, typing))
        Q_EMIT changed();
}

void LiveFacts::setOnline(const UserId& user, bool online)
{
    if (put(online_, user, online))
        Q_EMIT changed();
}

void LiveFacts::forget()
{
    if (typing_.empty() && online_.empty())
        return;
    typing_.clear();
    online_.clear();
    Q_EMIT changed();
}

} // namespace kith
