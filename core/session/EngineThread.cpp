#include "core/session/EngineThread.h"

namespace kith
{

EngineThread::EngineThread(std::function<void()> atEnd) : thread_(std::move(atEnd))
{
    context_.moveToThread(&thread_);
    thread_.start();
}

EngineThread::~EngineThread()
{
    thread_.quit();
    thread_.wait();
}

void EngineThread::post(std::function<void()> work)
{
    QMetaObject::invokeMethod(&context_, std::move(work), Qt::QueuedConnection);
}

void EngineThread::Thread::run()
{
    exec();
    atEnd_();
}

} // namespace kith
