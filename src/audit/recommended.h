// The alarms that a resource should have: our own table, the threshold of each worked out from what the account
// tells (memory, time-out, quota, 14 days of history). Where its input is not known there is no number.
#pragma once

#include "audit/estate.h"
#include "audit/fixes.h"
#include "audit/recommended_rows.h"

#include <set>

namespace convops {

struct RecommendedAlarm {
    std::string_view metric_namespace;
    std::array<std::string_view, 5> dimensions; // names, in the order of the table; empty ones at the end
    RecommendedRow const* row = nullptr;
};

// All of them, by namespace in the order of the table.
std::vector<RecommendedAlarm> const& recommended_alarms();
std::span<RecommendedAlarm const* const> recommended_for(std::string_view metric_namespace);
// Those of the resource's own namespace and of the one where Container Insights keeps what it measures of it.
std::vector<RecommendedAlarm const*> recommended_for(AuditResource const& resource);

// The metric that the alarm would watch on this resource; nullopt: the alarm is about something else, or a dimension
// is not known.
std::optional<MetricId> metric_for(RecommendedAlarm const& alarm, AuditResource const& resource);

// What of the account decides about thresholds and applicability, looked up once per Region.
struct EstateContext {
    Estate const* estate = nullptr;
    std::string region;
    std::optional<double> account_concurrency;
    std::map<std::string, double, std::less<>> stream_retention; // hours, by stream name
    std::map<std::string, std::string, std::less<>> stream_of_function; // event source ARN by function name
    std::map<std::string, std::set<std::string>, std::less<>> dead_letter_sources; // by queue ARN: who sends there
    std::set<std::string, std::less<>> alarm_topics; // names of topics that alarms notify
    std::set<std::string, std::less<>> insight_clusters; // names, with Container Insights on: ECS
    std::set<std::string, std::less<>> observed_clusters; // names, with Container Insights: EKS
    bool observers_known = true; // false: an EKS cluster that is not among them may be observed all the same
};
EstateContext context_of(Estate const& estate, std::string const& region);

bool applies(RecommendedAlarm const& alarm, AuditResource const& resource, EstateContext const& context);

struct DerivedThreshold {
    std::optional<double> value;
    std::string basis; // "80 % of its time-out of 30 s"
    std::string needs; // without a value: "14 days of history", "a word of its owner"
};
DerivedThreshold threshold_for(
    RecommendedAlarm const& alarm, AuditResource const& resource, EstateContext const& context);

// Ready to be created. Without a number the fix is empty.
struct ReadyAlarm {
    AlarmPlan plan;
    DerivedThreshold threshold;
    AuditFix fix;
    std::string words; // "Average above 90 in 5 of 5 periods of 1 min"
};
ReadyAlarm ready_alarm(RecommendedAlarm const& alarm, MetricId const& metric, AuditResource const& resource,
    EstateContext const& context);

std::string_view comparison_operator(Comparison comparison); // "GreaterThanThreshold"
bool fires_above(Comparison comparison);
std::string words_of(AlarmPlan const& plan);
std::string number_words(double value); // "0.05", "2000"

// The ARN of the dead-letter queue in a RedrivePolicy, which AWS sends as JSON in a text; empty: none.
std::string dead_letter_target(Json const& queue_attributes);

// Resources whose alarms live in this Region: its own, and the global ones in us-east-1.
std::vector<AuditResource const*> resources_alarmed_in(Estate const& estate, std::string const& region);
// What a finding calls it.
std::string name_of(AuditResource const& resource);

// How much it counts: production five times a sandbox.
double weight_of(AuditResource const& resource);
double weight_of(Urgency urgency); // page 5, warn 3, note 1

} // namespace convops
