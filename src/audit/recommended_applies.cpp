// Which resources a recommended alarm is for, and what of the account the thresholds need.
#include "audit/instance_classes.h"
#include "audit/recommended.h"
#include "base/text.h"

namespace convops {

namespace {

std::string field(AuditResource const& resource, std::string_view path) {
    return resource.item == nullptr ? "" : text_at(*resource.item, path);
}

bool engine_starts(AuditResource const& resource, std::string_view prefix) {
    return field(resource, "Engine").starts_with(prefix);
}

std::string queue_name_of(std::string_view arn) {
    return std::string(arn.substr(arn.rfind(':') + 1));
}

bool is_dead_letter_queue(AuditResource const& resource, EstateContext const& context) {
    auto const name = resource.dimensions.find("QueueName");
    if (name == resource.dimensions.end())
        return false;
    for (auto const& [arn, sources] : context.dead_letter_sources)
        if (queue_name_of(arn) == name->second)
            return true;
    return false;
}

bool never_rests(RecommendedAlarm const& alarm, AuditResource const& resource, EstateContext const& context) {
    return threshold_for(alarm, resource, context).value.has_value();
}

bool has_stream(AuditResource const& resource, EstateContext const& context) {
    auto const name = resource.dimensions.find("FunctionName");
    return name != resource.dimensions.end() && context.stream_of_function.contains(name->second);
}

bool database_applies(Applies applies, AuditResource const& resource) {
    bool const aurora = engine_starts(resource, "aurora");
    switch (applies) {
    case Applies::aurora:
        return aurora;
    case Applies::aurora_mysql:
        return engine_starts(resource, "aurora-mysql");
    case Applies::aurora_cluster:
        return aurora && resource.dimensions.contains("DBClusterIdentifier");
    case Applies::not_aurora:
        return !aurora && !field(resource, "Engine").empty();
    case Applies::postgres:
        return engine_starts(resource, "postgres");
    case Applies::read_replica:
        return !field(resource, "ReadReplicaSourceDBInstanceIdentifier").empty();
    case Applies::performance_insights:
        return resource.item != nullptr && flag_at(*resource.item, "PerformanceInsightsEnabled");
    case Applies::serverless:
        return resource.item != nullptr && find(*resource.item, "ServerlessV2ScalingConfiguration") != nullptr;
    default:
        return false;
    }
}

} // namespace

std::string dead_letter_target(Json const& queue_attributes) {
    auto policy = text_at(queue_attributes, "Attributes.RedrivePolicy");
    if (policy.empty())
        policy = text_at(queue_attributes, "RedrivePolicy");
    if (policy.empty())
        return "";
    auto const parsed = parse_json(policy);
    return parsed ? text_at(*parsed, "deadLetterTargetArn") : "";
}

bool applies(RecommendedAlarm const& alarm, AuditResource const& resource, EstateContext const& context) {
    auto const item_flag
        = [&](std::string_view path, std::string_view value) { return field(resource, path) == value; };
    // What happens to an instance of an Auto Scaling group is the group's business: it is replaced.
    if (resource.metric_namespace == "AWS/EC2" && resource.tags.contains("aws:autoscaling:groupName"))
        return false;
    auto const cluster = resource.dimensions.find("ClusterName");
    if (alarm.metric_namespace == "ECS/ContainerInsights"
        && (cluster == resource.dimensions.end() || !context.insight_clusters.contains(cluster->second)))
        return false;
    if (alarm.metric_namespace == "ContainerInsights"
        && (cluster == resource.dimensions.end() || !context.observed_clusters.contains(cluster->second)))
        return false;
    switch (alarm.row->applies) {
    case Applies::always:
        return true;
    case Applies::seldom:
        return false;
    case Applies::steady_traffic:
        return never_rests(alarm, resource, context);
    case Applies::redis:
        return engine_starts(resource, "redis") || engine_starts(resource, "valkey");
    case Applies::cache_replica:
        return (engine_starts(resource, "redis") || engine_starts(resource, "valkey"))
            && !field(resource, "ReplicationGroupId").empty();
    case Applies::rest_api:
        return resource.dimensions.contains("ApiName");
    case Applies::http_api:
        return item_flag("protocolType", "HTTP");
    case Applies::websocket_api:
        return item_flag("protocolType", "WEBSOCKET");
    case Applies::burstable:
        return is_burstable(field(resource, "instanceType"));
    case Applies::provisioned:
        return resource.item != nullptr
            && number_at(*resource.item, "Table.ProvisionedThroughput.ReadCapacityUnits").value_or(0) > 0;
    case Applies::group_metrics:
        return resource.item != nullptr && !list_at(*resource.item, "EnabledMetrics").empty();
    case Applies::general_purpose:
        return item_flag("PerformanceMode", "generalPurpose");
    case Applies::bursting:
        return item_flag("ThroughputMode", "bursting");
    case Applies::stream_consumer:
        return has_stream(resource, context);
    case Applies::dead_letter_target:
        return !field(resource, "DeadLetterConfig.TargetArn").empty();
    case Applies::dead_letter_queue:
        return is_dead_letter_queue(resource, context);
    case Applies::not_dead_letter_queue:
        return !is_dead_letter_queue(resource, context);
    case Applies::alarm_topic:
    case Applies::not_alarm_topic: {
        auto const name = resource.dimensions.find("TopicName");
        bool const told = name != resource.dimensions.end() && context.alarm_topics.contains(name->second);
        return told == (alarm.row->applies == Applies::alarm_topic);
    }
    default:
        return database_applies(alarm.row->applies, resource);
    }
}

} // namespace convops
