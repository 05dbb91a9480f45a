#include "core/domain/Message.h"

namespace kith
{

bool isVisible(MessageKind kind)
{
    return kind != MessageKind::Control && kind != MessageKind::Duplicate;
}

bool isCounted(MessageKind kind)
{
    switch (kind) {
    case MessageKind::Text:
    case MessageKind::Unknown:
    case MessageKind::Waiting:
    case MessageKind::Lost:
        return true;
    case MessageKind::System:
    case MessageKind::Control:
    case MessageKind::Tombstone:
    case MessageKind::Duplicate:
        return false;
    }
    return false;
}

} // namespace kith
