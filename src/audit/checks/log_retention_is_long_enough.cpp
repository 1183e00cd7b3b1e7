// 62: an intrusion is found months after it began; the logs of its beginning should still be there.
#include "audit/alarm_nature.h"
#include "audit/fixes.h"
#include "audit/log_groups.h"
#include "audit/metric_filters.h"
#include "audit/topic_words.h"

#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "log_groups", .whole = false },
    AuditNeed { .reading = "cloudtrail_trails", .whole = false } };

AuditFix keep(AuditLogGroup const& group, std::int64_t days, std::string const& region) {
    AuditFix fix;
    fix.cli = cli_command(
        "logs", "put-retention-policy", { { "log-group-name", group.name }, { "retention-in-days", days } }, region);
    auto const what = "log group " + group.name;
    fix.cloudformation = cloudformation_resource(identifier_of(what, ""), "AWS::Logs::LogGroup",
        { { "LogGroupName", group.name }, { "RetentionInDays", days } }, true);
    auto const id = identifier_of(what, "_");
    fix.terraform = terraform_import("aws_cloudwatch_log_group", id, group.name)
        + terraform_resource(
            "aws_cloudwatch_log_group", id, { { "name", group.name }, { "retention_in_days", days } });
    return fix;
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    constexpr std::int64_t audit_days = 365, other_days = 14;
    std::vector<AuditJudgement> all;
    auto const trails = trail_groups(estate, region);
    for (auto const& group : log_groups_in(estate, region)) {
        if (!group.days)
            continue; // log_group_expires says that
        bool const is_audit = is_audit_log(group, trails);
        auto const wanted = is_audit ? audit_days : other_days;
        if (*group.days >= wanted) {
            all.push_back(weighed(passes(region, group.name), group.name));
            continue;
        }
        all.push_back(
            weighed(fails(region, group.name,
                        std::string(is_audit ? "It is an audit log and is kept for " : "It is kept for ")
                            + std::to_string(*group.days) + (*group.days == 1 ? " day" : " days") + " only.",
                        { field_of("logs:DescribeLogGroups", *group.item, "retentionInDays") },
                        keep(group, is_audit ? audit_days : 30, region)),
                group.name));
    }
    return all;
}

} // namespace

Registered make_log_retention_is_long_enough() {
    return { .name = "log_retention_is_long_enough",
        .number = 62,
        .category = AuditCategory::logs,
        .severity = AuditSeverity::medium,
        .title = "Audit logs are kept for a year, all others for two weeks",
        .matters = "What has expired can not be read when an incident is investigated.",
        .needs = needs,
        .judge = judge };
}

} // namespace convops::audit_checks
