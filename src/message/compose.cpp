// First facts, resolved and flapping: the messages that need no diagnosis. What is not known is said, never left out.
#include "message/compose.h"

#include "base/text.h"
#include "message/cause_words.h"
#include "message/moments.h"
#include "message/report_words.h"

namespace convops {

namespace {

constexpr std::size_t most_changes_shown = 3;
constexpr std::size_t most_alarms_named = 3;

std::vector<FactId> ids_of(Fact const* fact) {
    // Facts are numbered when collection ends; before that there is nothing to cite by.
    if (fact == nullptr || fact->id.empty())
        return {};
    return { fact->id };
}

CitedLine line_of(std::string text, Fact const* fact) {
    return { std::move(text), ids_of(fact), fact == nullptr ? std::string() : fact->link };
}

std::string gap_words(Gap const& gap, Reader const& reader) {
    auto text = gap_why_words(gap, reader.language);
    if (!gap.iam_action.empty())
        text += " (" + one_line(gap.iam_action, most_name_bytes) + ")";
    return text;
}

Message message_for(Incident const& incident, MessageKind kind, Reader const& reader) {
    Message message;
    message.kind = kind;
    message.incident = incident.id;
    message.language = reader.language;
    message.severity = incident.severity;
    message.link = incident_link(incident.id, reader);
    return message;
}

CitedLine fired_line(Alarm const& alarm, AlarmReading const& reading, Reader const& reader) {
    auto const& say_it = words(reader.language);
    auto const name = one_line(alarm.name, most_name_bytes);
    auto const at = clock_words(alarm.changed_at, alarm.changed_at, reader);
    if (!alarm.rule.empty())
        return line_of(say(say_it.fired_on_rule, { name, at, one_line(alarm.rule, 200) }), nullptr);
    if (!alarm.threshold || alarm.recent_datapoints.empty() || alarm.main_metric() == nullptr)
        return line_of(say(say_it.fired, { name, at }), reading.fact);
    auto const unit = reading.unit.empty() ? alarm.main_metric()->unit : reading.unit;
    auto text = say(say_it.fired_on_value,
        { name, at, metric_words(alarm, reader.language), value_words(alarm.recent_datapoints.front(), unit, say_it),
            comparison_words(alarm.comparison, say_it), value_words(*alarm.threshold, unit, say_it) });
    if (alarm.evaluation_periods > 1)
        text += " "
            + say(say_it.datapoints,
                { std::to_string(alarm.datapoints_to_alarm), std::to_string(alarm.evaluation_periods),
                    duration_words(alarm.period(), say_it) });
    return line_of(std::move(text), reading.fact);
}

CitedLine still_happening_line(
    Alarm const& alarm, Evidence const& evidence, AlarmReading const& reading, Reader const& reader) {
    auto const& say_it = words(reader.language);
    if (reading.fact == nullptr) {
        auto const* gap = evidence.gap_in("alarm_metric");
        return { gap == nullptr ? say_it.metric_not_yet_read.text()
                                : say(say_it.metric_unread, { gap_words(*gap, reader) }),
            {}, "" };
    }
    auto const value = value_words(reading.last, reading.unit, say_it);
    auto const last_at = clock_words(reading.last_at, alarm.changed_at, reader);
    if (!reading.threshold)
        return line_of(say(say_it.no_threshold, { reading.name, value, last_at }), reading.fact);
    auto const comparison = comparison_words(alarm.comparison, say_it);
    auto const threshold = value_words(*reading.threshold, reading.unit, say_it);
    // Without a start in sight, the first datapoint that was read is the honest "since".
    auto const start = reading.since.value_or(reading.metric->series.at.front());
    auto since = clock_words(start, alarm.changed_at, reader);
    if (!reading.since)
        since = say(say_it.or_earlier, { since });
    if (!reading.breaching)
        return line_of(say(say_it.back_within, { reading.name, value, comparison, threshold, since }), reading.fact);
    auto const lasted = duration_words(reading.last_at + reading.metric->series.period - start, say_it);
    return line_of(
        say(say_it.still_breaching, { reading.name, value, comparison, threshold, since, lasted }), reading.fact);
}

std::vector<CitedLine> change_lines(
    Alarm const& alarm, Evidence const& evidence, AlarmReading const& reading, Reader const& reader) {
    auto const& say_it = words(reader.language);
    Telling const telling { reader, alarm.changed_at, {} };
    auto const onset = reading.breaching && reading.since ? *reading.since : alarm.changed_at;
    std::vector<Fact const*> changes;
    for (auto const& [fact, change] : evidence.all<ChangeFact>())
        if (!change->failed && !change->automatic && fact->at <= alarm.changed_at)
            changes.push_back(fact);
    std::stable_sort(changes.begin(), changes.end(), [](Fact const* a, Fact const* b) { return a->at > b->at; });
    std::vector<CitedLine> lines;
    for (auto const* fact : changes) {
        if (lines.size() == most_changes_shown) {
            lines.push_back({ say(say_it.and_more, { std::to_string(changes.size() - lines.size()) }), {}, "" });
            break;
        }
        auto const statement = clock_words(fact->at, alarm.changed_at, reader) + " · "
            + one_line(moment_words(*fact, fact->at, telling), 280);
        lines.push_back(line_of(fact->at <= onset
                ? say(say_it.changes_before, { statement, duration_words(onset - fact->at, say_it) })
                : say(say_it.change, { statement }),
            fact));
    }
    if (auto const* gap = evidence.gap_in("cloudtrail_changes"))
        lines.push_back({ say(say_it.changes_unread, { gap_words(*gap, reader) }), {}, "" });
    else if (lines.empty())
        lines.push_back({ say_it.no_change_so_far.text(), {}, "" });
    return lines;
}

std::optional<CitedLine> aws_side_line(Evidence const& evidence, Time near, Reader const& reader) {
    auto const& say_it = words(reader.language);
    for (auto const& [fact, event] : evidence.all<ServiceEventFact>())
        if (event->status == "open" && event->category == "issue")
            return line_of(
                say(say_it.aws_event_open, { one_line(fact_words(*fact, { reader, near, {} }), 280) }), fact);
    if (auto const* gap = evidence.gap_in("aws_health"))
        return CitedLine { say(say_it.aws_unread, { gap_words(*gap, reader) }), {}, "" };
    for (auto const& fact : evidence.facts)
        if (fact.source == "aws_health")
            return line_of(say_it.aws_event_none.text(), &fact);
    return std::nullopt; // Not asked yet: silence here would read as an answer, so nothing is said.
}

// The most frequent new error, once the logs were read.
std::optional<CitedLine> log_line(Evidence const& evidence, Time near, Reader const& reader) {
    std::pair<Fact const*, LogPatternFact const*> most { nullptr, nullptr };
    for (auto const& each : evidence.all<LogPatternFact>())
        if (each.second->severity == LogSeverity::error && each.second->usual_count < 1
            && (most.second == nullptr || each.second->count > most.second->count))
            most = each;
    if (most.first == nullptr)
        return std::nullopt;
    return line_of(
        say(words(reader.language).in_logs, { one_line(fact_words(*most.first, { reader, near, {} }), 280) }),
        most.first);
}

} // namespace

std::optional<CitedLine> also_firing_line(Incident const& incident, Reader const& reader) {
    auto const& leading = incident.leading_alarm();
    std::vector<std::string> names;
    for (auto const& [key, alarm] : incident.alarms)
        if (&alarm.latest != &leading && alarm.latest.state == AlarmState::alarm)
            names.push_back(one_line(alarm.latest.name, most_name_bytes));
    if (names.empty())
        return std::nullopt;
    auto const more = names.size() > most_alarms_named ? names.size() - most_alarms_named : 0;
    names.resize(names.size() - more);
    auto text = join(names, ", ");
    if (more > 0)
        text += " " + say(words(reader.language).and_more, { std::to_string(more) });
    return CitedLine { say(words(reader.language).also_firing, { text }), {}, "" };
}

std::string incident_link(IncidentId const& incident, Reader const& reader) {
    if (reader.portal_url.empty() || incident.empty())
        return {};
    auto base = reader.portal_url;
    while (base.ends_with('/'))
        base.pop_back();
    // Our own ids are plain; anything else gets no link rather than a link to somewhere else.
    for (char const c : incident.text)
        if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '-' && c != '_' && c != '.')
            return {};
    auto const link = base + "/incidents/" + incident.text;
    return reader.page_key ? link + "?key=" + reader.page_key(incident) : link;
}

