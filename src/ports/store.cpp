#include "ports/store.h"

namespace convops {

SortRange SortRange::starting_with(std::string_view prefix) {
    SortRange range { std::string(prefix), std::string(prefix) };
    // The least string greater than every string with this prefix.
    while (!range.to.empty()) {
        auto& last = range.to.back();
        if (static_cast<unsigned char>(last) != 0xFF) {
            last = static_cast<char>(static_cast<unsigned char>(last) + 1);
            break;
        }
        range.to.pop_back();
    }
    return range;
}

} // namespace convops
