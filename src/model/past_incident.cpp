#include "model/past_incident.h"

#include "base/json_texts.h"
#include "base/text.h"

namespace convops {

namespace {

constexpr int version = 1;
constexpr double surge = 3; // times its usual count: a pattern that says something about this incident

std::string bounded(std::string_view text) {
    return shorten(clean_utf8(text), most_gist_text_bytes);
}

void add_once(std::vector<std::string>& texts, std::string text, std::size_t most) {
    if (!text.empty() && texts.size() < most && std::find(texts.begin(), texts.end(), text) == texts.end())
        texts.push_back(std::move(text));
}

std::vector<std::string> telling_patterns(Evidence const& evidence) {
    std::vector<LogPatternFact const*> found;
    for (auto const& [fact, log] : evidence.all<LogPatternFact>())
        if (log->severity != LogSeverity::info && static_cast<double>(log->count) > surge * log->usual_count)
            found.push_back(log);
    std::stable_sort(found.begin(), found.end(), [](auto const* a, auto const* b) { return a->count > b->count; });
    std::vector<std::string> patterns;
    for (auto const* log : found)
        add_once(patterns, bounded(log->pattern), most_gist_patterns);
    return patterns;
}

// Those of the cause first.
std::vector<std::string> people_who_changed(Investigation const& investigation) {
    std::vector<std::string> actors;
    auto const add = [&](ChangeFact const& change) {
        if (!change.failed && !change.automatic)
            add_once(actors, bounded(change.actor), most_gist_actors);
    };
    auto const& causes = investigation.diagnosis.causes;
    if (!causes.empty())
        for (auto const& id : causes.front().facts)
            if (auto const* fact = investigation.evidence.find(id))
                if (auto const* change = std::get_if<ChangeFact>(&fact->detail))
                    add(*change);
    for (auto const& [fact, change] : investigation.evidence.all<ChangeFact>())
        add(*change);
    return actors;
}

} // namespace

Gist gist_of(Investigation const& investigation) {
    Gist gist;
    auto const& diagnosis = investigation.diagnosis;
    bool const named
        = diagnosis.verdict == IncidentVerdict::incident || diagnosis.verdict == IncidentVerdict::aws_side;
    if (named && !diagnosis.causes.empty()) {
        gist.kind = diagnosis.causes.front().kind;
        gist.resource = diagnosis.causes.front().resource;
        gist.resource.name = bounded(gist.resource.name);
        gist.resource.arn.clear(); // the type and the name are the identity
    }
    gist.patterns = telling_patterns(investigation.evidence);
    gist.actors = people_who_changed(investigation);
    return gist;
}

std::string mark_of_cause(Gist const& gist) {
    if (!gist.names_cause())
        return {};
    // FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/: short, and the same on every machine.
    std::uint64_t hash = 14'695'981'039'346'656'037ULL;
    for (auto const c : std::string(to_string(gist.kind)) + "\n" + gist.resource.key()) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 1'099'511'628'211ULL;
    }
    std::string bytes;
    for (int i = 0; i < 8; ++i, hash >>= 8U)
        bytes += static_cast<char>(hash & 0xFFU);
    return to_hex(bytes);
}

FixKind fix_of(Fact const& past) {
    return fix_kind_from(text_at(past.value, "fix")).value_or(FixKind::none);
}

RecoveryKind recovery_of(Fact const& past) {
    return recovery_kind_from(text_at(past.value, "recovery")).value_or(RecoveryKind::not_known);
}

