#pragma once
/// Hearing a future's result on one's own thread. Unlike QFuture::then with a context (whose continuation asserts in Qt
/// 6.4 when the context is gone first) it is safe to destroy the listener at any time: nothing is called any more.
/// Thread: the listener's, which runs an event loop.

#include <QFuture>
#include <QFutureWatcher>

#include <utility>

namespace kith
{

/// Calls `done(result)` once, later, unless `listener` is destroyed before or the future was cancelled.
template <class T, class Done> void whenDone(QObject* listener, const QFuture<T>& future, Done done)
{
    auto* watcher = new QFutureWatcher<T>(listener);
    QObject::connect(watcher, &QFutureWatcher<T>::finished, listener, [watcher, done = std::move(done)]() mutable {
        watcher->deleteLater();
        if (watcher->future().resultCount() > 0)
            done(watcher->result());
    });
    watcher->setFuture(future);
}

} // namespace kith
