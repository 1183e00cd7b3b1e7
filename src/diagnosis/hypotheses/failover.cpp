// A database or cache changed its primary, or was restarted.
#include "base/text.h"
#include "diagnosis/weighing.h"

namespace convops {

namespace {

bool of_data_store(Resource const& resource) {
    return resource.type.starts_with("rds:") || resource.type.starts_with("elasticache:");
}

// Somebody asked for it: still a failover, and the call is a fact of it.
Fact const* asked_for(Context const& context, Resource const& resource, Time at) {
    for (auto const& change : context.changes) {
        bool const call
            = std::any_of(change.event_names.begin(), change.event_names.end(), [](std::string const& name) {
                  return name.find("Failover") != std::string::npos || name.starts_with("Reboot");
              });
        if (call && !change.failed && change.at <= at + Minutes { 2 } && change.at >= at - Minutes { 15 }
            && context.topology.can_affect(change.resource, resource))
            return change.facts.front();
    }
    return nullptr;
}

std::vector<Candidate> propose(Context const& context) {
    std::map<std::string, Candidate> all;
    using enum ResourceEventKind;
    for (auto const* reading : events_of(context, { failover, restart }, Minutes { 20 })) {
        auto const& event = *reading->event;
        if (event.kind == restart && !of_data_store(event.resource))
            continue;
        if (reading->fact->at > context.onset_or_alarm() + context.onset_width + Minutes { 2 })
            continue; // its own completion notice may be a little late, no more
        auto const [at, added] = all.try_emplace(event.resource.key());
        auto& candidate = at->second;
        if (!added) {
            candidate.weigh(0.3, reading->fact);
            continue;
        }
        candidate.kind = CauseKind::failover;
        candidate.resource = event.resource;
        candidate.prior = -1.9;
        candidate.began_at = reading->fact->at;
        candidate.weigh(event.kind == failover ? 3.0 : 2.2, reading->fact);
        candidate.weigh(fault_place_weight(reading->position));
        candidate.weigh(timing_weight(context, reading->fact->at, Seconds { 60 }));
        if (auto const* call = asked_for(context, event.resource, reading->fact->at))
            candidate.weigh(0.6, call);
        candidate.corroborated = true;
        candidate.statement = event.resource.display()
            + (event.kind == failover ? " failed over at " : " restarted at ") + format_clock(reading->fact->at)
            + ": " + quoted(event.message.empty() ? event.code : event.message, 100) + ".";
    }
    for (auto& [key, candidate] : all)
        for (auto const* log : fresh_logs(context, LogTopic::read_only)) {
            candidate.weigh(0.5, log->fact);
            break;
        }
    std::vector<Candidate> found;
    for (auto& [key, candidate] : all)
        found.push_back(std::move(candidate));
    return found;
}

} // namespace

Hypothesis make_failover() {
    return { "failover", propose };
}

} // namespace convops
