// A finding of the account's security services on a resource of the incident. Only what they reported.
#include "base/text.h"
#include "diagnosis/weighing.h"

#include <array>

namespace convops {

namespace {

// From here on GuardDuty calls a finding "high".
// https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings-severity.html
constexpr double severe = 7;
constexpr double medium = 4;
constexpr Hours longest_before { 6 };

struct Reported {
    Fact const* fact = nullptr;
    SecurityFindingFact const* finding = nullptr;
};

// Something that happened, not how a thing is set up: a vulnerability or a failed check was there on every other day.
bool tells_of_an_event(SecurityFindingFact const& finding) {
    return finding.service != "Inspector" && !finding.type.starts_with("Software and Configuration Checks");
}

bool is_identity(Resource const& resource) {
    return resource.type.starts_with("iam:");
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

// What an attack looks like on the resource itself: a miner takes the processor, an exfiltration the network.
int cite_movements(Context const& context, Candidate& candidate) {
    int moved = 0;
    for (auto const& reading : context.metrics)
        if (reading.resource() == candidate.resource && reading.rose()
            && (reading.signal == Signal::cpu || reading.signal == Signal::bytes
                || reading.signal == Signal::requests)
            && moved++ < 2)
            candidate.weigh(0.8, reading.fact);
    return moved;
}

// What the reported identity did meanwhile.
int cite_calls(Context const& context, Candidate& candidate) {
    int calls = 0;
    for (auto const& [fact, change] : context.evidence.all<ChangeFact>())
        if (!change->failed && change->actor.starts_with(candidate.resource.name)
            && fact->at + longest_before >= context.onset_or_alarm() && calls++ < 3)
            candidate.weigh(calls == 1 ? 1.2 : 0.4, fact);
    return calls;
}

// Who made the thing that is reported: a stranger's instance was started by somebody.
std::set<std::string> makers_of(Context const& context, Resource const& resource) {
    std::set<std::string> makers;
    for (auto const& [fact, change] : context.evidence.all<ChangeFact>())
        if (change->event_name == "RunInstances" && !change->failed && !change->automatic && !change->actor.empty()
            && std::find(change->touched.begin(), change->touched.end(), resource) != change->touched.end())
            makers.insert(change->actor);
    return makers;
}

// Whoever the finding names, by the words of the service that reported it: a role whose credentials are used
// elsewhere. What it did meanwhile, wherever that was.
int cite_deeds_of_named(Context const& context, Candidate& candidate, Fact const& report, Resource const& reported) {
    constexpr std::size_t least_name = 4; // shorter ones stand in every sentence
    constexpr int most_deeds = 6;
    auto const makers = makers_of(context, reported);
    int deeds = 0;
    for (auto const& [fact, change] : context.evidence.all<ChangeFact>()) {
        auto const name = change->actor.substr(0, change->actor.find('/'));
        bool const named = name.size() >= least_name && mentions_word(report.statement, name)
            && fact->at + Minutes { 5 } >= report.at;
        if (!change->automatic && (named || makers.contains(change->actor)) && deeds++ < most_deeds)
            candidate.weigh(deeds == 1 ? 1.6 : deeds <= 3 ? 0.5 : 0, fact);
    }
    return deeds;
}

void cite_ways_in(Context const& context, Candidate& candidate) {
    int ways = 0;
    for (auto const& [fact, finding] : context.evidence.all<SecurityFindingFact>())
        if (!tells_of_an_event(*finding) && finding->resource == candidate.resource && finding->severity >= severe
            && ways++ < 1)
            candidate.weigh(0.3, fact);
}

std::optional<Candidate> candidate_for(
    Context const& context, Resource const& resource, std::vector<Reported> const& reports) {
    auto const position = context.topology.position(resource);
    auto const& first = reports.front(); // the most severe
    bool const far = !is_near(position) || position.relation == Relation::unknown;
    Candidate deeds;
    int const by_named
        = far && !is_identity(resource) ? cite_deeds_of_named(context, deeds, *first.fact, resource) : 0;
    bool const identity = by_named > 0 || (is_identity(resource) && position.relation >= Relation::unknown);
    if (!identity && far)
        return std::nullopt;
    auto const before = context.onset_or_alarm() - first.fact->at;
    if (identity && (first.finding->severity < severe || before > Minutes { 90 }))
        return std::nullopt;
    Candidate candidate;
    candidate.kind = CauseKind::security_event;
    candidate.resource = resource;
    candidate.prior = -2.4;
    candidate.began_at = first.fact->at;
    candidate.weigh(before <= Minutes { 90 } ? 1.4 : 0.4, first.fact);
    candidate.weigh(first.finding->severity >= severe ? 0.8 : first.finding->severity >= medium ? 0 : -0.8);
    candidate.weigh(identity ? -0.6 : fault_place_weight(position));
    for (std::size_t i = 1; i < reports.size() && i < 3; ++i)
        candidate.weigh(0.3, reports[i].fact);
    for (auto const& deed : deeds.weights)
        candidate.weigh(deed.log_odds, deed.fact);
    int const signs = by_named > 0 ? by_named
        : identity                 ? cite_calls(context, candidate)
                                   : cite_movements(context, candidate);
    candidate.corroborated = signs > 0;
    cite_ways_in(context, candidate);
    candidate.statement = "Security finding on " + resource.display() + " at " + format_clock(first.fact->at) + ": "
        + first.finding->service + " reports " + quoted(first.finding->type, 140) + ".";
    return candidate;
}

std::vector<Candidate> propose(Context const& context) {
    std::vector<Candidate> found;
    propose_suspicious_calls(context, found);
    std::map<std::string, std::vector<Reported>> by_resource;
    for (auto const& [fact, finding] : context.evidence.all<SecurityFindingFact>())
        if (tells_of_an_event(*finding) && fact->at <= context.now
            && context.onset_or_alarm() - fact->at <= longest_before)
            by_resource[finding->resource.key()].push_back({ fact, finding });
    for (auto& [key, reports] : by_resource) {
        // Security Hub repeats what GuardDuty said, and one attack makes several findings: one candidate for them
        // all.
        std::stable_sort(reports.begin(), reports.end(),
            [](Reported const& a, Reported const& b) { return a.finding->severity > b.finding->severity; });
        if (auto candidate = candidate_for(context, reports.front().finding->resource, reports))
            found.push_back(*std::move(candidate));
    }
    return found;
}

} // namespace

Hypothesis make_security_event() {
    return { "security_event", propose };
}

} // namespace convops
