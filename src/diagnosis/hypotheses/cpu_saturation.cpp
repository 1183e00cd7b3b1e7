// The processor is full, or its credits are gone.
#include "diagnosis/weighing.h"

namespace convops {

namespace {

double level_weight(double percent) {
    if (percent >= 90)
        return 2.5;
    if (percent >= 80)
        return 1.9;
    if (percent >= 65)
        return 0.9;
    return -0.8;
}

std::vector<Candidate> propose(Context const& context) {
    std::vector<Candidate> found;
    for (auto const& reading : context.metrics) {
        if (reading.position.relation == Relation::unrelated)
            continue;
        Candidate candidate;
        candidate.kind = CauseKind::cpu_saturation;
        candidate.resource = reading.resource();
        candidate.prior = -2.2;
        if (reading.signal == Signal::cpu && reading.metric->series.unit != "Percent" && !reading.limit
            && reading.metric->series.metric.name != "CPUUtilization")
            continue; // CPU units without their limit say nothing about fullness
        if (reading.signal == Signal::cpu && reading.rose()) {
            auto const& onset = *reading.series.onset;
            double const scale = reading.limit && *reading.limit > 0 ? 100 / *reading.limit : 1;
            weigh_reading(
                candidate, context, reading, level_weight(std::max(onset.after, 0.9 * onset.extreme) * scale));
            candidate.corroborated = onset.extreme * scale >= 80;
        } else if (reading.signal == Signal::cpu && !reading.series.onset && reading.series.last >= 90) {
            weigh_reading(candidate, context, reading, 1.2); // full all along
        } else if (reading.metric->series.metric.name == "CPUCreditBalance" && reading.series.points >= 4
            && reading.series.last < 5 && reading.series.highest > 10) {
            weigh_reading(candidate, context, reading, 2.0);
            candidate.corroborated = true;
        } else {
            continue;
        }
        candidate.statement = tell(reading) + (candidate.corroborated ? ": it is full." : ".");
        found.push_back(std::move(candidate));
    }
    return found;
}

} // namespace

Hypothesis make_cpu_saturation() {
    return { "cpu_saturation", propose };
}

} // namespace convops
