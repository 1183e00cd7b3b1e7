// Recommended alarms: Where requests come in and connections go out. Facts from AWS's own recommendations and from
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
    RecommendedRow { "HTTPCode_ELB_5XX_Count", "Sum", above, { fixed, 10 }, { 60, 3, 3 }, "notBreaching", page,
        always, "the load balancer itself answers with errors" },
    RecommendedRow { "TargetConnectionErrorCount", "Sum", above, { fixed, 0 }, { 60, 5, 5 }, "notBreaching", warn,
        always, "the load balancer can not reach its targets" },
    RecommendedRow { "RejectedConnectionCount", "Sum", above, { fixed, 0 }, { 60, 5, 5 }, "notBreaching", note,
        always, "the load balancer has no connections left" },
    RecommendedRow { "ClientTLSNegotiationErrorCount", "Sum", above, { history_high, 1.5 }, { 60, 5, 5 },
        "notBreaching", note, seldom, "callers can not agree on encryption" },
};

constexpr std::array rows_1 {
    RecommendedRow { "HTTPCode_Target_5XX_Count", "Sum", above, { share_of_metric, 0.05, "RequestCount" },
        { 60, 3, 5 }, "notBreaching", page, always, "the application answers with errors" },
    RecommendedRow { "TargetResponseTime", "p99", above, { fixed, 2 }, { 300, 3, 3 }, "notBreaching", page, always,
        "callers wait long for an answer" },
    RecommendedRow { "UnHealthyHostCount", "Maximum", above, { fixed, 0 }, { 60, 2, 2 }, "notBreaching", page, always,
        "a target fails its health check" },
    RecommendedRow { "HealthyHostCount", "Minimum", below, { fixed, 1 }, { 60, 2, 2 }, "breaching", page, always,
        "not one target is healthy" },
};

constexpr std::array rows_2 {
    RecommendedRow { "UnHealthyHostCount", "Maximum", above, { fixed, 0 }, { 60, 2, 3 }, "notBreaching", page, always,
        "a target fails its health check" },
    RecommendedRow { "HealthyHostCount", "Minimum", below, { fixed, 1 }, { 60, 2, 2 }, "breaching", page, always,
        "not one target is healthy" },
};

constexpr std::array rows_3 {
    RecommendedRow { "ProcessedBytes", "Sum", below, { history_low, 1 }, { 60, 10, 10 }, "breaching", note,
        steady_traffic, "callers have gone away" },
    RecommendedRow { "TCP_Target_Reset_Count", "Sum", above, { history_high, 1.5 }, { 60, 5, 5 }, "notBreaching",
        note, always, "targets reset connections" },
    RecommendedRow { "PortAllocationErrorCount", "Sum", above, { fixed, 0 }, { 60, 3, 5 }, "notBreaching", page,
        always, "new connections to targets fail" },
    RecommendedRow { "RejectedFlowCount", "Sum", above, { fixed, 0 }, { 60, 5, 5 }, "notBreaching", warn, always,
        "new connections are refused" },
};

constexpr std::array rows_4 {
    RecommendedRow { "UnHealthyHostCount", "Maximum", above, { fixed, 0 }, { 60, 2, 2 }, "notBreaching", page, always,
        "an instance fails its health check" },
    RecommendedRow { "HTTPCode_ELB_5XX", "Sum", above, { fixed, 10 }, { 60, 3, 3 }, "notBreaching", page, always,
        "the load balancer itself answers with errors" },
    RecommendedRow { "SurgeQueueLength", "Maximum", above, { fixed, 512 }, { 60, 3, 3 }, "notBreaching", warn, always,
        "requests queue up in front of the instances" },
};

constexpr std::array rows_5 {
    RecommendedRow { "4XXError", "Average", above, { fixed, 0.05 }, { 60, 5, 5 }, "missing", warn, rest_api,
        "many callers are refused" },
    RecommendedRow { "5XXError", "Average", above, { fixed, 0.05 }, { 60, 3, 3 }, "missing", page, rest_api,
        "the API answers with errors of its own" },
    RecommendedRow { "Count", "SampleCount", below, { history_low, 1 }, { 60, 10, 10 }, "breaching", note,
        steady_traffic, "callers have gone away" },
    RecommendedRow { "Latency", "p90", at_least, { fixed, 2500 }, { 60, 5, 5 }, "missing", page, rest_api,
        "callers wait long for an answer" },
};