SeenBefore seen_before(Alarm const& alarm, Evidence const& evidence) {
    constexpr Minutes same_incident { 30 }; // a firing this close to the present one belongs to it
    constexpr Days lately { 30 };
    constexpr Days at_most { 90 }; // so long diagnoses are kept
    constexpr std::size_t most_cited = 3;
    auto const firing_times = [&](Days within) {
        int times = 0;
        for (auto const& [fact, transition] : evidence.all<AlarmTransitionFact>())
            times += transition->to == AlarmState::alarm && transition->alarm_name == alarm.name
                    && fact->at <= alarm.changed_at - same_incident && fact->at > alarm.changed_at - within
                ? 1
                : 0;
        return times;
    };
    SeenBefore seen;
    std::vector<std::pair<Fact const*, PastIncidentFact const*>> past;
    for (auto const& each : evidence.all<PastIncidentFact>())
        if (each.second->opened_at < alarm.changed_at && each.second->opened_at > alarm.changed_at - at_most)
            past.push_back(each);
    std::stable_sort(past.begin(), past.end(),
        [](auto const& a, auto const& b) { return a.second->opened_at > b.second->opened_at; });
    auto const recent = static_cast<int>(std::count_if(past.begin(), past.end(),
        [&](auto const& each) { return each.second->opened_at > alarm.changed_at - lately; }));
    bool const is_recent = recent > 0 || past.empty();
    // The alarm's own history and what is remembered tell of the same times: the larger number counts.
    seen.times = is_recent ? std::max(recent, firing_times(lately)) : static_cast<int>(past.size());
    seen.days = static_cast<int>((is_recent ? lately : at_most).count());
    for (auto const& [fact, incident] : past)
        if (seen.facts.size() < most_cited)
            seen.facts.push_back(fact->id);
    if (!past.empty()) {
        std::tie(seen.last, seen.last_incident) = past.front();
        seen.last_at = past.front().second->opened_at;
        return seen;
    }
    for (auto const& [fact, transition] : evidence.all<AlarmTransitionFact>()) {
        if (transition->to != AlarmState::alarm || transition->alarm_name != alarm.name
            || fact->at > alarm.changed_at - same_incident)
            continue;
        seen.facts.push_back(fact->id);
        seen.last_at = std::max(seen.last_at, fact->at);
    }
    return seen;
}

Json to_json(Gist const& gist) {
    return JsonObject { { "kind", to_string(gist.kind) }, { "resource_type", gist.resource.type },
        { "resource", gist.resource.name }, { "patterns", texts_to_json(gist.patterns) },
        { "actors", texts_to_json(gist.actors) } };
}

Gist gist_from(Json const& json) {
    return { cause_kind_from(text_at(json, "kind")).value_or(CauseKind::unknown),
        Resource { text_at(json, "resource_type"), text_at(json, "resource"), {} },
        texts_at(json, "patterns", most_gist_patterns), texts_at(json, "actors", most_gist_actors) };
}

Json to_json(PastIncident const& past) {
    JsonObject object { { "v", version }, { "incident", past.incident }, { "opened_at", format_time(past.opened_at) },
        { "alarms", texts_to_json(past.alarms) }, { "resources", texts_to_json(past.resources) },
        { "gist", to_json(past.gist) }, { "recovery", to_string(past.recovery) }, { "fix", to_string(past.fix) } };
    if (past.resolved_at)
        object["resolved_at"] = format_time(*past.resolved_at);
    if (past.judgement)
        object["judgement"] = JsonObject { { "opinion", to_string(past.judgement->opinion) },
            { "by", to_string(past.judgement->by) } };
    return object;
}

Result<PastIncident> past_incident_from_json(Json const& json) {
    auto const opened_at = time_at(json, "opened_at");
    if (!opened_at || text_at(json, "incident").empty())
        return Error { ErrorKind::corrupt, "stored past incident: no id or time" };
    PastIncident past;
    past.incident = text_at(json, "incident");
    past.opened_at = *opened_at;
    past.resolved_at = time_at(json, "resolved_at");
    past.alarms = texts_at(json, "alarms", most_past_alarms);
    past.resources = texts_at(json, "resources", most_past_resources);
    if (auto const* gist = find(json, "gist"))
        past.gist = gist_from(*gist);
    past.recovery = recovery_kind_from(text_at(json, "recovery")).value_or(RecoveryKind::not_known);
    past.fix = fix_kind_from(text_at(json, "fix")).value_or(FixKind::none);
    if (auto const opinion = opinion_from(text_at(json, "judgement.opinion")))
        past.judgement = CauseVerdict { *opinion,
            text_at(json, "judgement.by") == "people" ? VerdictBy::people : VerdictBy::environment };
    return past;
}

} // namespace convops
