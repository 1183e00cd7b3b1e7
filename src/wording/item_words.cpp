#include "wording/item_words.h"

#include "base/text.h"

namespace convops {

namespace {

void add(Citable& item, std::string_view list) {
    for (auto const& word : split(list, ' ')) {
        if (word.empty())
            continue;
        if (is_logic(word))
            item.logic.insert(word);
        else
            item.topics.insert(word);
    }
}

} // namespace

void add_metric_words(Citable& item, std::string_view metric_name) {
    static std::vector<std::pair<std::string_view, std::string_view>> const rows { { "cpu", "cpu" },
        { "mem", "memory" }, { "storage", "storage" }, { "disk", "storage" }, { "free", "free" }, { "5xx", "error" },
        { "4xx", "error" }, { "error", "error" }, { "fault", "error" }, { "fail", "fail" }, { "latency", "latency" },
        { "responsetime", "latency" }, { "duration", "latency" }, { "requestcount", "request traffic" },
        { "request", "request" }, { "invocations", "request traffic call" }, { "connection", "connection" },
        { "throttl", "throttle" }, { "iops", "io" }, { "queue", "queue backlog" }, { "messages", "message queue" },
        { "oldest", "backlog" }, { "lag", "lag replica" }, { "burst", "io" }, { "statuscheck", "check fail" },
        { "healthyhost", "healthy target host" }, { "unhealthyhost", "unhealthy target host" },
        { "capacityunits", "capacity" }, { "dbload", "session" }, { "expiry", "certificate expired" },
        { "restart", "restart" }, { "2xx", "request" } };
    auto const lower = to_lower(metric_name);
    for (auto const& [part, words] : rows)
        if (lower.find(part) != std::string::npos)
            add(item, words);
}

void add_cause_words(Citable& item, CauseKind kind) {
    using enum CauseKind;
    auto const words = [kind]() -> std::string_view {
        switch (kind) {
        case deploy:
            return "deploy change version";
        case config_change:
            return "config change setting";
        case scaling_change:
            return "scaling change capacity";
        case permission_change:
            return "permission change access-denied";
        case traffic_surge:
            return "traffic request up";
        case traffic_drop:
            return "traffic request down";
        case query_load:
            return "query database session";
        case cpu_saturation:
            return "cpu ran-out";
        case memory_exhaustion:
            return "memory ran-out";
        case storage_exhaustion:
            return "storage ran-out";
        case io_saturation:
            return "io storage ran-out";
        case connection_exhaustion:
            return "connection ran-out";
        case replication_lag:
            return "replica lag";
        case failover:
            return "failover";
        case throttling:
            return "throttle";
        case quota:
            return "quota";
        case timeout:
            return "timeout";
        case dependency_failure:
            return "dependency fail call";
        case host_failure:
            return "host fail hardware check";
        case network:
            return "network";
        case certificate:
            return "certificate";
        case data_backlog:
            return "backlog queue message";
        case security_event:
            return "security suspicious";
        case aws_service_event:
            return "aws aws-side problem health";
        case scheduled_job:
            return "schedule job scheduled-run";
        case unknown:
            break;
        }
        return "";
    }();
    add(item, words);
}

void add_resource_words(Citable& item, Resource const& resource) {
    static std::map<std::string_view, std::string_view> const rows { { "rds:instance", "database instance" },
        { "rds:cluster", "database cluster" }, { "ecs:service", "service" }, { "lambda:function", "function" },
        { "ec2:instance", "instance host" }, { "elb:load_balancer", "load-balancer" },
        { "elb:target_group", "target-group target" }, { "sqs:queue", "queue" },
        { "dynamodb:table", "table database" }, { "elasticache:cluster", "cache cluster" },
        { "ebs:volume", "volume storage" }, { "autoscaling:group", "auto-scaling-group" },
        { "ecs:cluster", "cluster" }, { "events:rule", "rule schedule" },
        { "external:host", "external host dependency" }, { "acm:certificate", "certificate" },
        { "sns:topic", "topic" } };
    if (auto const row = rows.find(resource.type); row != rows.end())
        add(item, row->second);
    for (auto const& name : { resource.name, resource.short_name(), resource.arn })
        if (!name.empty())
            item.names.insert(to_lower(name));
}

void add_event_words(Citable& item, ResourceEventKind kind) {
    using enum ResourceEventKind;
    switch (kind) {
    case task_stopped:
        return add(item, "stop task");
    case out_of_memory:
        return add(item, "memory ran-out stop");
    case restart:
        return add(item, "restart");
    case failover:
        return add(item, "failover");
    case storage_full:
        return add(item, "storage ran-out");
    case status_check_failed:
        return add(item, "check fail");
    case target_unhealthy:
        return add(item, "target unhealthy");
    case scaled:
        return add(item, "scaling");
    case deployment_started:
    case deployment_finished:
        return add(item, "deploy");
    case deployment_failed:
        return add(item, "deploy fail");
    case placement_failed:
        return add(item, "task fail");
    case throttled:
        return add(item, "throttle");
    case scheduled_run:
        return add(item, "schedule scheduled-run job");
    case maintenance:
    case backup:
    case other:
        return;
    }
}

void add_change_words(Citable& item, ChangeKind kind) {
    switch (kind) {
    case ChangeKind::deploy:
        return add(item, "deploy change call");
    case ChangeKind::config:
        return add(item, "config change setting call");
    case ChangeKind::scaling:
        return add(item, "scaling change capacity call");
    case ChangeKind::permission:
        return add(item, "permission change call");
    case ChangeKind::network:
        return add(item, "network change call");
    case ChangeKind::other:
        return add(item, "change call");
    }
}

} // namespace convops
