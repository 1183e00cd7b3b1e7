#include "audit/coverage.h"

#include <algorithm>
#include <array>

namespace convops {

namespace {

constexpr auto asked_by_others = std::to_array<AskedMetric>({
    // 3
    { "AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count" },
    { "AWS/ApplicationELB", "HTTPCode_Target_5XX_Count" },
    { "AWS/ApplicationELB", "TargetResponseTime" },
    { "AWS/ApplicationELB", "UnHealthyHostCount" },
    { "AWS/ApplicationELB", "HealthyHostCount" },
    { "AWS/NetworkELB", "UnHealthyHostCount" },
    { "AWS/NetworkELB", "HealthyHostCount" },
    { "AWS/ELB", "UnHealthyHostCount" },
    { "AWS/ELB", "HTTPCode_ELB_5XX" },
    // 4
    { "AWS/RDS", "CPUUtilization" },
    { "AWS/RDS", "FreeableMemory" },
    { "AWS/RDS", "FreeStorageSpace" },
    { "AWS/RDS", "FreeLocalStorage" },
    { "AWS/RDS", "DatabaseConnections" },
    { "AWS/RDS", "ReplicaLag" },
    // 5
    { "AWS/Lambda", "Errors" },
    { "AWS/Lambda", "Throttles" },
    { "AWS/Lambda", "Duration" },
    // 6
    { "AWS/ECS", "CPUUtilization" },
    { "AWS/ECS", "MemoryUtilization" },
    { "ECS/ContainerInsights", "RunningTaskCount" },
    // 8
    { "AWS/SQS", "ApproximateAgeOfOldestMessage" },
    { "AWS/Lambda", "IteratorAge" },
    { "AWS/Kinesis", "GetRecords.IteratorAgeMilliseconds" },
    // 9
    { "AWS/NATGateway", "ErrorPortAllocation" },
    { "AWS/NATGateway", "PacketsDropCount" },
    // 10
    { "AWS/CertificateManager", "DaysToExpiry" },
    // 11
    { "AWS/EC2", "StatusCheckFailed" },
    { "AWS/EC2", "StatusCheckFailed_System" },
    // 12
    { "AWS/EFS", "BurstCreditBalance" },
    { "AWS/EC2", "CPUCreditBalance" },
    { "AWS/RDS", "EBSByteBalance%" },
    { "AWS/RDS", "EBSIOBalance%" },
});

// Namespaces where an alarm with fewer dimensions watches the sum of those with more.
constexpr auto aggregating = std::to_array<std::string_view>(
    { "AWS/ApplicationELB", "AWS/NetworkELB", "AWS/ApiGateway", "AWS/ElastiCache", "AWS/EBS" });

// What a person would name when asked what runs in the account.
constexpr auto things = std::to_array<std::string_view>({ "elb:load_balancer", "ecs:service", "rds:instance",
    "rds:cluster", "lambda:function", "ec2:instance", "autoscaling:group", "sqs:queue", "dynamodb:table",
    "elasticache:cluster", "apigateway:api", "efs:file_system", "kinesis:stream", "nat:gateway", "states:machine",
    "cloudfront:distribution", "eks:cluster", "opensearch:domain", "kafka:cluster", "firehose:stream" });

std::vector<MetricId> coarser_metrics(CoverQuestion const& question) {
    std::vector<MetricId> coarser;
    auto const& metric = question.metric;
    if (metric.dimensions.size() > 1
        && std::find(aggregating.begin(), aggregating.end(), metric.metric_namespace) != aggregating.end())
        for (auto const& [name, value] : metric.dimensions)
            if (name != "Stage" && name != "CacheNodeId")
                coarser.push_back({ metric.metric_namespace, metric.name, { { name, value } } });
    if (metric.metric_namespace != "AWS/RDS" || question.resource->item == nullptr)
        return coarser;
    auto const cluster = text_at(*question.resource->item, "DBClusterIdentifier");
    if (cluster.empty() || !metric.dimensions.contains("DBInstanceIdentifier"))
        return coarser;
    coarser.push_back({ metric.metric_namespace, metric.name, { { "DBClusterIdentifier", cluster } } });
    for (auto const role : { "WRITER", "READER" })
        coarser.push_back(
            { metric.metric_namespace, metric.name, { { "DBClusterIdentifier", cluster }, { "Role", role } } });
    return coarser;
}

std::string subject(CoverQuestion const& question) {
    return std::string(question.alarm->row->metric) + " of " + question.resource->resource.display();
}

// Alarms on the resource, and for a member of a cluster of databases those on the cluster.
std::vector<MetricWatcher> watchers_of(AuditResource const& resource, Watchers const& watchers) {
    auto found = watchers.of(resource);
    auto const name = resource.resource.type == "rds:instance" && resource.item != nullptr
        ? text_at(*resource.item, "DBClusterIdentifier")
        : std::string();
    if (!name.empty()) {
        auto cluster = resource;
        cluster.dimensions = { { "DBClusterIdentifier", name } };
        auto const more = watchers.of(cluster);
        found.insert(found.end(), more.begin(), more.end());
    }
    return found;
}

AuditFix give_action(EstateAlarm const& alarm, std::string const& region) {
    JsonObject changes;
    if (alarm.alarm_actions.empty())
        changes["AlarmActions"] = JsonArray { alarm_topic.text };
    if (!alarm.actions_enabled)
        changes["ActionsEnabled"] = true;
    return changes.empty() ? AuditFix {} : changed_alarm_fix(*alarm.item, changes, region);
}

AuditJudgement missing_alarm(CoverQuestion const& question, EstateContext const& context) {
    auto const& row = *question.alarm->row;
    auto const ready = ready_alarm(*question.alarm, question.metric, *question.resource, context);
    auto why = "No alarm watches " + subject(question) + ": when " + std::string(row.says) + ", nobody is told.";
    why += ready.threshold.value ? " Advised: " + ready.words + " (" + ready.threshold.basis + ")."
                                 : " Its threshold needs " + ready.threshold.needs + ".";
    return fails(context.region, name_of(*question.resource), std::move(why),
        { { "cloudwatch:DescribeAlarms", to_text(question.metric), nullptr } }, ready.fix);
}

} // namespace

bool asked_elsewhere(AskedMetric const& metric) {
    return std::find(asked_by_others.begin(), asked_by_others.end(), metric) != asked_by_others.end();
}

std::vector<CoverQuestion> cover_questions(
    Estate const& estate, std::string const& region, EstateContext const& context) {
    std::vector<CoverQuestion> questions;
    for (auto const* resource : resources_alarmed_in(estate, region))
        for (auto const* alarm : recommended_for(*resource)) {
            if (alarm->row->urgency == Urgency::note)
                continue;
            auto metric = metric_for(*alarm, *resource);
            if (metric && applies(*alarm, *resource, context))
                questions.push_back({ alarm, resource, std::move(*metric) });
        }
    return questions;
}

std::vector<MetricWatcher> watchers_of(CoverQuestion const& question, Watchers const& watchers) {
    auto found = watchers.of(question.metric);
    for (auto const& coarser : coarser_metrics(question)) {
        auto const more = watchers.exactly(coarser);
        found.insert(found.end(), more.begin(), more.end());
    }
    // A query over all queues has a limit for ordinary ones: below it dead messages lie unseen.
    if (question.alarm->row->applies == Applies::dead_letter_queue)
        std::erase_if(found, [](MetricWatcher const& watcher) {
            return watcher.way == WatchWay::metrics_insights && watcher.alarm->alarm.threshold.value_or(0) > 1;
        });
    // One alarm of two metrics: fewer tasks than should run is told only by both.
    if (question.alarm->row->threshold.rule == ThresholdRule::fewer_than_metric)
        std::erase_if(found, [&](MetricWatcher const& watcher) {
            auto const& all = watcher.alarm->alarm.metrics;
            return std::none_of(all.begin(), all.end(), [&](AlarmMetric const& other) {
                return other.metric && other.metric->name == question.alarm->row->threshold.other_metric;
            });
        });
    return found;
}

AuditJudgement judged_cover(CoverQuestion const& question, Watchers const& watchers, EstateContext const& context) {
    auto const& row = *question.alarm->row;
    auto const cover = watchers.cover(watchers_of(question, watchers), fires_above(row.comparison));
    auto const name = name_of(*question.resource);
    AuditJudgement judgement;
    switch (cover.state) {
    case AlarmCover::State::covered:
        judgement = passes(context.region, name);
        break;
    case AlarmCover::State::unheard:
        judgement = fails(context.region, name,
            "Alarm " + cover.by->alarm->alarm.name + " watches " + subject(question)
                + ", but nobody hears it: " + cover.why + ".",
            { field_of("cloudwatch:DescribeAlarms", *cover.by->alarm->item, "AlarmActions"),
                field_of("cloudwatch:DescribeAlarms", *cover.by->alarm->item, "ActionsEnabled") },
            give_action(*cover.by->alarm, context.region));
        break;
    case AlarmCover::State::not_known:
        judgement = not_known(context.region, name,
            "Alarm " + cover.by->alarm->alarm.name + " watches " + subject(question) + ": " + cover.why + ".",
            cover.iam_action);
        break;
    case AlarmCover::State::missing:
        judgement = missing_alarm(question, context);
        break;
    }
    judgement.weight = weight_of(row.urgency) * weight_of(*question.resource);
    return judgement;
}

std::vector<AuditJudgement> judge_cover(
    Estate const& estate, std::string const& region, std::span<AskedMetric const> asked) {
    std::vector<AuditJudgement> all;
    auto const context = context_of(estate, region);
    Watchers const watchers(estate, region);
    for (auto const& question : cover_questions(estate, region, context))
        if (std::find(asked.begin(), asked.end(),
                AskedMetric { question.alarm->metric_namespace, question.alarm->row->metric })
            != asked.end())
            all.push_back(judged_cover(question, watchers, context));
    return all;
}

AuditFix first_alarm(AuditResource const& resource, EstateContext const& context) {
    for (auto const urgency : { Urgency::page, Urgency::warn })
        for (auto const* alarm : recommended_for(resource)) {
            auto const metric = metric_for(*alarm, resource);
            if (!metric || alarm->row->urgency != urgency || !applies(*alarm, resource, context))
                continue;
            if (auto const ready = ready_alarm(*alarm, *metric, resource, context); ready.threshold.value)
                return ready.fix;
        }
    return {};
}

std::vector<WatchedThing> watched_things(Estate const& estate, std::string const& region) {
    std::vector<WatchedThing> all;
    std::map<std::string, std::size_t> seen;
    Watchers const watchers(estate, region);
    for (auto const* resource : resources_alarmed_in(estate, region)) {
        if (std::find(things.begin(), things.end(), resource->resource.type) == things.end()
            || resource->tags.contains("aws:autoscaling:groupName"))
            continue;
        auto const [at, is_new] = seen.emplace(resource->resource.key(), all.size());
        if (is_new)
            all.push_back({ resource });
        auto& thing = all[at->second];
        for (auto const& watcher : watchers_of(*resource, watchers)) {
            thing.watched = true;
            auto const hearing = watchers.heard(*watcher.alarm);
            thing.heard = thing.heard || hearing.heard || !hearing.known;
        }
    }
    return all;
}

} // namespace convops
