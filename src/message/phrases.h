// What the composer and the chart share: the reader's clock, lines made fit to show, and what the alarm's own metric
// says about "still happening? since when?".
#pragma once

#include "message/compose.h"

namespace convops {

inline constexpr std::size_t most_line_bytes = 400; // a line that is read on a phone at night
inline constexpr std::size_t most_name_bytes = 96;
inline constexpr double likely_from = 0.6; // of causes with this score, more than half should be right: "likely"

// Clean UTF-8, one line, no runs of spaces, at most `most_bytes`.
std::string one_line(std::string_view text, std::size_t most_bytes = most_line_bytes);

std::string zone_label(Reader const& reader); // "UTC", "CET", "UTC+01:00"
// "19:55:38 CET"; with the date when it is not within 18 hours of `near`.
std::string clock_words(Time time, Time near, Reader const& reader);

std::string score_percent(double score); // 0.862 -> "86"

// The causes that a reader has not read in the headline yet, with their rank: all of them, or all but the first.
std::vector<std::pair<int, CitedLine const*>> causes_to_list(Message const& message);

// "Ada, #ops": who said it, each as `name` shows a person in this channel; those beyond a bound are counted.
std::string voter_names(MessageVote const& vote, Opinion opinion, std::string (*name)(Voter const&));

struct AlarmReading {
    Fact const* fact = nullptr; // nullptr: the metric has not been read
    MetricFact const* metric = nullptr;
    std::string name; // "CPUUtilization of RDS instance orders-db"
    std::string unit;
    Time last_at {};
    double last = 0;
    bool breaching = false; // the last datapoint; only meaningful when `threshold` is set
    std::optional<double> threshold;
    std::optional<Time> since; // start of the trailing run that breaches, or of the one that no longer does
};

// The alarm's own metric among the facts, as its last datapoints say it.
AlarmReading read_alarm_metric(Alarm const& alarm, Evidence const& evidence, Reader const& reader);
bool breaches(Alarm const& alarm, double value, double threshold);
// "RDS instance orders-db", "RDS-Instanz orders-db"
std::string resource_words(Resource const& resource, std::string_view language);
std::string metric_words(Alarm const& alarm, std::string_view language); // "5XX of load balancer shop"

} // namespace convops
