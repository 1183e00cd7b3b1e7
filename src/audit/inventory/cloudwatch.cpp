// CloudWatch: alarms of every kind with their history, anomaly detectors, dashboards.
#include "audit/inventory_items.h"

#include <array>

namespace convops::audit_inventory {

namespace {

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
        .params = [](AuditPlace const&, std::span<Json const* const>) -> std::optional<JsonObject> {
            return JsonObject { { "MaxRecords", 100 },
                { "AlarmTypes", JsonArray { "MetricAlarm", "CompositeAlarm" } } };
        },
        .second_list_path = "CompositeAlarms" },
    // 14 days, for back-tests; CloudWatch keeps 30 days of it. All kinds of entries: state changes, and what actions
    // came
    // to. Newest first, so that what a page limit cuts off is the oldest.
    AuditReading { .name = "cloudwatch_alarm_history",
        .service = "monitoring",
        .operation = "DescribeAlarmHistory",
        .iam_action = "cloudwatch:DescribeAlarmHistory",
        .list_path = "AlarmHistoryItems",
        .token_in = "NextToken",
        .token_out = "NextToken",
        .params = [](AuditPlace const& place, std::span<Json const* const>) -> std::optional<JsonObject> {
            return JsonObject { { "ScanBy", "TimestampDescending" }, { "MaxRecords", 100 },
                { "StartDate", format_time(place.now - Days { 14 }) }, { "EndDate", format_time(place.now) },
                { "AlarmTypes", JsonArray { "MetricAlarm", "CompositeAlarm" } } };
        },
        .most_pages = 200 },
    AuditReading { .name = "cloudwatch_anomaly_detectors",
        .service = "monitoring",
        .operation = "DescribeAnomalyDetectors",
        .iam_action = "cloudwatch:DescribeAnomalyDetectors",
        .list_path = "AnomalyDetectors",
        .token_in = "NextToken",
        .token_out = "NextToken",
        .params = [](AuditPlace const&, std::span<Json const* const>) -> std::optional<JsonObject> {
            return JsonObject { { "MaxResults", 100 },
                { "AnomalyDetectorTypes", JsonArray { "SINGLE_METRIC", "METRIC_MATH" } } };
        } },
    AuditReading { .name = "cloudwatch_mute_rules",
        .service = "monitoring",
        .operation = "ListAlarmMuteRules",
        .iam_action = "cloudwatch:ListAlarmMuteRules",
        .list_path = "AlarmMuteRuleSummaries",
        .token_in = "NextToken",
        .token_out = "NextToken",
        .params = [](AuditPlace const&, std::span<Json const* const>) -> std::optional<JsonObject> {
            return JsonObject { { "Statuses", JsonArray { "ACTIVE" } }, { "MaxRecords", 100 } };
        } },
    // What spoke within three hours: custom metrics cost by the piece.
    AuditReading { .name = "cloudwatch_recent_metrics",
        .service = "monitoring",
        .operation = "ListMetrics",
        .iam_action = "cloudwatch:ListMetrics",
        .list_path = "Metrics",
        .token_in = "NextToken",
        .token_out = "NextToken",
        .params = [](AuditPlace const&, std::span<Json const* const>) -> std::optional<JsonObject> {
            return JsonObject { { "RecentlyActive", "PT3H" } };
        },
        .most_pages = 40 },
    AuditReading { .name = "cloudwatch_dashboards",
        .service = "monitoring",
        .operation = "ListDashboards",
        .iam_action = "cloudwatch:ListDashboards",
        .list_path = "DashboardEntries",
        .token_in = "NextToken",
        .token_out = "NextToken" },
    AuditReading { .name = "cloudwatch_dashboard_bodies",
        .service = "monitoring",
        .operation = "GetDashboard",
        .iam_action = "cloudwatch:GetDashboard",
        .parent = "cloudwatch_dashboards",
        .params = [](AuditPlace const&, std::span<Json const* const> parents) -> std::optional<JsonObject> {
            return JsonObject { { "DashboardName", text_at(*parents.front(), "DashboardName") } };
        } },
};

} // namespace

Registered make_cloudwatch() {
    return readings;
}

} // namespace convops::audit_inventory
