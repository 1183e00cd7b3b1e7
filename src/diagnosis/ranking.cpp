#include "diagnosis/ranking.h"

#include "base/text.h"
#include "diagnosis/calibration.h"
#include "diagnosis/schedule.h"
#include "diagnosis/weighing.h"
#include "model/aws_health_names.h"

namespace convops {

namespace {

constexpr std::size_t most_facts_of_cause = 8;
constexpr double most_chain_bonus = 1.8;
constexpr double most_runs_of_news = 26; // a day: what runs more often ran before every incident
constexpr Minutes most_doubt { 15 }; // about the beginning of what went on for hours
constexpr double most_lag = 0.8;
constexpr double lag_a_minute = 0.15; // log-odds
constexpr Minutes chain_slack { 3 }; // metrics of two resources do not share their minute boundaries

using enum CauseKind;

bool is_one_of(CauseKind kind, std::initializer_list<CauseKind> kinds) {
    return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

bool is_change(CauseKind kind) {
    return is_one_of(kind, { deploy, config_change, scaling_change, permission_change });
}

bool is_shortage(CauseKind kind) {
    return is_one_of(kind,
        { cpu_saturation, memory_exhaustion, storage_exhaustion, io_saturation, connection_exhaustion, throttling,
            quota, replication_lag });
}

bool is_symptom(CauseKind kind) {
    return is_one_of(kind, { timeout, dependency_failure, data_backlog, traffic_drop });
}

// https://www.rfc-editor.org/rfc/rfc1918: what has such an address is ours.
bool is_private_address(std::string_view host) {
    auto const parts = split(host, '.');
    bool const numbers = parts.size() == 4 && std::all_of(parts.begin(), parts.end(), [](std::string const& part) {
        return !part.empty() && part.size() <= 3 && part.find_first_not_of("0123456789") == std::string::npos;
    });
    if (!numbers)
        return false;
    int const second = std::stoi(parts[1]);
    return parts[0] == "10" || (parts[0] == "192" && second == 168)
        || (parts[0] == "172" && second >= 16 && second < 32);
}

// An external party can not be broken by what we did to ourselves, except for how we reach it.
bool is_external(Candidate const& candidate) {
    return candidate.resource.type == "external:host" && !is_private_address(candidate.resource.name);
}

} // namespace

bool can_bring_about(CauseKind cause, CauseKind effect) {
    if (cause == effect)
        return false;
    if (cause == scaling_change && effect == quota)
        return false; // what was asked for is not to blame for being refused
    if (is_change(cause))
        return is_shortage(effect) || is_symptom(effect) || effect == query_load || effect == host_failure
            || (effect == traffic_surge && cause != scaling_change) || effect == failover
            || (effect == network && cause != deploy && cause != scaling_change);
    switch (cause) {
    case network:
        return is_symptom(effect) || effect == connection_exhaustion || effect == host_failure;
    case certificate:
        return is_symptom(effect);
    case security_event:
    case aws_service_event:
        return !is_change(effect);
    case host_failure:
    case failover:
        return is_symptom(effect) || is_one_of(effect, { connection_exhaustion, cpu_saturation, replication_lag })
            || (cause == host_failure && effect == failover);
    case scheduled_job:
    case traffic_surge:
        return is_shortage(effect) || is_symptom(effect) || effect == query_load
            || (cause == scheduled_job && effect == traffic_surge);
    case query_load:
        return is_one_of(effect,
                   { cpu_saturation, io_saturation, memory_exhaustion, connection_exhaustion, replication_lag })
            || is_symptom(effect);
    case storage_exhaustion:
        return is_symptom(effect)
            || is_one_of(effect, { io_saturation, connection_exhaustion, host_failure, failover, replication_lag });
    case memory_exhaustion:
        return is_symptom(effect)
            || is_one_of(effect, { cpu_saturation, host_failure, failover, connection_exhaustion });
    case quota:
        return effect == throttling || effect == scaling_change || is_symptom(effect);
    case io_saturation:
        return is_symptom(effect) || is_one_of(effect, { connection_exhaustion, replication_lag, query_load });
    case cpu_saturation:
        return is_symptom(effect) || is_one_of(effect, { connection_exhaustion, replication_lag });
    case connection_exhaustion:
    case throttling:
        return is_symptom(effect);
    case replication_lag:
        return is_symptom(effect); // whoever reads the replica refuses, waits or is wrong
    case dependency_failure:
        return is_one_of(effect, { timeout, connection_exhaustion, data_backlog, traffic_drop, memory_exhaustion });
    case timeout:
        return is_one_of(effect, { data_backlog, traffic_drop, connection_exhaustion });
    default:
        return false;
    }
}

namespace {

// AWS itself refused to start what was asked for. More work is why it was asked for; the refusal is what can be
// lifted.
bool is_refusal(Candidate const& candidate) {
    return candidate.kind == quota
        && std::any_of(candidate.weights.begin(), candidate.weights.end(), [](Weight const& weight) {
               auto const* event
                   = weight.fact == nullptr ? nullptr : std::get_if<ResourceEventFact>(&weight.fact->detail);
               return event != nullptr && event->kind == ResourceEventKind::placement_failed;
           });
}

// Work that arrives, stays away or piles up does so at each step of its way: the outermost step stands for all.
bool is_further_out(Context const& context, Candidate const& cause, Candidate const& effect) {
    return cause.kind == effect.kind && is_one_of(cause.kind, { traffic_surge, traffic_drop, data_backlog })
        && context.topology.leads_to(cause.resource, effect.resource);
}

// A cache that drops what it held sends everything to the store behind it.
bool is_full_cache_before(Context const& context, Candidate const& cause, Candidate const& effect) {
    return cause.kind == memory_exhaustion && cause.resource.type.starts_with("elasticache:")
        && is_one_of(effect.kind, { query_load, cpu_saturation, io_saturation, connection_exhaustion })
        && cause.resource != effect.resource && context.topology.can_affect(cause.resource, effect.resource);
}

// What the reported identity did itself.
bool is_deed_of(Candidate const& cause, Candidate const& effect) {
    return cause.kind == security_event && is_change(effect.kind)
        && std::any_of(cause.weights.begin(), cause.weights.end(), [&](Weight const& weight) {
               return weight.fact != nullptr && std::holds_alternative<ChangeFact>(weight.fact->detail)
                   && std::any_of(effect.weights.begin(), effect.weights.end(),
                       [&](Weight const& other) { return other.fact == weight.fact; });
           });
}

// What a stranger started is counted in the account's quotas.
bool is_used_up_by(Candidate const& cause, Candidate const& effect) {
    return cause.kind == security_event && cause.corroborated && effect.kind == quota
        && cause.resource.type == "ec2:instance";
}

// Fewer hosts of a group: those that are left fill up with the day's load, which may have begun to rise before.
bool is_left_of_shrunk(Context const& context, Candidate const& cause, Candidate const& effect) {
    return cause.kind == scaling_change && effect.kind == cpu_saturation
        && (cause.resource == effect.resource || context.topology.calls(cause.resource, effect.resource))
        && std::any_of(cause.weights.begin(), cause.weights.end(), [](Weight const& weight) {
               auto const* event
                   = weight.fact == nullptr ? nullptr : std::get_if<ResourceEventFact>(&weight.fact->detail);
               return event != nullptr && event->kind == ResourceEventKind::scaled;
           });
}

// AWS names some of the things that its trouble concerns; all of that service in the Region may be.
bool is_of_ill_service(Candidate const& cause, Candidate const& effect) {
    return cause.kind == aws_service_event && is_one_of(effect.kind, { host_failure, dependency_failure, timeout })
        && std::any_of(cause.weights.begin(), cause.weights.end(), [&](Weight const& weight) {
               auto const* event
                   = weight.fact == nullptr ? nullptr : std::get_if<ServiceEventFact>(&weight.fact->detail);
               return event != nullptr && health_service_concerns(event->service, effect.resource);
           });
}

// A task that runs for a job stands on no map: what it loads is told by the minute at which the load began.
bool is_load_of_job(Context const& context, Candidate const& cause, Candidate const& effect) {
    if (cause.kind != scheduled_job || !cause.corroborated || !cause.began_at || !effect.began_at
        || context.topology.position(cause.resource).relation != Relation::unknown
        || !is_one_of(effect.kind, { query_load, cpu_saturation, io_saturation }))
        return false;
    for (auto const& [fact, schedule] : context.evidence.all<ScheduleFact>())
        if (schedule->rule == cause.resource) {
            auto const run = last_run(schedule->expression, { *cause.began_at - Minutes { 2 }, context.now });
            if (run && run->runs_per_day > most_runs_of_news)
                return false;
        }
    auto const delay = *effect.began_at - *cause.began_at;
    return delay >= -Minutes { 1 } && delay <= Minutes { 5 };
}

// What runs elsewhere and began long before is another story.
bool is_old_run(Context const& context, Candidate const& cause, Candidate const& effect) {
    return cause.kind == scheduled_job && cause.began_at && effect.began_at
        && context.topology.position(cause.resource).relation == Relation::unknown
        && *effect.began_at - *cause.began_at > Minutes { 15 };
}

// It had been in effect for long when the other began, and no sign of it was seen.
bool is_old_and_silent(Candidate const& cause, Candidate const& effect) {
    return is_change(cause.kind) && !cause.corroborated && cause.began_at && effect.began_at
        && *effect.began_at - *cause.began_at > Minutes { 15 };
}

bool explains(Context const& context, Candidate const& cause, Candidate const& effect) {
    if (is_full_cache_before(context, cause, effect) || is_deed_of(cause, effect) || is_of_ill_service(cause, effect)
        || is_load_of_job(context, cause, effect) || is_used_up_by(cause, effect)
        || is_left_of_shrunk(context, cause, effect))
        return true;
    bool const may = can_bring_about(cause.kind, effect.kind) || is_further_out(context, cause, effect);
    if (!may || (cause.kind == traffic_surge && is_refusal(effect)) || is_old_and_silent(cause, effect)
        || is_old_run(context, cause, effect))
        return false;
    // The beginning of what has been going on for long is known less precisely: a ramp rises out of its noise.
    if (cause.began_at && effect.began_at) {
        auto const going_on = std::max(Milliseconds { 0 }, context.now - *effect.began_at);
        if (*cause.began_at > *effect.began_at + chain_slack + std::min<Milliseconds>(going_on / 8, most_doubt))
            return false;
    }
    // A change of which no effect was seen does not account for a shortage that was seen elsewhere.
    if (is_change(cause.kind) && !cause.corroborated && effect.corroborated && !(cause.resource == effect.resource))
        return false;
    if (is_external(effect) && cause.kind == certificate)
        return cause.resource == effect.resource;
    if (is_external(effect)
        && !is_one_of(cause.kind, { network, aws_service_event, config_change, permission_change }))
        return false;
    // A deploy that names what it did to the way out is told by its own weights; a config change must be too.
    if (is_external(effect) && is_change(cause.kind) && !cause.corroborated)
        return false;
    return is_external(effect) || is_external(cause) || context.topology.can_affect(cause.resource, effect.resource);
}

double logistic(double log_odds) {
    return 1 / (1 + std::exp(-log_odds));
}

auto order_of(Ranked const& ranked) {
    // Of two that are equally likely the earlier one leads; a name decides only where nothing else does.
    return std::tuple(-ranked.log_odds, ranked.candidate.began_at.value_or(Time::max()), ranked.candidate.kind,
        ranked.candidate.resource.key(), ranked.candidate.statement);
}

void sort(std::vector<Ranked>& ranked) {
    std::sort(
        ranked.begin(), ranked.end(), [](Ranked const& a, Ranked const& b) { return order_of(a) < order_of(b); });
}

// A rule that fires and the task that it starts are one run.
bool is_same_run(Candidate const& a, Candidate const& b) {
    return a.kind == scheduled_job && a.began_at && b.began_at
        && std::chrono::abs(*a.began_at - *b.began_at) <= Minutes { 2 };
}

// Of one kind at one resource, the best proposal stands for all.
std::vector<Ranked> one_of_each(std::vector<Candidate> candidates) {
    std::vector<Ranked> all;
    for (auto& candidate : candidates) {
        double const log_odds = candidate.log_odds();
        all.push_back({ std::move(candidate), log_odds, {}, false });
    }
    sort(all);
    std::vector<Ranked> kept;
    for (auto& ranked : all) {
        auto const repeated = std::find_if(kept.begin(), kept.end(), [&](Ranked const& other) {
            return other.candidate.kind == ranked.candidate.kind && !is_change(ranked.candidate.kind)
                && (other.candidate.resource == ranked.candidate.resource
                    || is_same_run(other.candidate, ranked.candidate));
        });
        if (repeated == kept.end()) {
            kept.push_back(std::move(ranked));
            continue;
        }
        for (auto const& weight : ranked.candidate.weights)
            if (weight.fact != nullptr && weight.log_odds > 0.3)
                repeated->chain.push_back(weight.fact);
    }
    return kept;
}

// Two shortages of one kind along one path of calls: the one that began clearly earlier leads, the other lags behind
// it.
void let_the_earlier_lead(Context const& context, std::vector<Ranked>& all) {
    std::vector<double> lag(all.size(), 0);
    for (std::size_t i = 0; i < all.size(); ++i)
        for (auto const& other : all) {
            auto const& late = all[i].candidate;
            auto const& early = other.candidate;
            if (late.kind != early.kind || !(is_shortage(late.kind) || is_symptom(late.kind)) || !late.began_at
                || !early.began_at || other.log_odds < 0
                || !(context.topology.leads_to(late.resource, early.resource)
                    || context.topology.leads_to(early.resource, late.resource)))
                continue;
            auto const behind = in_minutes(*late.began_at - *early.began_at - chain_slack);
            lag[i] = std::max(lag[i], std::min(most_lag, lag_a_minute * behind));
        }
    for (std::size_t i = 0; i < all.size(); ++i)
        all[i].log_odds -= lag[i];
}

// The chain that a candidate would account for makes it likelier; at once, before anything is explained away.
void add_chain_bonus(Context const& context, std::vector<Ranked>& all) {
    std::vector<double> bonus(all.size(), 0);
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].log_odds < -1.2)
            continue; // a bystander gains nothing from what happens around it
        for (std::size_t j = 0; j < all.size(); ++j)
            if (i != j && all[j].log_odds > -1 && explains(context, all[i].candidate, all[j].candidate))
                bonus[i] += (bonus[i] == 0 ? 1.0 : 0.4) * logistic(all[j].log_odds);
    }
    for (std::size_t i = 0; i < all.size(); ++i)
        all[i].log_odds += std::min(bonus[i], most_chain_bonus);
}

