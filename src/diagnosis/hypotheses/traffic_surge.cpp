// More work arrived than before. The outermost place where requests are counted decides: a count that rises only
// inside is retries or a job, not traffic.
#include "base/text.h"
#include "diagnosis/weighing.h"

namespace convops {

namespace {

bool counts_arrivals(MetricReading const& reading) {
    return reading.signal == Signal::requests && reading.position.relation != Relation::unrelated;
}

bool is_further_out(Position const& other, Position const& reading) {
    if (other.relation == Relation::caller)
        return reading.relation != Relation::caller || other.distance > reading.distance;
    return other.relation == Relation::same && reading.relation == Relation::callee;
}

// Something further out has a request counter that stayed calm.
MetricReading const* calm_further_out(Context const& context, MetricReading const& reading) {
    for (auto const& other : context.metrics)
        if (counts_arrivals(other) && !other.off() && other.series.points >= 4
            && other.resource() != reading.resource() && is_further_out(other.position, reading.position)
            && (!context.topology.has_map() || context.topology.leads_to(other.resource(), reading.resource())))
            return &other;
    return nullptr;
}

double size_weight(double ratio) {
    if (ratio >= 3)
        return 2.4;
    if (ratio >= 2)
        return 2.0;
    if (ratio >= 1.5)
        return 1.2;
    return ratio >= 1.3 ? 0.3 : -1;
}

std::vector<Candidate> propose(Context const& context) {
    std::vector<Candidate> found;
    for (auto const& reading : context.metrics) {
        if (!counts_arrivals(reading) || !reading.rose())
            continue;
        auto const& onset = *reading.series.onset;
        double const ratio = onset.before > 0 ? onset.after / onset.before : 10;
        Candidate candidate;
        candidate.kind = CauseKind::traffic_surge;
        candidate.resource = reading.resource();
        candidate.began_at = onset.at;
        candidate.prior = -2.4;
        candidate.weigh(size_weight(ratio) * (0.5 + 0.5 * onset.confidence), reading.fact);
        candidate.weigh(load_place_weight(reading.position));
        // Load comes first or at the same time; clients that retry come after.
        bool const late = onset.at > context.onset_or_alarm() + context.onset_width;
        candidate.weigh(late ? -2.0 : timing_weight(context, onset.at, reading.metric->series.period));
        if (!onset.still_on && onset.until + Minutes { 5 } < context.onset_or_alarm())
            candidate.weigh(-1.5);
        if (reading.is_alarm())
            candidate.weigh(1.0);
        if (auto const* outer = calm_further_out(context, reading)) {
            candidate.weigh(-2.6, outer->fact);
        } else {
            int followers = 0;
            for (auto const& other : context.metrics)
                if (other.off_badly() && other.signal != Signal::errors && other.signal != Signal::requests
                    && may_carry_fault(other.position) && other.series.onset->at + Minutes { 1 } >= onset.at
                    && followers++ < 2)
                    candidate.weigh(0.4, other.fact);
        }
        candidate.corroborated = ratio >= 1.5 && !late;
        candidate.statement = "Traffic surge: " + tell(reading)
            + (onset.before > 0 ? ", " + format_number(ratio) + " times the usual." : ".");
        found.push_back(std::move(candidate));
    }
    return found;
}

} // namespace

Hypothesis make_traffic_surge() {
    return { "traffic_surge", propose };
}

} // namespace convops
