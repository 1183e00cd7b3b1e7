// 50: a topic without subscriptions swallows what alarms send to it.
#include "audit/alarm_nature.h"
#include "audit/topic_fixes.h"
#include "audit/topic_words.h"

#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms", .whole = false },
    AuditNeed { .reading = "sns_topics", .whole = false }, AuditNeed { .reading = "sns_subscriptions" } };

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    std::vector<AuditJudgement> all;
    for (auto const* topic : topics_of_alarms(estate.in(region))) {
        if (!topic->subscriptions.empty()) {
            all.push_back(weighed(passes(region, topic->arn), topic->arn));
            continue;
        }
        all.push_back(weighed(
            fails(region, topic->arn, "Alarms send to this topic and nobody is subscribed to it.",
                { { "sns:ListSubscriptions", "Subscriptions", JsonArray {} } }, subscription_fix(topic->arn, region)),
            topic->arn));
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
