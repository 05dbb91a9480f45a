#pragma once
/// What kithd tells the person or script that started it: lines for people, one JSON object a line with --json. Errors
/// go to stderr in words, and with --json to stdout as an object too. Thread: the main thread.

#include "core/base/Error.h"
#include "server/Commands.h"

#include <QJsonObject>

namespace kith::server
{

/// Prints `object` as one line of JSON.
void printJson(const QJsonObject& object);
/// Prints a line for people.
void printLine(const std::string& line);
/// Prints a line for people beside what is printed: on stderr.
void printNote(const std::string& line);
/// Prints the error, and returns the code that fits it.
[[nodiscard]] int fail(const Error& error, bool json);
[[nodiscard]] int fail(Exit exit, const QJsonObject& error, bool json);
/// What the errors of each module end the process with.
[[nodiscard]] Exit exitOf(const Error& error);

} // namespace kith::server
