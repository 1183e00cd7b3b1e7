// Less work arrives than before: somebody upstream stopped sending. When things fail first, the drop is their echo.
#include "diagnosis/weighing.h"

namespace convops {

namespace {

std::vector<Candidate> propose(Context const& context) {
    std::vector<Candidate> found;
    for (auto const& reading : context.metrics) {
        if (reading.signal != Signal::requests || !reading.fell() || reading.position.relation == Relation::unrelated)
            continue;
        auto const& onset = *reading.series.onset;
        double const share = onset.before > 0 ? onset.after / onset.before : 1;
        if (share > 0.7)
            continue;
        Candidate candidate;
        candidate.kind = CauseKind::traffic_drop;
        candidate.resource = reading.resource();
        candidate.began_at = onset.at;
        candidate.prior = -2.6;
        candidate.weigh((share < 0.2 ? 1.8 : 1.2) * (0.5 + 0.5 * onset.confidence), reading.fact);
        candidate.weigh(load_place_weight(reading.position) * 0.7);
        candidate.weigh(timing_weight(context, onset.at, reading.metric->series.period));
        // A drop explains an alarm about missing work; it does not make anything slow or broken.
        bool const about_less = reading.is_alarm() || !context.alarm.fires_above();
        candidate.weigh(about_less ? 1.4 : -1.5);
        int failures = 0;
        for (auto const& other : context.metrics)
            if (other.off_badly()
                && (other.signal == Signal::errors || other.signal == Signal::latency
                    || other.signal == Signal::unhealthy_targets || other.signal == Signal::connection_failures)
                && may_carry_fault(other.position) && other.series.onset->at <= onset.at + Minutes { 1 }
                && failures++ < 2)
                candidate.weigh(-1.0, other.fact);
        candidate.corroborated = about_less;
        candidate.statement = "Traffic dropped: " + tell(reading) + ".";
        found.push_back(std::move(candidate));
    }
    return found;
}

} // namespace

Hypothesis make_traffic_drop() {
    return { "traffic_drop", propose };
}

} // namespace convops
