// Web ACLs of the Region.
#include "audit/inventory_items.h"

#include <array>

namespace convops::audit_inventory {

namespace {

constexpr std::array readings {
    AuditReading { .name = "web_acls",
        .service = "wafv2",
        .operation = "ListWebACLs",
        .iam_action = "wafv2:ListWebACLs",
        .list_path = "WebACLs",
        .token_in = "NextMarker",
        .token_out = "NextMarker",
        .params = [](AuditPlace const&, std::span<Json const* const>) -> std::optional<JsonObject> {
            return JsonObject { { "Scope", "REGIONAL" }, { "Limit", 100 } };
        } },
    AuditReading { .name = "web_acl_logging",
        .service = "wafv2",
        .operation = "ListLoggingConfigurations",
        .iam_action = "wafv2:ListLoggingConfigurations",
        .list_path = "LoggingConfigurations",
        .token_in = "NextMarker",
        .token_out = "NextMarker",
        .params = [](AuditPlace const&, std::span<Json const* const>) -> std::optional<JsonObject> {
            return JsonObject { { "Scope", "REGIONAL" }, { "Limit", 100 } };
        } },
};

} // namespace

Registered make_waf() {
    return readings;
}

} // namespace convops::audit_inventory
