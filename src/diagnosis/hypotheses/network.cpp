// The network itself, without a recorded change: a NAT gateway out of ports, or nothing reachable any more. (A
// changed security group or route is a change: see change.cpp.)
#include "base/text.h"
#include "diagnosis/weighing.h"

namespace convops {

namespace {

// The errors of those who go out through it.
void weigh_what_is_lost(Candidate& candidate, Context const& context) {
    for (auto const topic : { LogTopic::connection_failed, LogTopic::timed_out })
        for (auto const* log : fresh_logs(context, topic)) {
            candidate.weigh(0.9, log->fact);
            candidate.corroborated = true;
            return;
        }
}

// A gateway that is gone, or whose connections reach what one destination may have.
void look_at_gateways(Context const& context, std::vector<Candidate>& found) {
    for (auto const& [fact, state] : context.evidence.all<StateFact>()) {
        auto const position = context.topology.position(state->resource);
        if (state->resource.type != "nat:gateway" || state->health != StateHealth::failed || !is_near(position))
            continue;
        Candidate candidate;
        candidate.kind = CauseKind::network;
        candidate.resource = state->resource;
        candidate.prior = -2.2;
        candidate.weigh(1.4, fact);
        candidate.weigh(fault_place_weight(position));
        candidate.statement = state->resource.display() + " does not work: " + quoted(fact->statement, 120) + ".";
        weigh_what_is_lost(candidate, context);
        found.push_back(std::move(candidate));
    }
    for (auto const& reading : context.metrics) {
        bool const full = reading.metric->series.metric.name == "ActiveConnectionCount"
            && reading.resource().type == "nat:gateway" && reading.limit
            && reading.series.highest >= 0.9 * *reading.limit;
        if (!full || !is_near(reading.position))
            continue;
        Candidate candidate;
        candidate.kind = CauseKind::network;
        candidate.resource = reading.resource();
        candidate.prior = -2.2;
        weigh_reading(candidate, context, reading, 1.5);
        candidate.statement
            = tell(reading) + ", near the " + format_number(*reading.limit) + " that it holds to one destination.";
        weigh_what_is_lost(candidate, context);
        found.push_back(std::move(candidate));
    }
}

std::vector<Candidate> propose(Context const& context) {
    std::vector<Candidate> found;
    for (auto const& reading : context.metrics) {
        if (reading.signal != Signal::port_failures || !reading.rose())
            continue;
        Candidate candidate;
        candidate.kind = CauseKind::network;
        candidate.resource = reading.resource();
        candidate.prior = -2.0;
        weigh_reading(candidate, context, reading, 2.6);
        candidate.corroborated = true;
        candidate.statement = tell(reading) + ": connections to the outside are lost.";
        weigh_what_is_lost(candidate, context);
        found.push_back(std::move(candidate));
    }
    look_at_gateways(context, found);
    std::set<std::string> hosts;
    Candidate broad;
    for (auto const topic : { LogTopic::connection_failed, LogTopic::name_not_resolved, LogTopic::timed_out })
        for (auto const* log : fresh_logs(context, topic)) {
            if (log->hosts.empty())
                continue;
            auto const known = hosts.size();
            hosts.insert(log->hosts.begin(), log->hosts.end());
            if (hosts.size() == known)
                continue;
            broad.weigh(known == 0 ? 0.6 : 0.8, log->fact);
            broad.resource = known == 0 ? log->log->resource : broad.resource;
            broad.began_at = std::min(broad.began_at.value_or(log->log->first_seen), log->log->first_seen);
        }
    // Two or more hosts at the same moment: the way out is likelier broken than each of them.
    if (hosts.size() >= 2) {
        broad.kind = CauseKind::network;
        broad.prior = -2.2;
        broad.weigh(hosts.size() >= 3 ? 0.9 : 0.2);
        broad.weigh(timing_weight(context, *broad.began_at, context.onset_width));
        broad.statement = broad.resource.display() + " has lost " + std::to_string(hosts.size())
            + " hosts at the same time, since " + format_clock(*broad.began_at) + ".";
        found.push_back(std::move(broad));
    }
    return found;
}

} // namespace

Hypothesis make_network() {
    return { "network", propose };
}

} // namespace convops
