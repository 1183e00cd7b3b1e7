#include "diagnosis/diagnose.h"

#include "diagnosis/verdict.h"

namespace convops {

namespace {

constexpr double second_cause_bar = 0.7; // a further cause must stand on its own
constexpr double told_when_healed = 0.75; // over already, but what happened is beyond doubt

std::vector<Candidate> propose_all(Context const& context) {
    std::vector<Candidate> candidates;
    for (auto const& hypothesis : hypotheses::all())
        for (auto& candidate : hypothesis.propose(context))
            if (std::any_of(candidate.weights.begin(), candidate.weights.end(),
                    [](Weight const& weight) { return weight.fact != nullptr && weight.log_odds >= 0; }))
                candidates.push_back(std::move(candidate));
    return candidates;
}

// Hosts behind one group or balancer: what ails them all is one cause, told once.
bool are_one_group(Context const& context, Resource const& one, Resource const& other) {
    auto const is_group_of = [&](Resource const& group, Resource const& host) {
        return group.type == "autoscaling:group" && context.topology.calls(group, host);
    };
    if (is_group_of(one, other) || is_group_of(other, one))
        return true;
    if (one.type != "ec2:instance" || other.type != one.type)
        return false;
    std::set<std::string> in_front;
    for (auto const& [fact, edge] : context.evidence.all<DependencyFact>())
        if (edge->to == one)
            in_front.insert(edge->from.key());
    for (auto const& [fact, edge] : context.evidence.all<DependencyFact>())
        if (edge->to == other && in_front.contains(edge->from.key()))
            return true;
    return false;
}

std::vector<Ranked> choose(Context const& context, std::vector<Ranked> const& ranked) {
    std::vector<Ranked> chosen;
    for (auto const& candidate : ranked) {
        if (candidate.explained)
            continue; // a link of another's chain
        // A further cause has begun at some time and shows its own mechanism; what has stood so all along, or a
        // callee that is ill for no known reason, is no second fault beside it.
        auto const& proposed = candidate.candidate;
        if (!chosen.empty() && (!proposed.corroborated || proposed.internal_symptom || !proposed.began_at))
            continue;
        bool const told = std::any_of(chosen.begin(), chosen.end(), [&](Ranked const& other) {
            return other.candidate.kind == proposed.kind
                && are_one_group(context, other.candidate.resource, proposed.resource);
        });
        if (told)
            continue;
        double const bar = chosen.empty() ? belief_bar : second_cause_bar;
        if (candidate.belief() < bar || chosen.size() == most_causes)
            break;
        chosen.push_back(candidate);
    }
    return chosen;
}

std::vector<Cause> to_causes(std::vector<Ranked> const& chosen) {
    std::vector<Cause> causes;
    for (auto const& candidate : chosen)
        causes.push_back(to_cause(candidate));
    return causes;
}

} // namespace

Diagnosis diagnose(Alarm const& alarm, Evidence const& evidence, std::vector<Finding> const& findings, Time now) {
    Context const context(alarm, evidence, now);
    auto const ranked = rank(context, propose_all(context));

    Diagnosis diagnosis;
    auto const chosen = choose(context, ranked);
    diagnosis.causes = to_causes(chosen);
    diagnosis.verdict = judge_verdict(context, findings, diagnosis.causes);
    diagnosis.onset = context.onset;
    if (diagnosis.verdict == IncidentVerdict::healthy) {
        diagnosis.causes.clear();
        if (!context.onset_from_metric)
            diagnosis.onset.reset(); // The threshold was met once within the usual noise: nothing began.
    }
    // What is over has no cause that anybody must act on (contract); what most likely happened stays a lead.
    if (diagnosis.verdict == IncidentVerdict::self_healed) {
        if (!chosen.empty() && chosen.front().belief() >= told_when_healed) {
            diagnosis.best_lead = diagnosis.causes.front().statement;
            diagnosis.lead_facts = diagnosis.causes.front().facts;
        }
        diagnosis.causes.clear();
    }
    diagnosis.ruled_out = rule_out(context, diagnosis.causes);
    if (diagnosis.verdict == IncidentVerdict::unknown) {
        auto lead = best_lead(context, ranked);
        diagnosis.best_lead = std::move(lead.text);
        diagnosis.lead_facts = std::move(lead.facts);
    }
    return diagnosis;
}

} // namespace convops
