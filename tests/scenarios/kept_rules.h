// Which rules of expected.json an investigation breaks. The golden tests and the evaluation ask the same function, so
// that a table can not count what a test would refuse.
#pragma once

#include "app/investigate.h"
#include "scenario.h"

namespace convops {

enum class RuleKind {
    verdict,
    must_abstain,
    must_name,
    must_not_name,
    must_cite,
    must_rule_out,
    must_admit,
    honest, // a citation of a fact that is not there, a score out of range
};
std::string_view to_string(RuleKind kind);

struct BrokenRule {
    RuleKind kind;
    std::string what;
};

std::vector<BrokenRule> broken_rules(ScenarioRules const& rules, Investigation const& investigation);

// The place (1, 2, ...) of the first cause that must_name asks for; 0 when it is not among the causes.
std::size_t rank_of_expected(ScenarioRules const& rules, Diagnosis const& diagnosis);

// Scenarios that are known not to keep their rules yet (tests/scenarios/not-yet-kept.txt): one name a line, '#'
// begins a comment. The list only shrinks: a listed scenario that keeps its rules fails the test until its line is
// removed.
Result<std::set<std::string>> not_yet_kept(std::filesystem::path const& file);

} // namespace convops
