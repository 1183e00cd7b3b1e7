// The patterns of a log file, by the miner that the source log_patterns uses, and how fast each part of it was.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <string>

namespace convops {

struct LogBench {
    std::uint64_t lines = 0;
    std::uint64_t bytes = 0;
    std::size_t patterns = 0;
    double read_seconds = 0;
    double mine_seconds = 0; // adding every line
    double mine_cpu_seconds = 0; // the same, without the time in which others had the core
    double group_seconds = 0; // once, at the end
    double write_seconds = 0;
    std::size_t miner_bytes = 0; // what the miner held at the end
    double rss_mb = 0;
};

// Writes one line for each line of `in`: number of its pattern, tab, pattern. The file is read in pieces; 4 bytes a
// line are kept for the answer. Errors: not_found (in), unavailable (out).
Result<LogBench> mine_log_file(std::string const& in, std::string const& out);

} // namespace convops
