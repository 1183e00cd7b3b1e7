// CloudWatch: alarms of every kind with their history, and dashboards.
#include "audit/inventory.h"

#include <array>

namespace convops::audit_inventory {

namespace {

std::optional<JsonObject> alarms(AuditPlace const&, std::span<Json const* const>) {
    return JsonObject { { "MaxRecords", 100 }, { "AlarmTypes", JsonArray { "MetricAlarm", "CompositeAlarm" } } };
}

// Newest first, so that what a page limit cuts off is the oldest.
std::optional<JsonObject> history(AuditPlace const& place, std::span<Json const* const>) {
    return JsonObject { { "MaxRecords", 100 }, { "AlarmTypes", JsonArray { "MetricAlarm", "CompositeAlarm" } },
        { "ScanBy", "TimestampDescending" }, { "StartDate", format_time(place.now - Days { 14 }) },
        { "EndDate", format_time(place.now) } };
}

std::optional<JsonObject> active_mute_rules(AuditPlace const&, std::span<Json const* const>) {
    return JsonObject { { "Statuses", JsonArray { "ACTIVE" } }, { "MaxRecords", 100 } };
}

constexpr std::array readings {
    // Without AlarmTypes only metric alarms are told.
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
    AuditReading { .name = "cloudwatch_alarms",
        .service = "monitoring",
        .operation = "DescribeAlarms",
        .iam_action = "cloudwatch:DescribeAlarms",
        .list_path = "MetricAlarms",
        .token_in = "NextToken",
        .token_out = "NextToken",
        .params = alarms,
        .second_list_path = "CompositeAlarms" },
    // State changes, actions with their outcome, and changes of configuration. Without AlarmTypes only metric alarms.
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarmHistory.html
    AuditReading { .name = "cloudwatch_alarm_history",
        .service = "monitoring",
        .operation = "DescribeAlarmHistory",
        .iam_action = "cloudwatch:DescribeAlarmHistory",
        .list_path = "AlarmHistoryItems",
        .token_in = "NextToken",
        .token_out = "NextToken",
        .params = history },
    AuditReading { .name = "cloudwatch_mute_rules",
        .service = "monitoring",
        .operation = "ListAlarmMuteRules",
        .iam_action = "cloudwatch:ListAlarmMuteRules",
        .list_path = "AlarmMuteRuleSummaries",
        .token_in = "NextToken",
        .token_out = "NextToken",
        .params = active_mute_rules },
    AuditReading { .name = "cloudwatch_anomaly_detectors",
        .service = "monitoring",
        .operation = "DescribeAnomalyDetectors",
        .iam_action = "cloudwatch:DescribeAnomalyDetectors",
        .list_path = "AnomalyDetectors",
        .token_in = "NextToken",
        .token_out = "NextToken" },
};

} // namespace

Registered make_cloudwatch() {
    return readings;
}

} // namespace convops::audit_inventory
