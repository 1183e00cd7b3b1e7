// 67: what writes no log can not be asked why.
#include "audit/alarm_nature.h"
#include "audit/fixes.h"
#include "audit/log_groups.h"
#include "audit/metric_sums.h"
#include "audit/topic_words.h"
#include "base/text.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "log_groups" },
    AuditNeed { .reading = "lambda_functions", .whole = false },
    AuditNeed { .reading = "lambda_invocations", .whole = false },
    AuditNeed { .reading = "ecs_services", .whole = false },
    AuditNeed { .reading = "ecs_task_definitions", .whole = false },
    AuditNeed { .reading = "rest_api_stages", .whole = false },
    AuditNeed { .reading = "http_api_stages", .whole = false } };

AuditFix new_group(std::string const& group, std::string const& region) {
    AuditFix fix;
    fix.cli = "# Its role also needs logs:CreateLogStream and logs:PutLogEvents.\n"
        + cli_command("logs", "create-log-group", { { "log-group-name", group } }, region);
    auto const what = "log group " + group;
    fix.cloudformation = cloudformation_resource(
        identifier_of(what, ""), "AWS::Logs::LogGroup", { { "LogGroupName", group }, { "RetentionInDays", 365 } });
    fix.terraform = terraform_resource(
        "aws_cloudwatch_log_group", identifier_of(what, "_"), { { "name", group }, { "retention_in_days", 365 } });
    return fix;
}

void judge_functions(Estate const& estate, std::string const& region, std::set<std::string> const& groups,
    std::vector<AuditJudgement>& all) {
    auto const invocations = metric_sums(estate, "lambda_invocations", region);
    auto const& functions = estate.items("lambda_functions", region);
    for (std::size_t i = 0; i < functions.size(); ++i) {
        auto const& function = functions[i];
        auto const name = text_at(function, "FunctionName");
        auto const arn = text_at(function, "FunctionArn", name);
        auto const group = log_group_of_function(function);
        if (groups.contains(group)) {
            all.push_back(weighed(passes(region, arn), name));
            continue;
        }
        // Lambda makes the group with the first line, so one that never ran has none yet: that weighs little.
        auto const runs = invocations.find(i);
        bool const ran = runs != invocations.end() && runs->second.sum > 0;
        auto finding = fails(region, arn,
            ran ? "It runs, and its log group " + group + " does not exist: its role may not write logs."
                : "Its log group " + group + " does not exist: it never ran, or its role may not write logs.",
            { { "logs:DescribeLogGroups", "logGroupName", nullptr } }, new_group(group, region));
        finding = weighed(std::move(finding), name);
        if (!ran)
            finding.weight = std::min(finding.weight, sandbox_weight);
        all.push_back(std::move(finding));
    }
}

// The container's complaint; empty: it logs.
std::string complaint_about(Json const& container, std::set<std::string> const& groups) {
    auto const driver = text_at(container, "logConfiguration.logDriver");
    auto const name = text_at(container, "name");
    if (driver.empty())
        return "Its container " + name + " has no log configuration: what it prints is lost with the task.";
    if (driver != "awslogs")
        return ""; // Firelens and other drivers carry the lines elsewhere
    auto const* options = find(container, "logConfiguration.options");
    if (options == nullptr || !options->is_object())
        return "";
    // The options' names hold hyphens, not dots, so a path finds them.
    auto const group = text_at(*options, "awslogs-group");
    if (groups.contains(group) || text_at(*options, "awslogs-create-group") == "true")
        return "";
    return "Its container " + name + " writes to the log group " + group + ", which does not exist.";
}

void judge_tasks(Estate const& estate, std::string const& region, std::set<std::string> const& groups,
    std::vector<AuditJudgement>& all) {
    std::map<std::string, Json const*> definitions;
    for (auto const& item : estate.items("ecs_task_definitions", region))
        definitions[text_at(item, "taskDefinition.taskDefinitionArn")] = &item;
    for (auto const& service : estate.items("ecs_services", region)) {
        auto const found = definitions.find(text_at(service, "taskDefinition"));
        if (found == definitions.end())
            continue;
        std::string complaint;
        for (auto const& container : list_at(*found->second, "taskDefinition.containerDefinitions"))
            if (complaint.empty() && flag_at(container, "essential", true))
                complaint = complaint_about(container, groups);
        auto const name = text_at(service, "serviceName");
        auto const arn = text_at(service, "serviceArn", name);
        if (complaint.empty())
            all.push_back(weighed(passes(region, arn), name));
        else
            all.push_back(
                weighed(fails(region, arn, complaint,
                            { { "ecs:DescribeTaskDefinition", "containerDefinitions.logConfiguration", nullptr } }),
                    name));
    }
}

// Whether a stage logs at all is asked by service_logs_are_on; here: that what it names exists.
void judge_stages(Estate const& estate, std::string const& region, std::set<std::string> const& groups,
    std::vector<AuditJudgement>& all) {
    for (std::string_view const reading : { "rest_api_stages", "http_api_stages" })
        for (auto const& stage : estate.items(reading, region)) {
            auto const arn = text_at(stage, "accessLogSettings.destinationArn");
            auto const group = log_group_of_arn(arn);
            auto const parts = split(arn, ':');
            if (group.empty() || parts[3] != region || parts[4] != estate.account->id)
                continue;
            auto const name = text_at(stage, "stageName");
            if (groups.contains(group))
                all.push_back(weighed(passes(region, name + " -> " + group), name));
            else
                all.push_back(weighed(
                    fails(region, name + " -> " + group, "The API's stage writes to a log group that does not exist.",
                        { { "apigateway:GetStages", "accessLogSettings.destinationArn", Json(arn) } },
                        new_group(group, region)),
                    name));
        }
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    std::vector<AuditJudgement> all;
    auto const groups = log_group_names(estate, region);
    judge_functions(estate, region, groups, all);
    judge_tasks(estate, region, groups, all);
    judge_stages(estate, region, groups, all);
    return all;
}

} // namespace

Registered make_compute_has_log_group() {
    return { .name = "compute_has_log_group",
        .number = 67,
        .category = AuditCategory::logs,
        .severity = AuditSeverity::medium,
        .title = "Every function, task and API writes to a log group that exists",
        .matters = "Without a log the cause of a failure is a guess.",
        .needs = needs,
        .judge = judge };
}

} // namespace convops::audit_checks