constexpr std::array rows_6 {
    RecommendedRow { "Count", "SampleCount", below, { history_low, 1 }, { 60, 10, 10 }, "breaching", note, seldom,
        "callers have gone away" },
    RecommendedRow { "Latency", "p90", at_least, { fixed, 2500 }, { 60, 5, 5 }, "missing", page, seldom,
        "callers wait long for an answer" },
};

constexpr std::array rows_7 {
    RecommendedRow { "Count", "SampleCount", below, { history_low, 1 }, { 60, 10, 10 }, "breaching", note,
        steady_traffic, "callers have gone away" },
    RecommendedRow { "IntegrationLatency", "p90", at_least, { fixed, 2000 }, { 60, 5, 5 }, "missing", warn,
        websocket_api, "the service behind the API is slow" },
    RecommendedRow { "Latency", "p90", at_least, { fixed, 2500 }, { 60, 5, 5 }, "missing", page, http_api,
        "callers wait long for an answer" },
    RecommendedRow { "4xx", "Average", above, { fixed, 0.05 }, { 60, 5, 5 }, "missing", warn, http_api,
        "many callers are refused" },
    RecommendedRow { "5xx", "Average", above, { fixed, 0.05 }, { 60, 3, 3 }, "missing", page, http_api,
        "the API answers with errors of its own" },
    RecommendedRow { "MessageCount", "SampleCount", below, { history_low, 1 }, { 60, 10, 10 }, "breaching", note,
        steady_traffic, "no more messages arrive" },
    RecommendedRow { "ClientError", "Average", above, { fixed, 0.05 }, { 60, 5, 5 }, "missing", warn, websocket_api,
        "many messages are refused" },
    RecommendedRow { "ExecutionError", "Average", above, { fixed, 0.05 }, { 60, 3, 3 }, "missing", page,
        websocket_api, "messages can not be carried out" },
};

constexpr std::array rows_8 {
    RecommendedRow { "Count", "SampleCount", below, { history_low, 1 }, { 60, 10, 10 }, "breaching", note, seldom,
        "callers have gone away" },
    RecommendedRow { "Latency", "p90", at_least, { fixed, 2500 }, { 60, 5, 5 }, "missing", page, seldom,
        "callers wait long for an answer" },
};

constexpr std::array rows_9 {
    RecommendedRow { "IntegrationLatency", "p90", at_least, { fixed, 2000 }, { 60, 5, 5 }, "missing", warn, seldom,
        "the service behind the API is slow" },
    RecommendedRow { "MessageCount", "SampleCount", below, { history_low, 1 }, { 60, 10, 10 }, "breaching", note,
        seldom, "no more messages arrive" },
};

constexpr std::array rows_10 {
    RecommendedRow { "5xxErrorRate", "Average", above, { history_high, 1.5 }, { 60, 5, 5 }, "missing", page, always,
        "viewers get errors" },
    RecommendedRow { "OriginLatency", "p90", above, { origin_timeout, 0.8 }, { 60, 5, 5 }, "missing", note, seldom,
        "the origin comes close to its time-out" },
};

constexpr std::array rows_11 {
    RecommendedRow { "FunctionValidationErrors", "Sum", above, { fixed, 0 }, { 60, 2, 2 }, "notBreaching", note,
        seldom, "the edge function returns what is not allowed" },
    RecommendedRow { "FunctionExecutionErrors", "Sum", above, { fixed, 0 }, { 60, 5, 5 }, "notBreaching", note,
        seldom, "the edge function fails" },
    RecommendedRow { "FunctionThrottles", "Sum", above, { fixed, 0 }, { 60, 5, 5 }, "notBreaching", note, seldom,
        "the edge function is throttled" },
};

constexpr std::array rows_12 {
    RecommendedRow { "HealthCheckStatus", "Average", below, { fixed, 1 }, { 60, 3, 3 }, "breaching", page, always,
        "the endpoint fails its health check" },
};

constexpr std::array rows_13 {
    RecommendedRow { "DaysToExpiry", "Minimum", at_most, { fixed, 44 }, { 86400, 1, 1 }, "breaching", page, always,
        "a certificate runs out" },
};

constexpr std::array rows_14 {
    RecommendedRow { "SuccessPercent", "Average", below, { fixed, 90 }, { 300, 2, 2 }, "breaching", page, always,
        "the path that users take is broken" },
};

constexpr std::array rows_15 {
    RecommendedRow { "ErrorPortAllocation", "Sum", above, { fixed, 0 }, { 60, 15, 15 }, "notBreaching", page, always,
        "new connections to the outside fail" },
    RecommendedRow { "PacketsDropCount", "Sum", above, { share_of_metric, 0.0001, "PacketsInFromSource" },
        { 60, 5, 5 }, "missing", page, always, "the gateway loses packets" },
};

