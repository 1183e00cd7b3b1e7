// Work is cut off by its own time limit.
#include "base/text.h"
#include "diagnosis/weighing.h"

namespace convops {

namespace {

std::vector<Candidate> propose(Context const& context) {
    std::map<std::string, Candidate> all;
    auto const add_log = [&](LogReading const& log, double weight) {
        auto const [entry, added] = all.try_emplace(log.log->resource.key());
        auto& candidate = entry->second;
        if (!added) {
            candidate.weigh(0.3, log.fact);
            return;
        }
        candidate.kind = CauseKind::timeout;
        candidate.resource = log.log->resource;
        candidate.prior = -2.4;
        candidate.weigh(weight, log.fact);
        candidate.weigh(fault_place_weight(log.position));
        candidate.weigh(timing_weight(context, log.log->first_seen, context.onset_width));
        candidate.began_at = log.log->first_seen;
        candidate.corroborated = true;
        candidate.statement = log.log->resource.display() + " runs into its time limit since "
            + format_clock(log.log->first_seen) + ": " + tell(log) + ".";
    };
    for (auto const* log : fresh_logs(context, LogTopic::function_timeout))
        add_log(*log, 2.3);
    for (auto const* log : fresh_logs(context, LogTopic::timed_out))
        add_log(*log, 1.2);
    for (auto const& reading : context.metrics) {
        bool const at_limit = reading.signal == Signal::latency && reading.limit && *reading.limit > 0
            && reading.off_badly() && reading.series.highest >= 0.97 * *reading.limit;
        if (!at_limit || reading.position.relation == Relation::unrelated)
            continue;
        auto const [entry, added] = all.try_emplace(reading.resource().key());
        auto& candidate = entry->second;
        if (!added) {
            candidate.weigh(0.9, reading.fact);
            continue;
        }
        candidate.kind = CauseKind::timeout;
        candidate.resource = reading.resource();
        candidate.prior = -2.4;
        weigh_reading(candidate, context, reading, 1.9);
        candidate.corroborated = true;
        candidate.statement = tell(reading) + ", the time limit of " + value_of(reading, *reading.limit) + ".";
    }
    std::vector<Candidate> found;
    for (auto& [key, candidate] : all)
        found.push_back(std::move(candidate));
    return found;
}

} // namespace

Hypothesis make_timeout() {
    return { "timeout", propose };
}

} // namespace convops
