#pragma once
/// A thread with an event loop of its own, on which a LocalSession lives. Owned by LocalEngine. Thread: made and
/// destroyed on one thread; post() from any.

#include "core/base/Executor.h"

#include <QObject>
#include <QThread>

namespace kith
{

class EngineThread final : public Executor
{
public:
    /// `atEnd` runs on the thread, after its loop and before it is joined.
    explicit EngineThread(std::function<void()> atEnd);
    /// Ends the loop (and loops within it, such as a keychain's), then joins. What was still queued is dropped unrun.
    ~EngineThread() override;

    void post(std::function<void()> work) override;

private:
    class Thread final : public QThread
    {
    public:
        explicit Thread(std::function<void()> atEnd) : atEnd_(std::move(atEnd)) {}

    protected:
        void run() override;

    private:
        std::function<void()> atEnd_;
    };

    QObject context_; ///< Lives on the thread; what is posted is bound to it.
    Thread thread_;
};

} // namespace kith
