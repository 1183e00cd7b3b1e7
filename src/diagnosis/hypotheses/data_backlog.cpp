// Work piles up: the queue grows because less is taken out than is put in.
#include "diagnosis/weighing.h"

namespace convops {

namespace {

std::vector<Candidate> propose(Context const& context) {
    std::map<std::string, Candidate> all;
    for (auto const& reading : context.metrics) {
        bool const queue = reading.signal == Signal::queue_depth || reading.signal == Signal::queue_age;
        if (!queue || !reading.rose() || reading.position.relation == Relation::unrelated)
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
