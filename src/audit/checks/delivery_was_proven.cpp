// 60: the only proof that an alarm arrives is one that arrived. Offered: a test message.
#include "audit/alarm_nature.h"
#include "audit/fixes.h"
#include "audit/state_changes.h"
#include "audit/topic_words.h"

#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms", .whole = false },
    AuditNeed { .reading = "sns_topics", .whole = false },
    AuditNeed { .reading = "cloudwatch_alarm_history", .whole = false } };

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    std::vector<AuditJudgement> all;
    auto const delivered = delivered_to(estate, region);
    for (auto const* topic : topics_of_alarms(estate.in(region))) {
        if (delivered.contains(topic->arn)) {
            all.push_back(passes(region, topic->arn));
            continue;
        }
        AuditFix fix;
        fix.cli = "# Whoever is on call should say that it came.\n"
            + cli_command("sns", "publish",
                { { "topic-arn", topic->arn }, { "subject", "Test of the alarm path" },
                    { "message", "This is a test. Please confirm that it reached you." } },
                region);
        all.push_back(fails(region, topic->arn,
            "No alarm went through it in the last 14 days: whether it arrives is not proven.",
            { { "cloudwatch:DescribeAlarmHistory", "HistorySummary", nullptr } }, std::move(fix)));
    }
    return all;
}

} // namespace

Registered make_delivery_was_proven() {
    return { .name = "delivery_was_proven",
        .number = 60,
        .category = AuditCategory::delivery,
        .severity = AuditSeverity::information,
        .title = "Every alarm topic has carried an alarm or a test lately",
        .matters = "A path that was never walked may end anywhere; a test message takes a minute.",
        .needs = needs,
        .judge = judge };
}

} // namespace convops::audit_checks
