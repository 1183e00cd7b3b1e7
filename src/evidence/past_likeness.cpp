#include "evidence/past_likeness.h"

#include "base/text.h"

namespace convops {

namespace {

struct Present { // what the present incident has, to be compared with
    std::set<std::string> patterns;
    std::set<std::string> actors;
    std::set<ChangeKind> changes;
};

std::string bounded(std::string_view text) {
    return shorten(clean_utf8(text), most_gist_text_bytes);
}

Present present_in(Evidence const& evidence) {
    Present present;
    for (auto const& [fact, log] : evidence.all<LogPatternFact>())
        if (log->severity != LogSeverity::info)
            present.patterns.insert(bounded(log->pattern));
    for (auto const& [fact, change] : evidence.all<ChangeFact>()) {
        if (change->failed || change->automatic)
            continue;
        present.actors.insert(bounded(change->actor));
        present.changes.insert(change->kind);
    }
    return present;
}

std::optional<ChangeKind> change_of(CauseKind kind) {
    switch (kind) {
    case CauseKind::deploy:
        return ChangeKind::deploy;
    case CauseKind::config_change:
        return ChangeKind::config;
    case CauseKind::scaling_change:
        return ChangeKind::scaling;
    case CauseKind::permission_change:
        return ChangeKind::permission;
    default:
        return std::nullopt;
    }
}

bool share(Json const& value, std::string_view path, std::set<std::string> const& present) {
    auto const& list = list_at(value, path);
    return std::any_of(list.begin(), list.end(),
        [&](Json const& each) { return each.is_string() && present.contains(std::string(each.get_string())); });
}

std::string statement_of(PastIncidentFact const& past, std::vector<std::string> const& same) {
    auto text = "Like this one (" + format_value(100 * past.similarity, "Percent") + ": " + join(same, ", ")
        + "): incident " + shorten(clean_utf8(past.incident), 80) + " of "
        + format_time(past.opened_at).substr(0, 10);
    text += past.kind == CauseKind::unknown
        ? ", whose cause was not known"
        : ", " + replace_all(std::string(to_string(past.kind)), "_", " ") + " of " + past.resource.display();
    if (!past.what_fixed_it.empty())
        text += "; " + past.what_fixed_it;
    if (past.confirmed)
        text += *past.confirmed ? "; that cause was confirmed" : "; that cause was wrong";
    return text + ".";
}

void judge(Fact& fact, PastIncidentFact& past, Present const& present) {
    std::vector<std::string> same;
    auto const add = [&](bool holds, double weight, std::string name) {
        if (!holds)
            return;
        past.similarity += weight;
        same.push_back(std::move(name));
    };
    past.similarity = 0;
    auto const change = change_of(past.kind);
    add(flag_at(fact.value, "same_alarm"), Likeness::alarm, "same alarm");
    add(flag_at(fact.value, "same_resource"), Likeness::resource, "same resource");
    add(share(fact.value, "patterns", present.patterns), Likeness::pattern, "same log lines");
    add(change && present.changes.contains(*change), Likeness::change, "same kind of change");
    add(share(fact.value, "actors", present.actors), Likeness::actor, "changed by the same");
    past.similarity = std::min(1.0, past.similarity);
    fact.statement = statement_of(past, same);
    JsonArray shared;
    for (auto const& each : same)
        shared.emplace_back(each);
    fact.value.as_object()["same"] = std::move(shared);
    fact.value.as_object()["similarity"] = past.similarity;
}

} // namespace

void judge_likeness(Evidence& evidence) {
    auto const present = present_in(evidence);
    std::vector<Fact> past;
    std::vector<Fact> rest;
    for (auto& fact : evidence.facts) {
        auto* detail = std::get_if<PastIncidentFact>(&fact.detail);
        if (detail == nullptr) {
            rest.push_back(std::move(fact));
            continue;
        }
        judge(fact, *detail, present);
        if (detail->similarity >= least_likeness - 1e-9)
            past.push_back(std::move(fact));
    }
    auto const of
        = [](Fact const& fact) -> PastIncidentFact const& { return std::get<PastIncidentFact>(fact.detail); };
    std::stable_sort(past.begin(), past.end(), [&](Fact const& a, Fact const& b) {
        return std::tuple(of(a).similarity, of(a).opened_at, of(a).incident)
            > std::tuple(of(b).similarity, of(b).opened_at, of(b).incident);
    });
    if (past.size() > most_past_facts)
        past.erase(past.begin() + most_past_facts, past.end());
    bool const any = !past.empty() || rest.size() != evidence.facts.size();
    evidence.facts = std::move(rest);
    evidence.facts.insert(
        evidence.facts.end(), std::make_move_iterator(past.begin()), std::make_move_iterator(past.end()));
    if (any)
        number_facts(evidence);
}

std::string what_fixed(PastIncident const& past) {
    if (past.recovery == RecoveryKind::by_itself)
        return "over by itself";
    if (past.recovery != RecoveryKind::fixed)
        return {};
    auto const it = past.gist.resource.display();
    switch (past.fix) {
    case FixKind::none:
        return {};
    case FixKind::rolled_back:
        return "fixed by rolling back " + it;
    case FixKind::reverted:
        return "fixed by reverting a setting of " + it;
    case FixKind::deployed_again:
        return "fixed by a new deploy of " + it;
    case FixKind::capacity_raised:
        return "fixed by more capacity for " + it;
    case FixKind::capacity_changed:
        return "fixed by another capacity of " + it;
    case FixKind::storage_raised:
        return "fixed by more storage for " + it;
    case FixKind::restarted:
        return "fixed by restarting " + it;
    case FixKind::failover_finished:
        return "over after the failover of " + it;
    case FixKind::aws_event_closed:
        return "over when AWS's event ended";
    case FixKind::other_change:
        return "over after a change of " + it;
    }
    return {};
}

} // namespace convops
