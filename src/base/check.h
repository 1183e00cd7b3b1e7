// CHECK is always on: a broken invariant is a bug, and a bug stops before it lies to somebody.
#pragma once

namespace convops {
[[noreturn]] void check_failed(char const* condition, char const* file, int line);
}

#define CHECK(condition)                                                                                             \
    do {                                                                                                             \
        if (!(condition)) [[unlikely]]                                                                               \
            ::convops::check_failed(#condition, __FILE__, __LINE__);                                                 \
    } while (false)
