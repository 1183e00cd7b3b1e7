// 50: a topic without subscriptions swallows what alarms send to it.
#include "audit/fixes.h"
#include "audit/judging.h"

#include <array>
#include <set>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms", .whole = false },
    AuditNeed { .reading = "sns_topics", .whole = false }, AuditNeed { .reading = "sns_subscriptions" } };

AuditFix subscribe(std::string const& topic, std::string const& region) {
    AuditFix fix;
    fix.cli = cli_command("sns", "subscribe",
        { { "topic-arn", topic }, { "protocol", "email" }, { "notification-endpoint", on_call_mailbox.text } },
        region);
    auto const id = identifier_of("subscription of " + topic, "");
    fix.cloudformation = cloudformation_resource(id, "AWS::SNS::Subscription",
        { { "TopicArn", topic }, { "Protocol", "email" }, { "Endpoint", on_call_mailbox.text } });
    fix.terraform = terraform_resource("aws_sns_topic_subscription", identifier_of("subscription of " + topic, "_"),
        { { "topic_arn", topic }, { "protocol", "email" }, { "endpoint", on_call_mailbox.text } });
    return fix;
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    std::vector<AuditJudgement> all;
    auto const& here = estate.in(region);
    std::set<std::string> used;
    for (auto const& alarm : here.alarms)
        for (auto const* actions : { &alarm.alarm_actions, &alarm.ok_actions, &alarm.insufficient_data_actions })
            used.insert(actions->begin(), actions->end());
    for (auto const& topic : here.topics) {
        if (!used.contains(topic.arn))
            continue;
        if (!topic.subscriptions.empty()) {
            all.push_back(passes(region, topic.arn));
            continue;
        }
        all.push_back(fails(region, topic.arn, "Alarms send to this topic and nobody is subscribed to it.",
            { { "sns:ListSubscriptions", "Subscriptions", JsonArray {} } }, subscribe(topic.arn, region)));
    }
    return all;
}

} // namespace

Registered make_topic_has_subscription() {
    return { .name = "topic_has_subscription",
        .number = 50,
        .category = AuditCategory::delivery,
        .severity = AuditSeverity::high,
        .title = "Every alarm topic has a subscription",
        .matters = "What is sent to a topic without subscriptions is lost without a trace.",
        .needs = needs,
        .judge = judge };
}

} // namespace convops::audit_checks
