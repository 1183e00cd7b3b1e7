#include "diagnosis/recovery.h"

#include "base/text.h"
#include "diagnosis/undoing.h"

#include "model/metric_evidence.h"

namespace convops {

namespace {

constexpr Minutes shortly_before { 30 }; // a change that is older than this did not bring the metric back
constexpr Minutes most_rounding { 5 }; // a datapoint carries the start of its period
// CloudTrail's event history may lag so much. evidence/sources/cloudtrail_changes.cpp cites AWS for it.
constexpr Minutes trail_settles_after { 15 };

// --- The metric: its worst value, and when it came back ---

bool breaches(Alarm const& alarm, double value, double threshold) {
    if (alarm.comparison == "GreaterThanOrEqualToThreshold")
        return value >= threshold;
    if (alarm.comparison == "LessThanOrEqualToThreshold")
        return value <= threshold;
    if (alarm.comparison.starts_with("Less"))
        return value < threshold;
    return value > threshold;
}

struct Shape {
    std::optional<MetricPeak> peak;
    std::optional<Time> recovered_at;
};

Shape shape_of(Incident const& incident, Evidence const& evidence, Window during) {
    Shape shape;
    auto const& alarm = incident.leading_alarm();
    auto const [fact, metric] = fact_of_alarm(alarm, evidence);
    if (fact == nullptr)
        return shape;
    auto const& series = metric->series;
    auto const below_is_bad = alarm.comparison.starts_with("Less");
    for (std::size_t i = 0; i < series.at.size(); ++i) {
        auto const at = series.at[i];
        auto const value = series.values[i];
        if (!during.contains(at))
            continue;
        if (!shape.peak || (below_is_bad ? value < shape.peak->value : value > shape.peak->value))
            shape.peak = MetricPeak { series.metric.name, metric->resource, series.unit, value, at, fact->id };
        if (alarm.threshold && alarm.kind != AlarmKind::anomaly_band && breaches(alarm, value, *alarm.threshold))
            shape.recovered_at = at + series.period; // the end of the last period that was bad
    }
    return shape;
}

// --- The candidates ---

struct Candidate {
    FixKind fix = FixKind::none;
    bool certain = false; // it undid the cause
    Fact const* fact = nullptr;
    Time at {};
    bool automatic = false;
};

class Search {
public:
    Search(Investigation const& investigation, Evidence const& after, Window look, Time recovered_at)
        : investigation_(investigation)
        , after_(after)
        , look_(look)
        , recovered_at_(recovered_at) {
        for (auto const& cause : investigation.diagnosis.causes) {
            ours_.push_back(cause.resource);
            for (auto const& id : cause.facts)
                if (auto const* fact = investigation.evidence.find(id))
                    if (auto const* change = std::get_if<ChangeFact>(&fact->detail))
                        causes_.emplace_back(fact, change);
        }
        for (auto& resource : investigation.incident.leading_alarm().resources())
            ours_.push_back(std::move(resource));
    }

    std::optional<Candidate> best() {
        look_at_changes();
        look_at_events();
        look_at_aws();
        std::optional<Candidate> best;
        for (auto const& each : found_)
            if (!best || rank(each) > rank(*best))
                best = each;
        return best;
    }

private:
    // What undid the cause before what may have; a person's deed before an automatic one; then the nearest in time.
    static std::tuple<bool, bool, bool, Time> rank(Candidate const& candidate) {
        return { candidate.certain, candidate.fix != FixKind::other_change, !candidate.automatic, candidate.at };
    }

    [[nodiscard]] bool is_ours(Resource const& resource) const {
        return std::find(ours_.begin(), ours_.end(), resource) != ours_.end();
    }

    [[nodiscard]] bool touches_ours(ChangeFact const& change) const {
        return std::any_of(change.touched.begin(), change.touched.end(),
            [&](Resource const& resource) { return is_ours(resource); });
    }

    // The record of the cause itself, read again.
    [[nodiscard]] bool is_the_cause(Fact const& fact) const {
        return std::any_of(causes_.begin(), causes_.end(), [&](auto const& cause) {
            return cause.first->at == fact.at && cause.first->statement == fact.statement;
        });
    }

    [[nodiscard]] bool has_cause(std::initializer_list<CauseKind> kinds) const {
        auto const& causes = investigation_.diagnosis.causes;
        return std::any_of(causes.begin(), causes.end(),
            [&](Cause const& cause) { return std::find(kinds.begin(), kinds.end(), cause.kind) != kinds.end(); });
    }

    // Relief counts as the fix only for a cause that it relieves.
    [[nodiscard]] bool relieves(FixKind fix) const {
        using enum CauseKind;
        switch (fix) {
        case FixKind::storage_raised:
            return has_cause({ storage_exhaustion });
        case FixKind::capacity_raised:
            return has_cause({ cpu_saturation, memory_exhaustion, traffic_surge, throttling, quota,
                connection_exhaustion, data_backlog, io_saturation, query_load, scaling_change, config_change });
        case FixKind::restarted:
            return has_cause({ memory_exhaustion, connection_exhaustion, host_failure, certificate });
        case FixKind::failover_finished:
            return has_cause({ failover, host_failure });
        case FixKind::aws_event_closed:
            return has_cause({ aws_service_event }) || investigation_.diagnosis.verdict == IncidentVerdict::aws_side;
        default:
            return false;
        }
    }

