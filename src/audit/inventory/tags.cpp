// The tags of everything that has any, in one paginated list.
#include "audit/inventory_items.h"

#include <array>

namespace convops::audit_inventory {

namespace {

constexpr std::array readings {
    AuditReading { .name = "tags",
        .service = "tagging",
        .operation = "GetResources",
        .iam_action = "tag:GetResources",
        .list_path = "ResourceTagMappingList",
        .token_in = "PaginationToken",
        .token_out = "PaginationToken",
        .params = [](AuditPlace const&, std::span<Json const* const>) -> std::optional<JsonObject> {
            return JsonObject { { "ResourcesPerPage", 100 } };
        },
        .most_pages = 300 },
};

} // namespace

Registered make_tags() {
    return readings;
}

} // namespace convops::audit_inventory
