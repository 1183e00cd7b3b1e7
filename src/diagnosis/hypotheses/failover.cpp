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

// The one data store of this kind that whoever wrote the log calls; nullopt when there are several.
std::optional<Resource> store_behind(Context const& context, Resource const& caller) {
    for (std::string_view const type : { "rds:cluster", "elasticache:", "rds:instance" }) {
        std::set<std::string> keys;
        std::optional<Resource> store;
        for (auto const& [fact, edge] : context.evidence.all<DependencyFact>())
            for (auto const* end : { &edge->from, &edge->to })
                if (end->type.starts_with(type) && context.topology.leads_to(caller, *end)
                    && keys.insert(end->key()).second)
                    store = *end;
        if (store)
            return keys.size() == 1 ? store : std::nullopt;
    }
    return std::nullopt;
}

// No event could be read, but whoever writes is told from one moment on that it writes to a reader.
void add_by_log(Context const& context, std::map<std::string, Candidate>& all) {
    if (!all.empty() || context.evidence.read("rds_events"))
        return;
    for (auto const* log : fresh_logs(context, LogTopic::read_only)) {
        auto const store = store_behind(context, log->log->resource);
        if (!store || log->log->usual_count >= 0.5)
            continue;
        auto candidate = candidate_from_log(context, CauseKind::failover, *log, 2.4, "");
        candidate.resource = *store;
        candidate.statement = store->display() + " seems to have failed over: " + log->log->resource.display()
            + " writes to a reader since " + format_clock(log->log->first_seen) + ", " + tell(*log) + ".";
        all.emplace(store->key(), std::move(candidate));
        return;
    }
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
    add_by_log(context, all);
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
