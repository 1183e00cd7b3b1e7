// EventBridge rules of the default bus and their targets.
#include "audit/inventory_items.h"

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
        } },
};

} // namespace

Registered make_event_rules() {
    return readings;
}

} // namespace convops::audit_inventory
