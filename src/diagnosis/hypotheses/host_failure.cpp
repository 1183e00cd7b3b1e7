// The machine underneath failed: status checks, or tasks stopped because their host went away.
#include "base/text.h"
#include "diagnosis/by_resource.h"

namespace convops {

namespace {

bool says_host_lost(ResourceEventFact const& event) {
    if (event.kind == ResourceEventKind::status_check_failed)
        return true;
    if (event.kind != ResourceEventKind::task_stopped && event.kind != ResourceEventKind::other
        && event.kind != ResourceEventKind::restart)
        return false;
    for (auto const* words : { "host ec2", "spot interruption", "spotinterruption", "instance was terminated",
             "instance terminated", "hardware", "host failure", "impaired", "terminationnotice", "underlying host" })
        if (contains_ignoring_case(event.message, words) || contains_ignoring_case(event.code, words))
            return true;
    return false;
}

std::vector<Candidate> propose(Context const& context) {
    CandidatesByResource all;
    auto const at = [&](Resource const& resource, Position const& position) -> Candidate& {
        return candidate_at(all, CauseKind::host_failure, -2.0, resource, position);
    };
    for (auto const& reading : context.metrics) {
        if (reading.signal != Signal::status_check || reading.position.relation == Relation::unrelated
            || reading.series.points < 2 || reading.series.last <= 0)
            continue;
        auto& candidate = at(reading.resource(), reading.position);
        candidate.weigh(candidate.corroborated ? 0.4 : 3.0, reading.fact);
        if (reading.series.onset) {
            candidate.weigh(timing_weight(context, reading.series.onset->at, reading.metric->series.period));
            candidate.began_at = reading.series.onset->at;
        }
        candidate.corroborated = true;
        candidate.statement = (reading.resource().type == "eks:cluster" ? "Nodes of " : "Status checks of ")
            + reading.resource().display() + " fail"
            + (candidate.began_at ? " since " + format_clock(*candidate.began_at).substr(0, 5) : std::string());
    }
    using enum ResourceEventKind;
    for (auto const* reading : events_of(context, { status_check_failed, task_stopped, other, restart })) {
        if (!says_host_lost(*reading->event))
            continue;
        auto& candidate = at(reading->event->resource, reading->position);
        candidate.weigh(candidate.corroborated ? 0.5 : 2.7, reading->fact);
        if (!candidate.corroborated)
            candidate.weigh(timing_weight(context, reading->fact->at, Seconds { 60 }));
        candidate.corroborated = true;
        candidate.began_at = std::min(candidate.began_at.value_or(reading->fact->at), reading->fact->at);
        if (candidate.statement.empty())
            candidate.statement = "The host under " + reading->event->resource.display() + " failed at "
                + format_clock(reading->fact->at) + ": " + quoted(reading->event->message, 100);
    }
    for (auto const& [fact, state] : context.evidence.all<StateFact>()) {
        auto const position = context.topology.position(state->resource);
        bool const impaired = std::any_of(state->attributes.begin(), state->attributes.end(),
            [](auto const& attribute) { return attribute.second == "impaired"; });
        if (!impaired || state->resource.type != "ec2:instance" || !is_near(position))
            continue;
        auto& candidate = at(state->resource, position);
        candidate.weigh(candidate.corroborated ? 0.5 : 2.6, fact);
        candidate.corroborated = true;
        if (candidate.statement.empty())
            candidate.statement = "Status checks of " + state->resource.display() + " report it impaired";
    }
    return taken(std::move(all));
}

} // namespace

Hypothesis make_host_failure() {
    return { "host_failure", propose };
}

} // namespace convops
