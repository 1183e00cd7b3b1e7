#include "verification/judging.h"

namespace convops {

namespace {

bool is_security_source(std::string_view source) {
    return source == "guardduty_findings" || source == "security_hub_findings" || source == "inspector_findings";
}

Finding judge(Alarm const&, Evidence const& evidence, Time) {
    std::vector<FactId> facts;
    for (auto const& fact : evidence.facts)
        if (is_security_source(fact.source))
            facts.push_back(fact.id);
    if (!facts.empty()) {
        auto const count = facts.size();
        return found(CheckVerdict::supports,
            count == 1 ? "One security finding concerns these resources."
                       : std::to_string(count) + " security findings concern these resources.",
            std::move(facts));
    }
    if (auto finding = cannot_tell(evidence, { "guardduty_findings", "security_hub_findings", "inspector_findings" }))
        return *finding;
    return found(CheckVerdict::refutes, "No security finding concerns these resources.");
}

} // namespace

Check make_security_events() {
    return { "security_events", "Is it security?", CheckEffect::context, judge };
}

} // namespace convops
