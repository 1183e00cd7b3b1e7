// Recommended alarms: Instances, volumes, file systems, functions, tasks. Facts from AWS's own recommendations and
// from practice (NOTICE names the sources); the words are ours.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html
#include "audit/recommended_rows.h"

namespace convops::recommended {

namespace {

using enum Comparison;
using enum ThresholdRule;
using enum Urgency;
using enum Applies;

constexpr std::array rows_0 {
    RecommendedRow { "CPUUtilization", "Average", above, { fixed, 80 }, { 300, 3, 3 }, "missing", warn, always,
        "the processor of the instance has no room left" },
    RecommendedRow { "StatusCheckFailed", "Maximum", at_least, { fixed, 1 }, { 300, 2, 2 }, "missing", page, always,
        "the instance or its host is broken" },
    RecommendedRow { "StatusCheckFailed_AttachedEBS", "Maximum", at_least, { fixed, 1 }, { 60, 10, 10 }, "missing",
        warn, always, "a volume of the instance can not be reached" },
    RecommendedRow { "StatusCheckFailed_System", "Maximum", above, { fixed, 0 }, { 60, 2, 2 }, "missing", warn,
        always, "the host of the instance is broken" },
    RecommendedRow { "CPUCreditBalance", "Minimum", below, { credit_maximum, 0.1 }, { 300, 3, 3 }, "missing", warn,
        burstable, "the instance falls to its baseline speed" },
};

constexpr std::array rows_1 {
    RecommendedRow { "mem_used_percent", "Average", above, { fixed, 75 }, { 300, 3, 3 }, "missing", warn, always,
        "the instance is about to run out of memory" },
};

constexpr std::array rows_2 {
    RecommendedRow { "disk_used_percent", "Average", above, { fixed, 80 }, { 300, 3, 3 }, "missing", warn, seldom,
        "a disk of the instance fills up" },
};

constexpr std::array rows_3 {
    RecommendedRow { "GroupInServiceCapacity", "Average", below, { desired_capacity, 1 }, { 60, 10, 10 }, "breaching",
        warn, group_metrics, "fewer instances serve than should" },
};

constexpr std::array rows_4 {
    RecommendedRow { "VolumeStalledIOCheck", "Maximum", at_least, { fixed, 1 }, { 60, 10, 10 }, "missing", page,
        always, "reads and writes of the volume hang" },
};

constexpr std::array rows_5 {
    RecommendedRow { "PercentIOLimit", "Average", at_least, { fixed, 100 }, { 60, 15, 15 }, "missing", warn,
        general_purpose, "the file system has no input and output left" },
    RecommendedRow { "BurstCreditBalance", "Average", at_most, { fixed, 0 }, { 60, 15, 15 }, "missing", warn,
        bursting, "the file system falls to its baseline speed" },
};

constexpr std::array rows_6 {
    RecommendedRow { "Errors", "Sum", above, { fixed, 0 }, { 60, 3, 3 }, "notBreaching", page, always,
        "calls of the function end in an error" },
    RecommendedRow { "Throttles", "Sum", at_least, { fixed, 1 }, { 60, 5, 5 }, "notBreaching", page, always,
        "calls of the function are refused" },
    RecommendedRow { "Duration", "p90", above, { function_timeout, 0.8 }, { 60, 15, 15 }, "missing", page, always,
        "the function comes close to its time-out" },
    RecommendedRow { "ConcurrentExecutions", "Maximum", above, { account_concurrency, 0.9 }, { 60, 10, 10 },
        "missing", note, always, "the function is about to use up the concurrency of the account" },
    RecommendedRow { "DeadLetterErrors", "Sum", above, { fixed, 0 }, { 300, 1, 1 }, "notBreaching", warn,
        dead_letter_target, "failed events are lost" },
    RecommendedRow { "DestinationDeliveryFailures", "Sum", above, { fixed, 0 }, { 300, 1, 1 }, "notBreaching", note,
        seldom, "results of the function are lost" },
    RecommendedRow { "IteratorAge", "Maximum", above, { stream_retention, 0.5 }, { 60, 10, 10 }, "notBreaching", page,
        stream_consumer, "the function falls behind its stream" },
    RecommendedRow { "AsyncEventAge", "Maximum", above, { event_age, 0.5 }, { 60, 5, 5 }, "notBreaching", note,
        seldom, "events wait long for the function" },
};

constexpr std::array rows_7 {
    RecommendedRow { "ClaimedAccountConcurrency", "Maximum", above, { account_concurrency, 0.9 }, { 60, 10, 10 },
        "notBreaching", warn, seldom, "the account is about to run out of concurrency" },
};

constexpr std::array rows_8 {
    RecommendedRow { "memory_utilization", "Average", above, { fixed, 90 }, { 60, 10, 10 }, "missing", warn, always,
        "the function is about to run out of memory" },
};

constexpr std::array rows_9 {
    RecommendedRow { "CPUReservation", "Average", above, { fixed, 80 }, { 60, 5, 5 }, "breaching", note, seldom,
        "the cluster has no processor left to promise" },
    RecommendedRow { "MemoryReservation", "Average", above, { fixed, 80 }, { 60, 5, 5 }, "breaching", note, seldom,
        "the cluster has no memory left to promise" },
};

constexpr std::array rows_10 {
    RecommendedRow { "CPUUtilization", "Average", above, { fixed, 80 }, { 60, 5, 5 }, "breaching", page, always,
        "tasks of the service have no processor time left" },
    RecommendedRow { "MemoryUtilization", "Average", above, { fixed, 80 }, { 60, 5, 5 }, "breaching", page, always,
        "tasks of the service are about to be killed for memory" },
    RecommendedRow { "HTTPCode_Target_5XX_Count", "Sum", above, { share_of_metric, 0.05, "RequestCount" },
        { 60, 5, 5 }, "notBreaching", note, seldom, "the service answers with errors" },
    RecommendedRow { "TargetResponseTime", "p90", above, { history_high, 1.5 }, { 60, 5, 5 }, "missing", note, seldom,
        "the service is slower than usual" },
    RecommendedRow { "EBSFilesystemUtilization", "Average", above, { fixed, 90 }, { 60, 5, 5 }, "missing", note,
        seldom, "the volume of a task fills up" },
};

constexpr std::array rows_11 {
    RecommendedRow { "TaskCpuUtilization", "Average", above, { fixed, 80 }, { 60, 5, 5 }, "notBreaching", warn,
        seldom, "tasks have no processor time left" },
    RecommendedRow { "ContainerCpuUtilization", "Average", above, { fixed, 80 }, { 60, 5, 5 }, "notBreaching", note,
        seldom, "a container has no processor time left" },
    RecommendedRow { "TaskEphemeralStorageUtilization", "Average", above, { fixed, 80 }, { 60, 5, 5 }, "notBreaching",
        note, seldom, "the scratch disk of a task fills up" },
    RecommendedRow { "TaskMemoryUtilization", "Average", above, { fixed, 80 }, { 60, 5, 5 }, "notBreaching", warn,
        seldom, "tasks are about to run out of memory" },
    RecommendedRow { "ContainerMemoryUtilization", "Average", above, { fixed, 80 }, { 60, 5, 5 }, "notBreaching",
        note, seldom, "a container is about to run out of memory" },
};

constexpr std::array rows_12 {
    RecommendedRow { "TaskCpuUtilization", "Average", above, { fixed, 80 }, { 60, 5, 5 }, "notBreaching", warn,
        seldom, "tasks have no processor time left" },
    RecommendedRow { "ContainerCpuUtilization", "Average", above, { fixed, 80 }, { 60, 5, 5 }, "notBreaching", note,
        seldom, "a container has no processor time left" },
    RecommendedRow { "EphemeralStorageUtilized", "Average", above, { owner, 0 }, { 60, 5, 5 }, "notBreaching", note,
        seldom, "the scratch disk of a task fills up" },
    RecommendedRow { "TaskEphemeralStorageUtilization", "Average", above, { fixed, 80 }, { 60, 5, 5 }, "notBreaching",
        note, seldom, "the scratch disk of a task fills up" },
    RecommendedRow { "TaskMemoryUtilization", "Average", above, { fixed, 80 }, { 60, 5, 5 }, "notBreaching", warn,
        seldom, "tasks are about to run out of memory" },
    RecommendedRow { "ContainerMemoryUtilization", "Average", above, { fixed, 80 }, { 60, 5, 5 }, "notBreaching",
        note, seldom, "a container is about to run out of memory" },
    RecommendedRow { "RunningTaskCount", "Average", at_most, { fixed, 0 }, { 60, 5, 5 }, "notBreaching", page, always,
        "not one task of the service runs" },
    RecommendedRow { "RunningTaskCount", "Minimum", below, { fewer_than_metric, 0, "DesiredTaskCount" }, { 60, 5, 5 },
        "breaching", page, always, "fewer tasks run than should" },
};

constexpr std::array rows_13 {
    RecommendedRow { "instance_filesystem_utilization", "Average", above, { fixed, 80 }, { 60, 5, 5 }, "notBreaching",
        note, seldom, "the disk of a container host fills up" },
};

constexpr std::array groups {
    RecommendedGroup { "AWS/EC2", { "InstanceId" }, rows_0 },
    RecommendedGroup { "CWAgent", { "InstanceId" }, rows_1 },
    RecommendedGroup { "CWAgent", { "InstanceId", "path", "device", "fstype" }, rows_2 },
    RecommendedGroup { "AWS/AutoScaling", { "AutoScalingGroupName" }, rows_3 },
    RecommendedGroup { "AWS/EBS", { "VolumeId", "InstanceId" }, rows_4 },
    RecommendedGroup { "AWS/EFS", { "FileSystemId" }, rows_5 },
    RecommendedGroup { "AWS/Lambda", { "FunctionName" }, rows_6 },
    RecommendedGroup { "AWS/Lambda", {}, rows_7 },
    RecommendedGroup { "LambdaInsights", { "function_name" }, rows_8 },
    RecommendedGroup { "AWS/ECS", { "ClusterName" }, rows_9 },
    RecommendedGroup { "AWS/ECS", { "ClusterName", "ServiceName" }, rows_10 },
    RecommendedGroup { "ECS/ContainerInsights", { "ClusterName" }, rows_11 },
    RecommendedGroup { "ECS/ContainerInsights", { "ClusterName", "ServiceName" }, rows_12 },
    RecommendedGroup { "ECS/ContainerInsights", { "InstanceId", "ContainerInstanceId", "ClusterName" }, rows_13 },
};

} // namespace

std::span<RecommendedGroup const> compute() {
    return groups;
}

} // namespace convops::recommended
