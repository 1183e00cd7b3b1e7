// Step Functions state machines.
#include "audit/inventory_items.h"

#include <array>

namespace convops::audit_inventory {

namespace {

std::vector<AuditResource> machines(AuditPlace const&, Json const& item) {
    auto const arn = text_at(item, "stateMachineArn");
    return { monitored({ "states:machine", text_at(item, "name"), arn, "AWS/States", { { "StateMachineArn", arn } } },
        item, "creationDate", "") };
}

constexpr std::array readings {
    AuditReading { .name = "state_machines",
        .service = "states",
        .operation = "ListStateMachines",
        .iam_action = "states:ListStateMachines",
        .list_path = "stateMachines",
        .token_in = "nextToken",
        .token_out = "nextToken",
        .params = [](AuditPlace const&, std::span<Json const* const>) -> std::optional<JsonObject> {
            return JsonObject { { "maxResults", 1000 } };
        },
        .resources = machines },
    AuditReading { .name = "state_machine_logging",
        .service = "states",
        .operation = "DescribeStateMachine",
        .iam_action = "states:DescribeStateMachine",
        .parent = "state_machines",
        .params = [](AuditPlace const&, std::span<Json const* const> parents) -> std::optional<JsonObject> {
            return JsonObject { { "stateMachineArn", text_at(*parents.front(), "stateMachineArn") } };
        } },
};

} // namespace

Registered make_step_functions() {
    return readings;
}

} // namespace convops::audit_inventory