// By how much an effect may be surer than what brought it about: effects are seen, causes inferred. A shortage is
// itself something that is seen.
double margin(Context const& context, Candidate const& cause, Candidate const& effect) {
    if (is_load_of_job(context, cause, effect))
        return 4;
    return is_shortage(cause.kind) && !is_full_cache_before(context, cause, effect) ? 1 : 3;
}

void explain_away(Context const& context, std::vector<Ranked>& all) {
    std::map<Ranked const*, std::set<Ranked const*>> behind; // all that stands behind an effect, through any links
    for (auto& cause : all) {
        if (cause.belief() < belief_bar)
            continue;
        for (auto& effect : all) {
            // What stands behind a cause is no effect of it: a ring of causes would explain each other away.
            if (&cause == &effect || behind[&cause].contains(&effect) || effect.candidate.log_odds() < -1.5
                || cause.log_odds < effect.log_odds - margin(context, cause.candidate, effect.candidate)
                || !explains(context, cause.candidate, effect.candidate))
                continue;
            effect.explained = true;
            auto const links = behind[&cause];
            for (auto const& other : all)
                if (&other == &effect || behind[&other].contains(&effect)) {
                    behind[&other].insert(&cause);
                    behind[&other].insert(links.begin(), links.end());
                }
            for (auto const& weight : effect.candidate.weights)
                if (weight.fact != nullptr && weight.log_odds > 0.3)
                    cause.chain.push_back(weight.fact);
        }
    }
    for (auto& ranked : all)
        if (ranked.explained)
            ranked.log_odds -= 3.5;
}

