#include "diagnosis/verdict.h"

#include "base/text.h"
#include "diagnosis/weighing.h"

#include <array>

namespace convops {

namespace {

constexpr std::size_t least_points_for_healthy = 5;

bool check_supports(std::vector<Finding> const& findings, std::string_view check) {
    return std::any_of(findings.begin(), findings.end(),
        [&](Finding const& finding) { return finding.check == check && finding.verdict == CheckVerdict::supports; });
}

// Something near is visibly wrong, whatever the alarm's own metric says.
bool anything_wrong(Context const& context) {
    for (auto const& reading : context.metrics)
        if (!reading.is_alarm() && reading.off_badly() && !reading.series.recovered
            && may_carry_fault(reading.position) && reading.series.onset->confidence > 0.6
            && (reading.signal == Signal::errors || reading.signal == Signal::unhealthy_targets
                || reading.signal == Signal::status_check || reading.signal == Signal::healthy_targets))
            return true;
    for (auto const& log : context.logs)
        if (log.fresh && log.severe && log.log->count >= 5 && may_carry_fault(log.position))
            return true;
    return false;
}

// The alarm's own metric, read by the minute: a period of five minutes may end before what it tells is over.
bool is_back_by_the_minute(Context const& context, MetricReading const& alarm) {
    auto const& own = alarm.metric->series;
    return std::any_of(context.metrics.begin(), context.metrics.end(), [&](MetricReading const& reading) {
        auto const& fine = reading.metric->series;
        return fine.metric == own.metric && fine.statistic == own.statistic && fine.period < own.period
            && !fine.at.empty() && !own.at.empty() && fine.at.back() >= own.at.back() + own.period
            && reading.series.recovered;
    });
}

} // namespace

IncidentVerdict judge_verdict(
    Context const& context, std::vector<Finding> const& findings, std::vector<Cause> const& causes) {
    auto const* reading = context.alarm_reading();
    bool const seen = reading != nullptr && reading->series.points >= least_points_for_healthy
        && context.evidence.read("alarm_metric");
    bool const aws = !causes.empty() && causes.front().kind == CauseKind::aws_service_event;
    if (aws || (causes.empty() && check_supports(findings, "aws_side")))
        return IncidentVerdict::aws_side;
    if (seen) {
        bool const abnormal = reading->off();
        bool const job = std::any_of(
            causes.begin(), causes.end(), [](Cause const& cause) { return cause.kind == CauseKind::scheduled_job; });
        if (!abnormal && reading->series.onset && reading->series.usual && !job)
            return IncidentVerdict::healthy; // as on the other days
        bool const quiet
            = context.threshold_known ? !context.threshold_crossed : context.alarm.kind == AlarmKind::metric;
        if (!abnormal && quiet && !anything_wrong(context))
            return IncidentVerdict::healthy;
        if (abnormal && reading->series.recovered && !context.threshold_crossed_now)
            return IncidentVerdict::self_healed;
        if (abnormal && is_back_by_the_minute(context, *reading))
            return IncidentVerdict::self_healed;
        if (!reading->series.onset && context.threshold_crossed && !context.threshold_crossed_now
            && !anything_wrong(context))
            return IncidentVerdict::self_healed;
    }
    return causes.empty() ? IncidentVerdict::unknown : IncidentVerdict::incident;
}

namespace {

class RulingOut {
public:
    RulingOut(Context const& context, std::vector<Cause> const& causes)
        : context_(context) {
        for (auto const& cause : causes)
            taken_.insert(cause.kind);
    }

