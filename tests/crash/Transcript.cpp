#include "tests/crash/Transcript.h"

#include <QString>

#include <set>

namespace kith::crash
{
namespace
{

std::string field(const QJsonObject& row, const char* name)
{
    return row[QLatin1String(name)].toString().toStdString();
}

std::string nameOf(const TranscriptRow& row)
{
    return row.author + "'s message " + std::to_string(row.number);
}

bool isSound(const TranscriptRow& row)
{
    static const std::set<std::string> sound{"received", "accepted", "delivered", "read"};
    return sound.count(row.state) == 1 && row.seq != 0;
}

} // namespace

std::string textFor(const std::string& author, std::uint64_t number, const std::string& filling)
{
    return author + " " + std::to_string(number) + " " + filling;
}

TranscriptRow TranscriptRow::of(const QJsonObject& row)
{
    TranscriptRow out;
    out.seq = static_cast<std::uint64_t>(row[QStringLiteral("seq")].toInteger());
    out.author = field(row, "sender");
    out.id = field(row, "client_msg_id");
    out.text = field(row, "text");
    out.state = field(row, "state");
    const QStringList words = QString::fromStdString(out.text).split(u' ');
    if (words.size() == 3 && words[0].toStdString() == out.author)
        out.number = words[1].toULongLong();
    return out;
}

void checkTranscript(const Transcript& side, Findings& findings)
{
    std::uint64_t last = 0;
    std::map<std::string, std::uint64_t> lastOf;
    std::set<std::string> seen;
    const auto found = [&](Kind kind, const char* promise, const TranscriptRow& row, const std::string& what) {
        findings.add(kind, promise, side.log, row.seq, side.owner + " has " + nameOf(row) + " " + what);
    };
    for (const TranscriptRow& row : side.rows) {
        if (!isSound(row))
            found(Kind::Lost, "P1", row, "in the state " + row.state);
        if (row.seq != 0 && row.seq == last)
            found(Kind::Duplicated, "P2", row, "at a number that stands there already");
        else if (row.seq != 0 && row.seq < last)
            found(Kind::Hole, "P3", row, "behind #" + std::to_string(last));
        last = std::max(last, row.seq);
        if (row.number == 0)
            continue;
        if (!seen.insert(nameOf(row)).second)
            found(Kind::Duplicated, "P2", row, "twice");
        else if (row.number < lastOf[row.author])
            found(Kind::Hole, "P3", row, "behind " + std::to_string(lastOf[row.author]));
        lastOf[row.author] = std::max(lastOf[row.author], row.number);
    }
}

void checkTold(const std::string& author, const Told& told, const Transcript& side, Findings& findings)
{
    std::map<std::uint64_t, std::uint64_t> there;
    for (const TranscriptRow& row : side.rows) {
        if (row.author == author && row.number != 0)
            there.emplace(row.number, row.seq);
    }
    for (const auto& [number, seq] : told) {
        const auto at = there.find(number);
        const std::string what = author + "'s message " + std::to_string(number);
        if (at == there.end())
            findings.add(Kind::Lost, "P1", side.log, seq.value_or(0),
                         what + (seq ? " was acknowledged" : " was told to be on disk") + " and is missing in what " +
                             side.owner + " has");
        else if (seq && at->second != *seq)
            findings.add(Kind::Lost, "P1", side.log, *seq,
                         what + " was acknowledged there and is #" + std::to_string(at->second) + " in what " +
                             side.owner + " has");
    }
}

void checkEqual(const Transcript& one, const Transcript& other, Findings& findings)
{
    const auto numbered = [](const Transcript& side) {
        std::map<std::uint64_t, const TranscriptRow*> rows;
        for (const TranscriptRow& row : side.rows)
            rows.emplace(row.seq, &row);
        return rows;
    };
    const auto theirs = numbered(other);
    const auto ours = numbered(one);
    for (const auto& [seq, row] : ours) {
        const auto at = theirs.find(seq);
        if (at == theirs.end())
            findings.add(Kind::Hole, "P4", one.log, seq, one.owner + " has it and " + other.owner + " does not");
        else if (!(*row == *at->second))
            findings.add(Kind::Hole, "P4", one.log, seq, one.owner + " and " + other.owner + " have different ones");
    }
    for (const auto& [seq, row] : theirs) {
        if (ours.count(seq) == 0)
            findings.add(Kind::Hole, "P4", one.log, seq, other.owner + " has it and " + one.owner + " does not");
    }
}

} // namespace kith::crash
