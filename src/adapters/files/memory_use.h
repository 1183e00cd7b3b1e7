// How much memory this process holds, as the kernel counts it.
#pragma once

#include <cstddef>

namespace convops {

struct MemoryUse {
    std::size_t resident_bytes = 0;
    std::size_t peak_resident_bytes = 0; // since the process began
};

// Zeros where the kernel does not tell.
MemoryUse memory_use();

} // namespace convops
