#include "message/investigation_json.h"

#include "message/fact_words.h"

#include "base/text.h"

namespace convops {

namespace {

Json text_or_null(std::string const& text) {
    return text.empty() ? Json(nullptr) : Json(clean_utf8(text));
}

Json time_or_null(std::optional<Time> const& time) {
    return time ? Json(format_time(*time)) : Json(nullptr);
}

// JSON has no NaN or infinity.
double finite(double number) {
    return std::isfinite(number) ? number : 0;
}

JsonArray ids(std::vector<FactId> const& facts) {
    JsonArray out;
    for (auto const& id : facts)
        out.emplace_back(clean_utf8(id.text));
    return out;
}

JsonObject incident_json(Incident const& incident, std::string const& severity_why) {
    JsonArray alarms;
    for (auto const& [key, alarm] : incident.alarms)
        alarms.push_back(
            JsonObject { { "name", clean_utf8(alarm.latest.name) }, { "arn", text_or_null(alarm.latest.arn) },
                { "state", to_string(alarm.latest.state) }, { "changed_at", format_time(alarm.latest.changed_at) } });
    return { { "id", clean_utf8(incident.id.text) }, { "account", clean_utf8(incident.account) },
        { "region", clean_utf8(incident.region) }, { "severity", to_string(incident.severity) },
        { "severity_why", text_or_null(severity_why) }, { "opened_at", format_time(incident.opened_at) },
        { "resolved_at", time_or_null(incident.resolved_at) }, { "alarms", std::move(alarms) } };
}

JsonArray causes_json(Diagnosis const& diagnosis) {
    JsonArray out;
    int rank = 0;
    for (auto const& cause : diagnosis.causes)
        out.push_back(JsonObject { { "rank", ++rank }, { "kind", to_string(cause.kind) },
            { "resource", clean_utf8(cause.resource.arn_or_name()) }, { "statement", clean_utf8(cause.statement) },
            { "score", std::clamp(finite(cause.score), 0.0, 1.0) }, { "facts", ids(cause.facts) },
            { "against", ids(cause.against) }, { "began_at", time_or_null(cause.began_at) } });
    return out;
}

JsonArray ruled_out_json(Diagnosis const& diagnosis) {
    JsonArray out;
    for (auto const& each : diagnosis.ruled_out)
        out.push_back(JsonObject {
            { "kind", to_string(each.kind) }, { "why", clean_utf8(each.why) }, { "facts", ids(each.facts) } });
    return out;
}

JsonArray facts_json(Evidence const& evidence) {
    JsonArray out;
    for (auto const& fact : evidence.facts)
        out.push_back(JsonObject { { "id", clean_utf8(fact.id.text) }, { "source", clean_utf8(fact.source) },
            { "at", fact.at == Time {} ? Json(nullptr) : Json(format_time(fact.at)) },
            { "resource", clean_utf8(fact.resource) }, { "statement", clean_utf8(fact.statement) },
            { "value", fact.value }, { "link", text_or_null(fact.link) }, { "cli", text_or_null(fact.cli) } });
    return out;
}

JsonArray gaps_json(Evidence const& evidence) {
    JsonArray out;
    for (auto const& gap : evidence.gaps)
        out.push_back(JsonObject { { "source", clean_utf8(gap.source) },
            { "iam_action", text_or_null(gap.iam_action) }, { "kind", to_string(gap.kind) },
            { "why", clean_utf8(gap.why) }, { "would_have_told", clean_utf8(gap.would_have_told) } });
    return out;
}

JsonArray checks_json(std::vector<Finding> const& findings) {
    JsonArray out;
    for (auto const& finding : findings)
        out.push_back(JsonObject { { "name", clean_utf8(finding.check) }, { "verdict", to_string(finding.verdict) },
            { "effect", to_string(finding.effect) }, { "why", clean_utf8(finding.why) },
            { "facts", ids(finding.facts) } });
    return out;
}

JsonArray actions_json(std::vector<SuggestedAction> const& actions) {
    JsonArray out;
    for (auto const& action : actions)
        out.push_back(JsonObject { { "id", clean_utf8(action.id) }, { "kind", clean_utf8(action.kind) },
            { "resource", clean_utf8(action.resource) }, { "statement", clean_utf8(action.statement) },
            { "requires_enable_actions", action.requires_enable_actions } });
    return out;
}

JsonObject cost_json(Cost const& cost) {
    return { { "aws_calls", cost.aws_calls }, { "input_tokens", cost.input_tokens },
        { "output_tokens", cost.output_tokens }, { "usd", finite(cost.usd) }, { "seconds", finite(cost.seconds) } };
}

// Who worded the text, and what of a model's words was dropped; null when no model was asked.
Json wording_json(std::optional<WordedDiagnosis> const& wording) {
    if (!wording)
        return nullptr;
    auto const sentences = [](std::vector<CheckedSentence> const& from) {
        JsonArray out;
        for (auto const& sentence : from)
            out.push_back(JsonObject { { "text", clean_utf8(sentence.text) }, { "facts", ids(sentence.facts) } });
        return out;
    };
    JsonObject dropped;
    for (auto const& [reason, count] : wording->dropped)
        dropped[reason] = count;
    return JsonObject { { "model", clean_utf8(wording->model) }, { "language", wording->language },
        { "stands", wording->stands() }, { "headline", sentences(wording->headline) },
        { "lines", sentences(wording->lines) }, { "dropped", std::move(dropped) },
        { "why_template", text_or_null(wording->why_template) } };
}

// What the incident adds to the AWS bill; null when no usage was read.
Json spend_json(std::optional<ExtraSpend> const& spend) {
    if (!spend)
        return nullptr;
    JsonArray lines;
    for (auto const& line : spend->lines)
        lines.push_back(JsonObject { { "usage", to_string(line.usage) },
            { "resource", clean_utf8(line.resource.arn_or_name()) }, { "used", finite(line.used) },
            { "usual", finite(line.usual) }, { "unit", line.unit }, { "usd", finite(line.usd) },
            { "low", finite(line.low) }, { "high", finite(line.high) }, { "price", line.price }, { "per", line.per },
            { "price_list", line.source }, { "facts", ids(line.facts) } });
    JsonArray not_known;
    for (auto const& each : spend->not_known)
        not_known.emplace_back(clean_utf8(each));
    return JsonObject { { "usd", finite(spend->usd) }, { "low", finite(spend->low) }, { "high", finite(spend->high) },
        { "from", format_time(spend->window.from) }, { "to", format_time(spend->window.to) },
        { "priced_region", spend->priced_region }, { "of_own_region", spend->of_own_region },
        { "lines", std::move(lines) }, { "not_known", std::move(not_known) } };
}

JsonArray runbooks_json(std::vector<CitedRunbook> const& runbooks) {
    JsonArray out;
    for (auto const& runbook : runbooks) {
        JsonArray steps;
        for (auto const& step : runbook.steps)
            steps.emplace_back(clean_utf8(step));
        JsonArray fits;
        for (auto const& fit : runbook.fits)
            fits.emplace_back(fit);
        out.push_back(JsonObject { { "title", clean_utf8(runbook.title) }, { "place", clean_utf8(runbook.place) },
            { "steps", std::move(steps) }, { "fits", std::move(fits) } });
    }
    return out;
}

} // namespace

JsonObject to_json(Investigation const& investigation, Reader const& reader) {
    auto const& diagnosis = investigation.diagnosis;
    return { { "incident", incident_json(investigation.incident, severity_words(investigation.severity, reader)) },
        { "verdict", to_string(diagnosis.verdict) }, { "onset", time_or_null(diagnosis.onset) },
        { "causes", causes_json(diagnosis) }, { "best_lead", text_or_null(diagnosis.best_lead) },
        { "lead_facts", ids(diagnosis.lead_facts) }, { "ruled_out", ruled_out_json(diagnosis) },
        { "facts", facts_json(investigation.evidence) }, { "gaps", gaps_json(investigation.evidence) },
        { "checks", checks_json(investigation.findings) }, { "actions", actions_json(investigation.actions) },
        { "cost", cost_json(investigation.cost) }, { "wording", wording_json(investigation.wording) },
        { "spend", spend_json(investigation.spend) }, { "runbooks", runbooks_json(investigation.runbooks) },
        { "as_of", format_time(investigation.as_of) },
        { "text", to_plain_text(compose_diagnosis(investigation, reader)) } };
}

} // namespace convops
