// 43: a band that is still learning, or that learned an incident as normal.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Anomaly_Detection.html
#include "audit/alarm_nature.h"
#include "audit/also.h"
#include "audit/fixes.h"
#include "audit/state_changes.h"

#include <algorithm>
#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms", .whole = false },
    AuditNeed { .reading = "cloudwatch_anomaly_detectors" },
    AuditNeed { .reading = "cloudwatch_alarm_history", .whole = false } };

constexpr Hours long_enough { 3 }; // shorter ones hardly move a model of two weeks

// The metric of a detector stands in two places, by the age of the API.
Json const& metric_part(Json const& detector) {
    auto const* single = find(detector, "SingleMetricAnomalyDetector");
    return single == nullptr || text_at(*single, "MetricName").empty() ? detector : *single;
}

Json const* detector_of(Estate const& estate, std::string const& region, EstateAlarm const& alarm) {
    for (auto const& metric : alarm.alarm.metrics) {
        if (!metric.metric)
            continue;
        for (auto const& detector : estate.items("cloudwatch_anomaly_detectors", region)) {
            auto const& part = metric_part(detector);
            MetricId id { text_at(part, "Namespace"), text_at(part, "MetricName"), {} };
            for (auto const& dimension : list_at(part, "Dimensions"))
                id.dimensions[text_at(dimension, "Name")] = text_at(dimension, "Value");
            if (id == *metric.metric && text_at(part, "Stat") == metric.statistic)
                return &detector;
        }
    }
    return nullptr;
}

std::optional<Window> longest_incident(std::vector<StateChange> const& changes) {
    std::optional<Window> longest;
    for (std::size_t i = 0; i + 1 < changes.size(); ++i) {
        Window const one { changes[i].at, changes[i + 1].at };
        if (changes[i].to == AlarmState::alarm && one.length() >= long_enough
            && (!longest || one.length() > longest->length()))
            longest = one;
    }
    return longest;
}

bool is_excluded(Json const& detector, Window incident) {
    auto const& ranges = list_at(detector, "Configuration.ExcludedTimeRanges");
    return std::any_of(ranges.begin(), ranges.end(), [&](auto const& range) {
        auto const from = time_at(range, "StartTime");
        auto const to = time_at(range, "EndTime");
        return from && to && *from < incident.to && incident.from < *to;
    });
}

AuditFix exclude(Json const& detector, Window incident, std::string const& region) {
    auto const& part = metric_part(detector);
    JsonArray ranges = list_at(detector, "Configuration.ExcludedTimeRanges");
    ranges.push_back({ { "StartTime", format_time(incident.from) }, { "EndTime", format_time(incident.to) } });
    Json const single { { "Namespace", text_at(part, "Namespace") }, { "MetricName", text_at(part, "MetricName") },
        { "Dimensions", list_at(part, "Dimensions") }, { "Stat", text_at(part, "Stat") } };
    AuditFix fix;
    fix.cli = cli_command("cloudwatch", "put-anomaly-detector",
        { { "single-metric-anomaly-detector", to_text(single) },
            { "configuration", to_text(Json { { "ExcludedTimeRanges", ranges } }) } },
        region);
    return fix;
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    AlarmJudgements judged(region);
    auto const changes = state_changes(estate, region);
    for (auto const& alarm : estate.in(region).alarms) {
        if (alarm.alarm.kind != AlarmKind::anomaly_band || alarm.gone)
            continue;
        auto const* detector = detector_of(estate, region, alarm);
        if (detector == nullptr)
            continue;
        auto const state = text_at(*detector, "StateValue", "TRAINED");
        if (state != "TRAINED") {
            judged.fail(alarm,
                state == "PENDING_TRAINING" ? "Its band is still in training: it does not fire yet."
                                            : "Its band was trained on too little data to mean anything.",
                { alarm_field(alarm, "Metrics"),
                    { "cloudwatch:DescribeAnomalyDetectors", "StateValue", Json(state) } });
            continue;
        }
        auto const found = changes.find(alarm.alarm.name);
        auto const incident = found == changes.end() ? std::nullopt : longest_incident(found->second);
        if (!incident || is_excluded(*detector, *incident)) {
            judged.pass(alarm);
            continue;
        }
        judged.fail(alarm,
            "It was in ALARM for " + format_duration(incident->length())
                + " and that time is not excluded from its training: next time it will find that normal.",
            { { "cloudwatch:DescribeAnomalyDetectors", "Configuration.ExcludedTimeRanges",
                list_at(*detector, "Configuration.ExcludedTimeRanges") } },
            exclude(*detector, *incident, region));
    }
    return judged.take();
}

} // namespace

Registered make_anomaly_detector_is_trained() {
    return { .name = "anomaly_detector_is_trained",
        .number = 43,
        .category = AuditCategory::hygiene,
        .severity = AuditSeverity::medium,
        .title = "Every anomaly band is trained, and not on incidents",
        .matters = "A band in training does not fire; one that was trained on an outage finds outages normal.",
        .needs = needs,
        .also = also::existence,
        .judge = judge };
}

} // namespace convops::audit_checks
