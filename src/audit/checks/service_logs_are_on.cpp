// 68: the logs that a service writes only when it is asked to.
#include "audit/alarm_nature.h"
#include "audit/fixes.h"
#include "audit/log_groups.h"
#include "audit/topic_words.h"

#include <algorithm>
#include <array>
#include <set>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "load_balancers", .whole = false },
    AuditNeed { .reading = "load_balancer_attributes", .whole = false },
    AuditNeed { .reading = "rest_api_stages", .whole = false },
    AuditNeed { .reading = "http_api_stages", .whole = false },
    AuditNeed { .reading = "rds_instances", .whole = false }, AuditNeed { .reading = "rds_clusters", .whole = false },
    AuditNeed { .reading = "eks_clusters", .whole = false }, AuditNeed { .reading = "ec2_vpcs", .whole = false },
    AuditNeed { .reading = "ec2_flow_logs" }, AuditNeed { .reading = "state_machines", .whole = false },
    AuditNeed { .reading = "state_machine_logging", .whole = false },
    AuditNeed { .reading = "web_acls", .whole = false }, AuditNeed { .reading = "web_acl_logging" } };
constexpr std::array<std::string_view, 1> beside { "ec2_instances" };

using Judgements = std::vector<AuditJudgement>;

struct Finding68 {
    std::string why;
    AuditEvidence evidence;
    AuditFix fix;
};

// One thing, by the name that weighs it.
void add(Judgements& all, std::string const& region, std::string const& thing, std::string const& name, bool logs,
    Finding68 finding) {
    all.push_back(weighed(logs
            ? passes(region, thing)
            : fails(region, thing, std::move(finding.why), { std::move(finding.evidence) }, std::move(finding.fix)),
        name));
}

void judge_load_balancers(Estate const& estate, std::string const& region, Judgements& all) {
    auto const& balancers = estate.items("load_balancers", region);
    for (auto const& item : estate.items("load_balancer_attributes", region)) {
        auto const of = integer_at(item, "@of");
        if (!of || static_cast<std::size_t>(*of) >= balancers.size())
            continue;
        auto const& balancer = balancers[static_cast<std::size_t>(*of)];
        // A network load balancer logs TLS connections only.
        // https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-access-logs.html
        if (text_at(balancer, "Type") != "application")
            continue;
        bool on = false;
        for (auto const& attribute : list_at(item, "Attributes"))
            on = on
                || (text_at(attribute, "Key") == "access_logs.s3.enabled" && text_at(attribute, "Value") == "true");
        auto const name = text_at(balancer, "LoadBalancerName");
        auto const arn = text_at(balancer, "LoadBalancerArn", name);
        AuditFix fix;
        fix.cli = cli_command("elbv2", "modify-load-balancer-attributes", { { "load-balancer-arn", arn } }, region)
            + " --attributes Key=access_logs.s3.enabled,Value=true Key=access_logs.s3.bucket,Value=\"$LOG_BUCKET\"";
        add(all, region, arn, name, on,
            { "Its access logs are off: who asked for what, and what was answered, is not kept.",
                { "elasticloadbalancing:DescribeLoadBalancerAttributes", "access_logs.s3.enabled", "false" },
                std::move(fix) });
    }
}

bool logs_executions(Json const& stage) {
    auto const* settings = find(stage, "methodSettings");
    if (settings == nullptr || !settings->is_object())
        return false;
    return std::any_of(settings->as_object().begin(), settings->as_object().end(), [](auto const& entry) {
        auto const level = text_at(entry.value(), "loggingLevel", "OFF");
        return level == "ERROR" || level == "INFO";
    });
}

