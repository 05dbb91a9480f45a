#pragma once
/// What of a text is emoji: a message of nothing else is drawn large. Ranges of Unicode 15's emoji properties, joined
/// where what lies between is unassigned or pictographic too. Thread: pure functions.

#include <QStringView>

namespace kith
{

/// 1 to `most`: the text is that many emoji and nothing else; 0: it is something else, or more of them.
[[nodiscard]] int countOfOnlyEmoji(QStringView text, int most);

} // namespace kith
