// Incidents of the own workspace like this one, and what fixed them. Asked through the port Aws as "convops", so that
// a capsule holds the answer and a replay gives the same; app/remembering_aws.h answers it from the store, with the
// workspace of the session. Without a store (the command line) nothing is remembered: no fact and no gap.
//
// Which of them are like this one is decided when everything else was read: evidence/past_likeness.h.
#include "base/json_texts.h"
#include "base/text.h"
#include "evidence/answering.h"
#include "evidence/past_likeness.h"
#include "model/past_incident.h"

namespace convops {

namespace {

constexpr SourceCard the_card {
    .name = "past_incidents",
    .says = "Incidents of this workspace like this one, and what fixed them; from ConvOps' own store.",
    .iam_actions = {}, // nothing of AWS is read
    .stage = SourceStage::alone,
    .looks_back = Days { 90 },
    .deadline = Seconds { 10 },
};

constexpr std::size_t most_candidates = 50;
constexpr Minutes same_incident { 30 }; // one that opened so shortly before is part of what happens now

Fact fact_from(PastIncident const& past, Question const& question) {
    PastIncidentFact detail;
    detail.incident = past.incident;
    detail.kind = past.gist.kind;
    detail.resource = past.gist.resource;
    detail.opened_at = past.opened_at;
    detail.resolved_at = past.resolved_at;
    detail.what_fixed_it = what_fixed(past);
    if (past.judgement)
        detail.confirmed = past.judgement->opinion == Opinion::right;
    bool const same_alarm
        = std::find(past.alarms.begin(), past.alarms.end(), shown(question.alarm.name, most_gist_text_bytes))
        != past.alarms.end();
    bool const same_resource = std::any_of(question.centre.begin(), question.centre.end(), [&](Resource const& each) {
        return std::find(past.resources.begin(), past.resources.end(), each.key()) != past.resources.end()
            || (past.gist.names_cause() && past.gist.resource == each);
    });
    Fact fact;
    fact.source = the_card.name;
    fact.at = past.opened_at;
    fact.resource = past.gist.resource.name;
    fact.value = JsonObject { { "incident", past.incident }, { "kind", to_string(past.gist.kind) },
        { "recovery", to_string(past.recovery) }, { "fix", to_string(past.fix) },
        { "patterns", texts_to_json(past.gist.patterns) }, { "actors", texts_to_json(past.gist.actors) },
        { "same_alarm", same_alarm }, { "same_resource", same_resource } };
    fact.cli = "convops report '" + replace_all(shown(past.incident, 200), "'", "") + "' --config FILE";
    fact.detail = std::move(detail);
    return fact;
}

Answer collect(Question const& question, Aws& aws) {
    JsonArray resources;
    for (auto const& resource : question.centre)
        resources.emplace_back(resource.key());
    auto const call = call_of("convops", "ListPastIncidents",
        { { "AlarmName", question.alarm.name }, { "Resources", std::move(resources) } });
    Answer answer;
    auto const list = aws.call(call);
    if (!list) {
        answer.gaps.push_back({ std::string(the_card.name), "", list.error().kind, shown(list.error().message, 200),
            "whether this was seen before, and what fixed it" });
        return answer;
    }
    for (auto const& entry : list_at(*list, "PastIncidents")) {
        auto const past = past_incident_from_json(entry);
        if (past && past->opened_at < question.alarm_at - same_incident && answer.facts.size() < most_candidates)
            answer.facts.push_back(fact_from(*past, question));
    }
    return answer;
}

} // namespace

EvidenceSource make_past_incidents() {
    return { &the_card, collect };
}

} // namespace convops
