// The datapoint store measured: bytes a point, and speed of appending and scanning, through SQLite.
#pragma once

#include "base/result.h"

#include <string>

namespace convops {

struct StoreBenchOptions {
    std::string nab; // folder of NAB CSV files, walked; empty: the generated fleet alone
    std::string export_to; // writes what was stored as lines "series,epoch_ms,value", for a peer; empty: not
    std::size_t series = 400; // of the fleet, a point a minute
    std::size_t points = 10'080; // of each: a week
};

struct StoreFigures {
    std::size_t points = 0;
    double append_points_per_second = 0; // durable, chunks included
    double scan_points_per_second = 0;
    double bytes_per_point = 0; // of chunks: all points together
    double fleet_bytes_per_point = 0;
    double nab_bytes_per_point = 0; // 0: no files were given
    std::size_t nab_points = 0;
    double file_bytes_per_point = 0; // of the SQLite file, after its log was folded
};

// Appends minute by minute in batches of all series, folds, scans everything and compares it bit for bit: an error
// when a single point differs. Uses a temporary folder.
Result<StoreFigures> bench_store(StoreBenchOptions const& options);

} // namespace convops
