#include "verification/judging.h"

namespace convops {

namespace {

constexpr Minutes looks_back { 90 };

Finding judge(Alarm const& alarm, Evidence const& evidence, Time) {
    auto const onset = onset_or_window(alarm, evidence);
    std::vector<FactId> before;
    std::optional<Time> last;
    for (auto const& [fact, change] : evidence.all<ChangeFact>()) {
        // A change within the first period that is off may still have come first.
        bool const precedes = fact->at >= onset - looks_back && fact->at < onset + alarm.period();
        if (!precedes || change->failed)
            continue;
        before.push_back(fact->id);
        last = std::max(last.value_or(fact->at), fact->at);
    }
    if (!before.empty()) {
        auto const delay = onset - *last;
        auto const count = before.size();
        return found(CheckVerdict::supports,
            (count == 1 ? "A change landed" : std::to_string(count) + " changes landed, the last")
                + std::string(delay <= Milliseconds { 0 } ? " within the minute of the onset."
                                                          : " " + format_duration(delay) + " before the onset."),
            std::move(before));
    }
    if (auto finding = cannot_tell(evidence, { "cloudtrail_changes", "deployments", "github_changes" }))
        return *finding;
    return found(CheckVerdict::refutes, "No change was recorded in the 90 minutes before the onset.");
}

} // namespace

Check make_change_precedes_onset() {
    return { "change_precedes_onset", "Did a change precede it?", CheckEffect::context, judge };
}

} // namespace convops
