// SQS: queues and their attributes; a dead-letter queue is one that another names in its redrive policy.
#include "audit/inventory_items.h"

#include <array>

namespace convops::audit_inventory {

namespace {

std::vector<AuditResource> queues(AuditPlace const&, Json const& item) {
    auto const arn = text_at(item, "Attributes.QueueArn");
    auto const name = after_last(arn, ':');
    if (name.empty())
        return {};
    return { monitored(
        { "sqs:queue", name, arn, "AWS/SQS", { { "QueueName", name } } }, item, "Attributes.CreatedTimestamp", "") };
}

constexpr std::array readings {
    AuditReading { .name = "sqs_queue_urls",
        .service = "sqs",
        .operation = "ListQueues",
        .iam_action = "sqs:ListQueues",
        .list_path = "QueueUrls",
        .token_in = "NextToken",
        .token_out = "NextToken",
        .params = [](AuditPlace const&, std::span<Json const* const>) -> std::optional<JsonObject> {
            return JsonObject { { "MaxResults", 1000 } };
        } },
    AuditReading { .name = "sqs_queues",
        .service = "sqs",
        .operation = "GetQueueAttributes",
        .iam_action = "sqs:GetQueueAttributes",
        .parent = "sqs_queue_urls",
        .params = [](AuditPlace const&, std::span<Json const* const> parents) -> std::optional<JsonObject> {
            return JsonObject { { "QueueUrl", plain(*parents.front()) }, { "AttributeNames", JsonArray { "All" } } };
        },
        .resources = queues },
};

} // namespace

Registered make_sqs() {
    return readings;
}

} // namespace convops::audit_inventory
