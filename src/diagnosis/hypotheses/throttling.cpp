// Calls are refused because a rate or a concurrency is used up.
#include "base/text.h"
#include "diagnosis/by_resource.h"

namespace convops {

namespace {

// API Gateway publishes no throttles: requests at the stage's limit, and 4xx answers (429 among them) with them.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
void look_at_apis(Context const& context, CandidatesByResource& all) {
    for (auto const& [fact, limit] : context.evidence.all<LimitFact>()) {
        if (fact->source != "api_gateway_state" || limit->metric_name != "Count" || limit->limit <= 0)
            continue;
        MetricReading const* requests = nullptr;
        MetricReading const* refused = nullptr;
        for (auto const& reading : context.metrics) {
            if (reading.resource() != limit->resource || reading.metric->series.statistic != "Sum")
                continue;
            auto const name = to_lower(reading.metric->series.metric.name);
            if (name == "count" && (requests == nullptr || reading.series.highest > requests->series.highest))
                requests = &reading;
            if (name.starts_with("4xx") && reading.rose())
                refused = &reading;
        }
        if (requests == nullptr || refused == nullptr)
            continue;
        auto const seconds = double(std::max<std::int64_t>(1, requests->metric->series.period.count()));
        // The bucket empties within a second; a minute at four fifths of the limit had seconds above it.
        if (requests->series.highest / seconds < 0.8 * limit->limit)
            continue;
        Candidate candidate;
        candidate.kind = CauseKind::throttling;
        candidate.resource = limit->resource;
        candidate.prior = -2.2;
        candidate.weigh(1.6, fact);
        weigh_reading(candidate, context, *refused, 1.2);
        candidate.weigh(0.2, requests->fact);
        candidate.corroborated = true;
        candidate.statement = limit->resource.display() + " takes " + format_number(limit->limit)
            + " requests a second and got up to " + format_number(std::round(requests->series.highest / seconds))
            + "; " + tell(*refused);
        all.try_emplace(limit->resource.key(), std::move(candidate));
    }
}

// S3 tells of throttling only as 503 "Slow Down", which its metrics count as errors. So the one thing that is called
// and whose errors began with the log lines is the one that refuses; of several, nobody knows which.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html
MetricReading const* only_failing_callee(Context const& context, LogReading const& log) {
    MetricReading const* found = nullptr;
    for (auto const& reading : context.metrics) {
        if (reading.signal != Signal::errors || !reading.rose() || reading.resource() == log.log->resource
            || !context.topology.calls(log.log->resource, reading.resource())
            || std::chrono::abs(reading.series.onset->at - log.log->first_seen) > Minutes { 3 })
            continue;
        if (found != nullptr && found->resource() != reading.resource())
            return nullptr;
        if (found == nullptr)
            found = &reading;
    }
    return found;
}

std::vector<Candidate> propose(Context const& context) {
    CandidatesByResource all;
    auto const at = [&](Resource const& resource, Position const& position) -> Candidate& {
        return candidate_at(all, CauseKind::throttling, -2.2, resource, position);
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
    look_at_apis(context, all);
    for (auto const* log : fresh_logs(context, LogTopic::throttled)) {
        // The caller logs it; the one that throttles is what it calls, where its metrics say so.
        Candidate* candidate = nullptr;
        for (auto& [key, known] : all)
            if (context.topology.can_affect(known.resource, log->log->resource))
                candidate = &known;
        bool const alone = candidate == nullptr;
        if (auto const* refusing = alone ? only_failing_callee(context, *log) : nullptr) {
            candidate = &at(refusing->resource(), refusing->position);
            candidate->weigh(0.6, refusing->fact);
        } else if (alone) {
            candidate = &at(log->log->resource, log->position);
        }
        candidate->weigh(alone ? 2.1 : 0.6, log->fact);
        candidate->corroborated = true;
        candidate->began_at = std::min(candidate->began_at.value_or(log->log->first_seen), log->log->first_seen);
        if (candidate->statement.empty())
            candidate->statement = "Calls of " + candidate->resource.display() + " are throttled since "
                + format_clock(log->log->first_seen) + ": " + tell(*log);
    }
    return taken(std::move(all));
}

} // namespace

Hypothesis make_throttling() {
    return { "throttling", propose };
}

} // namespace convops
