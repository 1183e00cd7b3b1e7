#include "evidence/log_facts.h"

#include "base/text.h"
#include "evidence/answering.h"
#include "evidence/log_templates.h"

namespace convops {

namespace {

constexpr std::size_t shown_bytes = 400;

enum class Part : std::uint8_t { incident, reference, earlier_day };

struct Line {
    Time at;
    Part part = Part::incident;
    std::size_t day = 0; // index of the earlier day
};

struct Lines {
    std::vector<Line> lines;
    std::vector<std::string> texts;
};

void take_lines(Lines& out, LogEvents const& events, Part part, std::size_t day = 0) {
    for (auto const& event : events.events) {
        auto const stamp = integer_at(event, "timestamp");
        if (!stamp)
            continue;
        Time const at { Milliseconds { *stamp } };
        if (!events.window.contains(at))
            continue;
        out.lines.push_back({ at, part, day });
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
    std::vector<std::string> days; // earlier days whose same hours were read
};

// What would be usual for the incident's window, by what stood in each other window.
struct Usual {
    double hour_before = 0;
    double same_hours = 0; // mean of the earlier days
};

// "2026-11-22 and 2026-11-16".
std::string days_in_words(std::vector<std::string> const& days) {
    return join(days, " and ");
}

std::string usual_in_words(Usual const& usual, Reading const& reading) {
    auto const hour
        = reading.reference == Hours { 1 } ? std::string("the hour") : "the " + format_duration(reading.reference);
    auto const days = reading.days.empty() ? std::string() : "in the same hours of " + days_in_words(reading.days);
    if (!days.empty() && usual.same_hours > std::max(usual.hour_before, 0.0))
        return "; about " + format_number(usual.same_hours) + " " + days;
    if (reading.reference_failed)
        return days.empty() ? "; how often before is not known" : "; never " + days;
    if (usual.hour_before > 0)
        return "; usually about " + format_number(usual.hour_before) + " in as long a time";
    return "; never in " + hour + " before" + (days.empty() ? "" : " or " + days);
}

std::string statement_of(LogPatternFact const& pattern, Usual const& usual, Reading const& reading) {
    auto const since = format_clock(pattern.first_seen) + " UTC";
    auto const times = pattern.count == 1 && !reading.incident_cut
        ? "once at " + since
        : (reading.incident_cut ? "at least " : "") + std::to_string(pattern.count) + " times since " + since;
    return "\"" + shown(pattern.pattern, 240) + "\" " + times + " in " + shown(pattern.group, 120)
        + usual_in_words(usual, reading) + ".";
}

// How many lines of a window as long as the incident's one line of the other window stands for.
double weight_of(LogEvents const& events, Window incident) {
    return static_cast<double>(incident.length().count())
        / static_cast<double>(std::max<std::int64_t>(1, covered(events).count()));
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

bool still_has(LogGroup const& group, Window window, Time now) {
    return group.created && *group.created <= window.from
        && (group.kept.count() == 0 || window.from >= now - group.kept);
}

namespace {

// Counts by pattern, over all windows.
struct Counted {
    std::map<std::uint32_t, LogPatternFact> patterns; // of the incident
    std::map<std::uint32_t, Usual> usual;
    std::map<std::uint32_t, RateSeries> rates;
};

class Counting {
public:
    Counting(LogGroup const& group, LogEvents const& incident, LogEvents const& reference,
        std::span<LogEvents const> earlier_days)
        : group_(group)
        , whole_({ std::min(reference.window.from, incident.window.from),
              std::max(reference.window.to, incident.window.to) })
        , reference_weight_(weight_of(reference, incident.window)) {
        take_lines(read_, reference, Part::reference);
        auto const days = std::count_if(
            earlier_days.begin(), earlier_days.end(), [](LogEvents const& events) { return !events.failed; });
        for (auto const& events : earlier_days) {
            take_lines(read_, events, Part::earlier_day, day_weights_.size());
            day_weights_.push_back(
                weight_of(events, incident.window) / static_cast<double>(std::max(days, decltype(days) { 1 })));
        }
        take_lines(read_, incident, Part::incident);
    }

    Counted counted() {
        mined_ = mine_templates(read_.texts);
        for (std::size_t i = 0; i < read_.lines.size(); ++i)
            count(i);
        return std::move(out_);
    }

private:
    void count(std::size_t i) {
        auto const id = mined_.pattern_of[i];
        auto const& line = read_.lines[i];
        if (line.part == Part::earlier_day) {
            out_.usual[id].same_hours += day_weights_[line.day];
            return;
        }
        auto& rate = out_.rates.try_emplace(id).first->second;
        if (rate.series.empty())
            rate = empty_rate(group_, whole_);
        auto const minute = static_cast<std::size_t>((line.at - rate.from) / Minutes { 1 });
        if (minute < rate.series.values.size())
            rate.series.values[minute] += 1;
        if (line.part == Part::reference) {
            out_.usual[id].hour_before += reference_weight_;
            return;
        }
        auto& pattern = out_.patterns[id];
        if (pattern.count++ == 0) {
            pattern.resource = group_.resource;
            pattern.group = group_.name;
            pattern.pattern = shown(mined_.patterns[id], shown_bytes);
            pattern.example = shown(read_.texts[i], shown_bytes);
            pattern.severity = severity_of(read_.texts[i]);
            pattern.first_seen = line.at;
        }
        pattern.first_seen = std::min(pattern.first_seen, line.at);
        pattern.last_seen = std::max(pattern.last_seen, line.at);
    }

    LogGroup const& group_;
    Window whole_;
    double reference_weight_;
    std::vector<double> day_weights_;
    Lines read_;
    MinedLines mined_;
    Counted out_;
};

} // namespace

std::vector<Fact> log_pattern_facts(LogGroup const& group, LogEvents const& incident, LogEvents const& reference,
    std::span<LogEvents const> earlier_days) {
    auto counted = Counting(group, incident, reference, earlier_days).counted();
    Reading reading { incident.cut, reference.failed, covered(reference), {} };
    JsonArray days;
    for (auto const& events : earlier_days)
        if (!events.failed) {
            reading.days.push_back(format_time(events.window.from).substr(0, 10));
            days.emplace_back(reading.days.back());
        }
    std::vector<Fact> facts;
    for (auto& [id, pattern] : counted.patterns) {
        auto const usual = counted.usual[id];
        pattern.usual_count = std::max(usual.hour_before, usual.same_hours);
        // Not knowing what is usual must not read as new: such a pattern counts as usual.
        if (reference.failed && reading.days.empty())
            pattern.usual_count = static_cast<double>(pattern.count);
        pattern.rate = std::move(counted.rates[id].series);
        JsonObject value
            = { { "pattern", pattern.pattern }, { "example", pattern.example }, { "count", pattern.count },
                  { "usual_count", pattern.usual_count }, { "first_seen", format_time(pattern.first_seen) },
                  { "last_seen", format_time(pattern.last_seen) }, { "group", shown(group.name, 200) } };
        if (!days.empty()) {
            value["same_hours_of"] = days;
            value["same_hours_count"] = usual.same_hours;
        }
        auto fact = fact_about(
            group.resource, pattern.first_seen, statement_of(pattern, usual, reading), {}, std::move(value));
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
