// A replica has fallen behind its source.
#include "base/text.h"
#include "diagnosis/weighing.h"

namespace convops {

namespace {

// In the words of those who read a replica: "replica too far behind", "replication lag 93 s".
bool speaks_of_lag(std::string_view text) { // in lower case
    auto const has = [&](std::string_view word) { return text.find(word) != std::string_view::npos; };
    return (has("replica") || has("standby") || has("secondary")) && (has("behind") || has("lag") || has("stale"));
}

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
        for (auto const& log : context.logs)
            if (log.fresh && log.severe && is_near(log.position) && log_is_timely(context, log)
                && speaks_of_lag(to_lower(log.log->pattern))) {
                candidate.weigh(1.4, log.fact);
                break;
            }
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
