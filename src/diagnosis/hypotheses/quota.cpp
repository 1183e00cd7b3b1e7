// A quota of the account is used up.
#include "base/text.h"
#include "diagnosis/weighing.h"

namespace convops {

namespace {

bool names_a_quota(std::string_view text) { // in lower case
    for (auto const* words : { "quota", "limitexceeded", "limit exceeded", "current vcpu limit", "reached the limit",
             "adjustment to this limit" })
        if (text.find(words) != std::string_view::npos)
            return true;
    return false;
}

// Usage that service_quotas compared with the applied value.
void look_at_usage(Context const& context, std::vector<Candidate>& found) {
    for (auto const& [fact, limit] : context.evidence.all<LimitFact>()) {
        if (fact->source != "service_quotas" || limit->limit <= 0)
            continue;
        for (auto const& reading : context.metrics) {
            bool const same = reading.fact->source == fact->source
                ? reading.metric->limit_basis == limit->basis
                : reading.metric->series.metric.name == limit->metric_name && reading.resource() == limit->resource;
            if (!same || reading.series.points < 3 || reading.series.highest < 0.95 * limit->limit)
                continue;
            Candidate candidate;
            candidate.kind = CauseKind::quota;
            candidate.resource = reading.resource();
            candidate.prior = -2.2;
            candidate.weigh(reading.series.highest >= 0.995 * limit->limit ? 2.2 : 1.4, fact);
            weigh_reading(candidate, context, reading, 0.8);
            if (!reading.off())
                candidate.weigh(-1.2); // It has been so for hours.
            candidate.corroborated = true;
            candidate.statement = "The account's quota " + quoted(limit->basis, 80) + " is used up: "
                + format_number(reading.series.highest) + " of " + format_number(limit->limit) + ".";
            found.push_back(std::move(candidate));
            break;
        }
    }
}

std::vector<Candidate> propose(Context const& context) {
    std::vector<Candidate> found;
    look_at_usage(context, found);
    for (auto const& [fact, state] : context.evidence.all<StateFact>()) {
        if (fact->source != "service_quotas" || state->health != StateHealth::failed)
            continue;
        Candidate candidate;
        candidate.kind = CauseKind::quota;
        candidate.resource = state->resource;
        candidate.prior = -2.4;
        candidate.weigh(1.9, fact);
        candidate.weigh(fault_place_weight(context.topology.position(state->resource)));
        candidate.statement = "A quota is used up: " + quoted(fact->statement, 140) + ".";
        for (auto const topic : { LogTopic::quota, LogTopic::throttled })
            for (auto const* log : fresh_logs(context, topic)) {
                candidate.weigh(0.8, log->fact);
                candidate.corroborated = true;
                break;
            }
        found.push_back(std::move(candidate));
    }
    // Instances or tasks could not be started because a limit of the account was met.
    for (auto const& reading : context.events) {
        auto const text = to_lower(reading.fact->statement + " " + reading.event->message);
        if (reading.event->kind != ResourceEventKind::placement_failed || !names_a_quota(text)
            || reading.position.relation == Relation::unrelated || reading.fact->at > context.now
            || reading.fact->at + Minutes { 60 } < context.onset_or_alarm())
            continue;
        Candidate candidate;
        candidate.kind = CauseKind::quota;
        candidate.resource = reading.event->resource;
        candidate.prior = -2.2;
        candidate.weigh(3.4, reading.fact); // AWS says so itself
        // Who calls a queue may be the one that empties it, and cannot grow.
        bool const consumer = context.centre().type == "sqs:queue" && reading.position.relation == Relation::caller;
        candidate.weigh(consumer ? 0.7 : fault_place_weight(reading.position));
        candidate.weigh(timing_weight(context, reading.fact->at, context.onset_width));
        candidate.began_at = reading.fact->at;
        candidate.corroborated = true;
        candidate.statement = reading.event->resource.display() + " could not grow at "
            + format_clock(reading.fact->at) + ", a quota is used up: " + quoted(reading.event->message, 110) + ".";
        found.push_back(std::move(candidate));
        break;
    }
    for (auto const* log : fresh_logs(context, LogTopic::quota)) {
        if (!log->topics.has(LogTopic::throttled))
            found.push_back(candidate_from_log(context, CauseKind::quota, *log, 1.9, "meets a quota"));
    }
    return found;
}

} // namespace

Hypothesis make_quota() {
    return { "quota", propose };
}

} // namespace convops
