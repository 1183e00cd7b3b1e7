// 41: an action on an instance runs only for an alarm on that instance's own metric.
#include "audit/alarm_nature.h"

#include <algorithm>
#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms", .whole = false } };

bool acts_on_an_instance(EstateAlarm const& alarm) {
    return std::any_of(alarm.alarm_actions.begin(), alarm.alarm_actions.end(), [](auto const& action) {
        return action.find(":automate:") != std::string::npos
            || (action.find(":swf:") != std::string::npos && action.find("AWS_EC2") != std::string::npos);
    });
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    AlarmJudgements judged(region);
    for (auto const& alarm : estate.in(region).alarms) {
        if (!acts_on_an_instance(alarm))
            continue;
        auto const* main = alarm.alarm.main_metric();
        // "EC2 actions can't be performed" for alarms on metric math; the metric must have the InstanceId dimension.
        // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/UsingAlarmActions.html
        if (alarm.alarm.kind == AlarmKind::metric && main != nullptr && main->metric
            && main->metric->dimensions.contains("InstanceId")) {
            judged.pass(alarm);
            continue;
        }
        judged.fail(alarm,
            alarm.alarm.kind == AlarmKind::metric
                ? "Its metric names no instance, so its EC2 action has nothing to act on."
                : "It is an alarm on metric math, and EC2 actions never run for those.",
            { "AlarmActions", alarm.alarm.kind == AlarmKind::metric ? "Dimensions" : "Metrics" });
    }
    return judged.take();
}

} // namespace

Registered make_ec2_action_is_on_a_plain_metric() {
    return { .name = "ec2_action_is_on_a_plain_metric",
        .number = 41,
        .category = AuditCategory::hygiene,
        .severity = AuditSeverity::medium,
        .title = "Every EC2 action stands on a metric of its instance",
        .matters = "CloudWatch accepts an EC2 action on metric math and never runs it.",
        .needs = needs,
        .judge = judge };
}

} // namespace convops::audit_checks
