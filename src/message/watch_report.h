// What one pass of the watch found, for a terminal and as JSON (docs/watch.md). Pure. Names of metrics are hostile
// text.
#pragma once

#include "base/json.h"
#include "message/compose.h"
#include "model/watch_report.h"

namespace convops {

// Eighths of a block, lowest to highest, at most `columns` of them; each stands for the middle of its points.
std::string sparkline(std::span<double const> values, std::size_t columns);

// What watching will cost: printed before the first poll.
std::string watch_plan_text(WatchReport const& report);
std::string watch_report_text(WatchReport const& report, Reader const& reader);
JsonObject to_json(WatchReport const& report);

} // namespace convops
