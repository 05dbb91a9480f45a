#include "core/crypto/LogChain.h"

#include "core/crypto/Hash.h"

namespace kith
{
namespace
{

using namespace std::string_view_literals;

constexpr ByteView rowLabel = "kith row v1\0"sv;
constexpr ByteView chainLabel = "kith chain v1\0"sv;

} // namespace

Sha256Digest rowHash(const ChainedRow& row)
{
    Bytes fields;
    fields.append(row.log.view());
    appendBigEndian(fields, row.generation.value());
    appendBigEndian(fields, row.seq.value());
    fields.append(row.sender.view());
    fields.push_back(static_cast<char>(row.kind));
    fields.append(row.clientMsgId.view());
    fields.append(row.bodyHash.view());
    appendBigEndian16(fields, static_cast<std::uint16_t>(row.commitment.size()));
    return sha256({rowLabel, fields, row.commitment});
}

Sha256Digest nextChain(const Sha256Digest& previous, const Sha256Digest& row)
{
    return sha256({chainLabel, previous.view(), row.view()});
}

} // namespace kith
