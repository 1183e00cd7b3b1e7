// A finding of the account's security services on a resource of the incident. Only what they reported.
#include "base/text.h"
#include "diagnosis/weighing.h"

#include <array>

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

// Calls that blind the watchers, and calls that hand out lasting access: each may be somebody's work; both kinds by
// one actor within the hour are the pattern of an intruder. https://attack.mitre.org/matrices/enterprise/cloud/iaas/
bool blinds(std::string_view name) {
    static constexpr auto calls = std::to_array<std::string_view>({ "StopLogging", "DeleteTrail", "DeleteDetector",
        "DisableSecurityHub", "DeleteFlowLogs", "StopConfigurationRecorder", "DeleteConfigurationRecorder" });
    return std::find(calls.begin(), calls.end(), name) != calls.end();
}

bool gives_access(std::string_view name) {
    static constexpr auto calls = std::to_array<std::string_view>(
        { "CreateAccessKey", "CreateUser", "CreateLoginProfile", "UpdateLoginProfile", "AttachUserPolicy",
            "PutUserPolicy", "UpdateAssumeRolePolicy", "DeactivateMFADevice" });
    return std::find(calls.begin(), calls.end(), name) != calls.end();
}

void propose_suspicious_calls(Context const& context, std::vector<Candidate>& found) {
    std::map<std::string, std::vector<std::pair<Fact const*, ChangeFact const*>>> by_actor;
    for (auto const& [fact, change] : context.evidence.all<ChangeFact>())
        if (!change->failed && !change->automatic && !change->actor.empty() && fact->at <= context.now
            && fact->at + Minutes { 60 } >= context.onset_or_alarm()
            && (blinds(change->event_name) || gives_access(change->event_name)))
            by_actor[change->actor].emplace_back(fact, change);
    for (auto const& [actor, calls] : by_actor) {
        bool const blinded
            = std::any_of(calls.begin(), calls.end(), [](auto const& c) { return blinds(c.second->event_name); });
        bool const opened = std::any_of(
            calls.begin(), calls.end(), [](auto const& c) { return gives_access(c.second->event_name); });
        if (!blinded || !opened)
            continue;
        Candidate candidate;
        candidate.kind = CauseKind::security_event;
        candidate.resource = { "iam:user", actor, {} };
        candidate.prior = -2.4;
        std::vector<std::string> names;
        for (auto const& [fact, change] : calls) {
            if (names.size() == 5)
                break;
            candidate.weigh(names.empty() ? 2.6 : 0.6, fact);
            names.push_back(change->event_name);
            if (!candidate.began_at || fact->at < *candidate.began_at)
                candidate.began_at = fact->at;
        }
        candidate.corroborated = true;
        candidate.statement = "Suspicious calls by " + quoted(actor, 60) + " from "
            + format_clock(*candidate.began_at) + " on: " + join(names, ", ") + ".";
        found.push_back(std::move(candidate));
    }
}

std::vector<Candidate> propose(Context const& context) {
    std::vector<Candidate> found;
    propose_suspicious_calls(context, found);
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
