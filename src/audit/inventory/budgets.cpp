// Budgets of the account.
#include "audit/inventory_items.h"

#include <array>

namespace convops::audit_inventory {

namespace {

constexpr std::array readings {
    AuditReading { .name = "budgets",
        .service = "budgets",
        .operation = "DescribeBudgets",
        .iam_action = "budgets:ViewBudget",
        .list_path = "Budgets",
        .token_in = "NextToken",
        .token_out = "NextToken",
        .place = ReadingPlace::global,
        .params = [](AuditPlace const& place, std::span<Json const* const>) -> std::optional<JsonObject> {
            return JsonObject { { "AccountId", place.account }, { "MaxResults", 100 } };
        } },
};

} // namespace

Registered make_budgets() {
    return readings;
}

} // namespace convops::audit_inventory
