#include "verification/judging.h"

namespace convops {

namespace {

Finding judge(Alarm const& alarm, Evidence const& evidence, Time) {
    struct Moved {
        Time at;
        Fact const* fact;
        MetricFact const* metric;
    };
    std::vector<Moved> moved;
    std::size_t read = 0;
    for (auto const& [fact, metric] : evidence.all<MetricFact>()) {
        if (metric->closeness == Closeness::alarm)
            continue;
        auto const reading = read_metric(alarm, evidence, *fact, *metric);
        read += reading.points >= 4 ? 1 : 0;
        if (reading.onset && !reading.usual)
            moved.push_back({ reading.onset->at, fact, metric });
    }
    std::stable_sort(moved.begin(), moved.end(),
        [](Moved const& a, Moved const& b) { return std::tuple(a.at, a.fact->id) < std::tuple(b.at, b.fact->id); });
    if (!moved.empty()) {
        std::vector<FactId> facts;
        for (auto const& one : moved)
            facts.push_back(one.fact->id);
        auto const& first = moved.front();
        return found(CheckVerdict::supports,
            std::to_string(moved.size()) + " other metrics moved; first " + first.metric->series.metric.name + " of "
                + first.metric->resource.display() + " at " + format_clock(first.at) + ".",
            std::move(facts));
    }
    if (auto finding = cannot_tell(evidence, { "related_metrics" }))
        return *finding;
    if (read == 0)
        return found(CheckVerdict::cannot_tell, "No other metric has enough datapoints.");
    return found(CheckVerdict::refutes, "None of " + std::to_string(read) + " other metrics moved.");
}

} // namespace

Check make_other_metrics_moved() {
    return { "other_metrics_moved", "What else moved?", CheckEffect::context, judge };
}

} // namespace convops
