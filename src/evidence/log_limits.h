// What the miner of log templates keeps at most, whatever the lines say.
#pragma once

#include <cstddef>

namespace convops {

struct TemplateLimits {
    std::size_t line_bytes = 2'000; // what is read of a line; the statement is at its start
    std::size_t tokens = 200; // of one line; the rest counts as one wildcard
    std::size_t signatures = 20'000; // distinct masked lines kept apart; then like ones are folded into templates
    std::size_t text_bytes = 8'000'000; // of the words of all signatures; the same
    std::size_t entries_ever = 1'000'000; // numbers given out, 4 bytes each; then new lines have one common pattern
    std::size_t pattern_bytes = 400;
};

} // namespace convops
