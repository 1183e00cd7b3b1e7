// Work piles up: the queue grows because less is taken out than is put in.
#include "diagnosis/weighing.h"

namespace convops {

namespace {

// A reader that fails or takes less than before is late by its own fault.
Fact const* sign_of_illness(Context const& context, Resource const& reader) {
    for (auto const& reading : context.metrics) {
        bool const fails
            = (reading.signal == Signal::errors || reading.signal == Signal::throttles) && reading.rose();
        bool const takes_less
            = (reading.signal == Signal::requests || reading.signal == Signal::consumption) && reading.fell();
        if (reading.resource() == reader && (fails || takes_less))
            return reading.fact;
    }
    return nullptr;
}

// Two or three that wait are no backlog, however few it were before.
bool is_handful(MetricReading const& reading) {
    constexpr double handful = 5;
    auto const& onset = *reading.series.onset;
    return reading.signal == Signal::queue_depth && !reading.is_alarm() && onset.extreme - onset.before < handful;
}

std::vector<Candidate> propose(Context const& context) {
    std::map<std::string, Candidate> all;
    for (auto const& reading : context.metrics) {
        bool const queue = reading.signal == Signal::queue_depth || reading.signal == Signal::queue_age;
        if (!queue || !reading.rose() || reading.position.relation == Relation::unrelated || is_handful(reading))
            continue;
        auto const [entry, added] = all.try_emplace(reading.resource().key());
        auto& candidate = entry->second;
        if (!added) {
            candidate.weigh(0.4, reading.fact);
            continue;
        }
        candidate.kind = CauseKind::data_backlog;
        candidate.resource = reading.resource();
        candidate.prior = -2.2;
        weigh_reading(candidate, context, reading, 1.5);
        // What feeds the alarm's resource stands before it on the map, and what piles up there is what it is late
        // with.
        bool const feeds_well = context.topology.calls(reading.resource(), context.centre())
            && sign_of_illness(context, context.centre()) == nullptr;
        if (reading.position.relation == Relation::caller && feeds_well)
            candidate.weigh(load_place_weight(reading.position) - fault_place_weight(reading.position));
        candidate.corroborated = true;
        candidate.statement = tell(reading);
        for (auto const& other : context.metrics) {
            if (other.resource() != reading.resource())
                continue;
            if (other.signal == Signal::consumption && other.fell()) {
                candidate.weigh(1.2, other.fact);
                candidate.statement += " while " + other.metric->series.metric.name + " fell to "
                    + value_of(other, other.series.onset->after);
                break;
            }
        }
    }
    std::vector<Candidate> found;
    for (auto& [key, candidate] : all) {
        candidate.statement += ".";
        found.push_back(std::move(candidate));
    }
    return found;
}

} // namespace

Hypothesis make_data_backlog() {
    return { "data_backlog", propose };
}

} // namespace convops