constexpr std::array rows_16 {
    RecommendedRow { "TunnelState", "Minimum", below, { fixed, 1 }, { 300, 3, 3 }, "missing", page, always,
        "a tunnel to the other network is down" },
};

constexpr std::array rows_17 {
    RecommendedRow { "TunnelState", "Minimum", below, { fixed, 1 }, { 300, 3, 3 }, "missing", page, seldom,
        "a tunnel to the other network is down" },
};

constexpr std::array rows_18 {
    RecommendedRow { "PacketsDropped", "Sum", above, { history_high, 1.5 }, { 60, 5, 5 }, "notBreaching", note,
        seldom, "an endpoint loses packets" },
};

constexpr std::array rows_19 {
    RecommendedRow { "RstPacketsSent", "Sum", above, { history_high, 1.5 }, { 60, 5, 5 }, "missing", note, seldom,
        "targets behind the endpoint service reset connections" },
};

constexpr std::array rows_20 {
    RecommendedRow { "SignUpThrottles", "Sum", above, { fixed, 0 }, { 60, 5, 5 }, "notBreaching", warn, seldom,
        "people can not register" },
    RecommendedRow { "SignInThrottles", "Sum", above, { fixed, 0 }, { 60, 5, 5 }, "notBreaching", warn, seldom,
        "people can not sign in" },
    RecommendedRow { "TokenRefreshThrottles", "Sum", above, { fixed, 0 }, { 60, 5, 5 }, "notBreaching", warn, seldom,
        "sessions can not be renewed" },
};

constexpr std::array rows_21 {
    RecommendedRow { "FederationThrottles", "Sum", above, { fixed, 0 }, { 60, 5, 5 }, "notBreaching", warn, seldom,
        "people of other providers can not sign in" },
};

constexpr std::array groups {
    RecommendedGroup { "AWS/ApplicationELB", { "LoadBalancer" }, rows_0 },
    RecommendedGroup { "AWS/ApplicationELB", { "LoadBalancer", "TargetGroup" }, rows_1 },
    RecommendedGroup { "AWS/NetworkELB", { "LoadBalancer", "TargetGroup" }, rows_2 },
    RecommendedGroup { "AWS/NetworkELB", { "LoadBalancer" }, rows_3 },
    RecommendedGroup { "AWS/ELB", { "LoadBalancerName" }, rows_4 },
    RecommendedGroup { "AWS/ApiGateway", { "ApiName", "Stage" }, rows_5 },
    RecommendedGroup { "AWS/ApiGateway", { "ApiName", "Stage", "Resource", "Method" }, rows_6 },
    RecommendedGroup { "AWS/ApiGateway", { "ApiId", "Stage" }, rows_7 },
    RecommendedGroup { "AWS/ApiGateway", { "ApiId", "Stage", "Resource", "Method" }, rows_8 },
    RecommendedGroup { "AWS/ApiGateway", { "ApiId", "Stage", "Route" }, rows_9 },
    RecommendedGroup { "AWS/CloudFront", { "DistributionId", "Region=Global" }, rows_10 },
    RecommendedGroup { "AWS/CloudFront", { "DistributionId", "FunctionName", "Region=Global" }, rows_11 },
    RecommendedGroup { "AWS/Route53", { "HealthCheckId" }, rows_12 },
    RecommendedGroup { "AWS/CertificateManager", { "CertificateArn" }, rows_13 },
    RecommendedGroup { "CloudWatchSynthetics", { "CanaryName" }, rows_14 },
    RecommendedGroup { "AWS/NATGateway", { "NatGatewayId" }, rows_15 },
    RecommendedGroup { "AWS/VPN", { "VpnId" }, rows_16 },
    RecommendedGroup { "AWS/VPN", { "TunnelIpAddress" }, rows_17 },
    RecommendedGroup { "AWS/PrivateLinkEndpoints",
        { "VPC Id", "VPC Endpoint Id", "Endpoint Type", "Subnet Id", "Service Name" }, rows_18 },
    RecommendedGroup { "AWS/PrivateLinkServices", { "Service Id", "Load Balancer Arn", "Az" }, rows_19 },
    RecommendedGroup { "AWS/Cognito", { "UserPool", "UserPoolClient" }, rows_20 },
    RecommendedGroup { "AWS/Cognito", { "UserPool", "UserPoolClient", "IdentityProvider" }, rows_21 },
};

} // namespace

std::span<RecommendedGroup const> entrances() {
    return groups;
}

} // namespace convops::recommended
