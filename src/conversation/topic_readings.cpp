// Readings by topic: what changed, since when, which errors, was it AWS, what should I do.
#include "base/text.h"
#include "conversation/readings.h"
#include "conversation/tokens.h"

#include <cstdio>

#include <cmath>

namespace convops {

namespace {

using Lines = std::vector<AnswerLine>;

std::string percent(double score) {
    return std::to_string(std::lround(score * 100));
}

AnswerLine at_line(Fact const& fact) {
    return { AnswerPart::at_statement, { fact.statement }, fact.at, { fact.id } };
}

AnswerLine gap_line(Gap const& gap) {
    return { AnswerPart::not_seen, { gap.source, gap.why, gap.iam_action, gap.would_have_told }, {}, {} };
}

std::string_view kind_name(CauseKind kind) {
    return to_string(kind);
}

Lines gaps_in(std::initializer_list<std::string_view> sources, Evidence const& evidence) {
    Lines lines;
    for (auto const source : sources)
        if (auto const* gap = evidence.gap_in(source))
            lines.push_back(gap_line(*gap));
    return lines;
}

void append(Lines& lines, Lines more) {
    for (auto& line : more)
        if (lines.size() < most_lines)
            lines.push_back(std::move(line));
}

Lines causes(Investigation const& investigation) {
    auto const& diagnosis = investigation.diagnosis;
    Lines lines;
    if (diagnosis.verdict == IncidentVerdict::healthy || diagnosis.verdict == IncidentVerdict::self_healed) {
        lines.push_back({ AnswerPart::healthy, {}, {}, {} });
        lines.push_back({ AnswerPart::alarm_now, {}, {}, {} });
    } else if (diagnosis.causes.empty()) {
        lines.push_back({ AnswerPart::no_cause, { diagnosis.best_lead }, {}, diagnosis.lead_facts });
    }
    for (std::size_t i = 0; i < diagnosis.causes.size() && i < 3; ++i) {
        auto const& cause = diagnosis.causes[i];
        lines.push_back(
            { AnswerPart::cause, { std::to_string(i + 1), percent(cause.score), cause.statement }, {}, cause.facts });
    }
    return lines;
}

Lines against(Investigation const& investigation) {
    Lines lines;
    for (auto const& cause : investigation.diagnosis.causes)
        for (auto const& id : cause.against)
            if (auto const* fact = investigation.evidence.find(id); fact != nullptr && lines.size() < 2)
                lines.push_back({ AnswerPart::speaks_against, { fact->statement }, {}, { id } });
    return lines;
}

// How well a change meets the question: people and kinds that it names, then what the diagnosis cites, then by people
// before by machines. The trail's own order, the newest before the alarm first, decides the rest.
int fit_of(
    Fact const& fact, ChangeFact const& change, QuestionWords const& words, Investigation const& investigation) {
    int fit = 0;
    auto const asked = [&](std::initializer_list<std::string_view> stems) {
        return std::any_of(words.tokens.begin(), words.tokens.end(), [&](std::string const& token) {
            return std::any_of(
                stems.begin(), stems.end(), [&](std::string_view one) { return token.starts_with(one); });
        });
    };
    for (auto const& part : parts_of(change.actor))
        fit += words.content.contains(part) ? 20 : 0;
    fit += change.kind == ChangeKind::permission
            && asked({ "permission", "policy", "iam", "rechte", "richtlinie", "permiso" })
        ? 15
        : 0;
    fit += change.kind == ChangeKind::scaling && asked({ "scal", "skalier", "escal" }) ? 15 : 0;
    fit += change.kind == ChangeKind::deploy && asked({ "deploy", "releas", "rollout", "despl", "ausroll", "image" })
        ? 15
        : 0;
    for (auto const& term : terms_of(fact.statement))
        fit += words.terms.contains(term) ? 3 : 0;
    for (auto const& cause : investigation.diagnosis.causes)
        fit += std::find(cause.facts.begin(), cause.facts.end(), fact.id) != cause.facts.end() ? 10 : 0;
    fit += change.kind == ChangeKind::other ? 0 : 2;
    fit -= change.failed ? 4 : 0;
    fit -= change.automatic ? 4 : 0;
    auto const onset = investigation.diagnosis.onset.value_or(investigation.as_of);
    return fit - (fact.at > onset ? 5 : 0);
}

bool is_change_of(Fact const& fact, CauseKind kind) {
    auto const* change = std::get_if<ChangeFact>(&fact.detail);
    if (change == nullptr)
        return false;
    switch (kind) {
    case CauseKind::permission_change:
        return change->kind == ChangeKind::permission;
    case CauseKind::deploy:
        return change->kind == ChangeKind::deploy;
    case CauseKind::scaling_change:
        return change->kind == ChangeKind::scaling;
    case CauseKind::config_change:
        return change->kind == ChangeKind::config;
    default:
        return false;
    }
}

Lines changes(QuestionWords const& words, Investigation const& investigation) {
    constexpr std::size_t most_changes = 4;
    std::vector<std::pair<int, Fact const*>> ranked;
    for (auto const& [fact, change] : investigation.evidence.all<ChangeFact>())
        ranked.emplace_back(fit_of(*fact, *change, words, investigation), fact);
    std::stable_sort(ranked.begin(), ranked.end(), [](auto const& a, auto const& b) {
        return std::pair(-a.first, b.second->at) < std::pair(-b.first, a.second->at);
    });
    Lines lines;
    for (auto const& [fit, fact] : ranked)
        if (lines.size() < most_changes && (lines.empty() || fit >= 0))
            lines.push_back(at_line(*fact));
    auto gaps = gaps_in({ "cloudtrail_changes" }, investigation.evidence);
    if (lines.empty() && gaps.empty())
        lines.push_back({ AnswerPart::no_change, {}, {}, {} });
    append(lines, std::move(gaps));
    return lines;
}

Lines onset(Investigation const& investigation) {
    auto const& diagnosis = investigation.diagnosis;
    auto const& alarm = investigation.incident.leading_alarm();
    std::vector<FactId> cited;
    for (auto const& [fact, metric] : investigation.evidence.all<MetricFact>())
        if (metric->closeness == Closeness::alarm && cited.empty())
            cited.push_back(fact->id);
    if (diagnosis.onset)
        return { { AnswerPart::began, {}, diagnosis.onset, cited } };
    return { { AnswerPart::began_unknown, {}, alarm.changed_at, cited } };
}

Lines still(Investigation const& investigation) {
    std::vector<FactId> cited;
    for (auto const& [fact, metric] : investigation.evidence.all<MetricFact>())
        if (metric->closeness == Closeness::alarm && cited.empty())
            cited.push_back(fact->id);
    auto const& incident = investigation.incident;
    Lines lines;
    if (incident.state == IncidentState::resolved && incident.resolved_at)
        lines.push_back({ AnswerPart::over, {}, incident.resolved_at, {} });
    lines.push_back({ AnswerPart::alarm_now, {}, {}, cited });
    return lines;
}

bool asks_for_number(QuestionWords const& words) {
    for (auto const& token : words.tokens)
        for (std::string_view const each :
            { "many", "viele", "cuantos", "cuantas", "count", "कितने", "कितनी", "कितना" })
            if (token == each)
                return true;
    return false;
}

Lines errors(QuestionWords const& words, Investigation const& investigation) {
    constexpr std::size_t most_patterns = 4;
    std::vector<std::tuple<int, std::int64_t, Fact const*>> ranked;
    std::int64_t lines_in_all = 0;
    for (auto const& [fact, pattern] : investigation.evidence.all<LogPatternFact>()) {
        int fit = 0;
        for (auto const& term : terms_of(fact->statement + " " + pattern->example))
            fit += words.terms.contains(term) ? 1 : 0;
        fit += pattern->usual_count == 0 ? 1 : 0; // new ones before the usual ones
        ranked.emplace_back(fit, pattern->count, fact);
        lines_in_all += pattern->count;
    }
    std::stable_sort(ranked.begin(), ranked.end(), [](auto const& a, auto const& b) {
        return std::pair(std::get<0>(a), std::get<1>(a)) > std::pair(std::get<0>(b), std::get<1>(b));
    });
    Lines lines;
    if (asks_for_number(words) && !ranked.empty()) {
        std::vector<FactId> cited;
        for (auto const& [fit, count, fact] : ranked)
            if (cited.size() < most_patterns)
                cited.push_back(fact->id);
        lines.push_back({ AnswerPart::error_lines, { std::to_string(lines_in_all), std::to_string(ranked.size()) },
            {}, std::move(cited) });
    }
    for (auto const& [fit, count, fact] : ranked)
        if (lines.size() < most_patterns)
            lines.push_back(at_line(*fact));
    auto gaps = gaps_in({ "log_patterns" }, investigation.evidence);
    if (lines.empty() && gaps.empty())
        lines.push_back({ AnswerPart::no_error_lines, {}, {}, {} });
    append(lines, std::move(gaps));
    return lines;
}

Lines aws_side(Investigation const& investigation) {
    Lines lines;
    for (auto const& [fact, event] : investigation.evidence.all<ServiceEventFact>())
        if (event->status != "closed" && lines.size() < 3)
            lines.push_back(at_line(*fact));
    auto gaps = gaps_in({ "aws_health" }, investigation.evidence);
    if (lines.empty() && gaps.empty())
        lines.push_back({ AnswerPart::no_aws_event, {}, {}, {} });
    append(lines, std::move(gaps));
    return lines;
}

Lines not_seen(Investigation const& investigation) {
    Lines lines;
    for (auto const& gap : investigation.evidence.gaps)
        if (lines.size() < most_lines)
            lines.push_back(gap_line(gap));
    if (lines.empty())
        lines.push_back({ AnswerPart::all_read, {}, {}, {} });
    return lines;
}

Lines advice(Investigation const& investigation) {
    Lines lines;
    auto const& found = investigation.diagnosis.causes;
    for (auto const& action : investigation.actions)
        if (lines.size() < 3)
            lines.push_back({ AnswerPart::action, { action.statement }, {},
                found.empty() ? std::vector<FactId> {} : found.front().facts });
    if (lines.empty())
        lines.push_back({ AnswerPart::no_action, {}, {}, {} });
    return lines;
}

Lines suspicion(QuestionWords const& words, Investigation const& investigation) {
    Lines lines;
    std::set<CauseKind> told;
    auto const& diagnosis = investigation.diagnosis;
    for (auto const& [kind, word] : kinds_named(words.tokens)) {
        if (!told.insert(kind).second || lines.size() == most_lines)
            continue;
        bool known = false;
        for (std::size_t i = 0; i < diagnosis.causes.size(); ++i)
            if (auto const& cause = diagnosis.causes[i]; cause.kind == kind && !known) {
                lines.push_back({ AnswerPart::cause, { std::to_string(i + 1), percent(cause.score), cause.statement },
                    {}, cause.facts });
                known = true;
            }
        for (auto const& each : diagnosis.ruled_out)
            if (each.kind == kind && !known) {
                lines.push_back(
                    { AnswerPart::ruled_out, { std::string(kind_name(kind)), each.why }, {}, each.facts });
                known = true;
            }
        if (!known)
            lines.push_back({ AnswerPart::not_considered, { std::string(kind_name(kind)) }, {}, {} });
    }
    return lines;
}

Lines price(Investigation const& investigation) {
    auto const& cost = investigation.cost;
    std::array<char, 32> usd {};
    std::array<char, 32> seconds {};
    std::snprintf(usd.data(), usd.size(), "%.2f", cost.usd);
    std::snprintf(seconds.data(), seconds.size(), "%.1f", cost.seconds);
    return { { AnswerPart::price,
        { std::to_string(cost.aws_calls), std::to_string(cost.input_tokens + cost.output_tokens), usd.data(),
            seconds.data() },
        {}, {} } };
}

Lines load(Investigation const& investigation) {
    Lines lines;
    std::vector<std::pair<double, Fact const*>> ranked;
    for (auto const& [fact, detail] : investigation.evidence.all<LoadFact>())
        ranked.emplace_back(detail->now, fact);
    std::stable_sort(ranked.begin(), ranked.end(), [](auto const& a, auto const& b) { return a.first > b.first; });
    for (auto const& [now, fact] : ranked)
        if (lines.size() < 3)
            lines.push_back(at_line(*fact));
    append(lines, gaps_in({ "rds_performance_insights" }, investigation.evidence));
    return lines;
}

Lines before(Investigation const& investigation) {
    Lines lines;
    for (auto const& fact : investigation.evidence.facts)
        if ((fact.source == "alarm_history" || fact.source == "past_incidents") && lines.size() < 3)
            lines.push_back(at_line(fact));
    append(lines, gaps_in({ "alarm_history", "past_incidents" }, investigation.evidence));
    return lines;
}

Lines alarms(Investigation const& investigation) {
    Lines lines;
    for (auto const& [key, alarm] : investigation.incident.alarms)
        if (lines.size() < most_lines)
            lines.push_back({ AnswerPart::at_statement, { alarm.latest.name }, alarm.latest.changed_at, {} });
    return lines;
}

Lines lines_for(Topic topic, QuestionWords const& words, Investigation const& investigation) {
    switch (topic) {
    case Topic::not_seen:
        return not_seen(investigation);
    case Topic::price:
        return price(investigation);
    case Topic::confidence: {
        auto lines = causes(investigation);
        append(lines, against(investigation));
        return lines;
    }
    case Topic::advice:
        return advice(investigation);
    case Topic::suspicion:
        return suspicion(words, investigation);
    case Topic::aws_side:
        return aws_side(investigation);
    case Topic::changes:
        return changes(words, investigation);
    case Topic::onset:
        return onset(investigation);
    case Topic::still:
        return still(investigation);
    case Topic::errors:
        return errors(words, investigation);
    case Topic::load:
        return load(investigation);
    case Topic::before:
        return before(investigation);
    case Topic::alarms:
        return alarms(investigation);
    case Topic::cause:
        return causes(investigation);
    }
    return {};
}

} // namespace

Reading read_topic(
    TopicMatch const& match, QuestionWords const& words, Investigation const& investigation, Statements const&) {
    Reading reading { lines_for(match.topic, words, investigation), {} };
    std::set<std::string> said;
    for (auto const& line : reading.lines)
        for (auto const& value : line.values)
            said.merge(terms_of(value));
    for (auto const& token : words.content)
        if (match.words.contains(token) || said.contains(stem(token)))
            reading.explained.insert(token);
    // "who changed permissions?": the word is met by a change of that kind, whatever its statement says.
    for (auto const& [kind, word] : kinds_named(words.tokens))
        for (auto const& line : reading.lines)
            for (auto const& id : line.facts)
                if (auto const* fact = investigation.evidence.find(id); fact != nullptr && is_change_of(*fact, kind))
                    reading.explained.insert(word);
    for (auto const& named : resources_named(words, investigation)) // "what changed at orders-db?"
        reading.explained.insert(named.words.begin(), named.words.end());
    return reading;
}

} // namespace convops
