#include "metrics/data.h"

#include <array>

namespace convops {

std::string_view known_unit(MetricId const& metric) {
    struct Row {
        std::string_view metric_namespace; // empty: any
        std::string_view name; // with a trailing '*': a prefix; with a leading '*': a suffix
        std::string_view unit;
    };
    // Units as documented service by service, starting at
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/aws-services-cloudwatch-metrics.html
    static constexpr auto rows = std::to_array<Row>({
        { "AWS/ApplicationELB", "TargetResponseTime", "Seconds" },
        { "AWS/ELB", "Latency", "Seconds" },
        { "AWS/RDS", "*Latency", "Seconds" },
        { "AWS/RDS", "AuroraReplicaLag*", "Milliseconds" },
        { "AWS/RDS", "ReplicaLag", "Seconds" },
        { "AWS/RDS", "*IOPS", "Count/Second" },
        { "AWS/RDS", "*Throughput", "Bytes/Second" },
        { "AWS/Lambda", "*Duration", "Milliseconds" },
        { "AWS/Lambda", "IteratorAge", "Milliseconds" },
        { "AWS/DynamoDB", "*Latency", "Milliseconds" },
        { "AWS/ApiGateway", "*Latency", "Milliseconds" },
        { "AWS/SQS", "ApproximateAgeOfOldestMessage", "Seconds" },
        { "AWS/Kinesis", "*Milliseconds", "Milliseconds" },
        { "AWS/ElastiCache", "ReplicationLag", "Seconds" },
        { "AWS/States", "*Time", "Milliseconds" },
        { "AWS/EBS", "Volume*Time", "Seconds" },
        { "AWS/ECS", "*Utilization", "Percent" },
        { "AWS/S3", "ReplicationLatency", "Seconds" },
        { "AWS/S3", "*Latency", "Milliseconds" },
        { "AWS/EBS", "VolumeAvg*Latency", "Milliseconds" },
        { "AWS/EBS", "Volume*Percentage", "Percent" },
        { "ContainerInsights", "*_utilization", "Percent" },
        { "ContainerInsights", "*_limit", "Percent" }, // pod_cpu_utilization_over_pod_limit
        { "", "CPUUtilization", "Percent" },
        { "", "EngineCPUUtilization", "Percent" },
        { "", "MemoryUtilization", "Percent" },
        { "", "mem_used_percent", "Percent" },
        { "", "disk_used_percent", "Percent" },
        { "", "DatabaseMemoryUsagePercentage", "Percent" },
        { "", "BurstBalance", "Percent" },
        { "", "EBSIOBalance%", "Percent" },
        { "", "EBSByteBalance%", "Percent" },
        { "", "FreeStorageSpace", "Bytes" },
        { "", "FreeLocalStorage", "Bytes" },
        { "", "FreeableMemory", "Bytes" },
        { "", "SwapUsage", "Bytes" },
        { "", "BytesUsedForCache", "Bytes" },
        { "", "*Bytes", "Bytes" },
        { "AWS/EC2", "NetworkIn", "Bytes" },
        { "AWS/EC2", "NetworkOut", "Bytes" },
        { "", "*_Count", "Count" },
        { "", "*Count", "Count" },
    });
    std::string_view const name = metric.name;
    auto const matches = [&](std::string_view pattern) {
        auto const star = pattern.find('*');
        if (star == std::string_view::npos)
            return name == pattern;
        return name.size() + 1 >= pattern.size() && name.starts_with(pattern.substr(0, star))
            && name.ends_with(pattern.substr(star + 1));
    };
    for (auto const& row : rows)
        if ((row.metric_namespace.empty() || row.metric_namespace == metric.metric_namespace) && matches(row.name))
            return row.unit;
    return "";
}

} // namespace convops
