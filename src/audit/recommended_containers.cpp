// Recommended alarms: Kubernetes, as Container Insights measures it. Facts from AWS's own recommendations and from
// practice (NOTICE names the sources); the words are ours.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html
#include "audit/recommended_rows.h"

namespace convops::recommended {

namespace {

using enum Comparison;
using enum ThresholdRule;
using enum Urgency;
using enum Applies;

constexpr std::array rows_0 {
    RecommendedRow { "node_cpu_reserved_capacity", "Average", above, { fixed, 80 }, { 60, 3, 3 }, "notBreaching",
        warn, always, "nodes have no processor left to promise" },
    RecommendedRow { "node_cpu_utilization", "Maximum", above, { fixed, 80 }, { 60, 3, 3 }, "notBreaching", warn,
        always, "nodes have no processor left" },
    RecommendedRow { "node_filesystem_utilization", "Maximum", above, { fixed, 80 }, { 60, 5, 5 }, "notBreaching",
        page, always, "the disk of a node fills up and pods will be evicted" },
    RecommendedRow { "node_memory_reserved_capacity", "Average", above, { fixed, 85 }, { 60, 2, 3 }, "notBreaching",
        warn, always, "nodes have no memory left to promise" },
    RecommendedRow { "node_memory_utilization", "Maximum", above, { fixed, 80 }, { 60, 2, 3 }, "breaching", page,
        always, "nodes run out of memory" },
    RecommendedRow { "apiserver_request_duration_seconds", "Average", above, { fixed, 0.25 }, { 60, 2, 3 },
        "notBreaching", note, seldom, "the control plane is slow" },
    RecommendedRow { "rest_client_request_duration_seconds", "Average", above, { fixed, 0.5 }, { 60, 2, 3 },
        "notBreaching", note, seldom, "calls to the control plane are slow" },
    RecommendedRow { "etcd_request_duration_seconds", "Average", above, { fixed, 0.1 }, { 60, 2, 3 }, "notBreaching",
        note, seldom, "the store of the control plane is slow" },
    RecommendedRow { "apiserver_request_total_5XX", "Sum", above, { fixed, 10 }, { 60, 5, 5 }, "notBreaching", note,
        seldom, "the control plane fails" },
    RecommendedRow { "apiserver_storage_list_duration_seconds", "Average", above, { history_high, 1.5 }, { 60, 5, 5 },
        "missing", note, seldom, "listing objects is slow" },
};

constexpr std::array rows_1 {
    RecommendedRow { "pod_cpu_reserved_capacity", "Average", above, { fixed, 70 }, { 60, 3, 5 }, "notBreaching", note,
        seldom, "pods claim most of the processor" },
    RecommendedRow { "pod_cpu_utilization", "Average", above, { fixed, 80 }, { 60, 3, 5 }, "notBreaching", note,
        seldom, "pods have no processor left" },
    RecommendedRow { "pod_memory_reserved_capacity", "Average", above, { fixed, 70 }, { 60, 3, 5 }, "notBreaching",
        note, seldom, "pods claim most of the memory" },
    RecommendedRow { "pod_memory_utilization", "Average", above, { fixed, 75 }, { 60, 3, 4 }, "notBreaching", note,
        seldom, "pods run out of memory" },
    RecommendedRow { "pod_status_pending", "Maximum", above, { fixed, 3 }, { 60, 8, 10 }, "notBreaching", note,
        seldom, "pods find no place to run" },
};

constexpr std::array rows_2 {
    RecommendedRow { "pod_cpu_utilization_over_pod_limit", "Maximum", above, { fixed, 80 }, { 60, 3, 5 }, "breaching",
        note, seldom, "pods are held back at their processor limit" },
    RecommendedRow { "pod_memory_utilization_over_pod_limit", "Maximum", above, { fixed, 80 }, { 60, 5, 5 },
        "breaching", note, seldom, "pods come close to being killed for memory" },
};

constexpr std::array rows_3 {
    RecommendedRow { "container_cpu_utilization", "Average", above, { fixed, 85 }, { 60, 3, 5 }, "notBreaching", note,
        seldom, "a container has no processor left" },
    RecommendedRow { "container_memory_utilization", "Average", above, { fixed, 80 }, { 60, 2, 3 }, "notBreaching",
        note, seldom, "a container is about to be killed for memory" },
    RecommendedRow { "container_filesystem_utilization", "Maximum", above, { fixed, 85 }, { 60, 5, 5 },
        "notBreaching", note, seldom, "the disk of a container fills up" },
};

constexpr std::array groups {
    RecommendedGroup { "ContainerInsights", { "ClusterName" }, rows_0 },
    RecommendedGroup { "ContainerInsights", { "ClusterName", "Namespace" }, rows_1 },
    RecommendedGroup { "ContainerInsights", { "ClusterName", "Namespace", "Service" }, rows_2 },
    RecommendedGroup { "ContainerInsights", { "ClusterName", "Namespace", "PodName" }, rows_3 },
};

} // namespace

std::span<RecommendedGroup const> containers() {
    return groups;
}

} // namespace convops::recommended
