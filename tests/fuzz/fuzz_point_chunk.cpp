// Bytes from the store -> datapoints: never a crash, never more than the bound, with and without a good checksum.
#include "target.h"

#include "points/point_bytes.h"
#include "points/point_chunk.h"

namespace convops::fuzz {

void one(std::string_view bytes) {
    static_cast<void>(decode_chunk(bytes));
    static_cast<void>(decode_chunk(with_checksum(std::string(bytes))));
}

} // namespace convops::fuzz
