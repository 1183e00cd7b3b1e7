// Trouble that no alarm covers: one series that left what is usual for it, and what became of that finding.
#pragma once

#include "model/diagnosis.h"

#include <span>

namespace convops {

struct Anomaly {
    MetricId metric;
    std::string statistic;
    std::string unit; // CloudWatch's; may be empty
    Seconds period { 60 };
    Resource resource;
    Time since {}; // start of the first period that is off, as far as the points show
    Time at {}; // start of the period that told it
    double value = 0; // of that period
    double usual = 0; // the level before
    double spread = 1; // of the time before, robust; above 0
    double score = 0; // 0..1, of the detector
    std::string explanation; // "8.4 σ from the usual; no such value before"

    [[nodiscard]] double sigma() const { return (value - usual) / spread; } // signed
};

// What people hear of it.
enum class AnomalyFate : std::uint8_t {
    told, // a message, as for an alarm
    suppressed, // no message; the digest lists it
    digest, // chronic: no message; the digest counts it
};
std::string_view to_string(AnomalyFate fate);
std::optional<AnomalyFate> anomaly_fate_from(std::string_view name);

struct AnomalyDecision {
    AnomalyFate fate = AnomalyFate::told;
    std::string check; // that decided; empty: none had anything against telling
    std::string reason; // one sentence

    bool operator==(AnomalyDecision const&) const = default;
};

// What the checks make of it: a check that would suppress comes before one that would only put it into the digest,
// and what no check holds back is told. A check that could not look never holds anything back.
AnomalyDecision decide(std::span<Finding const> findings);

// The name of the alarm that an anomaly of this series raises: the same for each of its anomalies.
std::string watch_alarm_name(MetricId const& metric, std::string_view statistic);

// The anomaly as the alarm that opens an incident. `state` OK: it is over, at `at`.
Alarm alarm_of(Anomaly const& anomaly, std::string account, std::string region);
Alarm ended_alarm_of(Anomaly const& anomaly, Time over_at, std::string account, std::string region);

} // namespace convops
