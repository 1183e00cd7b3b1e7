// 54: SNS tried and gave up. The message is gone.
// https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html
#include "audit/alarm_nature.h"
#include "audit/metric_sums.h"
#include "audit/topic_words.h"
#include "base/text.h"

#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms", .whole = false },
    AuditNeed { .reading = "sns_topics", .whole = false },
    AuditNeed { .reading = "sns_failed_notifications", .whole = false } };

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    std::vector<AuditJudgement> all;
    auto const& here = estate.in(region);
    auto const sums = metric_sums(estate, "sns_failed_notifications", region);
    auto const& failed_for = estate.account->listing("sns_failed_notifications", region).failed_for;
    auto const used = alarm_topics(here);
    for (std::size_t i = 0; i < here.topics.size(); ++i) {
        auto const& topic = here.topics[i];
        if (!used.contains(topic.arn) || failed_for.contains(i))
            continue;
        auto const found = sums.find(i);
        if (found == sums.end() || found->second.sum <= 0) {
            all.push_back(weighed(passes(region, topic.arn), topic.arn));
            continue;
        }
        all.push_back(
            weighed(fails(region, topic.arn,
                        format_number(found->second.sum) + " notifications failed in the last 30 days, the last on "
                            + format_time(found->second.newest).substr(0, 10) + ".",
                        { { "cloudwatch:GetMetricData", "NumberOfNotificationsFailed", found->second.sum } }),
                topic.arn));
    }
    return all;
}

} // namespace

Registered make_topic_delivers() {
    return { .name = "topic_delivers",
        .number = 54,
        .category = AuditCategory::delivery,
        .severity = AuditSeverity::medium,
        .title = "No alarm topic failed to deliver in the last 30 days",
        .matters = "Each failed notification is an alarm that did not reach its endpoint.",
        .needs = needs,
        .judge = judge };
}

} // namespace convops::audit_checks
