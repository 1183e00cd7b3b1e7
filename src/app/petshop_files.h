// The files of the PetShop data set: metrics by node, and who calls whom.
#pragma once

#include "base/result.h"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace convops {

// By node and "latency" (seconds), "availability" (percent) or "requests" (a period); NaN where there is no value.
using Measured = std::map<std::pair<std::string, std::string>, std::vector<double>>;
using Edges = std::vector<std::pair<std::string, std::string>>; // caller, callee

Result<std::string> petshop_text(std::filesystem::path const& path);
Result<Measured> petshop_metrics(std::filesystem::path const& path);
Result<Edges> petshop_calls(std::filesystem::path const& path);

// The points [from, from + count) of each series that is long enough.
Measured cut(Measured const& all, std::size_t from, std::size_t count);
// Without these points and as many before and behind them.
Measured without(Measured all, std::size_t from, std::size_t count);

} // namespace convops
