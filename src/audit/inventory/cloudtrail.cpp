// CloudTrail: trails as this Region sees them, and whether they record.
#include "audit/inventory_items.h"

#include <array>

namespace convops::audit_inventory {

namespace {

constexpr std::array readings {
    AuditReading { .name = "cloudtrail_trails",
        .service = "cloudtrail",
        .operation = "DescribeTrails",
        .iam_action = "cloudtrail:DescribeTrails",
        .list_path = "trailList" },
    AuditReading { .name = "cloudtrail_trail_status",
        .service = "cloudtrail",
        .operation = "GetTrailStatus",
        .iam_action = "cloudtrail:GetTrailStatus",
        .parent = "cloudtrail_trails",
        .params = [](AuditPlace const&, std::span<Json const* const> parents) -> std::optional<JsonObject> {
            return JsonObject { { "Name", text_at(*parents.front(), "TrailARN") } };
        } },
    AuditReading { .name = "cloudtrail_event_selectors",
        .service = "cloudtrail",
        .operation = "GetEventSelectors",
        .iam_action = "cloudtrail:GetEventSelectors",
        .parent = "cloudtrail_trails",
        .params = [](AuditPlace const&, std::span<Json const* const> parents) -> std::optional<JsonObject> {
            return JsonObject { { "TrailName", text_at(*parents.front(), "TrailARN") } };
        } },
};

} // namespace

Registered make_cloudtrail() {
    return readings;
}

} // namespace convops::audit_inventory
