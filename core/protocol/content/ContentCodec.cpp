#include "core/protocol/content/ContentCodec.h"

namespace kith
{

std::string_view ErrorTraits<content::ContentError>::name(content::ContentError code)
{
    return code == content::ContentError::Unknown ? "unknown" : "malformed";
}

namespace content
{
namespace
{

constexpr std::size_t idSize = 16;
constexpr std::size_t commitmentSize = 32;

Error malformed(const char* what)
{
    return Error::make(ContentError::Malformed, std::string("a message has a bad ") + what);
}

bool isReference(const Reference& reference)
{
    return reference.author().size() == idSize && reference.client_msg_id().size() == idSize &&
           (reference.commitment().empty() || reference.commitment().size() == commitmentSize);
}

} // namespace

Result<Content> decode(ByteView bytes)
{
    if (bytes.size() > maxContent)
        return malformed("size");
    Content content;
    // Protobuf itself refuses strings that are not UTF-8.
    if (!content.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
        return malformed("form");
    if (content.sender().display_name().size() > maxDisplayName)
        return malformed("name");
    switch (content.kind_case()) {
    case Content::kText:
        if (content.text().text().empty())
            return malformed("text");
        if (content.text().has_reply_to() && !isReference(content.text().reply_to()))
            return malformed("reference");
        return content;
    case Content::kResend:
        if (content.resend().client_msg_id().size() != idSize || content.resend().for_user().size() != idSize ||
            content.resend().for_device().size() != idSize || content.resend().seq() == 0)
            return malformed("resend");
        return content;
    case Content::KIND_NOT_SET:
        break;
    }
    return Error::make(ContentError::Unknown, "a later version of Kith wrote this");
}

Bytes encode(const Content& content)
{
    return content.SerializeAsString();
}

} // namespace content
} // namespace kith
