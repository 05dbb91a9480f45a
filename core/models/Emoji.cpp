#include "core/models/Emoji.h"

#include <QTextBoundaryFinder>

namespace kith
{
namespace
{

struct Range {
    char32_t first;
    char32_t last;
};

// Shown as a picture without a variation selector (Emoji_Presentation), and with one (Emoji).
constexpr Range pictures[] = {
    {0x231A, 0x231B},   {0x23E9, 0x23EC},   {0x23F0, 0x23F0},   {0x23F3, 0x23F3},   {0x25FD, 0x25FE},
    {0x2614, 0x2615},   {0x2648, 0x2653},   {0x267F, 0x267F},   {0x2693, 0x2693},   {0x26A1, 0x26A1},
    {0x26AA, 0x26AB},   {0x26BD, 0x26BE},   {0x26C4, 0x26C5},   {0x26CE, 0x26CE},   {0x26D4, 0x26D4},
    {0x26EA, 0x26EA},   {0x26F2, 0x26F3},   {0x26F5, 0x26F5},   {0x26FA, 0x26FA},   {0x26FD, 0x26FD},
    {0x2705, 0x2705},   {0x270A, 0x270B},   {0x2728, 0x2728},   {0x274C, 0x274C},   {0x274E, 0x274E},
    {0x2753, 0x2755},   {0x2757, 0x2757},   {0x2795, 0x2797},   {0x27B0, 0x27B0},   {0x27BF, 0x27BF},
    {0x2B1B, 0x2B1C},   {0x2B50, 0x2B50},   {0x2B55, 0x2B55},   {0x1F004, 0x1F004}, {0x1F0CF, 0x1F0CF},
    {0x1F18E, 0x1F18E}, {0x1F191, 0x1F19A}, {0x1F1E6, 0x1F1FF}, {0x1F201, 0x1F202}, {0x1F21A, 0x1F21A},
    {0x1F22F, 0x1F22F}, {0x1F232, 0x1F23A}, {0x1F250, 0x1F251}, {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF},
    {0x1F7E0, 0x1F7F0}, {0x1F90C, 0x1F9FF}, {0x1FA70, 0x1FAFF}};
constexpr Range withSelector[] = {{0x00A9, 0x00A9}, {0x00AE, 0x00AE}, {0x203C, 0x203C}, {0x2049, 0x2049},
                                  {0x2122, 0x2122}, {0x2139, 0x2139}, {0x2194, 0x21AA}, {0x2328, 0x2328},
                                  {0x23CF, 0x23FA}, {0x24C2, 0x24C2}, {0x25AA, 0x25FE}, {0x2600, 0x27BF},
                                  {0x2934, 0x2935}, {0x2B05, 0x2B55}, {0x3030, 0x303D}, {0x3297, 0x3299}};
constexpr char32_t pictureSelector = 0xFE0F;
constexpr char32_t keycap = 0x20E3;

template <std::size_t Size> bool within(const Range (&ranges)[Size], char32_t point)
{
    for (const Range& range : ranges)
        if (point >= range.first && point <= range.last)
            return true;
    return false;
}

bool isEmoji(QStringView grapheme)
{
    const auto points = grapheme.toUcs4();
    if (points.isEmpty())
        return false;
    const char32_t first = points.front();
    if (within(pictures, first))
        return true;
    const bool selected = points.contains(pictureSelector);
    return (selected && within(withSelector, first)) || (points.size() > 1 && points.back() == keycap);
}

} // namespace

int countOfOnlyEmoji(QStringView text, int most)
{
    constexpr qsizetype longestSequence = 40; // a family with skin tones has 11 points
    const QStringView trimmed = text.trimmed();
    if (trimmed.isEmpty() || trimmed.size() > most * longestSequence)
        return 0;
    QTextBoundaryFinder finder(QTextBoundaryFinder::Grapheme, trimmed.toString());
    int count = 0;
    qsizetype begin = 0;
    while (finder.toNextBoundary() >= 0) {
        const QStringView grapheme = trimmed.sliced(begin, finder.position() - begin);
        begin = finder.position();
        if (grapheme.trimmed().isEmpty())
            continue;
        if (!isEmoji(grapheme) || ++count > most)
            return 0;
    }
    return count;
}

} // namespace kith
