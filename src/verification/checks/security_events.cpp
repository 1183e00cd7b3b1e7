#include "verification/judging.h"

namespace convops {

namespace {

bool is_security_source(std::string_view source) {
    return source == "guardduty_findings" || source == "security_hub_findings" || source == "inspector_findings";
}

std::string counted(std::size_t count, std::string_view what_follows) {
    return (count == 1 ? "One security finding " : std::to_string(count) + " security findings ")
        + std::string(what_follows);
}

Finding judge(Alarm const& alarm, Evidence const& evidence, Time) {
    auto const involved = neighbourhood(evidence, alarm.resources());
    std::vector<FactId> here;
    std::vector<FactId> elsewhere;
    for (auto const& [fact, finding] : evidence.all<SecurityFindingFact>()) {
        bool const near = std::any_of(involved.begin(), involved.end(),
            [&](auto const& neighbour) { return neighbour.first == finding->resource; });
        (near ? here : elsewhere).push_back(fact->id);
    }
    if (!here.empty()) {
        auto const count = here.size();
        return found(CheckVerdict::supports,
            counted(count, count == 1 ? "concerns these resources." : "concern these resources."), std::move(here));
    }
    if (!elsewhere.empty()) {
        auto const count = elsewhere.size();
        return found(CheckVerdict::supports,
            counted(count,
                count == 1 ? "is new and severe, on another resource of the account."
                           : "are new and severe, on other resources of the account."),
            std::move(elsewhere));
    }
    if (auto finding = cannot_tell(evidence, { "guardduty_findings", "security_hub_findings", "inspector_findings" }))
        return *finding;
    // Nobody watches: no finding then says nothing.
    for (auto const& [fact, state] : evidence.all<StateFact>())
        if (is_security_source(fact->source) && state->health == StateHealth::unknown)
            return found(CheckVerdict::cannot_tell, fact->statement, { fact->id });
    return found(CheckVerdict::refutes, "No security finding concerns these resources.");
}

} // namespace

Check make_security_events() {
    return { "security_events", "Is it security?", CheckEffect::context, judge };
}

} // namespace convops
