#include "diagnosis/signals.h"

#include "base/text.h"

#include <array>

namespace convops {

namespace {

struct Row {
    std::string_view name;
    Signal signal;
};

// Names of AWS's metrics:
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/aws-services-cloudwatch-metrics.html
constexpr auto known = std::to_array<Row>({
    { "RequestCount", Signal::requests },
    { "RequestCountPerTarget", Signal::requests },
    { "NewConnectionCount", Signal::requests },
    { "ProcessedBytes", Signal::bytes },
    { "Invocations", Signal::requests },
    { "Count", Signal::requests },
    { "NumberOfMessagesSent", Signal::requests },
    { "NumberOfMessagesPublished", Signal::requests },
    { "IncomingRecords", Signal::requests },
    { "ConsumedReadCapacityUnits", Signal::requests },
    { "ConsumedWriteCapacityUnits", Signal::requests },
    { "AllRequests", Signal::requests },
    { "Requests", Signal::requests },
    { "ExecutionsStarted", Signal::requests },
    { "TargetResponseTime", Signal::latency },
    { "Latency", Signal::latency },
    { "IntegrationLatency", Signal::latency },
    { "Duration", Signal::latency },
    { "SuccessfulRequestLatency", Signal::latency },
    { "FirstByteLatency", Signal::latency },
    { "ExecutionTime", Signal::latency },
    { "PostRuntimeExtensionsDuration", Signal::other },
    { "HTTPCode_Target_2XX_Count", Signal::requests },
    { "HTTPCode_Target_3XX_Count", Signal::other },
    { "TargetConnectionErrorCount", Signal::connection_failures },
    { "RejectedConnectionCount", Signal::connection_failures },
    { "ClientTLSNegotiationErrorCount", Signal::tls_failures },
    { "TargetTLSNegotiationErrorCount", Signal::tls_failures },
    { "UnHealthyHostCount", Signal::unhealthy_targets },
    { "HealthyHostCount", Signal::healthy_targets },
    { "RunningTaskCount", Signal::healthy_targets },
    { "GroupInServiceInstances", Signal::healthy_targets },
    { "DesiredTaskCount", Signal::capacity },
    { "GroupDesiredCapacity", Signal::capacity },
    { "ProvisionedReadCapacityUnits", Signal::capacity },
    { "ProvisionedWriteCapacityUnits", Signal::capacity },
    { "RestartCount", Signal::restarts },
    { "pod_number_of_container_restarts", Signal::restarts },
    { "CPUUtilization", Signal::cpu },
    { "CpuUtilized", Signal::cpu },
    { "EngineCPUUtilization", Signal::cpu },
    { "cpu_usage_active", Signal::cpu },
    { "MemoryUtilization", Signal::memory_used },
    { "MemoryUtilized", Signal::memory_used },
    { "DatabaseMemoryUsagePercentage", Signal::memory_used },
    { "mem_used_percent", Signal::memory_used },
    { "memory_utilization", Signal::memory_used },
    { "used_memory_max", Signal::memory_used },
    { "SwapUsage", Signal::memory_used },
    { "FreeableMemory", Signal::memory_free },
    { "FreeStorageSpace", Signal::storage_free },
    { "FreeLocalStorage", Signal::storage_free },
    { "disk_used_percent", Signal::storage_used },
    { "EphemeralStorageUtilized", Signal::storage_used },
    { "node_filesystem_utilization", Signal::storage_used },
    { "DatabaseConnections", Signal::connections },
    { "CurrConnections", Signal::connections },
    { "ActiveConnectionCount", Signal::connections },
    { "Throttles", Signal::throttles },
    { "ThrottledRequests", Signal::throttles },
    { "ReadThrottleEvents", Signal::throttles },
    { "WriteThrottleEvents", Signal::throttles },
    { "ReadProvisionedThroughputExceeded", Signal::throttles },
    { "WriteProvisionedThroughputExceeded", Signal::throttles },
    { "ExecutionThrottled", Signal::throttles },
    { "ReadIOPS", Signal::io_operations },
    { "WriteIOPS", Signal::io_operations },
    { "VolumeReadOps", Signal::io_operations },
    { "VolumeWriteOps", Signal::io_operations },
    { "DiskQueueDepth", Signal::io_queue },
    { "VolumeQueueLength", Signal::io_queue },
    { "ReadLatency", Signal::io_latency },
    { "WriteLatency", Signal::io_latency },
    { "CommitLatency", Signal::io_latency },
    { "VolumeTotalReadTime", Signal::io_latency },
    { "VolumeTotalWriteTime", Signal::io_latency },
    { "BurstBalance", Signal::credits },
    { "EBSIOBalance%", Signal::credits },
    { "EBSByteBalance%", Signal::credits },
    { "CPUCreditBalance", Signal::credits },
    { "BurstCreditBalance", Signal::credits },
    { "CPUSurplusCreditBalance", Signal::other },
    { "CPUCreditUsage", Signal::other },
    { "ReplicaLag", Signal::replica_lag },
    { "AuroraReplicaLag", Signal::replica_lag },
    { "ReplicationLag", Signal::replica_lag },
    { "OldestReplicationSlotLag", Signal::replica_lag },
    { "ApproximateNumberOfMessagesVisible", Signal::queue_depth },
    { "ApproximateNumberOfMessagesNotVisible", Signal::other },
    { "ApproximateAgeOfOldestMessage", Signal::queue_age },
    { "GetRecords.IteratorAgeMilliseconds", Signal::queue_age },
    { "IteratorAge", Signal::queue_age },
    { "NumberOfMessagesReceived", Signal::consumption },
    { "NumberOfMessagesDeleted", Signal::consumption },
    { "NumberOfEmptyReceives", Signal::other },
    { "StatusCheckFailed", Signal::status_check },
    { "StatusCheckFailed_System", Signal::status_check },
    { "StatusCheckFailed_Instance", Signal::status_check },
    { "StatusCheckFailed_AttachedEBS", Signal::status_check },
    { "ConcurrentExecutions", Signal::concurrency },
    { "DBLoad", Signal::db_load },
    { "DBLoadCPU", Signal::db_load },
    { "DBLoadNonCPU", Signal::db_load },
    { "DaysToExpiry", Signal::certificate_days },
    { "ErrorPortAllocation", Signal::port_failures },
    { "PacketsDropCount", Signal::port_failures },
    { "Evictions", Signal::evictions },
    { "NetworkIn", Signal::bytes },
    { "NetworkOut", Signal::bytes },
    { "FailedInvocations", Signal::errors },
    { "DeadLetterErrors", Signal::errors },
    { "UserErrors", Signal::errors },
    { "SystemErrors", Signal::errors },
    { "ExecutionsFailed", Signal::errors },
    { "ExecutionsTimedOut", Signal::errors },
    { "NumberOfNotificationsFailed", Signal::errors },
    // https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html
    { "NumberOfNotificationsRedrivenToDlq", Signal::errors },
    { "NumberOfNotificationsDelivered", Signal::consumption },
    // https://docs.aws.amazon.com/waf/latest/developerguide/waf-metrics.html
    { "BlockedRequests", Signal::errors },
    // https://docs.aws.amazon.com/vpc/latest/userguide/metrics-dimensions-nat-gateway.html
    { "ConnectionAttemptCount", Signal::requests },
    { "ConnectionEstablishedCount", Signal::other },
    { "IdleTimeoutCount", Signal::other }, // connections that nobody used for 350 s; no failure
    { "BytesInFromDestination", Signal::bytes },
    { "BytesInFromSource", Signal::bytes },
    { "BytesOutToDestination", Signal::bytes },
    { "BytesOutToSource", Signal::bytes },
    // https://docs.aws.amazon.com/ebs/latest/userguide/using_cloudwatch_ebs.html
    { "VolumeReadBytes", Signal::bytes },
    { "VolumeWriteBytes", Signal::bytes },
    { "VolumeStalledIOCheck", Signal::status_check },
    { "VolumeAvgReadLatency", Signal::io_latency },
    { "VolumeAvgWriteLatency", Signal::io_latency },
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html
    { "ReplicationLatency", Signal::replica_lag },
    { "OperationsPendingReplication", Signal::queue_depth },
    { "BytesPendingReplication", Signal::queue_depth },
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-EKS.html
    { "cluster_failed_node_count", Signal::status_check },
    { "cluster_node_count", Signal::healthy_targets },
    { "node_number_of_running_pods", Signal::healthy_targets },
    { "namespace_number_of_running_pods", Signal::healthy_targets },
    { "service_number_of_running_pods", Signal::healthy_targets },
    { "node_status_condition_ready", Signal::healthy_targets },
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Quotas-Visualize-Alarms.html
    { "CallCount", Signal::requests },
    { "ResourceCount", Signal::concurrency },
});

// For metrics that somebody else named. The first row whose word occurs wins, so the narrow words stand first.
constexpr auto by_word = std::to_array<Row>({
    { "throttl", Signal::throttles },
    { "rate_limited", Signal::throttles },
    { "replica_lag", Signal::replica_lag },
    { "replication_lag", Signal::replica_lag },
    { "replicalag", Signal::replica_lag },
    { "consumer_lag", Signal::queue_depth },
    { "iterator_age", Signal::queue_age },
    { "oldest", Signal::queue_age },
    { "backlog", Signal::queue_depth },
    { "queue", Signal::queue_depth },
    { "5xx", Signal::errors },
    { "4xx", Signal::errors },
    { "error", Signal::errors },
    { "fault", Signal::errors },
    { "fail", Signal::errors },
    { "exception", Signal::errors },
    { "timeout", Signal::errors },
    { "rejected", Signal::errors },
    { "latency", Signal::latency },
    { "duration", Signal::latency },
    { "response_time", Signal::latency },
    { "responsetime", Signal::latency },
    { "cpu", Signal::cpu },
    { "freeablememory", Signal::memory_free },
    { "mem_available", Signal::memory_free },
    { "mem", Signal::memory_used },
    { "heap", Signal::memory_used },
    { "disk_free", Signal::storage_free },
    { "disk_used", Signal::storage_used },
    { "filesystem", Signal::storage_used },
    { "connection", Signal::connections },
    { "pool", Signal::connections },
    { "restart", Signal::restarts },
    { "requests", Signal::requests },
    { "invocations", Signal::requests },
    { "throughput", Signal::requests },
    { "orders", Signal::requests },
    { "successful", Signal::requests },
});

} // namespace

Signal signal_of(MetricId const& metric) {
    for (auto const& row : known)
        if (row.name == metric.name)
            return row.signal;
    auto const name = to_lower(metric.name);
    for (auto const& row : by_word)
        if (name.find(row.name) != std::string::npos)
            return row.signal;
    return Signal::other;
}

BadDirection bad_direction(Signal signal) {
    switch (signal) {
    case Signal::memory_free:
    case Signal::storage_free:
    case Signal::credits:
    case Signal::healthy_targets:
    case Signal::consumption:
    case Signal::certificate_days:
        return BadDirection::down;
    case Signal::requests:
    case Signal::capacity:
    case Signal::bytes:
    case Signal::io_operations:
    case Signal::other:
        return BadDirection::either;
    default:
        return BadDirection::up;
    }
}

std::string_view words_for(Signal signal) {
    constexpr auto words = std::to_array<std::string_view>(
        { "requests", "errors", "latency", "CPU", "memory", "free memory", "storage in use", "free storage",
            "connections", "failed connections", "throttles", "IOPS", "I/O queue", "I/O latency", "burst credits",
            "replica lag", "queue depth", "age of the oldest message", "messages consumed", "failed status checks",
            "unhealthy targets", "healthy targets", "capacity", "concurrency", "database load", "days to expiry",
            "TLS failures", "restarts", "port allocation failures", "evictions", "bytes", "metric" });
    return words[static_cast<std::size_t>(signal)];
}

} // namespace convops
