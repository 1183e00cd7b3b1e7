// 53: one mailbox is one person on holiday.
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
        auto const listeners = confirmed(*topic);
        if (listeners.empty())
            continue; // said elsewhere
        auto const& only = *listeners.front();
        bool const is_person
            = only.protocol == "sms" || (only.protocol.starts_with("email") && !is_shared_mailbox(only.endpoint));
        if (listeners.size() > 1 || !is_person) {
            all.push_back(weighed(passes(region, topic->arn), topic->arn));
            continue;
        }
        all.push_back(
            weighed(fails(region, topic->arn,
                        "It reaches one person only, " + shown_endpoint(only) + " by " + only.protocol + ".",
                        { { "sns:ListSubscriptions", "Endpoint", Json(shown_endpoint(only)) } },
                        subscription_fix(topic->arn, region)),
                topic->arn));
    }
    return all;
}

} // namespace

Registered make_topic_reaches_more_than_one_person() {
    return { .name = "topic_reaches_more_than_one_person",
        .number = 53,
        .category = AuditCategory::delivery,
        .severity = AuditSeverity::medium,
        .title = "No alarm topic ends in a single person's mailbox",
        .matters = "When that person sleeps, travels or has left, nobody is told.",
        .needs = needs,
        .judge = judge };
}

} // namespace convops::audit_checks
