// One pass of the watch: which metrics there are, what is odd now, and what the nine checks make of it.
#pragma once

#include "model/watch_report.h"
#include "ports/clock.h"
#include "watch/watcher.h"

namespace convops {

struct WatchOnceOptions {
    WatchRules rules;
    double usd_a_month = WatchBudget {}.usd_a_month;
    int days = 7; // of history: what the detector learns from
    Hours lately { 3 }; // what began or ended within this time is odd now
    std::size_t most_checked = 10; // incidents; each costs about sixty calls
    std::string account;
    std::function<void(WatchReport const&)> planned; // cost is known, nothing was polled yet
    std::function<void(PollProgress const&)> polled;
    std::function<void(std::size_t done, std::size_t all)> checked;
};

// Errors: what ListMetrics answered when not even the list could be read. Everything else is a gap of the report.
Result<WatchReport> watch_once(Aws& aws, Clock& clock, WatchOnceOptions const& options);

} // namespace convops
