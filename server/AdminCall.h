#pragma once
/// Operator commands from the command line: asked of the server that runs on the data directory, else done here.
/// Thread: the main thread.

#include "server/Commands.h"

#include <QJsonObject>

namespace kith::server
{

/// Runs the request, prints the answer, returns the exit code.
[[nodiscard]] int adminCall(const CommonOptions& options, const QJsonObject& request);

} // namespace kith::server
