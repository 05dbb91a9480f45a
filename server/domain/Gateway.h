#pragma once
/// Names of running parts of a cluster. Plain values.

#include "core/base/StrongId.h"

namespace kith::server
{

/// One running server process, random at its start.
using NodeId = FixedId<struct NodeIdTag>;
/// One gateway event loop of one process, random at its start.
using GatewayId = FixedId<struct GatewayIdTag>;

} // namespace kith::server
