#pragma once
/// How every rule of chat changes the storage (docs/decisions/0021): it reads records with their versions, decides, and
/// hands in one transaction in one bucket that expects what it read. When that changed meanwhile it reads and decides
/// again, a bounded number of times. Nothing is locked, so nothing is held when a process dies. Thread: the strand of
/// the call.

#include "server/chat/Caller.h"
#include "server/chat/ChatError.h"
#include "server/storage/Storage.h"

#include <memory>
#include <variant>

namespace kith::server
{

/// The value of a rule that answers with nothing.
struct Unit {
};

/// What is to be committed, and what the answer is once it is.
template <class T> struct Step {
    Transaction transaction;
    std::function<Result<T>(const Committed&)> then;
};
/// An answer without a write, a step, or a refusal.
template <class T> using Decision = Result<std::variant<T, Step<T>>>;
template <class T> using Rule = std::function<Decision<T>()>;

template <class T> [[nodiscard]] Decision<T> answer(T value)
{
    return std::variant<T, Step<T>>(std::in_place_index<0>, std::move(value));
}
template <class T>
[[nodiscard]] Decision<T> commit(Transaction transaction, std::function<Result<T>(const Committed&)> then)
{
    return std::variant<T, Step<T>>(std::in_place_index<1>, Step<T>{std::move(transaction), std::move(then)});
}
[[nodiscard]] inline Decision<Unit> commit(Transaction transaction)
{
    return commit<Unit>(std::move(transaction), [](const Committed&) -> Result<Unit> { return Unit{}; });
}

constexpr int ruleTries = 8;

/// Runs `rule` now, on `strand`, and `done` there later (or now, where nothing is written).
template <class T> void runRule(Storage& storage, Executor& strand, Rule<T> rule, Done<T> done, int tries = ruleTries)
{
    Decision<T> decision = rule();
    if (!decision.ok())
        return done(asChatError(decision.error()));
    if (T* value = std::get_if<0>(&*decision))
        return done(std::move(*value));

    struct Run {
        Rule<T> rule;
        Done<T> done;
        std::function<Result<T>(const Committed&)> then;
    };
    Step<T>& step = std::get<1>(*decision);
    auto run = std::make_shared<Run>(Run{std::move(rule), std::move(done), std::move(step.then)});
    storage.submit(std::move(step.transaction), [&storage, &strand, run, tries](Result<Committed> committed) {
        strand.post([&storage, &strand, run, tries, committed = std::move(committed)] {
            if (committed.ok())
                run->done(run->then(*committed));
            else if (committed.error().is(StorageError::Conflict) && tries > 1)
                runRule<T>(storage, strand, std::move(run->rule), std::move(run->done), tries - 1);
            else
                run->done(asChatError(committed.error()));
        });
    });
}

/// For calls that answer with nothing.
[[nodiscard]] inline Done<Unit> asUnit(Done<void> done)
{
    return [done = std::move(done)](Result<Unit> result) {
        if (result.ok())
            done({});
        else
            done(std::move(result).error());
    };
}

} // namespace kith::server
