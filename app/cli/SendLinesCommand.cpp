#include "app/cli/Commands.h"
#include "app/cli/Rows.h"
#include "app/cli/Sending.h"

#include <QSocketNotifier>

#include <unistd.h>

#include <array>
#include <deque>

namespace kith::cli
{
namespace
{

constexpr std::size_t longestLine = 128U << 10; // over what a message may hold; the session says how much that is

/// Reads lines while the loop runs. Each is on disk before the next is read, and told twice: when it is on disk, and
/// when nothing more will happen to it in this run.
class LineSender
{
public:
    LineSender(Context& context, LogId log) : context_(context), log_(log), input_(STDIN_FILENO, QSocketNotifier::Read)
    {
        QObject::connect(&input_, &QSocketNotifier::activated, &input_, [this] {
            if (const auto read = readSome(); !read)
                stop(read.error());
            context_.wake();
        });
    }

    Result<void> run()
    {
        Result<void> outcome = context_.connect();
        if (outcome)
            outcome = context_.waitUntil([this] { return !printSettled() || (ended_ && waiting_.empty()); });
        for (const MessageId id : waiting_)
            KITH_CHECK(print(id));
        if (failure_)
            return *failure_;
        return outcome;
    }

private:
    /// The first failure is what the program ends with; what is on its way still goes.
    void stop(const Error& error)
    {
        if (!failure_)
            failure_ = error;
        end();
    }

    void end()
    {
        ended_ = true;
        input_.setEnabled(false);
    }

    Result<void> readSome()
    {
        std::array<char, 4096> octets{};
        const ssize_t count = ::read(STDIN_FILENO, octets.data(), octets.size());
        if (count > 0)
            rest_.append(octets.data(), static_cast<std::size_t>(count));
        std::size_t start = 0;
        for (auto at = rest_.find('\n'); at != std::string::npos; at = rest_.find('\n', start)) {
            KITH_CHECK(queue(rest_.substr(start, at - start)));
            start = at + 1;
        }
        rest_.erase(0, start);
        if (count > 0 && rest_.size() <= longestLine)
            return {};
        end();
        return queue(std::exchange(rest_, {}));
    }

    Result<void> queue(std::string line)
    {
        if (line.ends_with('\r'))
            line.pop_back();
        if (line.empty())
            return {};
        KITH_TRY(const Message queued, context_.session().sendText(log_, line));
        waiting_.push_back(queued.id);
        KITH_TRY(const JsonRow row, messageRow(context_.session(), queued));
        return row.print();
    }

    /// They settle in the order in which they were written. False where the store cannot be read any more.
    bool printSettled()
    {
        while (!waiting_.empty()) {
            const auto row = context_.session().message(waiting_.front());
            if (!row) {
                stop(row.error());
                return false;
            }
            if (*row && !isSettled(*row))
                return true;
            if (hasFailed(*row))
                stop(refusalOf(**row));
            if (const auto printed = print(waiting_.front()); !printed)
                stop(printed.error());
            waiting_.pop_front();
        }
        return true;
    }

    Result<void> print(MessageId id)
    {
        KITH_TRY(const auto row, context_.session().message(id));
        if (!row)
            return {};
        KITH_TRY(const JsonRow json, messageRow(context_.session(), *row));
        return json.print();
    }

    Context& context_;
    LogId log_;
    QSocketNotifier input_;
    std::string rest_; ///< Of a line that has not ended.
    bool ended_ = false;
    std::deque<MessageId> waiting_; ///< Told once.
    std::optional<Error> failure_;
};

} // namespace

Result<void> runSendLines(Context& context, const SendArguments& arguments)
{
    KITH_TRY(const Conversation conversation, context.anyConversation(arguments.to));
    return LineSender(context, conversation.log).run();
}

} // namespace kith::cli
