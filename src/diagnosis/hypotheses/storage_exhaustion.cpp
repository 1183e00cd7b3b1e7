// The disk is full. What grew on it may be older than the record; the place to act is the disk.
#include "base/text.h"
#include "diagnosis/by_resource.h"

namespace convops {

namespace {

constexpr double gibibyte = 1024.0 * 1024 * 1024;

Candidate& candidate_at(CandidatesByResource& all, Resource const& resource, Position const& position) {
    return candidate_at(all, CauseKind::storage_exhaustion, -2.0, resource, position);
}

double level_weight(MetricReading const& reading) {
    double const last = reading.series.last;
    if (reading.signal == Signal::storage_used)
        return last >= 97 ? 2.8 : last >= 90 ? 1.6 : -1;
    bool const in_bytes = reading.metric->series.unit == "Bytes" || reading.metric->series.unit.empty();
    if ((in_bytes && last < 0.25 * gibibyte) || last <= 0.02 * reading.series.highest)
        return 2.8;
    if ((in_bytes && last < 2 * gibibyte) || last <= 0.1 * reading.series.highest)
        return 1.7;
    if (reading.limit && last < 0.1 * *reading.limit)
        return 1.5;
    return reading.is_alarm() && reading.off_badly() ? 1.2 : -1.2;
}

void look_at_metrics(Context const& context, CandidatesByResource& all) {
    for (auto const& reading : context.metrics) {
        bool const storage = reading.signal == Signal::storage_free || reading.signal == Signal::storage_used;
        if (!storage || reading.series.points < 3 || reading.position.relation == Relation::unrelated)
            continue;
        double const weight = level_weight(reading);
        if (weight < 0 && !reading.off_badly())
            continue;
        auto& candidate = candidate_at(all, reading.resource(), reading.position);
        candidate.weigh(weight, reading.fact);
        candidate.corroborated = candidate.corroborated || weight >= 1.5;
        if (reading.off_badly()) {
            candidate.weigh(timing_weight(context, reading.series.onset->at, reading.metric->series.period));
            candidate.began_at = reading.series.onset->at;
        }
        candidate.statement = tell(reading);
    }
}

std::vector<Candidate> propose(Context const& context) {
    CandidatesByResource all;
    look_at_metrics(context, all);
    for (auto const& reading : context.events) {
        bool const full = reading.event->kind == ResourceEventKind::storage_full
            || contains_ignoring_case(reading.event->message, "no space left");
        if (!full || !is_near(reading.position))
            continue;
        auto& candidate = candidate_at(all, reading.event->resource, reading.position);
        candidate.weigh(candidate.corroborated ? 0.8 : 3.4, reading.fact);
        candidate.began_at = std::min(candidate.began_at.value_or(reading.fact->at), reading.fact->at);
        candidate.corroborated = true;
        if (candidate.statement.empty())
            candidate.statement = "Storage of " + reading.event->resource.display() + " was reported full at "
                + format_clock(reading.fact->at);
    }
    for (auto const& [fact, state] : context.evidence.all<StateFact>()) {
        auto const position = context.topology.position(state->resource);
        bool const full = std::any_of(state->attributes.begin(), state->attributes.end(),
            [](auto const& attribute) { return contains_ignoring_case(attribute.second, "storage-full"); });
        if (!full || !is_near(position))
            continue;
        auto& candidate = candidate_at(all, state->resource, position);
        candidate.weigh(candidate.corroborated ? 0.8 : 3.2, fact);
        candidate.corroborated = true;
        if (candidate.statement.empty())
            candidate.statement = state->resource.display() + " is in the state storage-full";
    }
    for (auto const* log : fresh_logs(context, LogTopic::disk_full)) {
        // The log is often the caller's, about the disk of what it calls.
        Candidate* candidate = nullptr;
        for (auto& [key, known] : all)
            if (known.corroborated && context.topology.can_affect(known.resource, log->log->resource))
                candidate = &known;
        if (candidate == nullptr)
            candidate = &candidate_at(all, log->log->resource, log->position);
        candidate->weigh(candidate->corroborated ? 0.8 : 2.7, log->fact);
        if (!candidate->began_at)
            candidate->began_at = log->log->first_seen;
        candidate->corroborated = true;
        if (candidate->statement.empty())
            candidate->statement = "No space left at " + candidate->resource.display() + ": " + tell(*log);
    }
    return taken(std::move(all));
}

} // namespace

Hypothesis make_storage_exhaustion() {
    return { "storage_exhaustion", propose };
}

} // namespace convops
