#include "audit/alarm_nature.h"

#include "audit/fixes.h"
#include "base/text.h"

#include <algorithm>
#include <array>

namespace convops {

namespace {

bool is_scaling_policy(std::string_view action) {
    return action.find(":autoscaling:") != std::string_view::npos
        || action.find(":application-autoscaling:") != std::string_view::npos
        || action.find(":swf:") != std::string_view::npos;
}

constexpr std::array<std::string_view, 22> failure_words { "error", "5xx", "4xx", "fault", "throttle", "fail",
    "timeout", "timedout", "dropped", "rejected", "deadletter", "dead_letter", "dlq", "exception", "denied",
    "unhealthy", "outofmemory", "oom", "aborted", "blocked", "invalid", "unauthorized" };

bool names_failure(std::string_view name) {
    auto const lower = to_lower(name);
    return std::any_of(
        failure_words.begin(), failure_words.end(), [&](auto word) { return lower.find(word) != std::string::npos; });
}

bool is_count(std::string_view statistic) {
    return statistic == "Sum" || statistic == "SampleCount";
}

} // namespace

bool is_managed(EstateAlarm const& alarm) {
    return alarm.alarm.name.starts_with("TargetTracking-")
        || alarm.alarm.description.starts_with("DO NOT EDIT OR DELETE");
}

bool only_scales(EstateAlarm const& alarm) {
    return !alarm.alarm_actions.empty()
        && std::all_of(alarm.alarm_actions.begin(), alarm.alarm_actions.end(),
            [](auto const& action) { return is_scaling_policy(action); });
}

bool has_static_threshold(EstateAlarm const& alarm) {
    return !alarm.composite() && alarm.alarm.kind != AlarmKind::anomaly_band && alarm.alarm.threshold.has_value();
}

bool counts_failures(AlarmMetric const& metric) {
    return metric.metric && is_count(metric.statistic) && names_failure(metric.metric->name);
}

bool is_heartbeat(EstateAlarm const& alarm) {
    auto const* main = alarm.alarm.main_metric();
    if (!has_static_threshold(alarm) || !alarm.alarm.comparison.starts_with("Less") || main == nullptr
        || !main->metric)
        return false;
    auto const name = to_lower(main->metric->name);
    for (std::string_view const word : { "heartbeat", "invocations", "successpercent", "alive", "healthyhostcount" })
        if (name.find(word) != std::string::npos && name.find("unhealthy") == std::string::npos)
            return true;
    // A count of something that must happen at least once.
    return is_count(main->statistic) && *alarm.alarm.threshold <= 1 && !names_failure(name);
}

bool one_is_too_many(EstateAlarm const& alarm) {
    auto const* main = alarm.alarm.main_metric();
    if (!has_static_threshold(alarm) || main == nullptr || !main->metric)
        return false;
    auto const& comparison = alarm.alarm.comparison;
    return (comparison == "GreaterThanThreshold" && *alarm.alarm.threshold == 0)
        || (comparison == "GreaterThanOrEqualToThreshold" && *alarm.alarm.threshold > 0 && *alarm.alarm.threshold <= 1
            && main->statistic != "Average");
}

bool is_sparse(EstateAlarm const& alarm) {
    auto const* main = alarm.alarm.main_metric();
    if (main == nullptr || !main->metric)
        return false;
    auto const& space = main->metric->metric_namespace;
    auto const& name = main->metric->name;
    if (space == "AWS/ApplicationELB" || space == "AWS/ELB")
        return name.starts_with("HTTPCode_") || name.ends_with("ErrorCount") || name == "RejectedConnectionCount"
            || name.starts_with("BackendConnectionErrors") || name == "SpilloverCount";
    return counts_failures(*main);
}

bool watches_other_account(EstateAlarm const& alarm, std::string const& own_account) {
    for (auto const& query : list_at(*alarm.item, "Metrics"))
        if (auto const account = text_at(query, "AccountId"); !account.empty() && account != own_account)
            return true;
    return false;
}

bool is_topic(std::string_view arn) {
    return arn.starts_with("arn:") && arn.find(":sns:") != std::string_view::npos;
}

std::vector<std::string> topics_in(std::span<std::string const> actions) {
    std::vector<std::string> topics;
    for (auto const& action : actions)
        if (is_topic(action))
            topics.push_back(action);
    return topics;
}

std::set<std::string> alarm_topics(EstateRegion const& here) {
    std::set<std::string> used;
    for (auto const& alarm : here.alarms)
        for (auto const* actions : { &alarm.alarm_actions, &alarm.ok_actions, &alarm.insufficient_data_actions })
            for (auto const& action : *actions)
                if (here.topic(action) != nullptr)
                    used.insert(action);
    return used;
}

std::string condition_words(EstateAlarm const& alarm) {
    auto const threshold = alarm.alarm.threshold ? format_number(*alarm.alarm.threshold) : std::string("its band");
    return std::string(alarm.alarm.fires_above() ? "above " : "below ") + threshold + " in "
        + std::to_string(alarm.alarm.datapoints_to_alarm) + " of " + std::to_string(alarm.alarm.evaluation_periods)
        + " periods of " + format_duration(alarm.alarm.period());
}

AlarmRoles roles_in(Estate const& estate, std::string const& region) {
    AlarmRoles roles;
    auto const after_name = [](std::string const& arn) {
        auto const at = arn.find(":alarm:");
        return at == std::string::npos ? arn : arn.substr(at + 7);
    };
    for (auto const& alarm : estate.in(region).alarms) {
        if (!alarm.composite())
            continue;
        if (!alarm.alarm_actions.empty())
            roles.spoken_for.insert(alarm.alarm.children.begin(), alarm.alarm.children.end());
        if (!alarm.suppressor.empty())
            roles.suppressors.insert(after_name(alarm.suppressor));
    }
    // Alarms that only roll deployments back.
    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
    for (auto const& service : estate.items("ecs_services", region))
        for (auto const& name : list_at(service, "deploymentConfiguration.alarms.alarmNames"))
            if (name.is_string())
                roles.suppressors.insert(std::string(name.as_string()));
    return roles;
}

void AlarmJudgements::add(EstateAlarm const& alarm, AuditJudgement judgement) {
    AuditResource named;
    named.resource.name = alarm.alarm.name;
    judgement.weight = is_production(named) ? 1 : sandbox_weight;
    all_.push_back(std::move(judgement));
}

void AlarmJudgements::pass(EstateAlarm const& alarm) {
    add(alarm, passes(region_, name_of(alarm)));
}

void AlarmJudgements::fail(
    EstateAlarm const& alarm, std::string why, std::initializer_list<std::string_view> fields, AuditFix fix) {
    std::vector<AuditEvidence> evidence;
    for (auto const field : fields)
        evidence.push_back(alarm_field(alarm, field));
    fail(alarm, std::move(why), std::move(evidence), std::move(fix));
}

void AlarmJudgements::fail(
    EstateAlarm const& alarm, std::string why, std::vector<AuditEvidence> evidence, AuditFix fix) {
    add(alarm, fails(region_, name_of(alarm), std::move(why), std::move(evidence), std::move(fix)));
}

void AlarmJudgements::unknown(EstateAlarm const& alarm, std::string why, std::string iam_action) {
    add(alarm, not_known(region_, name_of(alarm), std::move(why), std::move(iam_action)));
}

AuditEvidence alarm_field(EstateAlarm const& alarm, std::string_view field) {
    return field_of("cloudwatch:DescribeAlarms", *alarm.item, field);
}

AuditFix alarm_fix_without(EstateAlarm const& alarm, std::string_view field, std::string_view region) {
    auto copy = *alarm.item;
    if (copy.is_object())
        copy.as_object().erase(boost::json::string_view(field.data(), field.size()));
    return changed_alarm_fix(copy, {}, region);
}

AuditFix silence_fix(EstateAlarm const& alarm, std::string_view region, std::string_view instead) {
    auto fix = changed_alarm_fix(*alarm.item, { { "ActionsEnabled", false } }, region);
    fix.cli = "# " + std::string(instead) + "\n"
        + cli_command(
            "cloudwatch", "disable-alarm-actions", { { "alarm-names", JsonArray { alarm.alarm.name } } }, region);
    return fix;
}

} // namespace convops
