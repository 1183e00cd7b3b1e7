// 59: somebody tried another Region, it stayed, and nobody watches it.
#include "audit/alarm_nature.h"
#include "audit/also.h"
#include "audit/topic_fixes.h"

#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms" }, AuditNeed { .reading = "sns_topics" } };

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    auto const& here = estate.in(region);
    if (here.resources.empty())
        return {};
    if (!here.alarms.empty() && !here.topics.empty())
        return { passes(region, "") };
    auto const count
        = std::to_string(here.resources.size()) + (here.resources.size() == 1 ? " resource" : " resources");
    return { fails(region, "",
        here.alarms.empty() ? "It has " + count + " and not one alarm."
                            : "It has " + count + " and no topic that could tell anybody.",
        { here.alarms.empty() ? AuditEvidence { "cloudwatch:DescribeAlarms", "MetricAlarms", JsonArray {} }
                              : AuditEvidence { "sns:ListTopics", "Topics", JsonArray {} } },
        here.topics.empty() ? new_topic_fix("alarms", region) : AuditFix {}) };
}

} // namespace

Registered make_region_in_use_has_alarms_and_a_topic() {
    return { .name = "region_in_use_has_alarms_and_a_topic",
        .number = 59,
        .category = AuditCategory::delivery,
        .severity = AuditSeverity::medium,
        .title = "Every Region in use has alarms and a topic",
        .matters = "Alarms and topics are of one Region: what runs in a Region without them runs unseen.",
        .needs = needs,
        .also = also::resources,
        .judge = judge };
}

} // namespace convops::audit_checks
