// What every hypothesis looks at: the evidence with its metrics read, its logs understood, its changes gathered, and
// everything placed in time against the onset and in space against the alarm.
#pragma once

#include "diagnosis/log_meaning.h"
#include "diagnosis/signals.h"
#include "diagnosis/topology.h"
#include "model/diagnosis.h"
#include "stats/reading.h"

namespace convops {

struct MetricReading {
    Fact const* fact = nullptr;
    MetricFact const* metric = nullptr;
    Signal signal = Signal::other;
    SeriesReading series;
    Position position;
    std::optional<double> limit;

    [[nodiscard]] Resource const& resource() const { return metric->resource; }
    // It left its normal level, and not as it does every day at this hour.
    [[nodiscard]] bool off() const;
    [[nodiscard]] bool rose() const { return off() && series.onset->direction == Direction::up; }
    [[nodiscard]] bool fell() const { return off() && series.onset->direction == Direction::down; }
    [[nodiscard]] bool off_badly() const;
    [[nodiscard]] bool is_alarm() const { return metric->closeness == Closeness::alarm; }
};

struct LogReading {
    Fact const* fact = nullptr;
    LogPatternFact const* log = nullptr;
    LogTopics topics;
    std::vector<std::string> hosts;
    bool fresh = false; // new, or far more than usual
    bool severe = false; // error level, or its words say so
    Position position;
};

struct ChangeReading {
    ChangeKind kind = ChangeKind::other;
    Resource resource; // what was changed first of all
    Time at {};
    std::vector<Fact const*> facts; // the records of one and the same change, the most telling first
    std::vector<std::string> event_names;
    std::string what; // every "what" of them
    bool failed = false;
    bool automatic = false;
    Position position;
};

struct EventReading {
    Fact const* fact = nullptr;
    ResourceEventFact const* event = nullptr;
    Position position;
};

struct Context {
    Context(Alarm const& alarm, Evidence const& evidence, Time now);

    Alarm const& alarm;
    Evidence const& evidence;
    Time now;
    Topology topology;
    std::vector<MetricReading> metrics;
    std::vector<LogReading> logs;
    std::vector<ChangeReading> changes; // by time
    std::vector<EventReading> events; // by time
    std::size_t alarm_metric = SIZE_MAX; // index into metrics

    std::optional<Time> onset; // start of the first period that is off
    Seconds onset_width { 60 }; // the moment lies within [onset, onset + onset_width)
    bool onset_from_metric = false;
    bool threshold_known = false;
    bool threshold_crossed = false; // at any time around the alarm
    bool threshold_crossed_now = false;

    [[nodiscard]] MetricReading const* alarm_reading() const {
        return alarm_metric < metrics.size() ? &metrics[alarm_metric] : nullptr;
    }
    [[nodiscard]] Time onset_or_alarm() const { return onset.value_or(alarm.changed_at); }
    // The resource that the alarm is about; "account" when it names none.
    [[nodiscard]] Resource centre() const;
    [[nodiscard]] std::optional<double> limit_of(Resource const& resource, std::string_view metric_name) const;

private:
    void read_metrics();
    void read_logs();
    void read_changes();
    void read_events();
    void find_onset_of_alarm();
    void compare_with_threshold();
};

} // namespace convops
