#pragma once
/// Work for the GUI thread, on its event loop: where change feeds are heard. Owned by the composition root, outlives
/// the models; what is queued dies with it. Thread: made on the GUI thread, post() from any.

#include "core/base/Executor.h"

#include <QObject>

namespace kith
{

class GuiExecutor final : public Executor
{
public:
    void post(std::function<void()> work) override
    {
        QMetaObject::invokeMethod(&context_, std::move(work), Qt::QueuedConnection);
    }

private:
    QObject context_;
};

} // namespace kith
