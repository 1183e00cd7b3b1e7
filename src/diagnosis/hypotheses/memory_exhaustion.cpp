// Memory ran out: stops for lack of it, errors that say so, or a level at the limit. Why it filled is for the code's
// owner to find; a leak is never claimed.
#include "base/text.h"
#include "diagnosis/by_resource.h"

namespace convops {

namespace {

Candidate& candidate_at(CandidatesByResource& all, Resource const& resource, Position const& position) {
    return candidate_at(all, CauseKind::memory_exhaustion, -2.2, resource, position);
}

bool says_out_of_memory(ResourceEventFact const& event) {
    return event.kind == ResourceEventKind::out_of_memory || contains_ignoring_case(event.code, "outofmemory")
        || contains_ignoring_case(event.message, "outofmemory")
        || contains_ignoring_case(event.message, "out of memory")
        || contains_ignoring_case(event.message, "exit code 137") || event.code == "137";
}

// The node's kernel writes into the log of the cluster, and names the process that it stopped.
std::pair<Resource, Position> who_ran_out(Context const& context, LogReading const& log) {
    auto const& cluster = log.log->resource;
    if (cluster.type == "eks:cluster")
        for (auto const& reading : context.metrics)
            if (auto const& own = reading.resource(); own.type == "eks:workload"
                && own.name.starts_with(cluster.name + "/") && mentions_word(log.log->pattern, own.short_name()))
                return { own, reading.position };
    return { cluster, log.position };
}

double level_weight(MetricReading const& reading) {
    auto const& onset = *reading.series.onset;
    if (reading.signal == Signal::memory_free)
        return onset.extreme < 0.1 * std::max(onset.before, 1.0) ? 1.8
            : onset.extreme < 0.4 * onset.before                 ? 0.9
                                                                 : -0.5;
    double const scale = reading.limit && *reading.limit > 0 ? 100 / *reading.limit : 1;
    if (reading.metric->series.unit != "Percent" && !reading.limit)
        return 0;
    double const share = onset.extreme * scale;
    return share >= 95 ? 2.4 : share >= 85 ? 1.8 : share >= 70 ? 0.8 : -0.6;
}

std::vector<Candidate> propose(Context const& context) {
    CandidatesByResource all;
    for (auto const& reading : context.metrics) {
        bool const memory = reading.signal == Signal::memory_used || reading.signal == Signal::memory_free;
        if (!memory || !reading.off_badly() || reading.position.relation == Relation::unrelated
            || reading.metric->series.metric.name == "SwapUsage")
            continue;
        auto& candidate = candidate_at(all, reading.resource(), reading.position);
        auto const& onset = *reading.series.onset;
        candidate.weigh(level_weight(reading) * (0.6 + 0.4 * onset.confidence), reading.fact);
        candidate.weigh(timing_weight(context, onset.at, reading.metric->series.period));
        candidate.began_at = std::min(candidate.began_at.value_or(onset.at), onset.at);
        candidate.corroborated = candidate.corroborated || level_weight(reading) >= 1.5;
        candidate.statement = tell(reading);
    }
    using enum ResourceEventKind;
    for (auto const* reading : events_of(context, { out_of_memory, task_stopped, restart, other }, Minutes { 60 })) {
        if (!says_out_of_memory(*reading->event))
            continue;
        auto& candidate = candidate_at(all, reading->event->resource, reading->position);
        candidate.weigh(candidate.corroborated ? 0.8 : 3.2, reading->fact);
        candidate.began_at = std::min(candidate.began_at.value_or(reading->fact->at), reading->fact->at);
        candidate.corroborated = true;
        if (candidate.statement.empty())
            candidate.statement = reading->event->resource.display() + " ran out of memory from "
                + format_clock(reading->fact->at) + " on";
    }
    for (auto const* log : fresh_logs(context, LogTopic::out_of_memory)) {
        auto const [resource, position] = who_ran_out(context, *log);
        auto& candidate = candidate_at(all, resource, position);
        candidate.weigh(candidate.corroborated ? 0.6 : 2.3, log->fact);
        candidate.began_at = std::min(candidate.began_at.value_or(log->log->first_seen), log->log->first_seen);
        candidate.corroborated = true;
        if (candidate.statement.empty())
            candidate.statement = resource.display() + " ran out of memory: " + tell(*log);
    }
    return taken(std::move(all));
}

} // namespace

Hypothesis make_memory_exhaustion() {
    return { "memory_exhaustion", propose };
}

} // namespace convops
