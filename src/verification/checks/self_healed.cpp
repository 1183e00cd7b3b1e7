#include "base/text.h"
#include "verification/judging.h"

namespace convops {

namespace {

constexpr double healed_spreads = 1.5; // product.md, check 1

// An anomaly has no threshold: what was usual before it is the measure.
Finding judge_against_usual(Alarm const& alarm, JudgedMetric const& reading) {
    auto const& series = reading.series;
    auto const& unit = reading.metric->series.unit;
    std::vector<FactId> const facts { reading.fact->id };
    auto const now = format_value(series.last, unit);
    auto const usual = format_value(alarm.baseline->usual, unit);
    // What ended before the anomaly says nothing of how it is now.
    if (reading.metric->series.at.back() <= alarm.changed_at && series.last != 0)
        return found(CheckVerdict::cannot_tell, "No datapoint since it was noticed.", facts);
    if (std::abs(series.last - alarm.baseline->usual) <= healed_spreads * alarm.baseline->spread)
        return found(CheckVerdict::supports, "Back to normal: " + now + ", where " + usual + " is usual.", facts);
    if (series.onset && series.usual)
        return found(
            CheckVerdict::supports, "It is " + now + ", as at this hour of the other days that were read.", facts);
    return found(CheckVerdict::refutes, "Still off: " + now + ", where " + usual + " is usual.", facts);
}

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
    if (alarm.kind == AlarmKind::watch && alarm.baseline)
        return judge_against_usual(alarm, *reading);
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