void judge_apis(Estate const& estate, std::string const& region, Judgements& all) {
    for (auto const& [reading, above, id] : { std::tuple { "rest_api_stages", "rest_apis", "id" },
             std::tuple { "http_api_stages", "http_apis", "apiId" } }) {
        auto const& apis = estate.items(above, region);
        for (auto const& stage : estate.items(reading, region)) {
            auto const of = integer_at(stage, "@of");
            if (!of || static_cast<std::size_t>(*of) >= apis.size())
                continue;
            auto const& api = apis[static_cast<std::size_t>(*of)];
            auto const stage_name = text_at(stage, "stageName");
            bool const on = !text_at(stage, "accessLogSettings.destinationArn").empty() || logs_executions(stage);
            add(all, region, text_at(api, id) + "/" + stage_name,
                text_at(api, "name", text_at(api, "Name")) + "-" + stage_name, on,
                { "The stage " + stage_name + " of API " + text_at(api, "name", text_at(api, "Name"))
                        + " writes neither access nor execution logs.",
                    field_of("apigateway:GetStages", stage, "accessLogSettings"), {} });
        }
    }
}

void judge_databases(Estate const& estate, std::string const& region, Judgements& all) {
    auto const exports = [](Json const& item) { return !list_at(item, "EnabledCloudwatchLogsExports").empty(); };
    for (auto const& item : estate.items("rds_instances", region)) {
        // Members of a cluster export as the cluster says.
        if (!text_at(item, "DBClusterIdentifier").empty())
            continue;
        auto const name = text_at(item, "DBInstanceIdentifier");
        AuditFix fix;
        auto const engine = text_at(item, "Engine");
        std::string const log = engine.starts_with("postgres") ? "postgresql"
            : engine.starts_with("oracle")                     ? "alert"
                                                               : "error";
        fix.cli = cli_command("rds", "modify-db-instance",
            { { "db-instance-identifier", name },
                { "cloudwatch-logs-export-configuration",
                    to_text(Json { { "EnableLogTypes", JsonArray { log } } }) } },
            region);
        add(all, region, text_at(item, "DBInstanceArn", name), name, exports(item),
            { "It sends no log to CloudWatch: its errors stay on its disk and go with it.",
                field_of("rds:DescribeDBInstances", item, "EnabledCloudwatchLogsExports"), std::move(fix) });
    }
    for (auto const& item : estate.items("rds_clusters", region)) {
        auto const name = text_at(item, "DBClusterIdentifier");
        auto const engine = text_at(item, "Engine");
        if (engine == "neptune" || engine == "docdb")
            continue;
        AuditFix fix;
        fix.cli = cli_command("rds", "modify-db-cluster",
            { { "db-cluster-identifier", name },
                { "cloudwatch-logs-export-configuration",
                    to_text(Json { { "EnableLogTypes",
                        JsonArray { engine.find("postgres") == std::string::npos ? "error" : "postgresql" } } }) } },
            region);
        add(all, region, text_at(item, "DBClusterArn", name), name, exports(item),
            { "It sends no log to CloudWatch: its errors stay on its disk and go with it.",
                field_of("rds:DescribeDBClusters", item, "EnabledCloudwatchLogsExports"), std::move(fix) });
    }
}

void judge_clusters(Estate const& estate, std::string const& region, Judgements& all) {
    for (auto const& item : estate.items("eks_clusters", region)) {
        auto const name = text_at(item, "cluster.name");
        bool on = false;
        for (auto const& setting : list_at(item, "cluster.logging.clusterLogging"))
            on = on || (flag_at(setting, "enabled") && !list_at(setting, "types").empty());
        AuditFix fix;
        Json const logging { { "clusterLogging",
            JsonArray { { { "types", JsonArray { "api", "audit", "authenticator" } }, { "enabled", true } } } } };
        fix.cli = cli_command(
            "eks", "update-cluster-config", { { "name", name }, { "logging", to_text(logging) } }, region);
        add(all, region, text_at(item, "cluster.arn", name), name, on,
            { "Its control plane logs nothing: who changed what in the cluster can not be told.",
                field_of("eks:DescribeCluster", item, "cluster.logging"), std::move(fix) });
    }
}

