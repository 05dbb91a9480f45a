#include "core/store/ReaderStore.h"

namespace kith
{

Result<std::unique_ptr<ReaderStore>> ReaderStore::open(const Options& options, const SecretBytes& key)
{
    // Opened here, used by the reader's thread alone from then on: SQLite does not bind a connection to a thread.
    KITH_TRY(auto database, sqlite::Database::open({options.path, sqlite::Access::ReadOnly, options.vfs}, key));
    return std::unique_ptr<ReaderStore>(new ReaderStore(std::move(database)));
}

ReaderStore::ReaderStore(std::unique_ptr<sqlite::Database> database)
    : database_(std::move(database)), thread_([this] { serve(); })
{
}

ReaderStore::~ReaderStore()
{
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

QFuture<Result<std::vector<Conversation>>> ReaderStore::conversations(std::size_t limit)
{
    return read<std::vector<Conversation>>([limit](StoreReads& reads) { return reads.conversations.page(0, limit); });
}

QFuture<Result<std::vector<Message>>> ReaderStore::newest(const LogId& log, std::size_t limit)
{
    return read<std::vector<Message>>([log, limit](StoreReads& reads) { return reads.messages.newest(log, limit); });
}

QFuture<Result<std::vector<Message>>> ReaderStore::around(MessageId anchor, std::size_t before, std::size_t after)
{
    return read<std::vector<Message>>([=](StoreReads& reads) { return reads.messages.around(anchor, before, after); });
}

void ReaderStore::enqueue(Job job)
{
    {
        const std::lock_guard lock(mutex_);
        jobs_.push_back(std::move(job));
    }
    wake_.notify_one();
}

void ReaderStore::serve()
{
    StoreChanges none; // nothing is written here
    StoreContext context{*database_, none};
    MessageStore messages(*database_);
    ConversationList conversations(*database_);
    ContactStore contacts(context);
    MarkStore marks(context);
    AccountStore account(context);
    while (true) {
        Job job;
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [&] { return ending_ || !jobs_.empty(); });
            if (jobs_.empty())
                return;
            job = std::move(jobs_.front());
            jobs_.pop_front();
        }
        // One snapshot per job, and never longer: an open snapshot keeps the WAL from being reused.
        auto begun = database_->execute("BEGIN");
        Result<StoreReads> reads =
            begun.ok() ? Result<StoreReads>(StoreReads{messages, conversations, contacts, marks, account})
                       : std::move(begun).error();
        job(reads);
        if (reads.ok())
            (void)database_->execute("COMMIT");
    }
}

} // namespace kith
