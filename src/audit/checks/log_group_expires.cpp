// 61: by default a log group keeps everything for ever.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html
#include "audit/alarm_nature.h"
#include "audit/fixes.h"
#include "audit/log_groups.h"
#include "audit/topic_words.h"

#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "log_groups", .whole = false } };

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    std::vector<AuditJudgement> all;
    for (auto const& group : log_groups_in(estate, region)) {
        // A group of class DELIVERY has a fixed retention of its own.
        // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch_Logs_Log_Classes.html
        if (group.days || text_at(*group.item, "logGroupClass") == "DELIVERY") {
            all.push_back(weighed(passes(region, group.name), group.name));
            continue;
        }
        all.push_back(weighed(fails(region, group.name,
                                  group.stored_bytes < 1 ? std::string("It keeps what it will hold for ever.")
                                                         : "It keeps its logs for ever: "
                                          + storage_words(group.stored_bytes) + " and growing.",
                                  { field_of("logs:DescribeLogGroups", *group.item, "retentionInDays"),
                                      field_of("logs:DescribeLogGroups", *group.item, "storedBytes") },
                                  expiry_fix(group, region)),
            group.name));
    }
    return all;
}

} // namespace

Registered make_log_group_expires() {
    return { .name = "log_group_expires",
        .number = 61,
        .category = AuditCategory::logs,
        .severity = AuditSeverity::medium,
        .title = "Every log group has a retention",
        .matters = "Logs that never expire cost more every month, and keep personal data longer than anybody may.",
        .needs = needs,
        .judge = judge };
}

} // namespace convops::audit_checks