// Once one cause accounts for the incident, another that merely happened nearby is a coincidence.
void doubt_bystanders(std::vector<Ranked>& all) {
    sort(all);
    if (all.empty() || all.front().belief() < 0.65)
        return;
    std::map<Fact const*, double> spoken_for;
    for (auto const* fact : all.front().chain)
        spoken_for[fact] = 0.8;
    for (auto const& weight : all.front().candidate.weights)
        if (weight.fact != nullptr && weight.log_odds > 0)
            spoken_for[weight.fact] = std::max(spoken_for[weight.fact], weight.log_odds);
    for (std::size_t i = 1; i < all.size(); ++i) {
        // A fact that the first cause accounts for speaks for nobody else.
        double shared = 0;
        for (auto const& weight : all[i].candidate.weights)
            if (auto const at = spoken_for.find(weight.fact); at != spoken_for.end() && weight.log_odds > 0)
                shared += std::min(weight.log_odds, at->second);
        all[i].log_odds -= shared;
        if (!all[i].candidate.corroborated || shared > 0.8)
            all[i].log_odds -= all.front().candidate.corroborated ? 2.2 : 0.7;
    }
}

} // namespace

double Ranked::belief() const {
    return logistic(log_odds);
}

// One thing under one name, before anything is compared.
void call_by_known_names(Context const& context, std::vector<Candidate>& candidates) {
    for (auto& candidate : candidates) {
        auto const known = context.topology.known_as(candidate.resource);
        if (known == candidate.resource)
            continue;
        candidate.statement
            = replace_all(std::move(candidate.statement), candidate.resource.display(), known.display());
        candidate.resource = known;
    }
}

