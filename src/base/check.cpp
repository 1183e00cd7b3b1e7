#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace convops {

void check_failed(char const* condition, char const* file, int line) {
    std::fprintf(stderr, "convops: broken invariant %s at %s:%d; please report this\n", condition, file, line);
    std::abort();
}

} // namespace convops
