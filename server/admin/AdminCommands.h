#pragma once
/// Operator commands over the rules. Requests and answers are JSON objects; docs/guides/server.md lists them.
///
/// An answer has "type"; that of a failure is "error", with "code" and a sentence, "message".
/// Owned by the composition root. Thread: run() from any; `done` on the strand.

#include "server/chat/Chat.h"

#include <QJsonObject>

#include <functional>
#include <string>

namespace kith::server
{

class AdminCommands
{
public:
    /// Makes a link that carries an invite token.
    using LinkMaker = std::function<std::string(const std::string& token)>;

    AdminCommands(Chat& chat, Executor& strand, LinkMaker makeLink);

    /// `request`: {"command": "user add" | "user list" | "invite create" | "invite list" | "invite revoke", ...}.
    void run(const QJsonObject& request, std::function<void(const QJsonObject&)> done);

private:
    using Answer = std::function<void(const QJsonObject&)>;
    void createInvite(const QJsonObject& request, bool forName, Answer done);
    void listInvites(Answer done);
    void revokeInvite(const QJsonObject& request, Answer done);
    void listUsers(Answer done);

    Chat& chat_;
    Executor& strand_;
    LinkMaker makeLink_;
};

/// {"type": "error", ...} of an error.
[[nodiscard]] QJsonObject errorAnswer(const Error& error);

} // namespace kith::server
