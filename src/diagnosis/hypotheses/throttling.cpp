// Calls are refused because a rate or a concurrency is used up.
#include "base/text.h"
#include "diagnosis/weighing.h"

namespace convops {

namespace {

std::vector<Candidate> propose(Context const& context) {
    std::map<std::string, Candidate> all;
    auto const at = [&](Resource const& resource, Position const& position) -> Candidate& {
        auto const [entry, added] = all.try_emplace(resource.key());
        if (added) {
            entry->second.kind = CauseKind::throttling;
            entry->second.resource = resource;
            entry->second.prior = -2.2;
            entry->second.weigh(fault_place_weight(position));
        }
        return entry->second;
    };
    for (auto const& reading : context.metrics) {
        if (reading.signal != Signal::throttles || !reading.rose()
            || reading.position.relation == Relation::unrelated)
            continue;
        auto& candidate = at(reading.resource(), reading.position);
        auto const& onset = *reading.series.onset;
        candidate.weigh((candidate.corroborated ? 0.4 : 2.3) * (0.6 + 0.4 * onset.confidence), reading.fact);
        if (!candidate.corroborated)
            candidate.weigh(timing_weight(context, onset.at, reading.metric->series.period));
        candidate.began_at = std::min(candidate.began_at.value_or(onset.at), onset.at);
        candidate.corroborated = true;
        candidate.statement = tell(reading);
    }
    for (auto const* reading : events_of(context, { ResourceEventKind::throttled })) {
        auto& candidate = at(reading->event->resource, reading->position);
        candidate.weigh(candidate.corroborated ? 0.5 : 2.0, reading->fact);
        candidate.corroborated = true;
        candidate.began_at = std::min(candidate.began_at.value_or(reading->fact->at), reading->fact->at);
        if (candidate.statement.empty())
            candidate.statement = reading->event->resource.display() + " was throttled from "
                + format_clock(reading->fact->at) + " on";
    }
    for (auto const* log : fresh_logs(context, LogTopic::throttled)) {
        // The caller logs it; the one that throttles is what it calls, where its metrics say so.
        Candidate* candidate = nullptr;
        for (auto& [key, known] : all)
            if (context.topology.can_affect(known.resource, log->log->resource))
                candidate = &known;
        bool const alone = candidate == nullptr;
        if (alone)
            candidate = &at(log->log->resource, log->position);
        candidate->weigh(alone ? 2.1 : 0.6, log->fact);
        candidate->corroborated = true;
        candidate->began_at = std::min(candidate->began_at.value_or(log->log->first_seen), log->log->first_seen);
        if (candidate->statement.empty())
            candidate->statement = "Calls of " + candidate->resource.display() + " are throttled since "
                + format_clock(log->log->first_seen) + ": " + tell(*log);
    }
    std::vector<Candidate> found;
    for (auto& [key, candidate] : all) {
        candidate.statement += ".";
        found.push_back(std::move(candidate));
    }
    return found;
}

} // namespace

Hypothesis make_throttling() {
    return { "throttling", propose };
}

} // namespace convops
