// 74: what measures production more finely.
#include "audit/coverage.h"

#include <algorithm>
#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "ec2_instances", .whole = false },
    AuditNeed { .reading = "rds_instances", .whole = false }, AuditNeed { .reading = "ecs_clusters", .whole = false },
    AuditNeed { .reading = "lambda_functions", .whole = false },
    AuditNeed { .reading = "eks_clusters", .whole = false },
    AuditNeed { .reading = "eks_addon_names", .whole = false },
    AuditNeed { .reading = "cloudwatch_recent_metrics", .whole = false } };
constexpr std::array<std::string_view, 1> beside { "tags" };

constexpr Seconds enhanced_every { 60 };

struct Missing {
    std::string what;
    std::string api, field;
    Json value;
    // Instances, databases, clusters and functions have a command alone: to write one of them whole in a template
    // from what its list tells would change what the list does not tell.
    AuditFix fix;
};

AuditFix by_command(std::string command) {
    AuditFix fix;
    fix.cli = std::move(command);
    return fix;
}

std::string text_of(AuditResource const& resource, std::string_view field) {
    return text_at(*resource.item, field);
}

std::optional<Missing> of_instance(AuditResource const& resource, std::string const& region) {
    auto const state = text_of(resource, "monitoring.state");
    if (state == "enabled" || state == "pending")
        return std::nullopt;
    return Missing { "detailed monitoring, so its metrics come every five minutes", "ec2:DescribeInstances",
        "monitoring.state", Json(state),
        by_command(cli_command("ec2", "monitor-instances", { { "instance-ids", resource.resource.name } }, region)) };
}

std::optional<Missing> of_database(AuditResource const& resource, std::string const& region) {
    bool const insights = flag_at(*resource.item, "PerformanceInsightsEnabled");
    bool const enhanced = number_at(*resource.item, "MonitoringInterval").value_or(0) > 0;
    if (insights && enhanced)
        return std::nullopt;
    JsonObject options { { "db-instance-identifier", resource.resource.name } };
    if (!insights)
        options["enable-performance-insights"] = true;
    if (!enhanced) {
        options["monitoring-interval"] = enhanced_every.count();
        options["monitoring-role-arn"] = database_monitoring_role.text;
    }
    options["apply-immediately"] = true; // Neither restarts the database.
    return Missing { insights ? "Enhanced Monitoring"
            : enhanced        ? "Performance Insights"
                              : "Performance Insights and Enhanced Monitoring",
        "rds:DescribeDBInstances", insights ? "MonitoringInterval" : "PerformanceInsightsEnabled",
        insights ? Json(0) : Json(false), by_command(cli_command("rds", "modify-db-instance", options, region)) };
}

std::optional<Missing> of_cluster(AuditResource const& resource, std::string const& region) {
    for (auto const& setting : list_at(*resource.item, "settings"))
        if (text_at(setting, "name") == "containerInsights" && text_at(setting, "value") != "disabled")
            return std::nullopt;
    return Missing { "Container Insights", "ecs:DescribeClusters", "settings.containerInsights", "disabled",
        by_command(cli_command("ecs", "update-cluster-settings",
            { { "cluster", resource.resource.name },
                { "settings", JsonArray { "name=containerInsights,value=enabled" } } },
            region)) };
}

std::optional<Missing> of_function(AuditResource const& resource, std::string const& region) {
    for (auto const& layer : list_at(*resource.item, "Layers"))
        if (text_at(layer, "Arn").find("LambdaInsightsExtension") != std::string::npos)
            return std::nullopt;
    auto const mode = text_of(resource, "TracingConfig.Mode");
    if (mode == "Active")
        return std::nullopt;
    return Missing { "traces (X-Ray) and Lambda Insights", "lambda:ListFunctions", "TracingConfig.Mode", Json(mode),
        by_command(cli_command("lambda", "update-function-configuration",
            { { "function-name", resource.resource.name }, { "tracing-config", "Mode=Active" } }, region)) };
}

std::optional<Missing> of_kubernetes(AuditResource const& resource, EstateContext const& context) {
    if (context.observed_clusters.contains(resource.resource.name))
        return std::nullopt;
    constexpr std::string_view addon = "amazon-cloudwatch-observability";
    auto const& cluster = resource.resource.name;
    auto const what = "observability of " + cluster;
    auto fix = by_command(
        cli_command("eks", "create-addon", { { "cluster-name", cluster }, { "addon-name", addon } }, context.region));
    fix.cloudformation = cloudformation_resource(
        identifier_of(what, ""), "AWS::EKS::Addon", { { "ClusterName", cluster }, { "AddonName", addon } });
    fix.terraform = terraform_resource(
        "aws_eks_addon", identifier_of(what, "_"), { { "cluster_name", cluster }, { "addon_name", addon } });
    return Missing { "Container Insights", "eks:ListAddons", "addons", JsonArray {}, std::move(fix) };
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    std::vector<AuditJudgement> all;
    auto const context = context_of(estate, region);
    for (auto const& resource : estate.in(region).resources) {
        auto const& type = resource.resource.type;
        bool const looked_at = resource.metric_namespace == "AWS/EC2" || type == "rds:instance"
            || (type == "ecs:cluster" && resource.metric_namespace == "AWS/ECS") || type == "lambda:function"
            || type == "eks:cluster";
        if (!looked_at || resource.item == nullptr || !is_production(resource))
            continue;
        // Whether anything else sends the cluster's metrics was not read: the need says so.
        if (type == "eks:cluster" && !context.observers_known
            && !context.observed_clusters.contains(resource.resource.name))
            continue;
        auto const missing = type == "rds:instance" ? of_database(resource, region)
            : type == "ecs:cluster"                 ? of_cluster(resource, region)
            : type == "lambda:function"             ? of_function(resource, region)
            : type == "eks:cluster"                 ? of_kubernetes(resource, context)
                                                    : of_instance(resource, region);
        if (!missing) {
            all.push_back(passes(region, name_of(resource)));
            continue;
        }
        all.push_back(fails(region, name_of(resource), "It has no " + missing->what + ".",
            { AuditEvidence { missing->api, missing->field, missing->value } }, missing->fix));
    }
    return all;
}

} // namespace

Registered make_insight_is_on() {
    return { .name = "insight_is_on",
        .number = 74,
        .category = AuditCategory::depth,
        .severity = AuditSeverity::medium,
        .title = "Production is measured in detail",
        .matters
        = "When it burns, the minute, the query and the trace decide; they can not be switched on afterwards.",
        .needs = needs,
        .also = beside,

        .judge = judge };
}

} // namespace convops::audit_checks
