// SNS: topics, who is subscribed to them, and their attributes (policy, encryption key, delivery status logging).
#include "audit/inventory_items.h"
#include "audit/metric_sums.h"

#include <algorithm>
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

// Only what SNS delivers to programs can have a dead-letter queue that is worth asking for; who has not confirmed has
// no attributes.
std::vector<std::size_t> to_programs(JsonArray const& subscriptions) {
    constexpr std::array<std::string_view, 5> protocols { "http", "https", "lambda", "sqs", "firehose" };
    std::vector<std::size_t> chosen;
    for (std::size_t i = 0; i < subscriptions.size(); ++i)
        if (text_at(subscriptions[i], "SubscriptionArn").starts_with("arn:")
            && std::find(protocols.begin(), protocols.end(), text_at(subscriptions[i], "Protocol"))
                != protocols.end())
            chosen.push_back(i);
    return chosen;
}

std::optional<JsonObject> of_subscription(AuditPlace const&, std::span<Json const* const> subscriptions) {
    return JsonObject { { "SubscriptionArn", text_at(*subscriptions.front(), "SubscriptionArn") } };
}

std::optional<JsonObject> failed_notifications(AuditPlace const& place, std::span<Json const* const> asked) {
    std::vector<MetricId> metrics;
    for (auto const* topic : asked)
        metrics.push_back({ "AWS/SNS", "NumberOfNotificationsFailed",
            { { "TopicName", std::string(after_last(text_at(*topic, "TopicArn"), ':')) } } });
    return sum_queries(metrics, place.now);
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
    AuditReading { .name = "sns_subscription_attributes",
        .service = "sns",
        .operation = "GetSubscriptionAttributes",
        .iam_action = "sns:GetSubscriptionAttributes",
        .parent = "sns_subscriptions",
        .params = of_subscription,
        .most_calls = 1'000,
        .choose = to_programs },
    sums_reading("sns_failed_notifications", "sns_topics", failed_notifications),
};

} // namespace

Registered make_sns() {
    return readings;
}

} // namespace convops::audit_inventory
