// A replica has fallen behind its source.
#include "diagnosis/weighing.h"

namespace convops {

namespace {

std::vector<Candidate> propose(Context const& context) {
    std::vector<Candidate> found;
    for (auto const& reading : context.metrics) {
        if (reading.signal != Signal::replica_lag || !reading.rose()
            || reading.position.relation == Relation::unrelated)
            continue;
        Candidate candidate;
        candidate.kind = CauseKind::replication_lag;
        candidate.resource = reading.resource();
        candidate.prior = -2.2;
        weigh_reading(candidate, context, reading, reading.is_alarm() ? 2.6 : 1.6);
        candidate.corroborated = true;
        candidate.statement = tell(reading) + ".";
        found.push_back(std::move(candidate));
    }
    return found;
}

} // namespace

Hypothesis make_replication_lag() {
    return { "replication_lag", propose };
}

} // namespace convops
