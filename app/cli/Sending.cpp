#include "app/cli/Sending.h"

namespace kith::cli
{

bool isSettled(const std::optional<Message>& message)
{
    return message && (message->outbox == OutboxState::Accepted || message->outbox == OutboxState::Failed);
}

bool hasFailed(const std::optional<Message>& message)
{
    return message && message->outbox == OutboxState::Failed;
}

Error refusalOf(const Message& message)
{
    const bool told = message.failure && !message.failure->words.empty();
    const bool changed = message.failure && message.failure->code == "manifest/identity_changed";
    return Error::make(changed ? SessionError::KeyChanged : SessionError::Refused,
                       told ? message.failure->words : "the server refused the message");
}

} // namespace kith::cli
