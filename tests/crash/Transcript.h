#pragma once
/// A conversation as a profile has it, and the comparison of both sides with what was told on the way (P1 to P4). Texts
/// read "<author> <number> <filling>"; each author counts from 1. Plain values.

#include "tests/crash/Findings.h"

#include <QJsonObject>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace kith::crash
{

struct TranscriptRow {
    std::uint64_t seq = 0;    ///< 0: not numbered by the server.
    std::uint64_t number = 0; ///< The author's; 0: not one of the numbered texts.
    std::string author;
    std::string id; ///< client_msg_id.
    std::string text;
    std::string state;

    /// Of kith-cli's `message` row.
    [[nodiscard]] static TranscriptRow of(const QJsonObject& row);
    friend bool operator==(const TranscriptRow& a, const TranscriptRow& b)
    {
        return a.seq == b.seq && a.author == b.author && a.id == b.id && a.text == b.text;
    }
};

struct Transcript {
    std::string owner; ///< Whose profile.
    std::string log;   ///< The conversation's id.
    std::vector<TranscriptRow> rows;
};

/// What an author's program said of its messages: by number the server's number, absent while it was only on disk.
using Told = std::map<std::uint64_t, std::optional<std::uint64_t>>;

[[nodiscard]] std::string textFor(const std::string& author, std::uint64_t number, const std::string& filling);

/// One side by itself: rising numbers, nothing twice, each author's messages in their order, everything opened.
void checkTranscript(const Transcript& side, Findings& findings);
/// Everything that `author` was told of stands in `side`, where the server had put it.
void checkTold(const std::string& author, const Told& told, const Transcript& side, Findings& findings);
/// Both sides have the same rows.
void checkEqual(const Transcript& one, const Transcript& other, Findings& findings);

} // namespace kith::crash