Message compose_first_facts(Incident const& incident, Evidence const& so_far, Reader const& reader) {
    auto message = message_for(incident, MessageKind::first_facts, reader);
    auto const& alarm = incident.leading_alarm();
    auto const reading = read_alarm_metric(alarm, so_far, reader);
    message.title = say(words(reader.language).title,
        { to_string(incident.severity), one_line(alarm.name, most_name_bytes),
            metric_words(alarm, reader.language) });

    auto const fired = fired_line(alarm, reading, reader);
    auto const still = still_happening_line(alarm, so_far, reading, reader);
    message.headline = still.text;
    message.headline_facts = still.facts;
    message.what_happened.push_back(fired);
    if (auto const also = also_firing_line(incident, reader))
        message.what_happened.push_back(*also);
    for (auto& line : change_lines(alarm, so_far, reading, reader))
        message.what_happened.push_back(std::move(line));
    if (auto const logs = log_line(so_far, alarm.changed_at, reader))
        message.what_happened.push_back(*logs);
    if (auto const aws = aws_side_line(so_far, alarm.changed_at, reader))
        message.what_happened.push_back(*aws);
    return message;
}

Message compose_resolved(Investigation const& investigation, Recovery const& recovery, Reader const& reader) {
    auto const& incident = investigation.incident;
    auto message = message_for(incident, MessageKind::resolved, reader);
    auto const& say_it = words(reader.language);
    auto const& alarm = incident.leading_alarm();
    message.title
        = say(say_it.title_resolved, { to_string(incident.severity), one_line(alarm.name, most_name_bytes) });
    message.headline = say_it.resolved_at_unknown.text();
    if (incident.resolved_at) {
        auto const lasted = std::max(*incident.resolved_at - incident.opened_at, Milliseconds { 0 });
        message.headline = say(say_it.resolved_after,
            { clock_words(*incident.resolved_at, *incident.resolved_at, reader), duration_words(lasted, say_it) });
    }
    if (auto const peak = worst_value_words(recovery, incident, reader))
        message.what_happened.push_back({ *peak, {}, "" });
    std::size_t fired = 0;
    for (auto const& [key, each] : incident.alarms)
        fired += each.fired_at.size();
    if (fired > 1)
        message.what_happened.push_back({ say(say_it.fired_times, { std::to_string(fired) }), {}, "" });
    message.what_happened.push_back({ recovery_words(recovery, reader), recovery.facts(),
        recovery.told_by ? recovery.told_by->link : std::string() });
    auto const& diagnosis = investigation.diagnosis;
    if (!diagnosis.causes.empty()) {
        auto const& cause = diagnosis.causes.front();
        std::string_view const word = cause.score >= likely_from ? say_it.likely : say_it.possible;
        // The evidence is in the incident's report; here the cause alone is named.
        auto const statement = cause_words(cause, {}, { reader, incident.opened_at, diagnosis.onset });
        auto text = say(say_it.cause_headline, { word, score_percent(cause.score), statement });
        message.causes.push_back({ std::move(text), cause.facts, "" });
    }
    return message;
}

Message compose_flapping(Incident const& incident, int times, Milliseconds within, Reader const& reader) {
    auto message = message_for(incident, MessageKind::flapping, reader);
    auto const& say_it = words(reader.language);
    auto const& alarm = incident.leading_alarm();
    message.title = say(say_it.title_flapping,
        { to_string(incident.severity), one_line(alarm.name, most_name_bytes),
            language_of(reader.language).ordinal(times) });
    message.headline
        = say(say_it.flapping, { language_of(reader.language).ordinal(times), duration_words(within, say_it) });
    auto const reading = read_alarm_metric(alarm, Evidence {}, reader);
    message.what_happened.push_back(fired_line(alarm, reading, reader));
    return message;
}

} // namespace convops
