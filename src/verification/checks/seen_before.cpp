#include "model/past_incident.h"
#include "verification/judging.h"

namespace convops {

namespace {

Finding judge(Alarm const& alarm, Evidence const& evidence, Time) {
    auto seen = seen_before(alarm, evidence);
    if (seen.times > 0) {
        auto why = "Seen " + std::to_string(seen.times) + (seen.times == 1 ? " time" : " times") + " in "
            + std::to_string(seen.days) + " days; last " + format_duration(alarm.changed_at - seen.last_at) + " ago";
        if (seen.last_incident != nullptr && !seen.last_incident->what_fixed_it.empty())
            why += ": " + seen.last_incident->what_fixed_it;
        return found(CheckVerdict::supports, std::move(why) + ".", std::move(seen.facts));
    }
    if (auto finding = cannot_tell(evidence, { "past_incidents", "alarm_history" }))
        return *finding;
    return found(CheckVerdict::refutes, "This alarm has not fired before in the history that is kept.");
}

} // namespace

Check make_seen_before() {
    return { "seen_before", "Have we seen it?", CheckEffect::context, judge };
}

} // namespace convops
