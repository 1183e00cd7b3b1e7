// The diagnosis as a message: the cause in one sentence first, then what a person needs to believe it.
#include "base/text.h"
#include "message/cause_words.h"
#include "message/memory_words.h"
#include "message/moments.h"

#include <cstdio>

namespace convops {

namespace {

constexpr std::size_t most_timeline_lines = 6;
constexpr std::size_t most_causes_shown = 4;
constexpr std::size_t most_ruled_out_shown = 4;
constexpr std::size_t most_gaps_shown = 6;
constexpr std::size_t most_actions_shown = 3;
constexpr std::size_t most_of_two = 200; // bytes of a statement where two share the headline

std::string_view score_word(double score, Catalogue const& say_it) {
    return score >= likely_from ? say_it.likely : say_it.possible;
}

std::string link_of(std::vector<FactId> const& ids, Evidence const& evidence) {
    for (auto const& id : ids)
        if (auto const* fact = evidence.find(id); fact != nullptr && !fact->link.empty())
            return fact->link;
    return {};
}

std::string id_list(std::vector<FactId> const& ids) {
    std::vector<std::string> names;
    for (auto const& id : ids)
        if (names.size() < 6)
            names.push_back(one_line(id.text, 12));
    return join(names, ", ");
}

// The finding that made the verdict: a check that suppresses and found support.
Finding const* suppressing(Investigation const& investigation, std::string_view hint) {
    Finding const* found = nullptr;
    for (auto const& finding : investigation.findings) {
        if (finding.effect != CheckEffect::suppress || finding.verdict != CheckVerdict::supports)
            continue;
        if (found == nullptr || contains_ignoring_case(finding.check, hint))
            found = &finding;
    }
    return found;
}

struct Headline {
    std::string text;
    std::vector<FactId> facts;
};

Headline cause_headline(Investigation const& investigation, Telling const& telling) {
    auto const& say_it = telling.words();
    auto const& causes = investigation.diagnosis.causes;
    auto const& first = causes.front();
    auto const statement = [&](Cause const& cause) { return cause_words(cause, investigation.evidence, telling); };
    auto text = say(
        say_it.cause_headline, { score_word(first.score, say_it), score_percent(first.score), statement(first) });
    if (causes.size() > 1 && first.score >= likely_from && causes[1].score >= likely_from) {
        auto facts = first.facts;
        facts.insert(facts.end(), causes[1].facts.begin(), causes[1].facts.end());
        return { say(say_it.two_causes_headline,
                     { one_line(statement(first), most_of_two), one_line(statement(causes[1]), most_of_two) }),
            facts };
    }
    return { std::move(text), first.facts };
}

std::string blind_words(std::size_t gaps, Catalogue const& say_it) {
    return say(
        say_it.partly_blind, { gaps == 1 ? say_it.one_thing.text() : say(say_it.things, { std::to_string(gaps) }) });
}

// Being healthy is a claim about everything that was read; what was not read qualifies it.
Headline quiet_headline(Investigation const& investigation, std::string_view pattern, std::string_view hint,
    AlarmReading const& reading, Telling const& telling) {
    auto const& reader = telling.reader;
    auto const& say_it = telling.words();
    Headline headline;
    std::string detail;
    if (auto const* finding = suppressing(investigation, hint)) {
        detail = finding_words(*finding, investigation.evidence, telling);
        headline.facts = finding->facts;
    } else if (!investigation.diagnosis.causes.empty()) {
        detail = cause_words(investigation.diagnosis.causes.front(), investigation.evidence, telling);
        headline.facts = investigation.diagnosis.causes.front().facts;
    } else if (reading.fact != nullptr) {
        detail = say(say_it.no_threshold,
            { reading.name, value_words(reading.last, reading.unit, say_it),
                clock_words(reading.last_at, investigation.as_of, reader) });
        headline.facts = { reading.fact->id };
    }
    headline.text = trim(say(pattern, { detail }));
    auto const gaps = investigation.evidence.gaps.size();
    if (gaps > 0)
        headline.text += " " + blind_words(gaps, say_it);
    return headline;
}

Headline headline_of(Investigation const& investigation, AlarmReading const& reading, Telling const& telling) {
    auto const& say_it = telling.words();
    auto const& diagnosis = investigation.diagnosis;
    switch (diagnosis.verdict) {
    case IncidentVerdict::healthy:
        return quiet_headline(investigation, say_it.healthy, "heal", reading, telling);
    case IncidentVerdict::self_healed:
        return quiet_headline(investigation, say_it.self_healed, "heal", reading, telling);
    case IncidentVerdict::aws_side:
        return quiet_headline(investigation, say_it.aws_side, "aws", reading, telling);
    case IncidentVerdict::incident:
    case IncidentVerdict::unknown:
        break;
    }
    if (diagnosis.verdict == IncidentVerdict::incident && !diagnosis.causes.empty())
        return cause_headline(investigation, telling);
    if (auto const lead = lead_words(diagnosis, investigation.evidence, telling); !lead.empty())
        return { say(say_it.unknown_with_lead, { lead }), diagnosis.lead_facts };
    Headline headline { say_it.unknown_without_lead.text(), {} };
    if (auto const gaps = investigation.evidence.gaps.size(); gaps > 0)
        headline.text += " " + blind_words(gaps, say_it);
    return headline;
}

struct Moment {
    Time at {};
    int weight = 0; // what is left out first when there are too many: the smallest
    CitedLine line;
};

// What is cited for the causes or the lead, in the order of the ranking, each fact once.
std::vector<FactId> cited_facts(Diagnosis const& diagnosis) {
    std::vector<FactId> ids;
    auto const add = [&](std::vector<FactId> const& more) {
        for (auto const& id : more)
            if (std::find(ids.begin(), ids.end(), id) == ids.end())
                ids.push_back(id);
    };
    for (auto const& cause : diagnosis.causes)
        add(cause.facts);
    add(diagnosis.lead_facts);
    return ids;
}

std::vector<CitedLine> timeline(
    Investigation const& investigation, AlarmReading const& reading, Telling const& telling) {
    auto const& reader = telling.reader;
    auto const& say_it = telling.words();
    auto const& alarm = investigation.incident.leading_alarm();
    std::vector<Moment> moments;
    auto const add = [&](Time at, int weight, std::string const& text, Fact const* fact) {
        auto const clock
            = at == Time {} ? std::string() : clock_words(at, investigation.incident.opened_at, reader) + " · ";
        moments.push_back({ at, weight,
            { clock + text, fact == nullptr || fact->id.empty() ? std::vector<FactId> {} : std::vector { fact->id },
                fact == nullptr ? "" : fact->link } });
    };
    add(alarm.changed_at, 90, say(say_it.alarm_fired, { one_line(alarm.name, most_name_bytes) }), nullptr);
    if (investigation.diagnosis.onset && reading.fact != nullptr)
        add(*investigation.diagnosis.onset, 100, say(say_it.onset, { onset_words(reading, alarm, telling) }),
            reading.fact);
    int weight = 80;
    auto const cited = cited_facts(investigation.diagnosis);
    std::set<MetricId> moved_already; // one line a metric, whichever statistics were read
    for (auto const& id : cited) {
        auto const* fact = investigation.evidence.find(id);
        if (fact == nullptr || (fact == reading.fact && investigation.diagnosis.onset)
            || another_stands_for(*fact, cited, investigation.evidence))
            continue;
        if (auto const* metric = std::get_if<MetricFact>(&fact->detail);
            metric != nullptr && investigation.diagnosis.onset) {
            auto const onset = *investigation.diagnosis.onset;
            auto const moved = how_it_moved(*metric, onset, reader);
            if (!moved.empty() && moved_already.insert(metric->series.metric).second)
                add(onset, weight--, moved, fact);
            continue;
        }
        // A log pattern's moment is when it first appeared.
        auto const* logs = std::get_if<LogPatternFact>(&fact->detail);
        bool const dated = logs != nullptr && logs->first_seen != Time {};
        auto const at = dated ? logs->first_seen : fact->at;
        add(at, weight--, moment_words(*fact, at, telling), fact);
    }
    std::stable_sort(
        moments.begin(), moments.end(), [](Moment const& a, Moment const& b) { return a.weight > b.weight; });
    if (moments.size() > most_timeline_lines)
        moments.erase(moments.begin() + most_timeline_lines, moments.end());
    std::stable_sort(moments.begin(), moments.end(), [](Moment const& a, Moment const& b) { return a.at < b.at; });
    std::vector<CitedLine> lines;
    for (auto& moment : moments)
        lines.push_back(std::move(moment.line));
    return lines;
}

std::vector<CitedLine> cause_lines(Investigation const& investigation, Telling const& telling) {
    auto const& say_it = telling.words();
    std::vector<CitedLine> lines;
    for (auto const& cause : investigation.diagnosis.causes) {
        if (lines.size() == most_causes_shown)
            break;
        auto text = say(say_it.cause_line,
            { score_word(cause.score, say_it), score_percent(cause.score),
                cause_words(cause, investigation.evidence, telling) });
        if (!cause.against.empty())
            text += say(say_it.against, { id_list(cause.against) });
        lines.push_back({ std::move(text), cause.facts, link_of(cause.facts, investigation.evidence) });
    }
    return lines;
}

std::vector<CitedLine> ruled_out_lines(Investigation const& investigation, Telling const& telling) {
    auto const& say_it = telling.words();
    std::vector<CitedLine> lines;
    for (auto const& ruled_out : investigation.diagnosis.ruled_out) {
        if (lines.size() == most_ruled_out_shown)
            break;
        lines.push_back({ say(say_it.ruled_out,
                              { kind_words(ruled_out.kind, say_it),
                                  ruled_out_words(ruled_out, investigation.evidence, telling) }),
            ruled_out.facts, link_of(ruled_out.facts, investigation.evidence) });
    }
    return lines;
}

// A missing permission comes first: it is the one that the reader can change.
std::vector<std::string> gap_lines(Evidence const& evidence, std::string_view language) {
    auto const& say_it = words(language);
    std::vector<Gap const*> gaps;
    for (auto const& gap : evidence.gaps)
        gaps.push_back(&gap);
    std::stable_sort(gaps.begin(), gaps.end(), [](Gap const* a, Gap const* b) {
        return (a->kind == ErrorKind::access_denied) > (b->kind == ErrorKind::access_denied);
    });
    std::vector<std::string> lines;
    std::set<std::string> seen;
    for (auto const* gap : gaps) {
        auto const source = source_words(gap->source, language);
        auto const why = gap_why_words(*gap, language);
        auto text = gap->iam_action.empty() || gap->kind != ErrorKind::access_denied
            ? say(say_it.gap, { source, why })
            : say(say_it.gap_with_action, { source, why, one_line(gap->iam_action, most_name_bytes) });
        if (!gap->would_have_told.empty())
            text += say(say_it.gap_would_have_told, { gap_tells_words(*gap, language) });
        if (seen.insert(text).second)
            lines.push_back(std::move(text));
    }
    if (lines.size() > most_gaps_shown) {
        auto const more = lines.size() - most_gaps_shown;
        lines.resize(most_gaps_shown);
        lines.push_back(say(say_it.and_more, { std::to_string(more) }));
    }
    return lines;
}

std::string price_line(Cost const& cost, Catalogue const& say_it) {
    auto const calls
        = cost.aws_calls == 1 ? say_it.one_call.text() : say(say_it.calls, { std::to_string(cost.aws_calls) });
    char usd[32];
    std::snprintf(usd, sizeof usd, cost.usd > 0 && cost.usd < 0.01 ? "%.4f" : "%.2f", cost.usd);
    char seconds[32];
    std::snprintf(seconds, sizeof seconds, "%.1f", cost.seconds);
    return say(say_it.price,
        { calls, std::to_string(cost.input_tokens + cost.output_tokens), decimal_words(usd, say_it),
            decimal_words(seconds, say_it) });
}

// The model's words over the template's. Evidence, gaps, what was ruled out and actions stay code's own.
void put_words(
    Message& message, WordedDiagnosis const& wording, Investigation const& investigation, Reader const& reader) {
    auto const& say_it = words(reader.language);
    if (wording.stands() && wording.language == reader.language) {
        std::vector<std::string> sentences;
        message.headline_facts.clear();
        for (auto const& sentence : wording.headline) {
            sentences.push_back(one_line(sentence.text));
            for (auto const& id : sentence.facts)
                if (std::find(message.headline_facts.begin(), message.headline_facts.end(), id)
                    == message.headline_facts.end())
                    message.headline_facts.push_back(id);
        }
        message.headline = join(sentences, " ");
        for (auto const& sentence : wording.lines)
            message.explained.push_back(
                { one_line(sentence.text), sentence.facts, link_of(sentence.facts, investigation.evidence) });
        message.worded_by = wording.model;
        message.footer += " · " + say(say_it.worded_by, { one_line(wording.model, most_name_bytes) });
    }
    if (auto const dropped = wording.dropped_sentences(); dropped > 0)
        message.footer += " · " + say(say_it.sentences_dropped, { std::to_string(dropped) });
}

} // namespace

Message compose_diagnosis(Investigation const& investigation, Reader const& reader) {
    auto const& say_it = words(reader.language);
    auto const& incident = investigation.incident;
    auto const& alarm = incident.leading_alarm();
    auto const reading = read_alarm_metric(alarm, investigation.evidence, reader);
    Telling const telling { reader, incident.opened_at, investigation.diagnosis.onset };

    Message message;
    message.kind = MessageKind::diagnosis;
    message.incident = incident.id;
    message.language = reader.language;
    message.severity = incident.severity;
    message.link = incident_link(incident.id, reader);
    message.title = say(say_it.title,
        { to_string(incident.severity), one_line(alarm.name, most_name_bytes),
            metric_words(alarm, reader.language) });
    auto headline = headline_of(investigation, reading, telling);
    message.headline = std::move(headline.text);
    message.headline_facts = std::move(headline.facts);
    // Alarms may have joined since: then the judgement is not what the title says.
    if (investigation.severity.severity == incident.severity
        && investigation.diagnosis.verdict != IncidentVerdict::healthy)
        message.severity_why = severity_words(investigation.severity, incident, reader);
    message.what_happened = timeline(investigation, reading, telling);
    message.seen_before = seen_before_line(investigation, telling);
    if (investigation.spend)
        message.spend = spend_line(*investigation.spend, reader.language);
    message.runbooks = investigation.runbooks;
    message.causes = cause_lines(investigation, telling);
    message.ruled_out = ruled_out_lines(investigation, telling);
    message.not_seen = gap_lines(investigation.evidence, reader.language);
    for (auto action : investigation.actions) {
        action.statement = action_words(action, investigation.diagnosis.causes, reader.language);
        if (message.actions.size() < most_actions_shown)
            message.actions.push_back(std::move(action));
    }
    message.footer = price_line(investigation.cost, say_it);
    if (investigation.wording)
        put_words(message, *investigation.wording, investigation, reader);
    return message;
}

} // namespace convops
