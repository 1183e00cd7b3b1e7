#include "base/text.h"
#include "verification/judging.h"

namespace convops {

namespace {

Finding judge(Alarm const& alarm, Evidence const& evidence, Time) {
    auto const reading = read_alarm(alarm, evidence);
    if (!reading) {
        if (auto finding = cannot_tell(evidence, { "alarm_metric" }))
            return *finding;
        return found(CheckVerdict::cannot_tell, "The alarm's metric has no datapoints.");
    }
    auto const& series = reading->series;
    auto const& unit = reading->metric->series.unit;
    std::vector<FactId> const facts { reading->fact->id };
    auto const now = format_value(series.last, unit);
    if (series.points < 4)
        return found(CheckVerdict::cannot_tell, "Too few datapoints to know what is normal.", facts);
    if (reading->beyond_threshold_now.value_or(false))
        return found(CheckVerdict::refutes, "It is still beyond the threshold: " + now + ".", facts);
    if (!series.onset)
        return found(CheckVerdict::supports, "The metric is at its normal level: " + now + ".", facts);
    auto const normal = format_value(series.normal.centre, unit);
    if (series.recovered)
        return found(CheckVerdict::supports, "Back to normal: " + now + ", where " + normal + " is usual.", facts);
    // Data that ends before the asker looked proves nothing about now, but it does say how it was at last.
    return found(CheckVerdict::refutes, "Still off: " + now + ", where " + normal + " is usual.", facts);
}

} // namespace

Check make_self_healed() {
    return { "self_healed", "Has it healed itself?", CheckEffect::suppress, judge };
}

} // namespace convops
