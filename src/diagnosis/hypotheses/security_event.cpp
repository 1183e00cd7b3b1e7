// A finding of the account's security services on a resource of the incident. Only what they reported.
#include "base/text.h"
#include "diagnosis/weighing.h"

namespace convops {

namespace {

bool is_security_source(std::string_view source) {
    return source == "guardduty_findings" || source == "security_hub_findings";
}

Resource resource_of_fact(Fact const& fact) {
    if (auto const* event = std::get_if<ResourceEventFact>(&fact.detail))
        return event->resource;
    if (auto const* state = std::get_if<StateFact>(&fact.detail))
        return state->resource;
    if (auto const resource = resource_from_arn(fact.resource))
        return *resource;
    return { "", fact.resource, fact.resource };
}

std::vector<Candidate> propose(Context const& context) {
    std::vector<Candidate> found;
    for (auto const& fact : context.evidence.facts) {
        if (!is_security_source(fact.source))
            continue;
        auto const resource = resource_of_fact(fact);
        auto const position = context.topology.position(resource);
        auto const before = context.onset_or_alarm() - fact.at;
        if (!is_near(position) || position.relation == Relation::unknown || before > Hours { 6 }
            || fact.at > context.now)
            continue;
        Candidate candidate;
        candidate.kind = CauseKind::security_event;
        candidate.resource = resource;
        candidate.prior = -2.4;
        candidate.began_at = fact.at;
        candidate.weigh(before <= Minutes { 90 } ? 1.4 : 0.4, &fact);
        candidate.weigh(fault_place_weight(position));
        int moved = 0;
        for (auto const& reading : context.metrics)
            if (reading.resource() == resource && reading.rose()
                && (reading.signal == Signal::cpu || reading.signal == Signal::bytes
                    || reading.signal == Signal::requests)
                && moved++ < 2)
                candidate.weigh(0.8, reading.fact);
        candidate.corroborated = moved > 0;
        candidate.statement = "Security finding on " + resource.display() + " at " + format_clock(fact.at) + ": "
            + quoted(fact.statement, 140) + ".";
        found.push_back(std::move(candidate));
    }
    return found;
}

} // namespace

Hypothesis make_security_event() {
    return { "security_event", propose };
}

} // namespace convops
