#include "server/storage/engine/MarkTable.h"

#include "server/storage/engine/Keys.h"

#include <algorithm>

namespace kith::server
{
namespace
{

Bytes cursorName(LogId log, UserId user, DeviceId device)
{
    Bytes name;
    name.reserve(3 * LogId::size);
    name.append(log.view()).append(user.view()).append(device.view());
    return name;
}

template <class Members> LogMarks snapshot(const Members& members)
{
    LogMarks marks;
    marks.members.reserve(members.size());
    for (const auto& member : members) {
        marks.revision = std::max(marks.revision, member.row.revision);
        marks.members.push_back({member.user, member.row.delivered, member.row.read});
    }
    return marks;
}

/// Forward only, and never past `limit`.
bool raise(Seq& value, Seq stated, Seq limit)
{
    const Seq next = std::min(stated, limit);
    if (next <= value)
        return false;
    value = next;
    return true;
}

} // namespace

Result<MarkTable::LogEntry*> MarkTable::log(LogId log)
{
    {
        const std::scoped_lock lock(mutex_);
        if (LogEntry* entry = logs_.find(log))
            return entry;
    }
    // Only this thread writes, so what is read here is still true below; readers are not kept waiting for the disk.
    KITH_TRY(const auto rows, reader_.marks(log));
    LogEntry entry;
    entry.members.reserve(rows.size());
    for (const auto& [user, row] : rows)
        entry.members.push_back({user, row, false});
    const std::scoped_lock lock(mutex_);
    logs_.charge(static_cast<std::ptrdiff_t>(rows.size() * sizeof(MemberMark)));
    return &logs_.insert(log, std::move(entry));
}

Result<MarkTable::CursorEntry*> MarkTable::cursorEntry(const MarkUpdate& update)
{
    const Bytes name = cursorName(update.log, update.user, update.device);
    {
        const std::scoped_lock lock(mutex_);
        if (CursorEntry* entry = cursors_.find(name))
            return entry;
    }
    KITH_TRY(const auto row, reader_.cursor(update.log, update.user, update.device));
    const std::scoped_lock lock(mutex_);
    return &cursors_.insert(name, {update.log, update.user, update.device, row.value_or(CursorRow{}), false});
}

Result<MarkResult> MarkTable::apply(const MarkUpdate& update, Seq head, std::uint64_t revision)
{
    KITH_TRY(LogEntry * entry, log(update.log));
    KITH_TRY(CursorEntry * cursor, cursorEntry(update));
    const bool lowerCursor = update.cursor.value() != 0 && std::min(update.cursor, head) < cursor->row.cursor;
    const bool lowerSend = update.sendNo.value() != 0 && update.sendNo < cursor->row.sendNo;
    if (lowerCursor || lowerSend)
        return Error::make(StorageError::CloneSend, "This device states less than it had stored: its data was copied "
                                                    "or put back from an old backup.");

    const std::scoped_lock lock(mutex_);
    CursorRow& row = cursor->row;
    const bool cursorMoved = raise(row.cursor, update.cursor, head);
    const bool sendMoved = update.sendNo > row.sendNo;
    row.sendNo = std::max(row.sendNo, update.sendNo);
    if ((cursorMoved || sendMoved) && !cursor->dirty) {
        cursor->dirty = true;
        dirtyCursors_.push_back(cursorName(update.log, update.user, update.device));
    }

    MarkResult result;
    auto& members = entry->members;
    auto member = std::lower_bound(members.begin(), members.end(), update.user,
                                   [](const MemberMark& mark, const UserId& user) { return mark.user < user; });
    const bool known = member != members.end() && member->user == update.user;
    MarkRow mark = known ? member->row : MarkRow{};
    const bool delivered = raise(mark.delivered, update.delivered, head);
    const bool read = raise(mark.read, update.read, head);
    result.changed = delivered || read;
    if (result.changed) {
        mark.revision = revision;
        if (!known) {
            member = members.insert(member, {update.user, {}, false});
            logs_.charge(sizeof(MemberMark));
        }
        member->row = mark;
        if (!member->dirty) {
            member->dirty = true;
            dirtyMarks_.emplace_back(update.log, update.user);
        }
    }
    result.marks = snapshot(members);
    return result;
}

void MarkTable::collect(WriteSet& out)
{
    const std::scoped_lock lock(mutex_);
    for (const Bytes& name : dirtyCursors_) {
        const CursorEntry& entry = *cursors_.peek(name);
        out.put(keys::cursor(bucketOf(entry.log.view()), entry.log, entry.user, entry.device), encodeCursor(entry.row));
    }
    for (const auto& [log, user] : dirtyMarks_) {
        for (const MemberMark& member : logs_.peek(log)->members) {
            if (member.user == user)
                out.put(keys::mark(bucketOf(log.view()), log, user), encodeMark(member.row));
        }
    }
}

void MarkTable::settled()
{
    const std::scoped_lock lock(mutex_);
    for (const Bytes& name : dirtyCursors_)
        cursors_.find(name)->dirty = false;
    for (const auto& [log, user] : dirtyMarks_) {
        for (MemberMark& member : logs_.find(log)->members)
            member.dirty = false;
    }
    dirtyCursors_.clear();
    dirtyMarks_.clear();
    logs_.shrink(budget_ / 2, [](const LogEntry& entry) { return entry.members.size() * sizeof(MemberMark); });
    cursors_.shrink(budget_ / 2);
}

Result<LogMarks> MarkTable::marks(LogId log) const
{
    {
        const std::scoped_lock lock(mutex_);
        if (const LogEntry* entry = logs_.peek(log))
            return snapshot(entry->members);
    }
    KITH_TRY(const auto rows, reader_.marks(log));
    std::vector<MemberMark> members;
    members.reserve(rows.size());
    for (const auto& [user, row] : rows)
        members.push_back({user, row, false});
    return snapshot(members);
}

Result<Seq> MarkTable::cursor(LogId log, UserId user, DeviceId device) const
{
    {
        const std::scoped_lock lock(mutex_);
        if (const CursorEntry* entry = cursors_.peek(cursorName(log, user, device)))
            return entry->row.cursor;
    }
    KITH_TRY(const auto row, reader_.cursor(log, user, device));
    return row ? row->cursor : Seq{};
}

} // namespace kith::server
