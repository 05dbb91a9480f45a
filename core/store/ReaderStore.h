#pragma once
/// Reading beside the writer: a thread of its own with a read-only connection that hands out immutable rows. The window
/// and the command line never touch SQLite themselves. Thread: construct, call and destroy on any one thread; work runs
/// on the reader's.

#include "core/store/AccountStore.h"
#include "core/store/ContactStore.h"
#include "core/store/ConversationList.h"
#include "core/store/MarkStore.h"
#include "core/store/MessageStore.h"

#include <QFuture>
#include <QPromise>

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace kith
{

/// What a reading function may use; the connection is read-only, so what writes fails. Thread: the reader's.
struct StoreReads {
    MessageStore& messages;
    ConversationList& conversations;
    ContactStore& contacts;
    MarkStore& marks;
    AccountStore& account;
};

class ReaderStore
{
public:
    struct Options {
        std::string path;
        std::string vfs; ///< Empty: the system's.
    };

    /// The database exists: ClientStore has opened it.
    [[nodiscard]] static Result<std::unique_ptr<ReaderStore>> open(const Options& options, const SecretBytes& key);
    /// Finishes what was asked for.
    ~ReaderStore();

    /// Runs `work` on the reader's thread over one consistent snapshot.
    template <class T> [[nodiscard]] QFuture<Result<T>> read(std::function<Result<T>(StoreReads&)> work)
    {
        auto promise = std::make_shared<QPromise<Result<T>>>();
        promise->start();
        QFuture<Result<T>> future = promise->future();
        enqueue([promise, work = std::move(work)](Result<StoreReads>& reads) {
            promise->addResult(reads.ok() ? work(reads.value()) : Result<T>(reads.error()));
            promise->finish();
        });
        return future;
    }

    [[nodiscard]] QFuture<Result<std::vector<Conversation>>> conversations(std::size_t limit);
    [[nodiscard]] QFuture<Result<std::vector<Message>>> newest(const LogId& log, std::size_t limit);
    [[nodiscard]] QFuture<Result<std::vector<Message>>> around(MessageId anchor, std::size_t before, std::size_t after);

private:
    using Job = std::function<void(Result<StoreReads>&)>;

    explicit ReaderStore(std::unique_ptr<sqlite::Database> database);
    void enqueue(Job job);
    void serve();

    std::unique_ptr<sqlite::Database> database_; ///< Used by the reader's thread alone.
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Job> jobs_;
    bool ending_ = false;
    std::thread thread_;
};

} // namespace kith
