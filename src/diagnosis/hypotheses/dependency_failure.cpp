// Something that is called fails: a host outside the account by the callers' logs, or a callee in the account by its
// own metrics and state, when nothing more precise is known about it.
#include "base/text.h"
#include "diagnosis/blame.h"
#include "diagnosis/weighing.h"

#include <algorithm>

namespace convops {

namespace {

// An endpoint of AWS itself or of something in the account: "orders-db.abc123.eu-west-1.rds.amazonaws.com".
std::optional<Resource> resource_behind(Context const& context, std::string const& host) {
    auto const first = host.substr(0, host.find('.'));
    for (auto const& [fact, edge] : context.evidence.all<DependencyFact>())
        for (auto const* end : { &edge->to, &edge->from })
            if (end->name == host || to_lower(end->short_name()) == host || to_lower(end->short_name()) == first)
                return *end;
    for (auto const& [fact, state] : context.evidence.all<StateFact>()) {
        if (to_lower(state->resource.short_name()) == first)
            return state->resource;
        for (auto const& [name, value] : state->attributes)
            if (value.size() >= 4 && to_lower(value).find(host) != std::string::npos)
                return state->resource;
    }
    return std::nullopt;
}

bool says_failing(LogTopics const& topics) {
    return topics.has(LogTopic::timed_out) || topics.has(LogTopic::connection_failed)
        || topics.has(LogTopic::name_not_resolved) || topics.has(LogTopic::upstream_error)
        || topics.has(LogTopic::certificate) || topics.has(LogTopic::throttled);
}

bool is_own_infrastructure(std::string const& host) {
    return host.starts_with("127.") || host == "localhost" || host.starts_with("169.254.")
        || host.starts_with("0.0.");
}

void add_log(Context const& context, LogReading const& log, std::map<std::string, Candidate>& all) {
    if (!log.fresh || !log.severe || !says_failing(log.topics) || !is_near(log.position)
        || !log_is_timely(context, log))
        return;
    for (auto const& host : log.hosts) {
        if (is_own_infrastructure(host))
            continue;
        auto const known = resource_behind(context, host);
        bool const external = !known || known->type == "external:host";
        auto const resource = known.value_or(Resource { "external:host", host, {} });
        auto const [entry, added] = all.try_emplace(resource.key());
        auto& candidate = entry->second;
        if (!added) {
            candidate.weigh(0.4, log.fact);
            candidate.began_at = std::min(*candidate.began_at, log.log->first_seen);
            continue;
        }
        candidate.kind = CauseKind::dependency_failure;
        candidate.resource = resource;
        candidate.prior = -2.0;
        candidate.internal_symptom = !external;
        candidate.weigh(external ? 2.7 : 1.3, log.fact);
        candidate.weigh(fault_place_weight(log.position) * 0.7);
        candidate.weigh(timing_weight(context, log.log->first_seen, context.onset_width));
        candidate.began_at = log.log->first_seen;
        candidate.corroborated = external;
        candidate.statement = "Calls of " + log.log->resource.display() + " to "
            + (external ? "the external host " + resource.name : resource.display()) + " fail since "
            + format_clock(log.log->first_seen) + ": " + tell(log) + ".";
    }
}

void add_states(Context const& context, std::map<std::string, Candidate>& all) {
    for (auto const& [fact, state] : context.evidence.all<StateFact>()) {
        if (state->health != StateHealth::failed && state->health != StateHealth::degraded)
            continue;
        auto const position = context.topology.position(state->resource);
        bool const external = state->resource.type == "external:host";
        bool const callee = position.relation == Relation::callee || external;
        if (!callee || position.relation == Relation::unrelated || fact->source == "service_quotas")
            continue;
        auto const [entry, added] = all.try_emplace(state->resource.key());
        auto& candidate = entry->second;
        double const weight = state->health == StateHealth::failed ? 1.8 : 1.2;
        if (!added) {
            candidate.weigh(0.7 * weight, fact);
            continue;
        }
        candidate.kind = CauseKind::dependency_failure;
        candidate.resource = state->resource;
        candidate.prior = -2.0;
        candidate.internal_symptom = !external;
        candidate.corroborated = external;
        candidate.weigh(weight, fact);
        candidate.weigh(0.6);
        candidate.statement
            = state->resource.display() + ", which is called, is not well: " + quoted(fact->statement, 140) + ".";
    }
}

// A callee whose own errors or latency went wrong before, or with, the alarm.
void add_callees(Context const& context, std::map<std::string, Candidate>& all) {
    for (auto const& reading : context.metrics) {
        bool const sick = reading.off_badly()
            && (reading.signal == Signal::errors || reading.signal == Signal::latency
                || reading.signal == Signal::unhealthy_targets || reading.signal == Signal::healthy_targets);
        if (!sick || reading.position.relation != Relation::callee)
            continue;
        auto const lead = context.onset_or_alarm() - reading.series.onset->at;
        bool const first = lead >= -Milliseconds(context.onset_width) && lead <= Minutes { 30 };
        auto const [entry, added] = all.try_emplace(reading.resource().key());
        auto& candidate = entry->second;
        if (!added) {
            candidate.weigh(first ? 0.7 : 0.2, reading.fact);
            continue;
        }
        candidate.kind = CauseKind::dependency_failure;
        candidate.resource = reading.resource();
        candidate.prior = -2.1;
        candidate.internal_symptom = true;
        candidate.weigh(first ? 1.7 : -0.3, reading.fact);
        candidate.weigh(0.4 * reading.position.distance); // the further down, the nearer to the source
        candidate.began_at = reading.series.onset->at;
        candidate.corroborated = first;
        candidate.statement
            = reading.resource().display() + ", which is called, went wrong first: " + tell(reading) + ".";
    }
}

// Of several callees that are ill, the one that lost most beyond what its own callees explain is to blame.
void add_blame(Context const& context, std::map<std::string, Candidate>& all) {
    // An external host has no metrics here, so its caller would get its share of the blame.
    if (all.size() < 2 || std::ranges::any_of(all, [](auto const& one) { return !one.second.internal_symptom; }))
        return;
    for (auto const signal : { Signal::latency, Signal::errors }) {
        auto const blamed = blame_along_calls(context, signal);
        if (blamed.empty() || blamed.front().share < 0.5)
            continue;
        // It speaks for the one, the more the larger its share, never against the others: a callee without such
        // metrics has no share at all.
        if (auto const found = all.find(blamed.front().resource.key()); found != all.end())
            found->second.weigh(0.3 + 1.8 * (blamed.front().share - 0.5));
    }
}

std::vector<Candidate> propose(Context const& context) {
    std::map<std::string, Candidate> all;
    for (auto const& log : context.logs)
        add_log(context, log, all);
    add_states(context, all);
    add_callees(context, all);
    add_blame(context, all);
    std::vector<Candidate> found;
    for (auto& [key, candidate] : all)
        found.push_back(std::move(candidate));
    return found;
}

} // namespace

Hypothesis make_dependency_failure() {
    return { "dependency_failure", propose };
}

} // namespace convops
