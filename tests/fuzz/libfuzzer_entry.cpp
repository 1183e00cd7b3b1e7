#include "target.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
    convops::fuzz::one({ reinterpret_cast<char const*>(bytes), size });
    return 0;
}
