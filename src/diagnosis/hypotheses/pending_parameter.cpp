// A parameter that waited for a restart: what was changed hours ago becomes true with the restart, whoever asked for
// it. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithParamGroups.html
#include "base/text.h"
#include "diagnosis/weighing.h"

namespace convops {

namespace {

constexpr Hours longest_wait { 24 };

struct ParameterChange {
    Fact const* fact = nullptr;
    ChangeFact const* change = nullptr;
    std::string group;
};

std::vector<ParameterChange> parameter_changes(Context const& context) {
    std::vector<ParameterChange> found;
    for (auto const& [fact, change] : context.evidence.all<ChangeFact>())
        for (auto const& touched : change->touched)
            if (touched.type == "rds:parameter_group" && !change->failed)
                found.push_back({ fact, change, touched.name });
    return found;
}

// A limit or a state of the database that names the parameter group.
Fact const* tie(Context const& context, Resource const& database, std::string const& group) {
    for (auto const& [fact, limit] : context.evidence.all<LimitFact>())
        if (limit->resource == database && mentions_word(limit->basis + " " + fact->statement, group))
            return fact;
    for (auto const& [fact, state] : context.evidence.all<StateFact>())
        if (state->resource == database)
            for (auto const& [name, value] : state->attributes)
                if (value == group)
                    return fact;
    return nullptr;
}

std::optional<Candidate> candidate_for(
    Context const& context, EventReading const& restart, ParameterChange const& changed) {
    auto const* tied = tie(context, restart.event->resource, changed.group);
    if (tied == nullptr || changed.fact->at > restart.fact->at || restart.fact->at - changed.fact->at > longest_wait)
        return std::nullopt;
    Candidate candidate;
    candidate.kind = CauseKind::config_change;
    candidate.resource = restart.event->resource;
    candidate.prior = -2.4;
    candidate.began_at = restart.fact->at;
    candidate.weigh(2.2, changed.fact);
    candidate.weigh(1.2, restart.fact);
    candidate.weigh(0.8, tied);
    candidate.weigh(fault_place_weight(restart.position));
    candidate.weigh(timing_weight(context, restart.fact->at, Seconds { 60 }));
    candidate.corroborated = true;
    candidate.statement = "The restart of " + restart.event->resource.display() + " at "
        + format_clock(restart.fact->at) + " made true what was changed in its parameter group "
        + quoted(changed.group, 60) + " at " + format_clock(changed.fact->at) + ": "
        + shorten(clean_utf8(changed.change->what), 90) + ".";
    return candidate;
}

std::vector<Candidate> propose(Context const& context) {
    std::vector<Candidate> found;
    auto const changes = parameter_changes(context);
    for (auto const* restart : events_of(context, { ResourceEventKind::restart, ResourceEventKind::failover }))
        for (auto const& changed : changes)
            if (auto candidate = candidate_for(context, *restart, changed); candidate && found.empty())
                found.push_back(*std::move(candidate));
    return found;
}

} // namespace

Hypothesis make_pending_parameter() {
    return { "pending_parameter", propose };
}

} // namespace convops
