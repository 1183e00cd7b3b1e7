// DynamoDB tables with their capacity and indexes.
#include "audit/inventory_items.h"

#include <array>

namespace convops::audit_inventory {

namespace {

std::vector<AuditResource> tables(AuditPlace const&, Json const& item) {
    auto const name = text_at(item, "Table.TableName");
    return { monitored(
        { "dynamodb:table", name, text_at(item, "Table.TableArn"), "AWS/DynamoDB", { { "TableName", name } } }, item,
        "Table.CreationDateTime", "") };
}

constexpr std::array readings {
    AuditReading { .name = "dynamodb_table_names",
        .service = "dynamodb",
        .operation = "ListTables",
        .iam_action = "dynamodb:ListTables",
        .list_path = "TableNames",
        .token_in = "ExclusiveStartTableName",
        .token_out = "LastEvaluatedTableName" },
    AuditReading { .name = "dynamodb_tables",
        .service = "dynamodb",
        .operation = "DescribeTable",
        .iam_action = "dynamodb:DescribeTable",
        .parent = "dynamodb_table_names",
        .params = [](AuditPlace const&, std::span<Json const* const> parents) -> std::optional<JsonObject> {
            return JsonObject { { "TableName", plain(*parents.front()) } };
        },
        .resources = tables },
};

} // namespace

Registered make_dynamodb() {
    return readings;
}

} // namespace convops::audit_inventory
