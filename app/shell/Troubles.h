#pragma once
/// What stands in the way of opening a profile, in words: what happened, what is safe, what to do (docs/errors.md).
/// Thread: the GUI thread, for translation; plain values.

#include "app/shell/ShellController.h"

namespace kith
{

/// `directory`: the profile's, named where a person must go there.
[[nodiscard]] Notice openingTrouble(const Error& error, const QString& directory);

/// An invite was opened where there is an account already.
[[nodiscard]] Notice unusedInvite(const QString& handle);

} // namespace kith
