// EventBridge rules of the default bus and their targets.
#include "audit/inventory_items.h"
#include "audit/metric_sums.h"

#include <array>

namespace convops::audit_inventory {

namespace {

std::vector<AuditResource> rules(AuditPlace const&, Json const& item) {
    auto const name = text_at(item, "Name");
    if (text_at(item, "State") != "ENABLED" || !text_at(item, "ManagedBy").empty())
        return {};
    return { monitored(
        { "events:rule", name, text_at(item, "Arn"), "AWS/Events", { { "RuleName", name } } }, item, "", "") };
}

// Rules that may carry alarms or notices of AWS to people; the targets of all others are nobody's question here.
std::vector<std::size_t> that_carry_notices(JsonArray const& all) {
    std::vector<std::size_t> chosen;
    for (std::size_t i = 0; i < all.size(); ++i) {
        auto const pattern = text_at(all[i], "EventPattern");
        for (std::string_view const source : { "aws.cloudwatch", "aws.health", "aws.guardduty", "aws.securityhub" })
            if (pattern.find(source) != std::string::npos) {
                chosen.push_back(i);
                break;
            }
    }
    return chosen;
}

std::optional<JsonObject> failed_invocations(AuditPlace const& place, std::span<Json const* const> asked) {
    std::vector<MetricId> metrics;
    for (auto const* rule : asked)
        metrics.push_back({ "AWS/Events", "FailedInvocations", { { "RuleName", text_at(*rule, "Name") } } });
    return sum_queries(metrics, place.now);
}

constexpr std::array readings {
    AuditReading { .name = "event_rules",
        .service = "events",
        .operation = "ListRules",
        .iam_action = "events:ListRules",
        .list_path = "Rules",
        .token_in = "NextToken",
        .token_out = "NextToken",
        .params = [](AuditPlace const&, std::span<Json const* const>) -> std::optional<JsonObject> {
            return JsonObject { { "Limit", 100 } };
        },
        .resources = rules },
    AuditReading { .name = "event_targets",
        .service = "events",
        .operation = "ListTargetsByRule",
        .iam_action = "events:ListTargetsByRule",
        .list_path = "Targets",
        .token_in = "NextToken",
        .token_out = "NextToken",
        .parent = "event_rules",
        .params = [](AuditPlace const&, std::span<Json const* const> parents) -> std::optional<JsonObject> {
            return JsonObject { { "Rule", text_at(*parents.front(), "Name") } };
        },
        .choose = that_carry_notices },
    sums_reading("event_failed_invocations", "event_rules", failed_invocations),
};

} // namespace

Registered make_event_rules() {
    return readings;
}

} // namespace convops::audit_inventory
