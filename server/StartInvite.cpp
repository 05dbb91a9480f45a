#include "server/StartInvite.h"

#include "server/chat/ChatError.h"
#include "server/chat/accounts/InviteRules.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <future>

namespace kith::server
{
namespace
{

template <class T> Result<T> wait(const std::function<void(Done<T>)>& call)
{
    std::promise<Result<T>> answered;
    auto ready = answered.get_future();
    call([&answered](Result<T> result) { answered.set_value(std::move(result)); });
    return ready.get();
}

/// The id of the last start invite, in hex; empty where none was made.
std::string lastId(const std::string& path)
{
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return {};
    std::string id(64, '\0');
    const ssize_t size = ::read(fd, id.data(), id.size());
    ::close(fd);
    id.resize(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
    return id;
}

Result<void> keepId(const std::string& path, const std::string& id)
{
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    const bool written = fd >= 0 && ::write(fd, id.data(), id.size()) == static_cast<ssize_t>(id.size());
    const int reason = errno;
    if (fd >= 0)
        ::close(fd);
    if (!written)
        return Error::make(DataError::Unusable, path + " cannot be written: " + std::strerror(reason));
    return {};
}

} // namespace

Result<std::optional<std::string>> newStartInvite(Accounts& accounts, Executor& strand, const DataDirectory& data)
{
    const std::string path = data.startInvite();
    const auto people = wait<std::vector<Account>>(
        [&](Done<std::vector<Account>> done) { accounts.listAccounts(strand, std::move(done)); });
    if (!people.ok())
        return people.error();
    if (!people->empty()) {
        ::unlink(path.c_str());
        return std::optional<std::string>();
    }
    if (const std::string last = lastId(path); !last.empty()) {
        const auto ended =
            wait<void>([&](Done<void> done) { accounts.revokeInvite(strand, UserId{}, last, std::move(done)); });
        if (!ended.ok() && !ended.error().is(ChatError::NotFound))
            return ended.error();
    }
    const auto made =
        wait<CreatedInvite>([&](Done<CreatedInvite> done) { accounts.createInvite(strand, {}, std::move(done)); });
    if (!made.ok())
        return made.error();
    // After it was made: a crash in between leaves an invite that nobody has seen and that ends by itself.
    KITH_CHECK(keepId(path, toHex(inviteHash(made->token))));
    return std::optional(made->token);
}

} // namespace kith::server
