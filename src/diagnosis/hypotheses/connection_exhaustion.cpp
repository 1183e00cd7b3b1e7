// No connection is to be had: the server's limit is reached or a pool is empty.
#include "base/text.h"
#include "diagnosis/weighing.h"

namespace convops {

namespace {

// The database or cache that a line names, when the map does not say who calls whom.
std::optional<Resource> server_named_in(Context const& context, LogReading const& log) {
    auto const text = to_lower(log.log->pattern + "\n" + log.log->example);
    for (auto const& [fact, state] : context.evidence.all<StateFact>()) {
        auto const name = to_lower(state->resource.short_name());
        bool const server
            = state->resource.type.starts_with("rds:") || state->resource.type.starts_with("elasticache:");
        if (!server || name.size() < 4)
            continue;
        for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + 1)) {
            auto const inside = [&](std::size_t place) {
                return place < text.size()
                    && (std::isalnum(static_cast<unsigned char>(text[place])) != 0 || text[place] == '-');
            };
            if ((at == 0 || !inside(at - 1)) && !inside(at + name.size()))
                return state->resource;
        }
    }
    return std::nullopt;
}

std::vector<Candidate> propose(Context const& context) {
    std::vector<Candidate> found;
    for (auto const& reading : context.metrics) {
        bool const server = reading.signal == Signal::connections && reading.resource().type != "elb:load_balancer";
        if (!server || reading.position.relation == Relation::unrelated || reading.series.points < 3)
            continue;
        bool const full = reading.limit && *reading.limit > 0 && reading.series.highest >= 0.95 * *reading.limit;
        if (!full && !reading.rose())
            continue;
        Candidate candidate;
        candidate.kind = CauseKind::connection_exhaustion;
        candidate.resource = reading.resource();
        candidate.prior = -2.3;
        weigh_reading(candidate, context, reading, full ? 2.5 : 0.6);
        for (auto const* log : fresh_logs(context, LogTopic::pool_exhausted))
            if (context.topology.can_affect(reading.resource(), log->log->resource)) {
                candidate.weigh(1.5, log->fact);
                candidate.corroborated = true;
                break;
            }
        candidate.corroborated = candidate.corroborated || full;
        candidate.statement
            = tell(reading) + (full ? ", at the limit of " + format_number(*reading.limit) : std::string()) + ".";
        found.push_back(std::move(candidate));
    }
    auto const logs = fresh_logs(context, LogTopic::pool_exhausted);
    for (auto const* log : logs) {
        Candidate candidate;
        candidate.kind = CauseKind::connection_exhaustion;
        auto const server = server_named_in(context, *log);
        candidate.resource = server.value_or(log->log->resource);
        candidate.prior = -2.2;
        candidate.weigh(2.3, log->fact);
        // A caller that is refused by a server which it names has met the fault itself.
        candidate.weigh(
            server ? std::max(0.9, fault_place_weight(log->position)) : fault_place_weight(log->position));
        candidate.weigh(timing_weight(context, log->log->first_seen, context.onset_width));
        candidate.began_at = log->log->first_seen;
        candidate.corroborated = true;
        candidate.statement = (server ? server->display() + " gives no connections since "
                                      : log->log->resource.display() + " gets no connections since ")
            + format_clock(log->log->first_seen) + ": " + tell(*log) + ".";
        found.push_back(std::move(candidate));
    }
    // The pool that is empty and the server that is full are one shortage: keep the server where both are known.
    bool const server_known = std::any_of(found.begin(), found.end(), [&](Candidate const& candidate) {
        return candidate.corroborated && std::none_of(logs.begin(), logs.end(), [&](LogReading const* log) {
            return log->log->resource == candidate.resource;
        });
    });
    if (server_known)
        std::erase_if(found, [&](Candidate const& candidate) {
            return std::any_of(logs.begin(), logs.end(),
                [&](LogReading const* log) { return log->log->resource == candidate.resource; });
        });
    return found;
}

} // namespace

Hypothesis make_connection_exhaustion() {
    return { "connection_exhaustion", propose };
}

} // namespace convops