void judge_networks(Estate const& estate, std::string const& region, Judgements& all) {
    std::set<std::string> logged, used;
    for (auto const& item : estate.items("ec2_flow_logs", region))
        if (text_at(item, "flowLogStatus", "ACTIVE") == "ACTIVE")
            logged.insert(text_at(item, "resourceId"));
    for (auto const& reservation : estate.items("ec2_instances", region))
        for (auto const& instance : list_at(reservation, "instancesSet"))
            used.insert(text_at(instance, "vpcId"));
    for (auto const& item : estate.items("ec2_vpcs", region)) {
        auto const id = text_at(item, "vpcId");
        // Every Region has a default VPC, mostly with nothing in it.
        if (flag_at(item, "isDefault") && !used.contains(id) && !logged.contains(id))
            continue;
        AuditFix fix;
        fix.cli = cli_command("ec2", "create-flow-logs",
            { { "resource-type", "VPC" }, { "resource-ids", JsonArray { id } }, { "traffic-type", "REJECT" },
                { "log-group-name", "/aws/vpc/flow-logs" }, { "deliver-logs-permission-arn", flow_log_role.text } },
            region);
        fix.cloudformation = cloudformation_resource(identifier_of("flow log of " + id, ""), "AWS::EC2::FlowLog",
            { { "ResourceType", "VPC" }, { "ResourceId", id }, { "TrafficType", "REJECT" },
                { "LogGroupName", "/aws/vpc/flow-logs" }, { "DeliverLogsPermissionArn", flow_log_role.text } });
        fix.terraform = terraform_resource("aws_flow_log", identifier_of("flow log of " + id, "_"),
            { { "vpc_id", id }, { "traffic_type", "REJECT" }, { "log_destination_type", "cloud-watch-logs" },
                { "log_destination",
                    "arn:aws:logs:" + region + ":" + estate.account->id + ":log-group:/aws/vpc/flow-logs" },
                { "iam_role_arn", flow_log_role.text } });
        add(all, region, id, id, logged.contains(id),
            { "It has no flow log: which connections were refused can not be told.",
                { "ec2:DescribeFlowLogs", "resourceId", nullptr }, std::move(fix) });
    }
}

void judge_workflows(Estate const& estate, std::string const& region, Judgements& all) {
    auto const& machines = estate.items("state_machines", region);
    for (auto const& item : estate.items("state_machine_logging", region)) {
        auto const of = integer_at(item, "@of");
        if (!of || static_cast<std::size_t>(*of) >= machines.size())
            continue;
        auto const& machine = machines[static_cast<std::size_t>(*of)];
        // Standard workflows keep the history of each execution for 90 days; express ones have logs only.
        // https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html
        if (text_at(machine, "type", text_at(item, "type")) != "EXPRESS")
            continue;
        auto const level = text_at(item, "loggingConfiguration.level", "OFF");
        add(all, region, text_at(machine, "stateMachineArn"), text_at(machine, "name"), level != "OFF",
            { "It is an express workflow without logs: what an execution did is nowhere.",
                { "states:DescribeStateMachine", "loggingConfiguration.level", Json(level) }, {} });
    }
}

void judge_firewalls(Estate const& estate, std::string const& region, Judgements& all) {
    std::set<std::string> logged;
    for (auto const& item : estate.items("web_acl_logging", region))
        logged.insert(text_at(item, "ResourceArn"));
    for (auto const& item : estate.items("web_acls", region)) {
        auto const arn = text_at(item, "ARN");
        add(all, region, arn, text_at(item, "Name"), logged.contains(arn),
            { "Which requests it blocked is not logged.",
                { "wafv2:ListLoggingConfigurations", "ResourceArn", nullptr }, {} });
    }
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    std::vector<AuditJudgement> all;
    judge_load_balancers(estate, region, all);
    judge_apis(estate, region, all);
    judge_databases(estate, region, all);
    judge_clusters(estate, region, all);
    judge_networks(estate, region, all);
    judge_workflows(estate, region, all);
    judge_firewalls(estate, region, all);
    return all;
}

} // namespace

Registered make_service_logs_are_on() {
    return { .name = "service_logs_are_on",
        .number = 68,
        .category = AuditCategory::logs,
        .severity = AuditSeverity::medium,
        .title = "Load balancers, APIs, databases, clusters, networks, workflows and firewalls write logs",
        .matters = "What was not logged at the time of an incident can never be looked up.",
        .needs = needs,
        .also = beside,
        .judge = judge };
}

} // namespace convops::audit_checks
