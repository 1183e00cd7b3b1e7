#include "verification/judging.h"

namespace convops {

namespace {

// A person who was paged five times in two hours by one alarm, or on ten occasions in a week, has stopped reading it.
constexpr std::size_t often_lately = 5;
constexpr Hours lately { 2 };
constexpr std::size_t often_in_a_week = 10;
constexpr Days a_week { 7 };

Finding judge(Alarm const& alarm, Evidence const& evidence, Time) {
    std::vector<FactId> week;
    std::size_t recent = 0;
    for (auto const& [fact, transition] : evidence.all<AlarmTransitionFact>()) {
        bool const fired = transition->to == AlarmState::alarm && transition->alarm_name == alarm.name
            && fact->at <= alarm.changed_at + Minutes { 1 };
        if (!fired || fact->at < alarm.changed_at - a_week)
            continue;
        week.push_back(fact->id);
        recent += fact->at >= alarm.changed_at - lately ? 1 : 0;
    }
    if (recent >= often_lately || week.size() >= often_in_a_week) {
        auto const why = recent >= often_lately ? "It fired " + std::to_string(recent) + " times within 2 hours."
                                                : "It fired " + std::to_string(week.size()) + " times within a week.";
        return found(CheckVerdict::supports, why, std::move(week));
    }
    if (auto finding = cannot_tell(evidence, { "alarm_history" }))
        return *finding;
    return found(CheckVerdict::refutes,
        "It fired " + std::to_string(week.size()) + (week.size() == 1 ? " time" : " times") + " within a week.",
        std::move(week));
}

} // namespace

Check make_is_chronic() {
    return { "is_chronic", "Is it chronic?", CheckEffect::digest, judge };
}

} // namespace convops