std::vector<Ranked> rank(Context const& context, std::vector<Candidate> candidates) {
    call_by_known_names(context, candidates);
    auto all = one_of_each(std::move(candidates));
    // Whoever could not read the changes may have missed the cause behind whatever else was found.
    if (!context.evidence.read("cloudtrail_changes"))
        for (auto& ranked : all)
            if (!is_change(ranked.candidate.kind))
                ranked.log_odds -= 0.3;
    let_the_earlier_lead(context, all);
    add_chain_bonus(context, all);
    sort(all);
    explain_away(context, all);
    doubt_bystanders(all);
    sort(all);
    return all;
}

Cause to_cause(Ranked const& ranked) {
    Cause cause;
    cause.kind = ranked.candidate.kind;
    cause.resource = ranked.candidate.resource;
    cause.statement = ranked.candidate.statement;
    if (!cause.statement.empty() && cause.statement[0] >= 'a' && cause.statement[0] <= 'z')
        cause.statement[0] = static_cast<char>(cause.statement[0] - 'a' + 'A');
    cause.score = std::round(chance_of_being_right(ranked.log_odds) * 1000) / 1000;
    cause.began_at = ranked.candidate.began_at;
    auto const add = [](std::vector<FactId>& ids, Fact const* fact) {
        if (fact != nullptr && std::find(ids.begin(), ids.end(), fact->id) == ids.end())
            ids.push_back(fact->id);
    };
    auto weights = ranked.candidate.weights;
    for (auto const& weight : weights)
        add(weight.log_odds >= 0 ? cause.facts : cause.against, weight.fact);
    for (auto const* fact : ranked.chain)
        if (cause.facts.size() < most_facts_of_cause)
            add(cause.facts, fact);
    return cause;
}

} // namespace convops
