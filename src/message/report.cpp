#include "message/report.h"

#include "base/text.h"
#include "message/cause_words.h"
#include "message/memory_words.h"
#include "message/report_timeline.h"
#include "message/report_words.h"

namespace convops {

namespace {

constexpr std::size_t most_statement_bytes = 1'000;
constexpr std::size_t most_evidence = 200;
constexpr std::size_t most_causes = 10;
constexpr std::size_t most_ruled_out = 40;
constexpr std::size_t most_gaps = 60;
constexpr std::size_t most_actions = 20;
constexpr std::size_t most_alarms_named = 12;

std::string day_and_clock(Time at, Reader const& reader) {
    return at == Time {} ? std::string() : date_words(at, reader) + " " + clock_words(at, at, reader);
}

// --- Summary ---

std::string alarm_names(Incident const& incident, std::string_view language) {
    std::vector<std::string> names;
    for (auto const& [key, alarm] : incident.alarms)
        if (names.size() < most_alarms_named)
            names.push_back(one_line(alarm.latest.name, 255));
    auto text = join(names, ", ");
    if (incident.alarms.size() > names.size())
        text += " " + say(words(language).and_more, { std::to_string(incident.alarms.size() - names.size()) });
    return text;
}

std::optional<Time> first_told(ReportInput const& input, MessageKind kind) {
    std::optional<Time> first;
    for (auto const& message : input.told)
        if (message.kind == kind && (!first || message.at < *first))
            first = message.at;
    return first;
}

void add_times(Report& report, ReportInput const& input, Reader const& reader) {
    auto const& say_it = report_words(reader.language);
    auto const& catalogue = words(reader.language);
    auto const& incident = input.investigation->incident;
    auto const row = [&](std::string_view label, std::string text) {
        report.summary.push_back({ std::string(label), std::move(text), {} });
    };
    auto const until = incident.resolved_at.value_or(input.made_at);
    auto const lasted
        = duration_words(std::max<Milliseconds>(until - incident.opened_at, Milliseconds { 0 }), catalogue);
    row(say_it.duration, report.resolved ? lasted : say(say_it.duration_so_far, { lasted }));
    auto const& onset = input.investigation->diagnosis.onset;
    row(say_it.detection,
        onset && *onset <= incident.opened_at
            ? say(say_it.detection_after, { duration_words(incident.opened_at - *onset, catalogue) })
            : std::string(say_it.detection_unknown));
    auto const after_alarm = [&](std::optional<Time> at, std::string_view label) {
        if (at)
            row(label,
                say(say_it.first_message_after,
                    { duration_words(
                        std::max<Milliseconds>(*at - incident.opened_at, Milliseconds { 0 }), catalogue) }));
    };
    std::optional<Time> first;
    for (auto const& message : input.told)
        if (!first || message.at < *first)
            first = message.at;
    after_alarm(first, say_it.first_message);
    after_alarm(first_told(input, MessageKind::diagnosis), say_it.cause_told);
}

// Whether the cause was right, incidents like this one, what it adds to the bill, and the runbooks that fit.
void add_memory(Report& report, ReportInput const& input, Telling const& telling) {
    auto const& language = telling.reader.language;
    auto const& say_it = telling.words();
    auto const& investigation = *input.investigation;
    auto const row = [&](std::string_view label, std::string text, std::vector<FactId> facts = {}) {
        report.summary.push_back({ std::string(label), std::move(text), std::move(facts) });
    };
    if (input.assessment != nullptr && !investigation.diagnosis.causes.empty()) {
        auto const track = track_record_words(*input.assessment, language);
        row(say_it.votes.row, assessment_words(*input.assessment, language) + (track.empty() ? "" : " " + track));
    }
    if (auto seen = seen_before_line(investigation, telling); !seen.text.empty())
        row(say_it.seen.row, std::move(seen.text), std::move(seen.facts));
    if (investigation.spend) {
        if (auto line = spend_line(*investigation.spend, language); !line.empty()) {
            row(say_it.spend.row, std::move(line));
            for (auto& basis : spend_basis(*investigation.spend, language))
                row(say_it.spend.row, std::move(basis.text), std::move(basis.facts));
        }
    }
    for (auto const& runbook : investigation.runbooks) {
        auto text = one_line(runbook.title, 200) + " (" + one_line(runbook.place, 600) + "; "
            + fits_words(runbook, language) + ")";
        for (auto const& step : runbook.steps)
            text += " · " + one_line(step, 300);
        row(say_it.runbooks.heading, std::move(text));
    }
}

void add_summary(Report& report, ReportInput const& input, Reader const& reader) {
    auto const& say_it = report_words(reader.language);
    auto const& incident = input.investigation->incident;
    auto const row = [&](std::string_view label, std::string text, std::vector<FactId> facts = {}) {
        report.summary.push_back({ std::string(label), std::move(text), std::move(facts) });
    };
    row(say_it.incident, one_line(incident.id.text, 200));
    row(say_it.state, std::string(report.resolved ? say_it.resolved : say_it.open));
    auto const& judged = input.investigation->severity;
    bool const explained = input.investigated && judged.severity == incident.severity;
    auto const why = explained ? severity_words(judged, incident, reader) : std::string();
    row(say_it.severity, why.empty() ? std::string(to_string(incident.severity)) : why);
    row(say_it.account_label, say(say_it.account, { one_line(incident.account, 40), one_line(incident.region, 40) }));
    row(say_it.alarms, alarm_names(incident, reader.language));
    if (auto const peak = worst_value_words(input.recovery, incident, reader))
        row(say_it.impact, *peak, { input.recovery.peak->fact });
    add_times(report, input, reader);
    if (report.resolved)
        row(say_it.what_fixed_it, recovery_words(input.recovery, reader), input.recovery.facts());
}

// --- Causes and what else was weighed ---

std::vector<ReportLine> lines_for(std::vector<FactId> const& ids, FactBook const& book, Telling const& telling) {
    std::vector<ReportLine> lines;
    for (auto const& id : ids)
        if (auto const* fact = book.find(id))
            lines.push_back({ one_line(fact_words(*fact, telling), most_statement_bytes), { id } });
    return lines;
}

void add_causes(Report& report, ReportInput const& input, FactBook const& book, Telling const& telling) {
    auto const& say_it = telling.words();
    auto const& diagnosis = input.investigation->diagnosis;
    auto const& evidence = input.investigation->evidence;
    for (auto const& cause : diagnosis.causes) {
        if (report.causes.size() == most_causes)
            break;
        std::string_view const word = cause.score >= likely_from ? say_it.likely : say_it.possible;
        auto const statement = one_line(cause_words(cause, evidence, telling), most_statement_bytes);
        report.causes.push_back({ say(say_it.cause_line, { word, score_percent(cause.score), statement }),
            lines_for(cause.facts, book, telling), lines_for(cause.against, book, telling) });
    }
    for (auto const& ruled_out : diagnosis.ruled_out)
        if (report.ruled_out.size() < most_ruled_out)
            report.ruled_out.push_back(
                { say(say_it.ruled_out,
                      { kind_words(ruled_out.kind, say_it),
                          one_line(ruled_out_words(ruled_out, evidence, telling), most_statement_bytes) }),
                    ruled_out.facts });
    for (auto const& action : input.investigation->actions)
        if (report.actions.size() < most_actions)
            report.actions.push_back(
                { one_line(action_words(action, diagnosis.causes, telling.reader.language), most_statement_bytes),
                    action.requires_enable_actions });
}

void add_gaps(Report& report, ReportInput const& input, std::string_view language) {
    std::set<std::string> seen;
    for (auto const* evidence : { &input.investigation->evidence, input.aftermath }) {
        if (evidence == nullptr)
            continue;
        for (auto const& gap : evidence->gaps) {
            ReportGap line { one_line(source_words(gap.source, language), most_name_bytes),
                one_line(gap_why_words(gap, language), most_statement_bytes),
                gap.kind == ErrorKind::access_denied ? one_line(gap.iam_action, most_name_bytes) : std::string(),
                gap.would_have_told.empty() ? std::string()
                                            : one_line(gap_tells_words(gap, language), most_statement_bytes) };
            if (report.gaps.size() < most_gaps && seen.insert(line.source + line.why + line.iam_action).second)
                report.gaps.push_back(std::move(line));
        }
    }
}

// --- The appendix: every fact that is cited anywhere above ---

// "F2" before "F10"; what was read while it lasted before what was read after.
bool comes_before(FactId const& a, FactId const& b) {
    return std::tuple(a.text.substr(0, 1), a.text.size(), a.text)
        < std::tuple(b.text.substr(0, 1), b.text.size(), b.text);
}

void add_evidence(Report& report, FactBook const& book, Telling const& telling) {
    auto const& reader = telling.reader;
    std::vector<FactId> ids;
    auto const cite = [&](std::vector<FactId> const& more) { ids.insert(ids.end(), more.begin(), more.end()); };
    cite(report.conclusion_facts);
    for (auto const& row : report.summary)
        cite(row.facts);
    for (auto const& moment : report.timeline)
        cite(moment.facts);
    for (auto const& cause : report.causes)
        for (auto const* lines : { &cause.supporting, &cause.against })
            for (auto const& line : *lines)
                cite(line.facts);
    for (auto const& line : report.ruled_out)
        cite(line.facts);
    std::sort(ids.begin(), ids.end(), comes_before);
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    for (auto const& id : ids) {
        auto const* fact = book.find(id);
        if (fact == nullptr || report.evidence.size() == most_evidence)
            continue;
        report.evidence.push_back({ id, one_line(source_words(fact->source, reader.language), most_name_bytes),
            fact->at, day_and_clock(fact->at, reader), one_line(fact_words(*fact, telling), most_statement_bytes),
            fact->link, one_line(fact->cli, 2'000) });
    }
}

} // namespace

Report report_of(ReportInput const& input, Reader const& reader) {
    auto const& investigation = *input.investigation;
    auto const& incident = investigation.incident;
    auto const& say_it = report_words(reader.language);
    FactBook const book(input);
    Telling const telling { reader, incident.opened_at, investigation.diagnosis.onset };
    Report report;
    report.language = reader.language;
    report.portal_url = reader.portal_url;
    report.zone = zone_label(reader);
    report.severity = incident.severity;
    report.resolved = incident.state == IncidentState::resolved;
    report.title = say(say_it.report_of, { one_line(incident.leading_alarm().name, 255) });
    if (input.investigated) {
        auto const message = compose_diagnosis(investigation, reader);
        report.conclusion = message.headline;
        report.conclusion_facts = message.headline_facts;
        report.price = message.footer;
    } else {
        report.conclusion = std::string(say_it.no_evidence);
    }
    add_summary(report, input, reader);
    add_memory(report, input, telling);
    std::tie(report.timeline, report.moments_left_out) = timeline_of(input, book, reader);
    add_causes(report, input, book, telling);
    if (report.causes.empty())
        report.without_cause = say(say_it.no_cause, { report.conclusion });
    add_gaps(report, input, reader.language);
    add_evidence(report, book, telling);
    report.made_at = day_and_clock(input.made_at, reader);
    return report;
}

} // namespace convops
