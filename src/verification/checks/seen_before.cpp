#include "verification/judging.h"

namespace convops {

namespace {

constexpr Minutes same_incident { 30 }; // a firing this close to the present one belongs to it

Finding judge(Alarm const& alarm, Evidence const& evidence, Time) {
    std::vector<FactId> facts;
    std::optional<Time> last;
    for (auto const& [fact, transition] : evidence.all<AlarmTransitionFact>()) {
        bool const fired = transition->to == AlarmState::alarm && transition->alarm_name == alarm.name;
        if (!fired || fact->at > alarm.changed_at - same_incident)
            continue;
        facts.push_back(fact->id);
        last = std::max(last.value_or(fact->at), fact->at);
    }
    for (auto const& fact : evidence.facts)
        if (fact.source == "past_incidents") {
            facts.push_back(fact.id);
            last = std::max(last.value_or(fact.at), fact.at);
        }
    if (!facts.empty()) {
        auto const times = facts.size();
        return found(CheckVerdict::supports,
            "Seen " + std::to_string(times) + (times == 1 ? " time" : " times") + " before; last "
                + format_duration(alarm.changed_at - *last) + " ago.",
            std::move(facts));
    }
    if (auto finding = cannot_tell(evidence, { "alarm_history" }))
        return *finding;
    return found(CheckVerdict::refutes, "This alarm has not fired before in the history that is kept.");
}

} // namespace

Check make_seen_before() {
    return { "seen_before", "Have we seen it?", CheckEffect::context, judge };
}

} // namespace convops
