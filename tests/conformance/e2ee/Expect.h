#pragma once
/// Inside a suite function: the first expectation that does not hold ends it with its own words.

#include <string>

#define KITH_EXPECT(condition)                                                                                         \
    do {                                                                                                               \
        if (!(condition))                                                                                              \
            return std::string(__FILE__ ": expected " #condition);                                                     \
    } while (false)
