#include "metrics/choice.h"

#include "base/text.h"

#include <array>

namespace convops {

namespace {

constexpr std::size_t most_variants = 6; // of one metric name: operations, disks, queues

// Bills, bookkeeping and duplicates of other metrics.
constexpr auto untelling = std::to_array<std::string_view>({ "ConsumedLCUs", "PeakLCUs", "RuleEvaluations",
    "RequestCountPerTarget", "HTTP_Redirect_Count", "HTTP_Fixed_Response_Count", "ForwardedInvalidHeaderRequestCount",
    "DesyncMitigationMode_NonCompliant_Request_Count", "PostRuntimeExtensionsDuration", "MetadataNoToken",
    "MetadataNoTokenRejected", "CPUSurplusCreditsCharged", "TransactionLogsGeneration", "MaximumUsedTransactionIDs",
    "NumberOfObjects", "BucketSizeBytes", "SentMessageSize", "ClaimedAccountConcurrency", "VolumeIdleTime",
    "ConnectionEstablishedCount", "PublishSize" });

using Statistics = std::span<std::string_view const>;
constexpr auto sum = std::to_array<std::string_view>({ "Sum" });
constexpr auto average = std::to_array<std::string_view>({ "Average" });
constexpr auto maximum = std::to_array<std::string_view>({ "Maximum" });
constexpr auto minimum = std::to_array<std::string_view>({ "Minimum" });
constexpr auto average_and_maximum = std::to_array<std::string_view>({ "Average", "Maximum" });
constexpr auto percentile_and_average = std::to_array<std::string_view>({ "p99", "Average" });

struct Row {
    std::string_view name;
    Statistics statistics;
};

// The statistic that AWS's own pages call the useful one, service by service:
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html
// https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
constexpr auto by_name = std::to_array<Row>({
    { "HealthyHostCount", minimum },
    { "UnHealthyHostCount", maximum },
    { "TargetResponseTime", percentile_and_average },
    { "Latency", percentile_and_average },
    { "IntegrationLatency", percentile_and_average },
    { "Duration", percentile_and_average },
    { "FirstByteLatency", percentile_and_average },
    { "TotalRequestLatency", percentile_and_average },
    { "SuccessfulRequestLatency", average_and_maximum },
    { "ExecutionTime", percentile_and_average },
    { "ConcurrentExecutions", maximum },
    { "UnreservedConcurrentExecutions", maximum },
    { "IteratorAge", maximum },
    { "ApproximateAgeOfOldestMessage", maximum },
    { "ApproximateNumberOfMessagesVisible", average },
    { "ApproximateNumberOfMessagesNotVisible", average },
    { "ApproximateNumberOfMessagesDelayed", average },
    { "DatabaseConnections", average_and_maximum },
    { "CurrConnections", average_and_maximum },
    { "ReplicaLag", maximum },
    { "DiskQueueDepth", average },
    { "VolumeQueueLength", average },
    { "StatusCheckFailed", maximum },
    { "StatusCheckFailed_System", maximum },
    { "StatusCheckFailed_Instance", maximum },
    { "StatusCheckFailed_AttachedEBS", maximum },
    { "CPUCreditUsage", average },
    { "RunningTaskCount", minimum },
    { "DesiredTaskCount", average },
    { "PendingTaskCount", maximum },
    { "GroupInServiceInstances", minimum },
    { "GroupDesiredCapacity", average },
    { "ActiveConnectionCount", maximum },
    { "Count", sum },
    { "Evictions", sum },
    { "NetworkIn", average },
    { "NetworkOut", average },
    { "SwapUsage", average },
    { "DaysToExpiry", minimum },
    { "ConsumedReadCapacityUnits", sum },
    { "ConsumedWriteCapacityUnits", sum },
    { "ProvisionedReadCapacityUnits", average },
    { "ProvisionedWriteCapacityUnits", average },
    { "AccountProvisionedReadCapacityUtilization", maximum },
    // Levels, whatever the words in their names:
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-EKS.html
    { "cluster_failed_node_count", maximum },
    { "cluster_node_count", minimum },
    { "node_number_of_running_pods", minimum },
    { "namespace_number_of_running_pods", minimum },
    { "service_number_of_running_pods", minimum },
    { "pod_number_of_container_restarts", maximum },
    // https://docs.aws.amazon.com/vpc/latest/userguide/metrics-dimensions-nat-gateway.html
    { "PeakBytesPerSecond", maximum },
    { "PeakPacketsPerSecond", maximum },
    // https://docs.aws.amazon.com/ebs/latest/userguide/using_cloudwatch_ebs.html
    { "VolumeStalledIOCheck", maximum },
    { "VolumeIOPSExceededCheck", maximum },
    { "VolumeThroughputExceededCheck", maximum },
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html
    { "ReplicationLatency", maximum },
    { "OperationsPendingReplication", maximum },
    { "BytesPendingReplication", maximum },
    { "ResourceCount", maximum },
});

// Then by a word in the name, the first row that occurs: counters of bad things before the general words.
constexpr auto by_word = std::to_array<Row>({
    { "free", minimum },
    { "balance", minimum },
    { "available", minimum },
    { "remaining", minimum },
    { "lag", maximum },
    { "age", maximum },
    { "5xx", sum },
    { "4xx", sum },
    { "error", sum },
    { "fail", sum },
    { "throttl", sum },
    { "reject", sum },
    { "timeout", sum },
    { "timedout", sum },
    { "dropped", sum },
    { "exceeded", sum },
    { "utilization", average_and_maximum },
    { "percent", average_and_maximum },
    { "used", average_and_maximum },
    { "latency", average_and_maximum },
    { "duration", average_and_maximum },
    { "time", average_and_maximum },
    { "iops", average },
    { "throughput", average },
    { "depth", average },
    { "length", average },
    { "load", average },
    { "connections", average_and_maximum },
    { "pool", average_and_maximum },
    { "active", average_and_maximum },
    { "inuse", average_and_maximum },
    { "in_use", average_and_maximum },
    { "count", sum },
    { "requests", sum },
    { "invocations", sum },
    { "number", sum },
    { "bytes", sum },
    { "ops", sum },
    { "packets", sum },
    { "hits", sum },
    { "misses", sum },
    { "events", sum },
    { "records", sum },
    { "orders", sum },
});

// "age" stands in "percentage" and in "usage": only a word of its own counts.
bool has_word(std::string_view name, std::string_view lower, std::string_view word) {
    auto const at = lower.find(word);
    if (at == std::string_view::npos)
        return false;
    if (word != "age" && word != "lag" && word != "ops" && word != "load" && word != "time")
        return true;
    bool const starts
        = at == 0 || lower[at - 1] == '_' || lower[at - 1] == '.' || (name[at] >= 'A' && name[at] <= 'Z');
    return starts;
}

// In Container Insights, a count of tasks or pods is a level, not a counter.
bool is_level_count(MetricId const& metric) {
    return (metric.metric_namespace == "ECS/ContainerInsights" || metric.metric_namespace == "ContainerInsights")
        && metric.name.ends_with("Count") && metric.name != "RestartCount";
}

} // namespace

std::span<std::string_view const> statistics_for(MetricId const& metric) {
    for (auto const& row : by_name)
        if (row.name == metric.name)
            return row.statistics;
    if (is_level_count(metric))
        return average;
    auto const lower = to_lower(metric.name);
    for (auto const& row : by_word)
        if (has_word(metric.name, lower, row.name))
            return row.statistics;
    return average_and_maximum;
}

std::vector<MetricId> telling_metrics(Resource const& resource,
    std::map<std::string, std::string> const& asked_dimensions, std::vector<MetricId> const& listed) {
    std::map<std::pair<std::string, std::string>, std::vector<MetricId const*>> variants;
    for (auto const& metric : listed) {
        if (std::find(untelling.begin(), untelling.end(), metric.name) != untelling.end())
            continue;
        // Asked about a load balancer, CloudWatch lists the metrics of its target groups as well; a cluster's
        // workloads are worth reading with it.
        auto const own = resource_of(metric);
        bool const runs_there = own && own->type == "eks:workload" && own->name.starts_with(resource.name + "/");
        if (metric.dimensions != asked_dimensions && own && own->type != "custom:metric" && *own != resource
            && !runs_there)
            continue;
        variants[{ metric.metric_namespace, metric.name }].push_back(&metric);
    }
    std::vector<MetricId> telling;
    for (auto& [name, metrics] : variants) {
        auto least = metrics.front()->dimensions.size();
        for (auto const* metric : metrics)
            least = std::min(least, metric->dimensions.size());
        std::size_t taken = 0;
        for (auto const* metric : metrics)
            if (metric->dimensions.size() == least && taken++ < most_variants)
                telling.push_back(*metric);
    }
    return telling;
}

std::optional<std::pair<double, std::string_view>> limit_by_meaning(Series const& series) {
    std::string_view const name = series.metric.name;
    if (name == "FreeStorageSpace" || name == "FreeLocalStorage")
        return std::pair { 0.0, std::string_view("no storage is left at 0 bytes") };
    if (name == "FreeableMemory")
        return std::pair { 0.0, std::string_view("no memory is left at 0 bytes") };
    if (name == "BurstBalance" || name == "EBSIOBalance%" || name == "EBSByteBalance%")
        return std::pair { 0.0, std::string_view("at 0 % the volume falls to its baseline rate") };
    if (name == "CPUCreditBalance")
        return std::pair { 0.0, std::string_view("without credits the processor falls to its baseline") };
    if (name == "DaysToExpiry")
        return std::pair { 0.0, std::string_view("the certificate expires at 0 days") };
    auto const lower = to_lower(name);
    bool const share = lower.find("utilization") != std::string::npos || lower.find("percent") != std::string::npos;
    if (share && (series.unit == "Percent" || lower.find("percent") != std::string::npos))
        return std::pair { 100.0, std::string_view("100 % of the resource") };
    return std::nullopt;
}

} // namespace convops
