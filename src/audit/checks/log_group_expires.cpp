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

constexpr int year = 365; // long enough for audits; whoever needs less sets less

// A retention removes what is older. A year is the shortest that no common rule for logs forbids, and the reader is
// told.
AuditFix keep_a_year(AuditLogGroup const& group, std::string const& region) {
    AuditFix fix;
    fix.cli = "# Log lines older than the retention are removed; export them first if they are needed.\n"
        + cli_command("logs", "put-retention-policy",
            { { "log-group-name", group.name }, { "retention-in-days", year } }, region);
    auto const what = "log group " + group.name;
    fix.cloudformation = cloudformation_resource(identifier_of(what, ""), "AWS::Logs::LogGroup",
        { { "LogGroupName", group.name }, { "RetentionInDays", year } }, true);
    auto const id = identifier_of(what, "_");
    fix.terraform = terraform_import("aws_cloudwatch_log_group", id, group.name)
        + terraform_resource(
            "aws_cloudwatch_log_group", id, { { "name", group.name }, { "retention_in_days", year } });
    return fix;
}

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
                                  keep_a_year(group, region)),
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
