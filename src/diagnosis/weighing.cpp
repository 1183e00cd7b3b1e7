#include "diagnosis/weighing.h"

#include "base/text.h"

namespace convops {

double fault_place_weight(Position const& position) {
    switch (position.relation) {
    case Relation::same:
        return 0.9;
    case Relation::callee:
        return position.distance <= 2 ? 0.9 : 0.5;
    case Relation::caller:
        return -0.6;
    case Relation::sibling:
        return -0.3;
    case Relation::related:
        return -0.8;
    case Relation::unknown:
        return -0.3;
    case Relation::unrelated:
        return -3.0;
    }
    return 0;
}

double load_place_weight(Position const& position) {
    if (position.relation == Relation::caller)
        return 0.7;
    return fault_place_weight(position);
}

double timing_weight(Context const& context, Time began, Seconds width) {
    auto const onset = context.onset_or_alarm();
    auto const slack = std::max<Milliseconds>(width, context.onset_width);
    if (began <= onset + slack)
        return began + Minutes { 60 } < onset ? -0.4 : 0.6;
    auto const late = in_minutes(began - onset - slack);
    return std::max(-1.5, 0.2 - 0.35 * late);
}

double proximity_weight(Milliseconds before) {
    auto const minutes = in_minutes(before);
    if (minutes <= 3)
        return 2.6;
    if (minutes <= 10)
        return 2.6 - 0.8 * (minutes - 3) / 7;
    if (minutes <= 20)
        return 1.8 - 1.4 * (minutes - 10) / 10;
    if (minutes <= 90)
        return 0.4 - 1.9 * (minutes - 20) / 70;
    return -2;
}

void weigh_reading(Candidate& candidate, Context const& context, MetricReading const& reading, double log_odds) {
    double weight = log_odds;
    if (reading.off())
        weight *= 0.6 + 0.4 * reading.series.onset->confidence;
    candidate.weigh(weight, reading.fact);
    candidate.weigh(fault_place_weight(reading.position));
    if (reading.off()) {
        candidate.weigh(timing_weight(context, reading.series.onset->at, reading.metric->series.period));
        if (!candidate.began_at || reading.series.onset->at < *candidate.began_at)
            candidate.began_at = reading.series.onset->at;
    }
}

Candidate candidate_from_log(
    Context const& context, CauseKind kind, LogReading const& log, double log_odds, std::string_view says) {
    Candidate candidate;
    candidate.kind = kind;
    candidate.resource = log.log->resource;
    candidate.prior = -2.2;
    candidate.weigh(log_odds, log.fact);
    candidate.weigh(fault_place_weight(log.position));
    candidate.weigh(timing_weight(context, log.log->first_seen, context.onset_width));
    candidate.began_at = log.log->first_seen;
    candidate.corroborated = true;
    candidate.statement = log.log->resource.display() + " " + std::string(says) + " since "
        + format_clock(log.log->first_seen) + ": " + tell(log) + ".";
    return candidate;
}

bool log_is_timely(Context const& context, LogReading const& log) {
    if (log.log->last_seen == Time {})
        return true;
    return log.log->last_seen + Minutes { 15 } >= context.onset_or_alarm();
}

std::vector<LogReading const*> fresh_logs(Context const& context, LogTopic topic) {
    std::vector<LogReading const*> found;
    for (auto const& log : context.logs)
        if (log.fresh && log.severe && log.topics.has(topic) && is_near(log.position) && log_is_timely(context, log))
            found.push_back(&log);
    std::stable_sort(found.begin(), found.end(), [](LogReading const* a, LogReading const* b) {
        return std::tuple(-a->log->count, a->fact->id) < std::tuple(-b->log->count, b->fact->id);
    });
    return found;
}

std::vector<EventReading const*> events_of(
    Context const& context, std::initializer_list<ResourceEventKind> kinds, Minutes before) {
    std::vector<EventReading const*> found;
    auto const from = context.onset_or_alarm() - before;
    for (auto const& reading : context.events)
        if (std::find(kinds.begin(), kinds.end(), reading.event->kind) != kinds.end() && reading.fact->at >= from
            && reading.fact->at <= context.now && is_near(reading.position))
            found.push_back(&reading);
    return found;
}

std::string value_of(MetricReading const& reading, double value) {
    return format_value(value, reading.metric->series.unit);
}

std::string tell(MetricReading const& reading) {
    auto const name
        = reading.signal == Signal::other || reading.signal == Signal::errors || reading.signal == Signal::requests
        ? reading.metric->series.metric.name
        : std::string(words_for(reading.signal));
    auto text = name + " of " + reading.resource().display();
    if (!reading.series.onset)
        return text + " stood at " + value_of(reading, reading.series.last);
    auto const& onset = *reading.series.onset;
    return text + (onset.direction == Direction::up ? " rose from " : " fell from ") + value_of(reading, onset.before)
        + " to " + value_of(reading, onset.shape == Shape::ramp ? onset.extreme : onset.after) + " from "
        + format_clock(onset.at).substr(0, 5) + " on";
}

std::string quoted(std::string_view hostile, std::size_t most) {
    auto text = clean_utf8(hostile.substr(0, 4 * most));
    for (auto& c : text)
        if (c == '\n' || c == '\t' || c == '"')
            c = ' ';
    return "\"" + shorten(trim(text), most) + "\"";
}

std::string tell(LogReading const& log) {
    auto text = quoted(log.log->pattern) + " (" + std::to_string(log.log->count) + " times";
    if (log.log->usual_count < 0.5)
        return text + ", not seen before)";
    return text + ", usually " + format_number(log.log->usual_count) + ")";
}

} // namespace convops