    void look_at_changes() {
        for (auto const& [fact, change] : after_.all<ChangeFact>()) {
            if (change->failed || !look_.contains(fact->at) || is_the_cause(*fact))
                continue;
            auto fix = FixKind::none;
            for (auto const& [cause, earlier] : causes_)
                if (auto const undone = undoing(*cause, *earlier, *fact, *change);
                    undone != FixKind::none && (fix == FixKind::none || fix == FixKind::deployed_again))
                    fix = undone;
            bool certain = fix == FixKind::rolled_back || fix == FixKind::reverted;
            if (fix == FixKind::none && touches_ours(*change)) {
                fix = relief_of(*change);
                certain = relieves(fix);
                if (fix == FixKind::none && !change->automatic && change->kind != ChangeKind::other)
                    fix = FixKind::other_change;
            }
            if (fix != FixKind::none)
                found_.push_back({ fix, certain, fact, fact->at, change->automatic });
        }
    }

    void look_at_events() {
        for (auto const& [fact, event] : after_.all<ResourceEventFact>()) {
            if (!look_.contains(fact->at) || !is_ours(event->resource))
                continue;
            auto fix = FixKind::none;
            if (event->kind == ResourceEventKind::failover && !contains_ignoring_case(event->message, "started"))
                fix = FixKind::failover_finished;
            else if (event->kind == ResourceEventKind::restart)
                fix = FixKind::restarted;
            else if (event->kind == ResourceEventKind::scaled)
                fix = contains_ignoring_case(event->message, "allocated storage") ? FixKind::storage_raised
                    : contains_ignoring_case(event->message, "launching")         ? FixKind::capacity_raised
                                                                                  : FixKind::capacity_changed;
            if (fix != FixKind::none)
                found_.push_back({ fix, relieves(fix), fact, fact->at, true });
        }
    }

    // An event at AWS's side ends when AWS says so, often a while after the metric came back.
    void look_at_aws() {
        for (auto const& [fact, event] : after_.all<ServiceEventFact>()) {
            bool const near = event->when.to > look_.from && event->when.to <= recovered_at_ + shortly_before;
            if (event->status == "closed" && event->category == "issue" && near
                && relieves(FixKind::aws_event_closed))
                found_.push_back({ FixKind::aws_event_closed, true, fact, event->when.to, true });
        }
    }

    Investigation const& investigation_;
    Evidence const& after_;
    Window look_;
    Time recovered_at_;
    std::vector<Resource> ours_; // what the causes and the alarm are about
    std::vector<std::pair<Fact const*, ChangeFact const*>> causes_;
    std::vector<Candidate> found_;
};

// --- Nothing found: what does the silence mean? ---

void say_why_not(Recovery& recovery, Evidence const& after, Time now) {
    bool const may_come = recovery.recovered_at && now < *recovery.recovered_at + trail_settles_after;
    recovery.unknown_why = UnknownWhy::trail_late;
    if (auto const* gap = after.gap_in("cloudtrail_changes")) {
        bool const refused = !gap->iam_action.empty() || gap->kind != ErrorKind::unavailable;
        if (refused || !may_come) {
            recovery.unknown_why = UnknownWhy::trail_unread;
            recovery.gap = *gap;
        }
        return;
    }
    if (!may_come)
        recovery.kind = RecoveryKind::by_itself;
}

} // namespace

Recovery explain_recovery(Investigation const& investigation, Evidence const* after, Time now) {
    auto const& incident = investigation.incident;
    auto const onset = std::min(investigation.diagnosis.onset.value_or(incident.opened_at), incident.opened_at);
    auto const ended = incident.resolved_at.value_or(now);
    auto const& read = after != nullptr ? *after : investigation.evidence;
    Recovery recovery;
    auto shape = shape_of(incident, read, { onset, ended + Milliseconds { 1 } });
    if (!shape.peak && after != nullptr)
        shape = shape_of(incident, investigation.evidence, { onset, ended + Milliseconds { 1 } });
    recovery.peak = std::move(shape.peak);
    if (incident.state != IncidentState::resolved)
        return recovery;
    recovery.recovered_at = std::min(shape.recovered_at.value_or(ended), ended);
    if (after == nullptr)
        return recovery;
    Window const look { std::max(onset, *recovery.recovered_at - shortly_before),
        *recovery.recovered_at + most_rounding };
    auto const best = Search(investigation, *after, look, *recovery.recovered_at).best();
    if (!best) {
        say_why_not(recovery, *after, now);
        return recovery;
    }
    recovery.kind = best->certain ? RecoveryKind::fixed : RecoveryKind::after_change;
    recovery.fix = best->fix;
    recovery.told_by = *best->fact;
    recovery.changed_at = best->at;
    return recovery;
}

} // namespace convops
