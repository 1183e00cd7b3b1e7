// Bytes from the store -> the names of series: refused, or names that come back the same when written again.
#include "target.h"

#include "base/check.h"
#include "points/series_catalogue.h"

namespace convops::fuzz {

void one(std::string_view bytes) {
    auto const keys = decode_catalogue_page(bytes);
    if (!keys)
        return;
    auto const again = decode_catalogue_page(encode_catalogue_page(*keys));
    CHECK(again && *again == *keys);
}

} // namespace convops::fuzz
