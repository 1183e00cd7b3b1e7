#include "message/phrases.h"

#include "base/text.h"
#include "message/fact_words.h"
#include "model/metric_evidence.h"

#include <cstdio>

namespace convops {

std::string one_line(std::string_view text, std::size_t most_bytes) {
    // A hostile name may be megabytes long: look at no more than can be shown, before cleaning it.
    auto const cleaned = clean_utf8(text.substr(0, most_bytes * 4 + 16));
    std::string line;
    for (char const c : cleaned) {
        bool const blank = c == ' ' || c == '\n' || c == '\t';
        if (blank && (line.empty() || line.back() == ' '))
            continue;
        line += blank ? ' ' : c;
    }
    while (line.ends_with(' '))
        line.pop_back();
    return shorten(line, most_bytes);
}

std::string zone_label(Reader const& reader) {
    if (!reader.zone_label.empty())
        return one_line(reader.zone_label, 16);
    if (reader.utc_offset == Minutes { 0 })
        return "UTC";
    auto const minutes = std::abs(int(reader.utc_offset.count()));
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "UTC%c%02d:%02d", reader.utc_offset.count() < 0 ? '-' : '+', minutes / 60,
        minutes % 60);
    return buffer;
}

std::string clock_words(Time time, Time near, Reader const& reader) {
    auto const distance = time > near ? time - near : near - time;
    auto const date = distance > Hours { 18 } ? date_words(time + reader.utc_offset, words(reader.language)) + " "
                                              : std::string();
    return date + format_clock(time, reader.utc_offset) + " " + zone_label(reader);
}

bool breaches(Alarm const& alarm, double value, double threshold) {
    if (alarm.comparison == "GreaterThanOrEqualToThreshold")
        return value >= threshold;
    if (alarm.comparison == "LessThanOrEqualToThreshold")
        return value <= threshold;
    if (alarm.comparison.starts_with("Less"))
        return value < threshold;
    return value > threshold;
}

std::string metric_words(Alarm const& alarm, std::string_view language) {
    auto const* main = alarm.main_metric();
    if (main == nullptr)
        return words(language).composite_subject.text();
    auto const resource = resource_of(*main->metric);
    auto name = one_line(main->metric->name, most_name_bytes);
    if (!resource)
        return name;
    return say(words(language).metric_of, { name, resource_words(*resource, language) });
}

std::string score_percent(double score) {
    return std::to_string(std::isfinite(score) ? std::lround(std::clamp(score, 0.0, 1.0) * 100) : 0);
}

std::string voter_names(MessageVote const& vote, Opinion opinion, std::string (*name)(Voter const&)) {
    constexpr std::size_t most_named = 6;
    std::vector<std::string> names;
    std::size_t more = 0;
    for (auto const& voter : vote.voters) {
        if (voter.opinion != opinion)
            continue;
        if (names.size() < most_named)
            names.push_back(name(voter));
        else
            ++more;
    }
    return join(names, ", ") + (more > 0 ? " +" + std::to_string(more) : "");
}

std::vector<std::pair<int, CitedLine const*>> causes_to_list(Message const& message) {
    std::vector<std::pair<int, CitedLine const*>> list;
    int rank = 0;
    for (auto const& cause : message.causes) {
        ++rank;
        // "Likely (86 %): statement" says nothing that "Likely cause (86 %): statement" did not.
        auto const colon = cause.text.find("): ");
        if (rank == 1 && colon != std::string::npos && message.headline.ends_with(cause.text.substr(colon)))
            continue;
        list.emplace_back(rank, &cause);
    }
    return list;
}

AlarmReading read_alarm_metric(Alarm const& alarm, Evidence const& evidence, Reader const& reader) {
    AlarmReading reading;
    std::tie(reading.fact, reading.metric) = fact_of_alarm(alarm, evidence);
    if (reading.fact == nullptr)
        return reading;
    auto const& series = reading.metric->series;
    auto const resource = resource_words(reading.metric->resource, reader.language);
    reading.name = say(words(reader.language).metric_of, { one_line(series.metric.name, most_name_bytes), resource });
    if (resource.empty())
        reading.name = one_line(series.metric.name, most_name_bytes);
    reading.unit = series.unit;
    reading.last_at = series.at.back();
    reading.last = series.values.back();
    if (!alarm.threshold || alarm.kind == AlarmKind::anomaly_band)
        return reading; // A band moves: one number can not say whether the last datapoint is outside it.
    reading.threshold = alarm.threshold;
    reading.breaching = breaches(alarm, reading.last, *alarm.threshold);
    for (std::size_t i = series.at.size(); i-- > 0;) {
        if (breaches(alarm, series.values[i], *alarm.threshold) != reading.breaching)
            break;
        reading.since = series.at[i];
    }
    if (reading.since == series.at.front())
        reading.since.reset(); // The run began before we looked.
    return reading;
}

} // namespace convops
