#include "kept_rules.h"

#include "adapters/files/files.h"
#include "base/text.h"

namespace convops {

namespace {

constexpr std::size_t most_list_bytes = 64U << 10U;

bool is_named(Cause const& cause, std::pair<std::string, std::string> const& expected) {
    return to_string(cause.kind) == expected.first
        && cause.resource.arn_or_name().find(expected.second) != std::string::npos;
}

void check_names(ScenarioRules const& rules, Diagnosis const& diagnosis, std::vector<BrokenRule>& broken) {
    // Two independent faults may stand in either order; a single one must stand first.
    auto const& causes = diagnosis.causes;
    auto const within = std::min(causes.size(), rules.must_name.size());
    for (auto const& expected : rules.must_name)
        if (std::none_of(causes.begin(), causes.begin() + static_cast<std::ptrdiff_t>(within),
                [&](Cause const& cause) { return is_named(cause, expected); }))
            broken.push_back({ RuleKind::must_name, expected.first + " " + expected.second });
    for (auto const& kind : rules.must_not_name)
        for (auto const& cause : causes)
            if (to_string(cause.kind) == kind)
                broken.push_back({ RuleKind::must_not_name, kind });
}

void check_citations(
    ScenarioRules const& rules, Investigation const& investigation, std::vector<BrokenRule>& broken) {
    auto const& evidence = investigation.evidence;
    auto const& diagnosis = investigation.diagnosis;
    std::set<std::string> cited;
    if (!diagnosis.causes.empty())
        for (auto const& id : diagnosis.causes[0].facts)
            if (auto const* fact = evidence.find(id))
                cited.insert(fact->source);
    for (auto const& source : rules.must_cite)
        if (!cited.contains(source))
            broken.push_back({ RuleKind::must_cite, source });
    for (auto const& kind : rules.must_rule_out)
        if (std::none_of(diagnosis.ruled_out.begin(), diagnosis.ruled_out.end(),
                [&](auto const& ruled_out) { return to_string(ruled_out.kind) == kind; }))
            broken.push_back({ RuleKind::must_rule_out, kind });
    for (auto const& source : rules.must_admit)
        if (evidence.gap_in(source) == nullptr)
            broken.push_back({ RuleKind::must_admit, source });
}

void check_honesty(Investigation const& investigation, std::vector<BrokenRule>& broken) {
    auto const& evidence = investigation.evidence;
    auto const& diagnosis = investigation.diagnosis;
    auto const look = [&](std::vector<FactId> const& ids, std::string const& where) {
        for (auto const& id : ids)
            if (evidence.find(id) == nullptr)
                broken.push_back({ RuleKind::honest, id.text + " is cited and is no fact: " + where });
    };
    for (auto const& cause : diagnosis.causes) {
        look(cause.facts, cause.statement);
        look(cause.against, cause.statement);
        if (cause.facts.empty())
            broken.push_back({ RuleKind::honest, "cites nothing: " + cause.statement });
        if (!(cause.score >= 0 && cause.score <= 1))
            broken.push_back({ RuleKind::honest, "score out of range: " + cause.statement });
    }
    for (auto const& ruled_out : diagnosis.ruled_out)
        look(ruled_out.facts, ruled_out.why);
    for (auto const& finding : investigation.findings)
        look(finding.facts, finding.why);
}

} // namespace

std::string_view to_string(RuleKind kind) {
    switch (kind) {
    case RuleKind::verdict:
        return "verdict";
    case RuleKind::must_abstain:
        return "must_abstain";
    case RuleKind::must_name:
        return "must_name";
    case RuleKind::must_not_name:
        return "must_not_name";
    case RuleKind::must_cite:
        return "must_cite";
    case RuleKind::must_rule_out:
        return "must_rule_out";
    case RuleKind::must_admit:
        return "must_admit_unknown";
    case RuleKind::honest:
        return "honest";
    }
    return "honest";
}

std::vector<BrokenRule> broken_rules(ScenarioRules const& rules, Investigation const& investigation) {
    std::vector<BrokenRule> broken;
    auto const& diagnosis = investigation.diagnosis;
    if (to_string(diagnosis.verdict) != rules.verdict)
        broken.push_back(
            { RuleKind::verdict, std::string(to_string(diagnosis.verdict)) + " instead of " + rules.verdict });
    if (rules.must_abstain && !diagnosis.causes.empty())
        broken.push_back({ RuleKind::must_abstain, std::string(to_string(diagnosis.causes[0].kind)) });
    check_names(rules, diagnosis, broken);
    check_citations(rules, investigation, broken);
    check_honesty(investigation, broken);
    return broken;
}

std::size_t rank_of_expected(ScenarioRules const& rules, Diagnosis const& diagnosis) {
    for (std::size_t i = 0; i < diagnosis.causes.size(); ++i)
        for (auto const& expected : rules.must_name)
            if (is_named(diagnosis.causes[i], expected))
                return i + 1;
    return 0;
}

Result<std::set<std::string>> not_yet_kept(std::filesystem::path const& file) {
    auto const text = TRY(read_file(file, most_list_bytes));
    std::set<std::string> names;
    for (auto const& line : split(text, '\n')) {
        auto const name = trim(line.substr(0, line.find('#')));
        if (!name.empty())
            names.emplace(name);
    }
    return names;
}

} // namespace convops
