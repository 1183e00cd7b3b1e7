// 57: where EventBridge carries the alarms, a rule that is switched off or fails is a telephone off the hook.
#include "audit/alarm_nature.h"
#include "audit/fixes.h"
#include "audit/metric_sums.h"
#include "base/text.h"

#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "event_rules" },
    AuditNeed { .reading = "event_targets", .whole = false },
    AuditNeed { .reading = "event_failed_invocations", .whole = false } };

AuditFix enabled(Json const& rule, std::string const& region) {
    auto const name = text_at(rule, "Name");
    JsonObject const fields { { "Name", name }, { "EventPattern", text_at(rule, "EventPattern") },
        { "State", "ENABLED" } };
    AuditFix fix;
    fix.cli = cli_command("events", "enable-rule", { { "name", name } }, region);
    auto template_fields = fields;
    if (auto const pattern = parse_json(text_at(rule, "EventPattern")))
        template_fields["EventPattern"] = *pattern;
    fix.cloudformation
        = cloudformation_resource(identifier_of("rule " + name, ""), "AWS::Events::Rule", template_fields, true);
    auto const id = identifier_of("rule " + name, "_");
    fix.terraform = terraform_import("aws_cloudwatch_event_rule", id, name)
        + terraform_resource("aws_cloudwatch_event_rule", id,
            { { "name", name }, { "event_pattern", text_at(rule, "EventPattern") }, { "state", "ENABLED" } });
    return fix;
}

AuditFix to_topic(Json const& rule, std::string const& region) {
    auto const name = text_at(rule, "Name");
    AuditFix fix;
    fix.cli = cli_command("events", "put-targets", { { "rule", name } }, region) + " --targets Id=on-call,Arn=\"$"
        + std::string(alarm_topic.shell) + "\"";
    fix.terraform = terraform_resource("aws_cloudwatch_event_target", identifier_of("target of " + name, "_"),
        { { "rule", name }, { "arn", alarm_topic.text } });
    return fix;
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    std::vector<AuditJudgement> all;
    auto const& rules = estate.items("event_rules", region);
    auto const sums = metric_sums(estate, "event_failed_invocations", region);
    auto const& targets = estate.account->listing("event_targets", region);
    for (std::size_t i = 0; i < rules.size(); ++i) {
        auto const& rule = rules[i];
        // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
        if (text_at(rule, "EventPattern").find("CloudWatch Alarm State Change") == std::string::npos)
            continue;
        auto const name = text_at(rule, "Name");
        auto const arn = text_at(rule, "Arn", name);
        auto const failed = sums.find(i);
        if (text_at(rule, "State") == "DISABLED")
            all.push_back(fails(region, arn, "It is to carry alarms and is switched off.",
                { field_of("events:ListRules", rule, "State") }, enabled(rule, region)));
        else if (targets.failed_for.contains(i))
            continue;
        else if (estate.account->items_of("event_targets", region, i).empty())
            all.push_back(fails(region, arn, "It is to carry alarms and has no target.",
                { { "events:ListTargetsByRule", "Targets", JsonArray {} } }, to_topic(rule, region)));
        else if (failed != sums.end() && failed->second.sum > 0)
            all.push_back(fails(region, arn,
                "Its target refused " + format_number(failed->second.sum) + " alarms in the last 30 days.",
                { { "cloudwatch:GetMetricData", "FailedInvocations", failed->second.sum } }));
        else
            all.push_back(passes(region, arn));
    }
    return all;
}

} // namespace

Registered make_alarm_rule_delivers() {
    return { .name = "alarm_rule_delivers",
        .number = 57,
        .category = AuditCategory::delivery,
        .severity = AuditSeverity::medium,
        .title = "Every EventBridge rule for alarms is on and delivers",
        .matters = "A disabled rule, one without a target, or one whose target refuses loses every alarm that was to "
                   "go that way.",
        .needs = needs,
        .judge = judge };
}

} // namespace convops::audit_checks
