// 55: what an endpoint does not take is retried for a while and then dropped, unless a queue keeps it.
// https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html
#include "audit/alarm_nature.h"
#include "audit/fixes.h"
#include "audit/topic_words.h"

#include <array>
#include <map>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms", .whole = false },
    AuditNeed { .reading = "sns_topics", .whole = false },
    AuditNeed { .reading = "sns_subscriptions", .whole = false },
    AuditNeed { .reading = "sns_subscription_attributes", .whole = false } };

std::map<std::string, Json const*> attributes_by_arn(Estate const& estate, std::string const& region) {
    std::map<std::string, Json const*> found;
    for (auto const& item : estate.items("sns_subscription_attributes", region))
        found[text_at(item, "Attributes.SubscriptionArn")] = &item;
    return found;
}

AuditFix queue_fix(EstateSubscription const& subscription, EstateTopic const& topic, std::string const& region,
    std::string const& account) {
    std::string const name = "undelivered-alarms";
    auto const queue = "arn:aws:sqs:" + region + ":" + account + ":" + name;
    Json const policy { { "Version", "2012-10-17" },
        { "Statement",
            JsonArray { JsonObject { { "Effect", "Allow" }, { "Principal", { { "Service", "sns.amazonaws.com" } } },
                { "Action", "sqs:SendMessage" }, { "Resource", queue },
                { "Condition", { { "ArnEquals", { { "aws:SourceArn", topic.arn } } } } } } } } };
    AuditFix fix;
    fix.cli = cli_command("sqs", "create-queue",
                  { { "queue-name", name }, { "attributes", Json { { "Policy", to_text(policy) } } } }, region)
        + "\n"
        + cli_command("sns", "set-subscription-attributes",
            { { "subscription-arn", subscription.arn }, { "attribute-name", "RedrivePolicy" },
                { "attribute-value", to_text(Json { { "deadLetterTargetArn", queue } }) } },
            region);
    return fix;
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    std::vector<AuditJudgement> all;
    auto const& here = estate.in(region);
    auto const attributes = attributes_by_arn(estate, region);
    for (auto const* topic : topics_of_alarms(here))
        for (auto const* listener : confirmed(*topic)) {
            auto const found = attributes.find(listener->arn);
            if (found == attributes.end())
                continue; // a person's mailbox, or its call failed and the runner says so
            if (!text_at(*found->second, "Attributes.RedrivePolicy").empty()) {
                all.push_back(weighed(passes(region, listener->arn), topic->arn));
                continue;
            }
            all.push_back(weighed(
                fails(region, listener->arn,
                    "What " + shown_endpoint(*listener) + " does not take is dropped: it has no dead-letter queue.",
                    { field_of("sns:GetSubscriptionAttributes", *found->second, "Attributes.RedrivePolicy") },
                    queue_fix(*listener, *topic, region, estate.account->id)),
                topic->arn));
        }
    return all;
}

} // namespace

Registered make_alarm_subscription_has_dead_letter_queue() {
    return { .name = "alarm_subscription_has_dead_letter_queue",
        .number = 55,
        .category = AuditCategory::delivery,
        .severity = AuditSeverity::medium,
        .title = "Every program that receives alarms has a dead-letter queue",
        .matters = "When the webhook is down, the alarms that tell so are dropped with everything else.",
        .needs = needs,
        .judge = judge };
}

} // namespace convops::audit_checks
