// CloudWatch: alarms of every kind with their history, and dashboards.
#include "audit/inventory.h"

#include <array>

namespace convops::audit_inventory {

namespace {

std::optional<JsonObject> alarms(AuditPlace const&, std::span<Json const* const>) {
    return JsonObject { { "MaxRecords", 100 }, { "AlarmTypes", JsonArray { "MetricAlarm", "CompositeAlarm" } } };
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
};

} // namespace

Registered make_cloudwatch() {
    return readings;
}

} // namespace convops::audit_inventory
