#pragma once
/// Domain values as output rows; the field names are the contract of docs/guides/cli.md. Main thread.

#include "app/cli/JsonRow.h"
#include "core/session/Session.h"

namespace kith::cli
{

/// `detail` is the failure's sentence for a failed message, else empty.
[[nodiscard]] Result<JsonRow> messageRow(const Session& session, const Message& message);
[[nodiscard]] Result<JsonRow> conversationRow(const Session& session, const Conversation& conversation);
[[nodiscard]] Result<JsonRow> requestRow(const Session& session, const Conversation& conversation);
[[nodiscard]] JsonRow connectionRow(const net::ConnectionFact& fact);
[[nodiscard]] JsonRow errorRow(const Error& error);
/// The handle where known, else the id in hexadecimal.
[[nodiscard]] std::string nameOf(const Session& session, UserId user);
/// "verified_by_link": how far the person's identity key is trusted.
[[nodiscard]] std::string_view trustName(TrustState trust);
/// ISO 8601, UTC, milliseconds.
[[nodiscard]] std::string isoTime(WallTime time);

} // namespace kith::cli
