#include "watch/plan.h"

#include "metrics/data.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace convops {

namespace {

// A person reads "every 5 minutes", and CloudWatch's periods divide these.
constexpr auto intervals = std::to_array<std::int64_t>({ 60, 120, 300, 600, 900, 1'200, 1'800, 3'600 });

double polls_a_month(Seconds every) {
    return double(Seconds(hours_a_month).count()) / double(every.count());
}

} // namespace

WatchPlan plan_watching(std::size_t metrics, WatchBudget const& budget) {
    WatchPlan plan;
    plan.every = budget.latest;
    for (auto const seconds : intervals) {
        Seconds const every { seconds };
        if (every < budget.soonest || every > budget.latest)
            continue;
        if (double(metrics) * usd_per_metric_requested * polls_a_month(every) <= budget.usd_a_month) {
            plan.every = every;
            break;
        }
    }
    auto const affordable = std::floor(budget.usd_a_month / (usd_per_metric_requested * polls_a_month(plan.every)));
    plan.metrics = std::min(metrics, static_cast<std::size_t>(std::max(0.0, affordable)));
    plan.cut = plan.metrics < metrics;
    auto const calls = std::ceil(double(plan.metrics) / double(most_metric_queries));
    plan.calls_a_month = calls * polls_a_month(plan.every);
    plan.usd_a_month = double(plan.metrics) * usd_per_metric_requested * polls_a_month(plan.every);
    return plan;
}

} // namespace convops
