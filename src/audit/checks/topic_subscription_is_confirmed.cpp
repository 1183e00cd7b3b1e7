// 51: somebody was to be subscribed and never clicked. SNS drops an unconfirmed subscription after 48 hours.
// https://docs.aws.amazon.com/sns/latest/dg/SendMessageToHttp.confirm.html
#include "audit/alarm_nature.h"
#include "audit/topic_fixes.h"
#include "audit/topic_words.h"

#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms", .whole = false },
    AuditNeed { .reading = "sns_topics", .whole = false }, AuditNeed { .reading = "sns_subscriptions" } };

// Subscribing again sends the confirmation again. An endpoint may hold a key, so the fix names a mailbox to fill in.
AuditFix ask_again(EstateTopic const& topic, std::string const& region) {
    auto fix = subscription_fix(topic.arn, region);
    fix.cli = "# Subscribing again sends the confirmation again; open the link in it.\n" + fix.cli;
    return fix;
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    std::vector<AuditJudgement> all;
    for (auto const* topic : topics_of_alarms(estate.in(region))) {
        if (topic->subscriptions.empty())
            continue; // topic_has_subscription says that
        if (!confirmed(*topic).empty()) {
            all.push_back(weighed(passes(region, topic->arn), topic->arn));
            continue;
        }
        auto const& waiting = topic->subscriptions.front();
        auto const count = topic->subscriptions.size();
        all.push_back(weighed(
            fails(region, topic->arn,
                count == 1 ? "Its only subscription, " + shown_endpoint(waiting) + ", was never confirmed."
                           : "None of its " + std::to_string(count) + " subscriptions was ever confirmed.",
                { { "sns:ListSubscriptions", "SubscriptionArn", Json(waiting.arn) } }, ask_again(*topic, region)),
            topic->arn));
    }
    return all;
}

} // namespace

Registered make_topic_subscription_is_confirmed() {
    return { .name = "topic_subscription_is_confirmed",
        .number = 51,
        .category = AuditCategory::delivery,
        .severity = AuditSeverity::high,
        .title = "Every alarm topic has a confirmed subscription",
        .matters = "Nothing is sent to who has not confirmed: on paper somebody is told, in truth nobody.",
        .needs = needs,
        .judge = judge };
}

} // namespace convops::audit_checks
