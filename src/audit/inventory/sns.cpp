// SNS: topics, who is subscribed to them, and their attributes (policy, encryption key, delivery status logging).
#include "audit/inventory_items.h"

#include <array>

namespace convops::audit_inventory {

namespace {

std::optional<JsonObject> of_topic(AuditPlace const&, std::span<Json const* const> topics) {
    return JsonObject { { "TopicArn", text_at(*topics.front(), "TopicArn") } };
}

std::vector<AuditResource> topics(AuditPlace const&, Json const& item) {
    auto const arn = text_at(item, "TopicArn");
    auto const name = after_last(arn, ':');
    return { monitored({ "sns:topic", name, arn, "AWS/SNS", { { "TopicName", name } } }, item, "", "") };
}

// Keys of AWS are the same for everybody and can not be asked for.
std::optional<JsonObject> key_policy(AuditPlace const&, std::span<Json const* const> attributes) {
    auto const key = text_at(*attributes.front(), "Attributes.KmsMasterKeyId");
    if (key.empty() || key.find("alias/aws/") != std::string::npos)
        return std::nullopt;
    return JsonObject { { "KeyId", key }, { "PolicyName", "default" } };
}

constexpr std::array readings {
    AuditReading { .name = "sns_topics",
        .service = "sns",
        .operation = "ListTopics",
        .iam_action = "sns:ListTopics",
        .list_path = "Topics",
        .token_in = "NextToken",
        .token_out = "NextToken",
        .resources = topics },
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
    AuditReading { .name = "sns_key_policies",
        .service = "kms",
        .operation = "GetKeyPolicy",
        .iam_action = "kms:GetKeyPolicy",
        .parent = "sns_topic_attributes",
        .params = key_policy },
};

} // namespace

Registered make_sns() {
    return readings;
}

} // namespace convops::audit_inventory
