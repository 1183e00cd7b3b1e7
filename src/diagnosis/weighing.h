// The measures that the hypotheses share: how near, how soon before, and how to say it.
#pragma once

#include "diagnosis/hypotheses.h"

namespace convops {

inline double in_minutes(Milliseconds duration) {
    return std::chrono::duration<double, std::ratio<60>>(duration).count();
}

// A fault here could show at the alarm.
double fault_place_weight(Position const& position);
// A load from here could show at the alarm: callers count as much as callees.
double load_place_weight(Position const& position);

// Began before or with the incident, or long after it.
double timing_weight(Context const& context, Time began, Seconds width);
// Log-odds for something that happened `before` the onset: strong within 10 minutes, little after 20: in a
// company that deploys all day, some deploy happened within the last half hour, whatever breaks.
double proximity_weight(Milliseconds before);

inline bool is_near(Position const& position) {
    return position.relation != Relation::unrelated;
}
// The alarm's resource or something that it calls; also where the map does not tell.
inline bool may_carry_fault(Position const& position) {
    return position.relation != Relation::unrelated && position.relation != Relation::caller;
}

// Adds place, timing and direction of a reading that went wrong, citing it.
void weigh_reading(Candidate& candidate, Context const& context, MetricReading const& reading, double log_odds);

// What a log line alone says: the candidate at the resource of the log, since its first line.
Candidate candidate_from_log(
    Context const& context, CauseKind kind, LogReading const& log, double log_odds, std::string_view says);

// Fresh, severe patterns with the topic, whose place may matter.
std::vector<LogReading const*> fresh_logs(Context const& context, LogTopic topic);
bool log_is_timely(Context const& context, LogReading const& log);
std::vector<EventReading const*> events_of(
    Context const& context, std::initializer_list<ResourceEventKind> kinds, Minutes before = Minutes { 30 });

// "CPU of RDS instance orders-db rose from 31 % to 97 % at 20:13"
std::string tell(MetricReading const& reading);
std::string value_of(MetricReading const& reading, double value);
// Foreign text on one line, shortened and in quotes: shown as data.
std::string quoted(std::string_view hostile, std::size_t most = 120);
// "ERROR pool exhausted (41 times, never before)"
std::string tell(LogReading const& log);

} // namespace convops
