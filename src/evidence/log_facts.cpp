#include "evidence/log_facts.h"

#include "base/text.h"
#include "evidence/answering.h"
#include "evidence/log_templates.h"

namespace convops {

namespace {

constexpr std::size_t shown_bytes = 400;

struct Line {
    Time at;
    bool in_incident = false;
};

struct Lines {
    std::vector<Line> lines;
    std::vector<std::string> texts;
};

void take_lines(Lines& out, LogEvents const& events, bool in_incident) {
    for (auto const& event : events.events) {
        auto const stamp = integer_at(event, "timestamp");
        if (!stamp)
            continue;
        Time const at { Milliseconds { *stamp } };
        if (!events.window.contains(at))
            continue;
        out.lines.push_back({ at, in_incident });
        out.texts.push_back(message_of_line(text_at(event, "message")));
    }
}

// How much of the window was really read: when the answer was cut, up to its last line.
Milliseconds covered(LogEvents const& events) {
    if (!events.cut || events.events.empty())
        return events.window.length();
    auto const stamp = integer_at(events.events.back(), "timestamp");
    auto const until = stamp ? Time { Milliseconds { *stamp } } : events.window.to;
    return std::clamp<Milliseconds>(until - events.window.from, Seconds { 1 }, events.window.length());
}

// Lines a minute over both windows. A minute without a line is a real zero here: the group was read.
struct RateSeries {
    Time from;
    Series series;
};

RateSeries empty_rate(LogGroup const& group, Window whole) {
    RateSeries rate { floor_to(whole.from, Seconds { 60 }), {} };
    rate.series.metric = { "Logs", "LinesPerMinute", { { "LogGroupName", group.name } } };
    rate.series.statistic = "Sum";
    rate.series.unit = "Count";
    constexpr int most_minutes = 24 * 60;
    for (auto at = rate.from; at < whole.to && rate.series.at.size() < most_minutes; at += Minutes { 1 }) {
        rate.series.at.push_back(at);
        rate.series.values.push_back(0);
    }
    return rate;
}

struct Reading {
    bool incident_cut = false;
    bool reference_failed = false;
    Milliseconds reference { 0 }; // what of it was read
};

std::string statement_of(LogPatternFact const& pattern, Reading const& reading) {
    auto const since = format_clock(pattern.first_seen) + " UTC";
    auto const times = pattern.count == 1 && !reading.incident_cut
        ? "once at " + since
        : (reading.incident_cut ? "at least " : "") + std::to_string(pattern.count) + " times since " + since;
    auto const before
        = reading.reference == Hours { 1 } ? std::string("the hour") : "the " + format_duration(reading.reference);
    auto const usual = reading.reference_failed ? std::string("; how often before is not known")
        : pattern.usual_count <= 0              ? "; never in " + before + " before"
                                   : "; usually about " + format_number(pattern.usual_count) + " in as long a time";
    return "\"" + shown(pattern.pattern, 240) + "\" " + times + " in " + shown(pattern.group, 120) + usual + ".";
}

} // namespace

double surprise_of(LogPatternFact const& pattern) {
    auto const count = static_cast<double>(pattern.count);
    auto const usual = pattern.usual_count + 0.5; // One line where none was expected is little surprise.
    if (count <= usual)
        return 0;
    // The deviance of a Poisson count: how badly "as usual" explains it.
    auto const deviance = 2 * (count * std::log(count / usual) - (count - usual));
    auto const weight = pattern.severity == LogSeverity::error ? 1.0
        : pattern.severity == LogSeverity::warning             ? 0.5
                                                               : 0.2;
    auto const novelty = pattern.usual_count <= 0 ? 2.0 : 1.0;
    return deviance * weight * novelty;
}

std::vector<Fact> log_pattern_facts(LogGroup const& group, LogEvents const& incident, LogEvents const& reference) {
    Lines read;
    take_lines(read, reference, false);
    take_lines(read, incident, true);
    auto const mined = mine_templates(read.texts);
    Window const whole { std::min(reference.window.from, incident.window.from),
        std::max(reference.window.to, incident.window.to) };
    std::map<std::uint32_t, LogPatternFact> patterns;
    std::map<std::uint32_t, std::int64_t> before;
    std::map<std::uint32_t, RateSeries> rates;
    for (std::size_t i = 0; i < read.lines.size(); ++i) {
        auto const id = mined.pattern_of[i];
        auto const at = read.lines[i].at;
        auto& rate = rates.try_emplace(id).first->second;
        if (rate.series.empty())
            rate = empty_rate(group, whole);
        auto const minute = static_cast<std::size_t>((at - rate.from) / Minutes { 1 });
        if (minute < rate.series.values.size())
            rate.series.values[minute] += 1;
        if (!read.lines[i].in_incident) {
            ++before[id];
            continue;
        }
        auto& pattern = patterns[id];
        if (pattern.count++ == 0) {
            pattern.resource = group.resource;
            pattern.group = group.name;
            pattern.pattern = shown(mined.patterns[id], shown_bytes);
            pattern.example = shown(read.texts[i], shown_bytes);
            pattern.severity = severity_of(read.texts[i]);
            pattern.first_seen = at;
        }
        pattern.first_seen = std::min(pattern.first_seen, at);
        pattern.last_seen = std::max(pattern.last_seen, at);
    }
    auto const scale = static_cast<double>(incident.window.length().count())
        / static_cast<double>(std::max<std::int64_t>(1, covered(reference).count()));
    Reading const reading { incident.cut, reference.failed, covered(reference) };
    std::vector<Fact> facts;
    for (auto& [id, pattern] : patterns) {
        // Not knowing what is usual must not read as new: such a pattern counts as usual.
        pattern.usual_count
            = reference.failed ? static_cast<double>(pattern.count) : static_cast<double>(before[id]) * scale;
        pattern.rate = std::move(rates[id].series);
        Json value = { { "pattern", pattern.pattern }, { "example", pattern.example }, { "count", pattern.count },
            { "usual_count", pattern.usual_count }, { "first_seen", format_time(pattern.first_seen) },
            { "last_seen", format_time(pattern.last_seen) }, { "group", shown(group.name, 200) } };
        auto fact
            = fact_about(group.resource, pattern.first_seen, statement_of(pattern, reading), {}, std::move(value));
        fact.link = console_page({ "logs:group", group.name, {} }, "{region}");
        fact.detail = std::move(pattern);
        facts.push_back(std::move(fact));
    }
    std::stable_sort(facts.begin(), facts.end(), [](Fact const& a, Fact const& b) {
        return surprise_of(std::get<LogPatternFact>(a.detail)) > surprise_of(std::get<LogPatternFact>(b.detail));
    });
    return facts;
}

} // namespace convops
