// SNS topics: who is subscribed, which subscriptions are pending or gone, and which have no dead-letter queue. How
// many deliveries failed is a metric of the topic, which related_metrics reads. Addresses of people are never shown.
#include "evidence/answering.h"
#include "evidence/endpoints.h"

#include "base/text.h"

#include <array>

namespace convops {

namespace {

constexpr std::array iam_actions {
    IamAction { "sns:ListSubscriptionsByTopic", "who is subscribed to the topic" },
    IamAction { "sns:GetTopicAttributes", "which subscriptions of the topic are pending or gone" },
    IamAction { "sns:GetSubscriptionAttributes", "where failed deliveries go" },
};

constexpr SourceCard the_card {
    .name = "sns_delivery",
    .says = "SNS topics: subscriptions that are pending or gone, dead-letter queues, who gets the messages.",
    .iam_actions = iam_actions,
    .stage = SourceStage::map,
};

constexpr std::size_t most_topics = 3;
constexpr std::size_t most_subscriptions_read = 10;

// Only what belongs to the account's own systems: an e-mail address or a telephone number is a person.
std::optional<Resource> target_of(Json const& subscription) {
    auto const protocol = text_at(subscription, "Protocol");
    auto const endpoint = text_at(subscription, "Endpoint");
    if (protocol == "lambda" || protocol == "sqs")
        return resource_from_arn(endpoint);
    return protocol == "http" || protocol == "https" ? resource_of_endpoint(endpoint) : std::nullopt;
}

bool is_pending(std::string_view arn) {
    return arn == "PendingConfirmation" || arn == "pending confirmation";
}

} // namespace

// https://docs.aws.amazon.com/sns/latest/api/API_Subscription.html
std::vector<Fact> sns_subscription_facts(JsonArray const& subscriptions) {
    std::vector<Fact> facts;
    std::map<Resource, std::map<std::string, int>> pending;
    for (auto const& subscription : subscriptions) {
        auto const topic = resource_from_arn(text_at(subscription, "TopicArn"));
        if (!topic || topic->type != "sns:topic")
            continue;
        auto const protocol = shown(text_at(subscription, "Protocol"), 20);
        if (is_pending(text_at(subscription, "SubscriptionArn"))) {
            ++pending[*topic][protocol];
            continue;
        }
        if (auto const target = target_of(subscription))
            facts.push_back(dependency_fact(*topic, *target, "subscription (" + protocol + ")", {}));
    }
    for (auto const& [topic, protocols] : pending)
        for (auto const& [protocol, count] : protocols)
            facts.push_back(fact_about(topic, {},
                std::to_string(count) + " subscription(s) of " + topic.display() + " by " + protocol
                    + " were never confirmed, so nothing is delivered to them.",
                StateFact {
                    topic, StateHealth::unknown, { { "pending", std::to_string(count) }, { "protocol", protocol } } },
                { { "pending", count }, { "protocol", protocol } }));
    return facts;
}

// https://docs.aws.amazon.com/sns/latest/api/API_GetTopicAttributes.html
std::optional<Fact> sns_topic_fact(Resource const& topic, Json const& answer) {
    auto const* attributes = find(answer, "Attributes");
    if (attributes == nullptr)
        return std::nullopt;
    auto const confirmed = number_at(*attributes, "SubscriptionsConfirmed").value_or(0);
    auto const pending = number_at(*attributes, "SubscriptionsPending").value_or(0);
    auto const deleted = number_at(*attributes, "SubscriptionsDeleted").value_or(0);
    StateFact state { topic, confirmed > 0 ? StateHealth::healthy : StateHealth::degraded,
        { { "confirmed", format_number(confirmed) }, { "pending", format_number(pending) },
            { "deleted", format_number(deleted) } } };
    return fact_about(topic, {},
        topic.display() + " has " + format_number(confirmed) + " confirmed, " + format_number(pending)
            + " pending and " + format_number(deleted) + " deleted subscriptions.",
        std::move(state), { { "confirmed", confirmed }, { "pending", pending }, { "deleted", deleted } });
}

// https://docs.aws.amazon.com/sns/latest/api/API_GetSubscriptionAttributes.html
std::vector<Fact> sns_redrive_facts(Json const& subscription, Json const& answer) {
    auto const topic = resource_from_arn(text_at(subscription, "TopicArn"));
    auto const* attributes = find(answer, "Attributes");
    auto const target = target_of(subscription);
    if (!topic || topic->type != "sns:topic" || attributes == nullptr)
        return {};
    auto const name = target ? target->display() : shown(text_at(subscription, "Protocol"), 20);
    // The policy is JSON in a text. https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html
    auto const policy = parse_json(text_at(*attributes, "RedrivePolicy", "{}"), { .bytes = 4096, .depth = 8 });
    if (auto const dead = policy ? resource_from_arn(text_at(*policy, "deadLetterTargetArn")) : std::nullopt)
        return { dependency_fact(*topic, *dead, "dead-letter queue of the subscription of " + name, {}) };
    return { fact_about(*topic, {},
        "What " + topic->display() + " can not deliver to " + name
            + " is lost: the subscription has no dead-letter queue.",
        StateFact { *topic, StateHealth::unknown, { { "dead_letter_queue", "none" }, { "subscription", name } } },
        { { "subscription", name }, { "dead_letter_queue", nullptr } }) };
}

namespace {

void look_at_topics(Answering& answering, std::vector<Resource> const& topics) {
    auto const& question = answering.question();
    std::vector<PagedRead> reads;
    std::vector<AwsCall> calls;
    for (auto const& topic : topics) {
        auto const arn = topic.arn.empty() ? own_arn(question, "sns", topic.name) : topic.arn;
        reads.push_back({ call_of("sns", "ListSubscriptionsByTopic", { { "TopicArn", arn } }), "Subscriptions",
            "NextToken", "NextToken", 1 });
        calls.push_back(call_of("sns", "GetTopicAttributes", { { "TopicArn", arn } }));
    }
    auto const lists = answering.read_lists(reads);
    std::vector<Json> subscriptions;
    for (std::size_t i = 0; i < lists.size(); ++i) {
        answering.add(sns_subscription_facts(lists[i]), reads[i].call);
        for (auto const& subscription : lists[i])
            if (auto const arn = text_at(subscription, "SubscriptionArn");
                arn.starts_with("arn:") && subscriptions.size() < reach(question.depth, most_subscriptions_read)) {
                subscriptions.push_back(subscription);
                calls.push_back(call_of("sns", "GetSubscriptionAttributes", { { "SubscriptionArn", arn } }));
            }
    }
    auto const answers = answering.read_all(calls);
    for (std::size_t i = 0; i < answers.size(); ++i) {
        if (!answers[i])
            continue;
        if (i >= topics.size())
            answering.add(sns_redrive_facts(subscriptions[i - topics.size()], *answers[i]), calls[i]);
        else if (auto fact = sns_topic_fact(topics[i], *answers[i]))
            answering.add(*std::move(fact), calls[i]);
    }
}

Answer collect(Question const& question, Aws& aws) {
    Answering answering(the_card, question, aws);
    auto const topics = near_of_type(question, "sns:topic", most_topics);
    if (!topics.empty())
        look_at_topics(answering, topics);
    return answering.take();
}

} // namespace

sources::Registered make_sns_delivery() {
    return { &the_card, collect };
}

} // namespace convops
