// SNS: topics, who is subscribed to them, and their attributes (policy, encryption key, delivery status logging).
#include "audit/inventory.h"

#include <array>

namespace convops::audit_inventory {

namespace {

std::optional<JsonObject> of_topic(AuditPlace const&, std::span<Json const* const> topics) {
    return JsonObject { { "TopicArn", text_at(*topics.front(), "TopicArn") } };
}

constexpr std::array readings {
    AuditReading { .name = "sns_topics",
        .service = "sns",
        .operation = "ListTopics",
        .iam_action = "sns:ListTopics",
        .list_path = "Topics",
        .token_in = "NextToken",
        .token_out = "NextToken" },
    AuditReading { .name = "sns_subscriptions",
        .service = "sns",
        .operation = "ListSubscriptions",
        .iam_action = "sns:ListSubscriptions",
        .list_path = "Subscriptions",
        .token_in = "NextToken",
        .token_out = "NextToken" },
    AuditReading { .name = "sns_topic_attributes",
        .service = "sns",
        .operation = "GetTopicAttributes",
        .iam_action = "sns:GetTopicAttributes",
        .parent = "sns_topics",
        .params = of_topic },
};

} // namespace

Registered make_sns() {
    return readings;
}

} // namespace convops::audit_inventory
