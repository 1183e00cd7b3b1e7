// 77: notices of AWS itself.
#include "audit/also.h"
#include "audit/coverage.h"

#include <algorithm>
#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "event_rules" },
    AuditNeed { .reading = "event_targets", .whole = false } };

AuditFix rule(std::string const& region) {
    constexpr std::string_view pattern = R"({"source":["aws.health"]})";
    AuditFix fix;
    fix.cli = cli_command("events", "put-rule", { { "name", "aws-health" }, { "event-pattern", pattern } }, region)
        + "\n" + cli_command("events", "put-targets", { { "rule", "aws-health" } }, region)
        + " --targets Id=people-on-call,Arn=\"$" + std::string(alarm_topic.shell) + "\"";
    fix.cloudformation = cloudformation_resource(identifier_of("rule aws health " + region, ""), "AWS::Events::Rule",
        { { "EventPattern", JsonObject { { "source", JsonArray { "aws.health" } } } }, { "State", "ENABLED" },
            { "Targets", JsonArray { JsonObject { { "Id", "people-on-call" }, { "Arn", alarm_topic.text } } } } });
    auto const id = identifier_of("rule aws health " + region, "_");
    fix.terraform = terraform_resource(
                        "aws_cloudwatch_event_rule", id, { { "name", "aws-health" }, { "event_pattern", pattern } })
        + terraform_resource(
            "aws_cloudwatch_event_target", id, { { "rule", "aws-health" }, { "arn", alarm_topic.text } });
    return fix;
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    if (estate.in(region).resources.empty())
        return {};
    auto const& rules = estate.items("event_rules", region);
    bool disabled = false;
    bool without_target = false;
    for (std::size_t i = 0; i < rules.size(); ++i) {
        if (text_at(rules[i], "EventPattern").find("aws.health") == std::string::npos)
            continue;
        if (text_at(rules[i], "State") != "ENABLED")
            disabled = true;
        else if (!estate.account->items_of("event_targets", region, i).empty())
            return { passes(region, text_at(rules[i], "Arn")) };
        else
            without_target = true;
    }
    return { fails(region, "",
        disabled             ? "The rule for events of AWS Health is disabled."
            : without_target ? "The rule for events of AWS Health has no target."
                             : "No rule routes events of AWS Health.",
        { { "events:ListRules", "EventPattern aws.health", nullptr } }, rule(region)) };
}

} // namespace

Registered make_health_events_are_routed() {
    return { .name = "health_events_are_routed",
        .number = 77,
        .category = AuditCategory::depth,
        .severity = AuditSeverity::medium,
        .title = "Events of AWS Health reach somebody",
        .matters = "When AWS itself is the cause, its own notice saves an hour of searching.",
        .needs = needs,
        .also = also::resources,

        .judge = judge };
}

} // namespace convops::audit_checks
