// The network itself, without a recorded change: a NAT gateway out of ports, or nothing reachable any more. (A
// changed security group or route is a change: see change.cpp.)
#include "diagnosis/weighing.h"

namespace convops {

namespace {

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
        found.push_back(std::move(candidate));
    }
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
