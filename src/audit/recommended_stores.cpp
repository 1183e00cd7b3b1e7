// Recommended alarms: Databases, caches, buckets. Facts from AWS's own recommendations and from practice (NOTICE
// names the sources); the words are ours.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html
#include "audit/recommended_rows.h"

namespace convops::recommended {

namespace {

using enum Comparison;
using enum ThresholdRule;
using enum Urgency;
using enum Applies;

constexpr std::array rows_0 {
    RecommendedRow { "CPUUtilization", "Average", above, { fixed, 90 }, { 60, 5, 5 }, "breaching", page, always,
        "the processor of the database has no room left" },
    RecommendedRow { "DatabaseConnections", "Average", above, { max_connections, 0.9 }, { 60, 5, 5 }, "breaching",
        page, always, "the database is about to refuse connections" },
    RecommendedRow { "EBSByteBalance%", "Average", below, { fixed, 10 }, { 60, 3, 3 }, "missing", warn, not_aurora,
        "the disk falls to its baseline throughput" },
    RecommendedRow { "EBSIOBalance%", "Average", below, { fixed, 10 }, { 60, 3, 3 }, "missing", warn, not_aurora,
        "the disk falls to its baseline rate of operations" },
    RecommendedRow { "FreeableMemory", "Average", below, { instance_memory, 0.25 }, { 60, 15, 15 }, "breaching", page,
        always, "the database is about to run out of memory" },
    RecommendedRow { "FreeLocalStorage", "Average", below, { owner, 0 }, { 60, 5, 5 }, "missing", page, aurora,
        "space for temporary tables runs out" },
    RecommendedRow { "FreeStorageSpace", "Minimum", below, { allocated_storage, 0.1 }, { 60, 5, 5 }, "breaching",
        page, not_aurora, "the disk fills up and writes will stop" },
    RecommendedRow { "MaximumUsedTransactionIDs", "Average", above, { fixed, 1000000000 }, { 60, 1, 1 }, "missing",
        page, postgres, "PostgreSQL is about to run out of transaction numbers" },
    RecommendedRow { "ReadLatency", "p90", above, { fixed, 0.02 }, { 60, 5, 5 }, "missing", warn, always,
        "reads from disk are slow" },
    RecommendedRow { "ReplicaLag", "Maximum", above, { fixed, 60 }, { 60, 10, 10 }, "breaching", page, read_replica,
        "a replica shows an old state" },
    RecommendedRow { "WriteLatency", "p90", above, { fixed, 0.02 }, { 60, 5, 5 }, "missing", warn, always,
        "writes to disk are slow" },
    RecommendedRow { "DBLoad", "Average", above, { vcpus, 1 }, { 60, 15, 15 }, "missing", warn, performance_insights,
        "more sessions work than the processor can serve" },
    RecommendedRow { "BlockedTransactions", "Average", above, { share_of_metric, 0.05, "ActiveTransactions" },
        { 60, 5, 5 }, "notBreaching", note, seldom, "transactions wait for locks" },
    RecommendedRow { "BufferCacheHitRatio", "Average", below, { fixed, 80 }, { 60, 10, 10 }, "missing", note, aurora,
        "the working set does not fit into memory" },
    RecommendedRow { "RollbackSegmentHistoryListLength", "Average", above, { fixed, 1000000 }, { 60, 5, 5 },
        "breaching", note, aurora_mysql, "long transactions hold back the purge" },
    RecommendedRow { "DiskQueueDepth", "Average", above, { fixed, 64 }, { 60, 5, 5 }, "missing", note, not_aurora,
        "requests to the disk pile up" },
    RecommendedRow { "SwapUsage", "Average", above, { fixed, 268435456 }, { 300, 3, 3 }, "missing", note, not_aurora,
        "the database swaps" },
};

constexpr std::array rows_1 {
    RecommendedRow { "AuroraVolumeBytesLeftTotal", "Average", below, { volume_limit, 0.15 }, { 60, 5, 5 },
        "breaching", note, aurora_mysql, "the cluster volume comes close to its limit" },
    RecommendedRow { "ServerlessDatabaseCapacity", "Maximum", at_least, { largest_capacity, 1 }, { 60, 15, 15 },
        "missing", warn, serverless, "the database can not grow any further" },
};

constexpr std::array rows_2 {
    RecommendedRow { "AuroraBinlogReplicaLag", "Average", at_most, { fixed, -1 }, { 60, 2, 2 }, "breaching", note,
        seldom, "replication by binary log has stopped" },
    RecommendedRow { "EngineUptime", "Average", at_most, { fixed, 0 }, { 60, 2, 2 }, "breaching", warn,
        aurora_cluster, "the writer is down or has just started" },
    RecommendedRow { "StorageNetworkThroughput", "Average", above, { owner, 0 }, { 60, 5, 5 }, "missing", note,
        seldom, "the way to the storage is full" },
};

constexpr std::array rows_3 {
    RecommendedRow { "AccountProvisionedReadCapacityUtilization", "Maximum", above, { fixed, 80 }, { 300, 2, 2 },
        "missing", note, seldom, "the account is about to run out of read capacity" },
    RecommendedRow { "AccountProvisionedWriteCapacityUtilization", "Maximum", above, { fixed, 80 }, { 300, 2, 2 },
        "missing", note, seldom, "the account is about to run out of write capacity" },
    RecommendedRow { "UserErrors", "Sum", above, { history_high, 1.5 }, { 60, 10, 10 }, "notBreaching", note, seldom,
        "requests are malformed or not allowed" },
};

constexpr std::array rows_4 {
    RecommendedRow { "AgeOfOldestUnreplicatedRecord", "Maximum", above, { owner, 0 }, { 300, 3, 3 }, "missing", note,
        seldom, "changes reach the stream late" },
    RecommendedRow { "FailedToReplicateRecordCount", "Sum", above, { fixed, 0 }, { 60, 1, 1 }, "notBreaching", warn,
        seldom, "changes never reach the stream" },
    RecommendedRow { "ThrottledPutRecordCount", "Maximum", above, { history_high, 1.5 }, { 60, 10, 10 },
        "notBreaching", note, seldom, "copying changes to the stream is slowed down" },
};

constexpr std::array rows_5 {
    RecommendedRow { "ReadThrottleEvents", "Sum", above, { history_high, 1.5 }, { 60, 5, 5 }, "notBreaching", page,
        always, "reads are refused for want of capacity" },
    RecommendedRow { "SystemErrors", "Sum", above, { history_high, 1.5 }, { 60, 15, 15 }, "notBreaching", warn,
        always, "the service itself fails" },
    RecommendedRow { "WriteThrottleEvents", "Sum", above, { history_high, 1.5 }, { 60, 5, 5 }, "notBreaching", page,
        always, "writes are refused for want of capacity" },
    RecommendedRow { "ConsumedReadCapacityUnits", "Sum", above, { read_capacity, 48 }, { 60, 5, 5 }, "notBreaching",
        note, provisioned, "the table uses up the read capacity that it pays for" },
};

constexpr std::array rows_6 {
    RecommendedRow { "ReadThrottleEvents", "Sum", above, { history_high, 1.5 }, { 60, 5, 5 }, "notBreaching", page,
        seldom, "reads are refused for want of capacity" },
    RecommendedRow { "WriteThrottleEvents", "Sum", above, { history_high, 1.5 }, { 60, 5, 5 }, "notBreaching", page,
        seldom, "writes are refused for want of capacity" },
};

constexpr std::array rows_7 {
    RecommendedRow { "ReplicationLatency", "Average", above, { fixed, 180000 }, { 60, 15, 15 }, "missing", note,
        seldom, "another Region shows an old state" },
};

constexpr std::array rows_8 {
    RecommendedRow { "SuccessfulRequestLatency", "Average", above, { history_high, 1.5 }, { 60, 10, 10 }, "missing",
        note, seldom, "requests take longer than usual" },
    RecommendedRow { "ThrottledRequests", "Sum", above, { fixed, 0 }, { 60, 1, 1 }, "notBreaching", note, seldom,
        "requests of one operation are refused" },
};

constexpr std::array rows_9 {
    RecommendedRow { "CPUUtilization", "Average", above, { node_vcpus, 90 }, { 60, 5, 5 }, "missing", warn, always,
        "the processor of the cache node has no room left" },
    RecommendedRow { "CurrConnections", "Average", above, { history_high, 1.5 }, { 60, 10, 10 }, "missing", note,
        always, "clients open connections and do not give them back" },
};

constexpr std::array rows_10 {
    RecommendedRow { "DatabaseMemoryUsagePercentage", "Average", above, { fixed, 90 }, { 60, 5, 5 }, "missing", page,
        redis, "the cache fills up and will evict keys" },
    RecommendedRow { "EngineCPUUtilization", "Average", above, { fixed, 90 }, { 60, 5, 5 }, "missing", page, redis,
        "the one thread that serves commands has no room left" },
    RecommendedRow { "ReplicationLag", "Average", above, { owner, 0 }, { 60, 15, 15 }, "missing", note, cache_replica,
        "a cache replica serves old values" },
};

constexpr std::array rows_11 {
    RecommendedRow { "4xxErrors", "Average", above, { fixed, 0.05 }, { 60, 15, 15 }, "missing", warn, always,
        "many requests to the bucket are refused" },
    RecommendedRow { "5xxErrors", "Average", above, { fixed, 0.05 }, { 60, 15, 15 }, "missing", warn, always,
        "the bucket answers with errors of its own" },
};

constexpr std::array rows_12 {
    RecommendedRow { "OperationsFailedReplication", "Maximum", above, { fixed, 0 }, { 60, 5, 5 }, "missing", warn,
        seldom, "objects are not copied to the other bucket" },
};

constexpr std::array rows_13 {
    RecommendedRow { "4xxErrors", "Average", above, { fixed, 0.05 }, { 60, 15, 15 }, "missing", note, seldom,
        "many requests are refused" },
    RecommendedRow {
        "5xxErrors", "Average", above, { fixed, 0.05 }, { 60, 15, 15 }, "missing", note, seldom, "requests fail" },
    RecommendedRow { "LambdaResponse4xx", "Average", above, { fixed, 0.05 }, { 60, 15, 15 }, "missing", note, seldom,
        "the function refuses many requests" },
};

constexpr std::array rows_14 {
    RecommendedRow { "ClusterStatus.red", "Maximum", at_least, { fixed, 1 }, { 60, 1, 1 }, "missing", page, always,
        "parts of the index are lost" },
    RecommendedRow { "FreeStorageSpace", "Minimum", below, { node_storage, 0.25 }, { 60, 1, 1 }, "missing", page,
        always, "the disk of a node fills up" },
};

constexpr std::array groups {
    RecommendedGroup { "AWS/RDS", { "DBInstanceIdentifier" }, rows_0 },
    RecommendedGroup { "AWS/RDS", { "DBClusterIdentifier" }, rows_1 },
    RecommendedGroup { "AWS/RDS", { "DBClusterIdentifier", "Role=WRITER" }, rows_2 },
    RecommendedGroup { "AWS/DynamoDB", {}, rows_3 },
    RecommendedGroup { "AWS/DynamoDB", { "TableName", "DelegatedOperation" }, rows_4 },
    RecommendedGroup { "AWS/DynamoDB", { "TableName" }, rows_5 },
    RecommendedGroup { "AWS/DynamoDB", { "TableName", "GlobalSecondaryIndexName" }, rows_6 },
    RecommendedGroup { "AWS/DynamoDB", { "TableName", "ReceivingRegion" }, rows_7 },
    RecommendedGroup { "AWS/DynamoDB", { "TableName", "Operation" }, rows_8 },
    RecommendedGroup { "AWS/ElastiCache", { "CacheClusterId", "CacheNodeId" }, rows_9 },
    RecommendedGroup { "AWS/ElastiCache", { "CacheClusterId" }, rows_10 },
    RecommendedGroup { "AWS/S3", { "BucketName", "FilterId" }, rows_11 },
    RecommendedGroup { "AWS/S3", { "SourceBucket", "DestinationBucket", "RuleId" }, rows_12 },
    RecommendedGroup { "AWS/S3ObjectLambda", { "AccessPointName", "DataSourceARN" }, rows_13 },
    RecommendedGroup { "AWS/ES", { "DomainName", "ClientId" }, rows_14 },
};

} // namespace

std::span<RecommendedGroup const> stores() {
    return groups;
}

} // namespace convops::recommended
