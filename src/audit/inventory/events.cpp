// EventBridge: rules that send alarms and notices of AWS on, their targets, and how often a target failed.
#include "audit/inventory.h"
#include "audit/metric_sums.h"
#include "base/text.h"

#include <array>

namespace convops::audit_inventory {

namespace {

bool carries_notices(Json const& rule) {
    auto const pattern = text_at(rule, "EventPattern");
    for (std::string_view const source : { "aws.cloudwatch", "aws.health", "aws.guardduty", "aws.securityhub" })
        if (pattern.find(source) != std::string::npos)
            return true;
    return false;
}

std::vector<std::size_t> that_carry_notices(JsonArray const& rules) {
    std::vector<std::size_t> chosen;
    for (std::size_t i = 0; i < rules.size(); ++i)
        if (carries_notices(rules[i]))
            chosen.push_back(i);
    return chosen;
}

std::optional<JsonObject> targets_of(AuditPlace const&, std::span<Json const* const> rules) {
    JsonObject params { { "Rule", text_at(*rules.front(), "Name") } };
    if (auto const bus = text_at(*rules.front(), "EventBusName"); !bus.empty())
        params["EventBusName"] = bus;
    return params;
}

std::optional<JsonObject> failed_invocations(AuditPlace const& place, std::span<Json const* const> rules) {
    std::vector<MetricId> metrics;
    for (auto const* rule : rules)
        metrics.push_back({ "AWS/Events", "FailedInvocations", { { "RuleName", text_at(*rule, "Name") } } });
    return sum_queries(metrics, place.now);
}

constexpr std::array readings {
    AuditReading { .name = "events_rules",
        .service = "events",
        .operation = "ListRules",
        .iam_action = "events:ListRules",
        .list_path = "Rules",
        .token_in = "NextToken",
        .token_out = "NextToken" },
    AuditReading { .name = "events_targets",
        .service = "events",
        .operation = "ListTargetsByRule",
        .iam_action = "events:ListTargetsByRule",
        .list_path = "Targets",
        .token_in = "NextToken",
        .token_out = "NextToken",
        .parent = "events_rules",
        .params = targets_of,
        .choose = that_carry_notices },
    AuditReading { .name = "events_failed_invocations",
        .service = "monitoring",
        .operation = "GetMetricData",
        .iam_action = "cloudwatch:GetMetricData",
        .list_path = "MetricDataResults",
        .token_in = "NextToken",
        .token_out = "NextToken",
        .parent = "events_rules",
        .batch = sums_a_call,
        .params = failed_invocations },
};

} // namespace

Registered make_events() {
    return readings;
}

} // namespace convops::audit_inventory
