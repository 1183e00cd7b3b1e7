// Pixels to PNG, fast: level 1, which costs a few per cent of size and a tenth of the time.
#pragma once

#include "base/result.h"

namespace convops {

// Rows of 32-bit native-endian 0x00RRGGBB (Cairo's RGB24), `stride` bytes apart.
Result<std::string> png_from_xrgb(unsigned char const* pixels, int width, int height, std::size_t stride);

} // namespace convops
