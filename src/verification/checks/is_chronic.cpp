#include "verification/judging.h"

namespace convops {

namespace {

// A person who was paged five times in two hours by one alarm, or on ten occasions in a week, has stopped reading it.
constexpr std::size_t often_lately = 5;
constexpr Hours lately { 2 };
constexpr std::size_t often_in_a_week = 10;
constexpr Days a_week { 7 };
// Nobody asked for an alarm on what the watch finds: it has less credit.
constexpr std::size_t often_lately_of_watch = 4;
constexpr std::size_t often_in_a_week_of_watch = 6;
constexpr Hours lately_of_watch { 24 };

Finding judge(Alarm const& alarm, Evidence const& evidence, Time) {
    bool const watch = alarm.kind == AlarmKind::watch;
    auto const span = watch ? lately_of_watch : lately;
    std::vector<FactId> week;
    std::size_t recent = 0;
    for (auto const& [fact, transition] : evidence.all<AlarmTransitionFact>()) {
        bool const fired = transition->to == AlarmState::alarm && transition->alarm_name == alarm.name
            && fact->at <= alarm.changed_at + Minutes { 1 };
        if (!fired || fact->at < alarm.changed_at - a_week)
            continue;
        week.push_back(fact->id);
        recent += fact->at >= alarm.changed_at - span ? 1 : 0;
    }
    bool const often = recent >= (watch ? often_lately_of_watch : often_lately);
    if (often || week.size() >= (watch ? often_in_a_week_of_watch : often_in_a_week)) {
        auto const why = often
            ? "It fired " + std::to_string(recent) + " times within " + std::to_string(span.count()) + " hours."
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