    void metric(CauseKind kind, MetricReading const& reading, std::string why) {
        if (may_speak(kind, *reading.fact))
            add(kind, std::move(why), *reading.fact);
    }
    bool may_speak(CauseKind kind, Fact const& fact) const {
        return !taken_.contains(kind) && context_.evidence.read(fact.source);
    }
    void add(CauseKind kind, std::string why, Fact const& fact) {
        if (found_.size() < most_)
            found_.push_back({ kind, std::move(why), { fact.id } });
    }
    void once(CauseKind kind) { taken_.insert(kind); }
    std::vector<RuledOut> take() { return std::move(found_); }

private:
    static constexpr std::size_t most_ = 6;
    Context const& context_;
    std::set<CauseKind> taken_;
    std::vector<RuledOut> found_;
};

std::string stayed(MetricReading const& reading) {
    return std::string(reading.signal == Signal::requests ? reading.metric->series.metric.name
                                                          : std::string(words_for(reading.signal)))
        + " of " + reading.resource().display() + " stayed at " + value_of(reading, reading.series.last);
}

std::optional<CauseKind> family_when_calm(MetricReading const& reading) {
    bool const percent = reading.metric->series.unit == "Percent";
    double const last = reading.series.last;
    switch (reading.signal) {
    case Signal::requests:
        return CauseKind::traffic_surge;
    case Signal::cpu:
        return percent && last < 75 ? std::optional(CauseKind::cpu_saturation) : std::nullopt;
    case Signal::memory_used:
        return percent && last < 85 ? std::optional(CauseKind::memory_exhaustion) : std::nullopt;
    case Signal::memory_free:
        return last > 0.2 * reading.series.highest && last > 128e6 ? std::optional(CauseKind::memory_exhaustion)
                                                                   : std::nullopt;
    case Signal::storage_free:
        return last > 2e9 ? std::optional(CauseKind::storage_exhaustion) : std::nullopt;
    case Signal::connections:
        return reading.limit && reading.series.highest < 0.8 * *reading.limit
            ? std::optional(CauseKind::connection_exhaustion)
            : std::nullopt;
    case Signal::throttles:
        return reading.series.highest == 0 ? std::optional(CauseKind::throttling) : std::nullopt;
    case Signal::replica_lag:
        return CauseKind::replication_lag;
    case Signal::io_queue:
        return CauseKind::io_saturation;
    case Signal::status_check:
        return reading.series.highest == 0 ? std::optional(CauseKind::host_failure) : std::nullopt;
    default:
        return std::nullopt;
    }
}

// Counters wiggle; a fifth more is no surge.
bool is_surge(MetricReading const& reading) {
    return reading.rose() && reading.series.onset->after >= 1.25 * reading.series.onset->before;
}

// The nearest calm metric speaks for its family, and only if no other of the family is off.
void rule_out_by_metrics(Context const& context, RulingOut& out) {
    std::map<CauseKind, MetricReading const*> calm;
    std::set<CauseKind> restless;
    for (auto const& reading : context.metrics) {
        if (reading.series.points < 4 || reading.position.relation >= Relation::related)
            continue;
        auto const family = family_when_calm(reading);
        if (reading.signal == Signal::requests) {
            if (reading.position.relation == Relation::callee)
                continue; // what is called more often inside is no surge of traffic
            if (is_surge(reading)) {
                restless.insert(CauseKind::traffic_surge);
                continue;
            }
        } else if (reading.off()) {
            if (family && reading.off_badly())
                restless.insert(*family);
            continue;
        }
        if (!family)
            continue;
        auto const nearer = [](MetricReading const* a, MetricReading const* b) {
            return std::tuple(a->position.relation, a->position.distance, a->fact->id)
                < std::tuple(b->position.relation, b->position.distance, b->fact->id);
        };
        auto& place = calm[*family];
        if (place == nullptr || nearer(&reading, place))
            place = &reading;
    }
    // What a reader would ask first comes first.
    static constexpr auto order = std::to_array<CauseKind>({ CauseKind::traffic_surge, CauseKind::cpu_saturation,
        CauseKind::memory_exhaustion, CauseKind::storage_exhaustion, CauseKind::connection_exhaustion });
    auto const place_of = [](CauseKind kind) { return std::find(order.begin(), order.end(), kind) - order.begin(); };
    std::vector<std::pair<CauseKind, MetricReading const*>> sorted(calm.begin(), calm.end());
    std::stable_sort(sorted.begin(), sorted.end(),
        [&](auto const& a, auto const& b) { return place_of(a.first) < place_of(b.first); });
    for (auto const& [kind, reading] : sorted)
        if (!restless.contains(kind))
            out.metric(kind, *reading,
                (reading->fell() ? tell(*reading) + ", not more" : stayed(*reading))
                    + (reading->limit && *reading->limit > 0 && reading->metric->series.unit != "Percent"
                            ? " (limit " + value_of(*reading, *reading->limit) + ")"
                            : std::string())
                    + (reading->fell() ? "." : ", as before."));
}

CauseKind kind_of(ChangeKind kind) {
    switch (kind) {
    case ChangeKind::deploy:
        return CauseKind::deploy;
    case ChangeKind::scaling:
        return CauseKind::scaling_change;
    case ChangeKind::permission:
        return CauseKind::permission_change;
    case ChangeKind::network:
        return CauseKind::network;
    default:
        return CauseKind::config_change;
    }
}

void rule_out_changes(Context const& context, std::vector<Cause> const& causes, RulingOut& out) {
    std::size_t told = 0;
    auto const tell = [&](ChangeReading const& change, std::string why) {
        if (told++ < 3) // the other families have their say too
            out.add(kind_of(change.kind), std::move(why), *change.facts.front());
    };
    for (auto const& change : context.changes) {
        auto const& fact = *change.facts.front();
        bool const cited = std::any_of(causes.begin(), causes.end(), [&](Cause const& cause) {
            return std::find(cause.facts.begin(), cause.facts.end(), fact.id) != cause.facts.end();
        });
        if (cited)
            continue;
        auto const name
            = change.event_names.empty() ? std::string(to_string(change.kind)) : change.event_names.front();
        auto const subject = name + (change.resource.name.empty() ? "" : " on " + change.resource.display()) + " at "
            + format_clock(change.at);
        if (change.failed)
            tell(change, subject + " was refused, so nothing changed.");
        else if (change.at > context.onset_or_alarm() + context.onset_width + Seconds { 15 })
            tell(change, subject + " came after the onset.");
        else if (change.position.relation == Relation::unrelated)
            tell(change, subject + " touched nothing that " + context.centre().display() + " depends on.");
    }
}

} // namespace

std::vector<RuledOut> rule_out(Context const& context, std::vector<Cause> const& causes) {
    RulingOut out(context, causes);
    rule_out_changes(context, causes, out);
    rule_out_by_metrics(context, out);
    for (auto const& [fact, event] : context.evidence.all<ServiceEventFact>())
        if (event->status == "closed" && out.may_speak(CauseKind::aws_service_event, *fact)
            && event->when.to < context.onset_or_alarm() - Minutes { 30 })
            out.add(CauseKind::aws_service_event,
                "The AWS event of " + event->service + " ended at " + format_clock(event->when.to).substr(0, 5)
                    + ", before the onset.",
                *fact);
    return out.take();
}

Lead best_lead(Context const& context, std::vector<Ranked> const& ranked) {
    if (!ranked.empty() && ranked.front().belief() >= 0.12) {
        auto const cause = to_cause(ranked.front());
        if (!cause.facts.empty())
            return { cause.statement, cause.facts };
    }
    MetricReading const* first = nullptr;
    for (auto const& reading : context.metrics)
        if (reading.off() && !reading.is_alarm() && is_near(reading.position)
            && (first == nullptr
                || std::tuple(reading.series.onset->at, reading.fact->id)
                    < std::tuple(first->series.onset->at, first->fact->id)))
            first = &reading;
    if (first != nullptr)
        return { "The first thing that moved: " + tell(*first) + ".", { first->fact->id } };
    for (auto const& log : context.logs)
        if (log.fresh && log.severe && is_near(log.position))
            return { "New in the log of " + log.log->resource.display() + ": " + tell(log) + ".", { log.fact->id } };
    if (!context.evidence.gaps.empty()) {
        auto const& gap = context.evidence.gaps.front();
        return { "Could not look at " + gap.source + " (" + gap.why + ")"
                + (gap.would_have_told.empty() ? "." : ", which would have told " + gap.would_have_told + "."),
            {} };
    }
    return { "Nothing else moved together with the alarm's metric.", {} };
}

} // namespace convops
