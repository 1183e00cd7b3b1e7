// The disk can not keep up: burst credits gone, a queue before the device, operations at their ceiling.
#include "diagnosis/weighing.h"

namespace convops {

namespace {

std::vector<Candidate> propose(Context const& context) {
    std::map<std::string, Candidate> all;
    for (auto const& reading : context.metrics) {
        if (reading.position.relation == Relation::unrelated || reading.series.points < 4)
            continue;
        auto const& name = reading.metric->series.metric.name;
        bool const credits = reading.signal == Signal::credits && name != "CPUCreditBalance";
        double weight = 0;
        if (credits && reading.series.last < 10 && reading.series.highest > 15)
            weight = 2.6;
        else if (reading.signal == Signal::io_queue && reading.rose())
            weight = reading.series.onset->after >= 5 ? 1.5 : reading.series.onset->after >= 2 ? 0.6 : 0;
        else if (reading.signal == Signal::io_latency && reading.rose())
            weight = reading.series.onset->after >= 3 * reading.series.onset->before ? 1.0
                : reading.series.onset->after >= 1.6 * reading.series.onset->before  ? 0.3
                                                                                     : 0;
        else if (reading.signal == Signal::io_operations && reading.rose() && reading.limit
            && reading.series.highest >= 0.9 * *reading.limit)
            weight = 1.8;
        if (weight <= 0)
            continue;
        auto const [at, added] = all.try_emplace(reading.resource().key());
        auto& candidate = at->second;
        if (added) {
            candidate.kind = CauseKind::io_saturation;
            candidate.resource = reading.resource();
            candidate.prior = -2.4;
            weigh_reading(candidate, context, reading, weight);
            candidate.statement = tell(reading) + ".";
        } else {
            candidate.weigh(0.8 * weight, reading.fact);
            if (reading.off() && (!candidate.began_at || reading.series.onset->at < *candidate.began_at))
                candidate.began_at = reading.series.onset->at;
            if (weight > 1.4)
                candidate.statement = tell(reading) + ".";
        }
        candidate.corroborated = candidate.corroborated || weight >= 1.5;
    }
    std::vector<Candidate> found;
    for (auto& [key, candidate] : all)
        found.push_back(std::move(candidate));
    return found;
}

} // namespace

Hypothesis make_io_saturation() {
    return { "io_saturation", propose };
}

} // namespace convops
