#pragma once
/// Reading logs as one device may see them: heads and pages (mechanisms.md sections 2 and 3). Live delivery is the same
/// read. Thread: any; see Caller.h. The *Now forms block on the storage: on a strand only.

#include "server/chat/Caller.h"
#include "server/domain/Conversation.h"
#include "server/domain/Entry.h"
#include "server/domain/Marks.h"

namespace kith::server
{

struct ChatContext;

struct PageRequest {
    LogId log;
    Generation generation; ///< Of `after`; 0: the device has nothing of this log.
    Seq after;
    std::size_t maxEntries = 0;      ///< 0: Limits::pageEntries.
    std::size_t maxBytes = 0;        ///< 0: Limits::pageBytes; one entry always fits.
    std::uint64_t marksRevision = 0; ///< Marks come along when the log's are newer.
};
/// Below the floor bodies are gone: `chain` is the value at floor - 1.
struct Trimmed {
    Seq floor;
    Bytes chain;
};
struct PageView {
    LogHead head;
    Seq after;                  ///< Where the page really starts: entries have seq > after.
    std::vector<Entry> entries; ///< Each with at most one envelope, the reading device's.
    std::optional<Trimmed> trimmed;
    std::optional<LogMarks> marks;
    Seq cut; ///< Not 0: the position was of an older generation; this system entry says where that one ended.
};

struct Position {
    LogId log;
    Generation generation;
    Seq cursor;
    std::uint64_t marksRevision = 0;
    SendNo sendNo; ///< Highest that the device gave a message of its own in this log.
};
struct HeadsRequest {
    std::uint64_t activityToken = 0; ///< 0: everything.
    std::vector<Position> positions; ///< Cursors that moved since the device last stated them.
    LogId afterLog;                  ///< Paging.
};
struct HeadView {
    LogId log;
    Generation generation;
    Seq head;
    Seq floor;
    Seq fromSeq;
    std::uint64_t marksRevision = 0;
    LogType type = LogType::Direct;
};
struct HeadsView {
    std::vector<HeadView> logs;
    LogId lastLog; ///< Where the next page goes on.
    bool more = false;
    std::uint64_t activityToken = 0; ///< Of a first page: to be kept once everything was fetched.
};

class LogReader
{
public:
    explicit LogReader(ChatContext& context) : context_(context) {}

    /// Subscribe (Registry::add) before the first heads. Denied when a stated cursor is lower than one stated before,
    /// or a stated number than one accepted: a cloned device. Unavailable when the device is ahead of what is held
    /// here: see PutBackAlarm.h.
    void heads(const Caller& caller, HeadsRequest request, Done<HeadsView> done);
    /// NotFound unless the device reads this log.
    void page(const Caller& caller, PageRequest request, Done<PageView> done);
    [[nodiscard]] Result<PageView> pageNow(UserId user, DeviceId device, const PageRequest& request);
    /// The cursor that the device last stated for the log, 0 where it stated none; live delivery starts there. NotFound
    /// unless the device reads this log.
    [[nodiscard]] Result<Seq> statedNow(UserId user, DeviceId device, LogId log);

    /// For rows that came with a hint: what pageNow would have given `device`.
    [[nodiscard]] static Entry forDevice(const Entry& entry, DeviceId device);

private:
    ChatContext& context_;
};

} // namespace kith::server
