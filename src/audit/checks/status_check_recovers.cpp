// 11: status checks with a recover action.
#include "audit/also.h"
#include "audit/coverage.h"

#include <algorithm>
#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms" },
    AuditNeed { .reading = "ec2_instances", .whole = false } };

bool recovers(EstateAlarm const& alarm) {
    return alarm.actions_enabled
        && std::any_of(alarm.alarm_actions.begin(), alarm.alarm_actions.end(),
            [](auto const& action) { return action.ends_with(":ec2:recover") || action.ends_with(":ec2:reboot"); });
}

AuditFix recover_alarm(AuditResource const& resource, std::string const& region) {
    AlarmPlan plan;
    plan.name = resource.resource.name + ": the host of the instance is broken";
    plan.description = "Moves the instance to another host, and tells the people on call.";
    plan.metric = { "AWS/EC2", "StatusCheckFailed_System", resource.dimensions };
    plan.statistic = "Maximum";
    plan.datapoints_to_alarm = plan.evaluation_periods = 2;
    plan.comparison = "GreaterThanThreshold";
    plan.actions = { "arn:aws:automate:" + region + ":ec2:recover", std::string(alarm_topic.text) };
    plan.region = region;
    return alarm_fix(plan);
}

AuditJudgement judged(AuditResource const& resource, Watchers const& watchers, std::string const& region) {
    bool watched = false;
    bool mends = false;
    for (auto const* name : { "StatusCheckFailed_System", "StatusCheckFailed", "StatusCheckFailed_Instance" })
        for (auto const& watcher : watchers.of(MetricId { "AWS/EC2", name, resource.dimensions })) {
            watched = watched || watchers.heard(*watcher.alarm).heard;
            mends = mends || recovers(*watcher.alarm);
        }
    // Instances recover by themselves unless that was switched off; an alarm is then still what tells people.
    // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-configuration-recovery.html
    mends = mends || text_at(*resource.item, "maintenanceOptions.autoRecovery") == "default";
    auto judgement = watched && mends
        ? passes(region, name_of(resource))
        : fails(region, name_of(resource),
              watched     ? "Its status check has an alarm, but nothing recovers the instance."
                  : mends ? "It recovers by itself, but no alarm on its status checks tells anybody."
                          : "No alarm watches its status checks, and nothing recovers it.",
              { { "cloudwatch:DescribeAlarms", "AWS/EC2 StatusCheckFailed_System", nullptr } },
              recover_alarm(resource, region));
    judgement.weight = weight_of(resource);
    return judgement;
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    std::vector<AuditJudgement> all;
    Watchers const watchers(estate, region);
    for (auto const& resource : estate.in(region).resources)
        if (resource.metric_namespace == "AWS/EC2" && resource.resource.type == "ec2:instance"
            && !resource.tags.contains("aws:autoscaling:groupName"))
            all.push_back(judged(resource, watchers, region));
    return all;
}

} // namespace

Registered make_status_check_recovers() {
    return { .name = "status_check_recovers",
        .number = 11,
        .category = AuditCategory::coverage,
        .severity = AuditSeverity::medium,
        .title = "Every instance has an alarm on its status checks, and recovers",
        .matters = "A broken host is AWS's to mend, but only a recover action moves the instance away from it.",
        .needs = needs,
        .also = also::covered,
        .history = AuditHistory::recommended_metrics,

        .judge = judge };
}

} // namespace convops::audit_checks
