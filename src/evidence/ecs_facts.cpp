#include "evidence/ecs_facts.h"

#include "base/text.h"
#include "evidence/answering.h"
#include "evidence/endpoints.h"
#include "evidence/network_place.h"

#include <array>

namespace convops {

namespace {

std::string without_stop(std::string text) {
    while (text.ends_with('.'))
        text.pop_back();
    return text;
}

std::string after_last(std::string_view text, char separator) {
    return std::string(text.substr(text.rfind(separator) + 1));
}

std::string number_text(Json const& json, std::string_view path) {
    return format_number(number_at(json, path).value_or(0));
}

// The deployment that a service is born with replaces nothing: no change of something that ran.
bool came_with_its_service(Json const& service, Time deployed) {
    auto const born = time_at(service, "createdAt");
    return born && deployed - *born < Minutes { 2 };
}

Json const* newest_deployment(Json const& service) {
    for (auto const& deployment : list_at(service, "deployments"))
        if (text_at(deployment, "status") == "PRIMARY")
            return &deployment;
    return nullptr;
}

StateHealth health_of(Json const& service) {
    auto const desired = number_at(service, "desiredCount");
    auto const running = number_at(service, "runningCount");
    if (!desired || !running)
        return StateHealth::unknown;
    if (*desired > 0 && *running == 0)
        return StateHealth::failed;
    auto const* newest = newest_deployment(service);
    bool const failing = newest != nullptr
        && (text_at(*newest, "rolloutState") == "FAILED" || number_at(*newest, "failedTasks").value_or(0) > 0);
    return *running < *desired || failing ? StateHealth::degraded : StateHealth::healthy;
}

Fact state_fact(Json const& service) {
    auto const resource = ecs_service_of(service);
    StateFact state { resource, health_of(service), {} };
    for (auto const* key : { "status", "desiredCount", "runningCount", "pendingCount", "launchType" })
        if (auto const value = text_at(service, key); !value.empty())
            state.attributes[key] = shown(value, 80);
    if (auto const* network = find(service, "networkConfiguration.awsvpcConfiguration"))
        note_network_place(state, ids_at(*network, "securityGroups"), ids_at(*network, "subnets"));
    state.attributes["taskDefinition"] = shown(after_last(text_at(service, "taskDefinition"), '/'), 120);
    std::string rollout;
    if (auto const* newest = newest_deployment(service)) {
        rollout = text_at(*newest, "rolloutState");
        state.attributes["rolloutState"] = shown(rollout, 40);
        if (auto const failed = number_at(*newest, "failedTasks").value_or(0); failed > 0)
            state.attributes["failedTasks"] = format_number(failed);
    }
    auto statement = resource.display() + " runs " + number_text(service, "runningCount") + " of "
        + number_text(service, "desiredCount") + " tasks (" + number_text(service, "pendingCount") + " pending)";
    if (!rollout.empty() && rollout != "COMPLETED")
        statement += ", deployment " + to_lower(shown(rollout, 40));
    Json value = { { "desired", number_at(service, "desiredCount").value_or(0) },
        { "running", number_at(service, "runningCount").value_or(0) },
        { "pending", number_at(service, "pendingCount").value_or(0) }, { "rollout", rollout } };
    return fact_about(resource, {}, statement + ".", std::move(state), std::move(value));
}

// The words of ECS's own service events:
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
struct EventWords {
    std::string_view words;
    ResourceEventKind kind;
};
constexpr std::array<EventWords, 11> event_words { {
    { "unable to place a task", ResourceEventKind::placement_failed },
    { "unable to consistently start tasks", ResourceEventKind::deployment_failed },
    { "deployment failed", ResourceEventKind::deployment_failed },
    { "rolling back", ResourceEventKind::deployment_failed },
    { "circuit breaker", ResourceEventKind::deployment_failed },
    { "deployment completed", ResourceEventKind::deployment_finished },
    { "is unhealthy", ResourceEventKind::target_unhealthy },
    { "failed container health checks", ResourceEventKind::target_unhealthy },
    { "has stopped", ResourceEventKind::other }, // DescribeTasks tells why; a deployment stops tasks on purpose.
    { "rate exceeded", ResourceEventKind::throttled },
    { "operations are being throttled", ResourceEventKind::throttled },
} };

// "registered", "has started", "steady state", "deregistered", "draining": the service's normal work.
std::optional<ResourceEventKind> event_kind_of(std::string_view message) {
    for (auto const& [words, kind] : event_words)
        if (contains_ignoring_case(message, words))
            return kind;
    if (contains_ignoring_case(message, "steady state") || contains_ignoring_case(message, "registered"))
        return ResourceEventKind::other;
    return std::nullopt;
}

struct GroupedEvents {
    Time first {};
    Time last {};
    std::string message;
    int count = 0;
};

// ECS repeats one event each few minutes: one fact for each kind and wording, ids masked away by the kind.
std::vector<Fact> event_facts(Json const& service, Window look) {
    auto const resource = ecs_service_of(service);
    std::map<std::pair<ResourceEventKind, std::string>, GroupedEvents> groups;
    for (auto const& event : list_at(service, "events")) {
        auto const at = time_at(event, "createdAt");
        auto const message = text_at(event, "message");
        if (!at || !look.contains(*at))
            continue;
        auto const kind = event_kind_of(message);
        if (!kind)
            continue;
        bool const singular
            = *kind == ResourceEventKind::deployment_finished || *kind == ResourceEventKind::deployment_failed;
        auto const wording = singular                         ? format_time(*at)
            : *kind != ResourceEventKind::other               ? ""
            : contains_ignoring_case(message, "has stopped")  ? "stopped"
            : contains_ignoring_case(message, "steady")       ? "steady state"
            : contains_ignoring_case(message, "deregistered") ? "deregistered"
                                                              : "registered";
        auto& group = groups[{ *kind, wording }];
        if (group.count == 0 || *at < group.first)
            group.first = *at;
        if (group.count == 0 || *at >= group.last) {
            group.last = *at;
            group.message = shown(message, 300);
        }
        ++group.count;
    }
    std::vector<Fact> facts;
    for (auto const& [key, group] : groups) {
        auto const times = group.count == 1
            ? std::string()
            : std::to_string(group.count) + " times since " + format_clock(group.first) + ", last ";
        auto statement = resource.display() + ": " + times + "at " + format_clock(group.last) + " UTC ECS said "
            + quoted_words(group.message) + ".";
        facts.push_back(fact_about(resource, group.first, std::move(statement),
            ResourceEventFact { resource, key.first, key.second, group.message, group.count },
            { { "message", group.message }, { "count", group.count }, { "first", format_time(group.first) },
                { "last", format_time(group.last) } }));
    }
    return facts;
}

std::vector<Fact> rollout_facts(Json const& service, Window look) {
    std::vector<Fact> facts;
    auto const* newest = newest_deployment(service);
    if (newest == nullptr)
        return facts;
    auto const resource = ecs_service_of(service);
    auto const id = shown(text_at(*newest, "id"), 80);
    auto const definition = shown(after_last(text_at(*newest, "taskDefinition"), '/'), 120);
    auto const add = [&](Time at, ResourceEventKind kind, std::string const& verb) {
        auto const reason = shown(text_at(*newest, "rolloutStateReason"), 300);
        facts.push_back(fact_about(resource, at,
            "Deployment of " + definition + " to " + resource.display() + " " + verb + " at " + format_clock(at)
                + " UTC.",
            ResourceEventFact { resource, kind, id, reason, 1 },
            { { "deployment", id }, { "taskDefinition", definition } }));
    };
    auto const created = time_at(*newest, "createdAt");
    auto const updated = time_at(*newest, "updatedAt");
    auto const state = text_at(*newest, "rolloutState");
    if (created && came_with_its_service(service, *created))
        return facts;
    if (created && look.contains(*created))
        add(*created, ResourceEventKind::deployment_started, "started");
    if (updated && look.contains(*updated) && state == "FAILED")
        add(*updated, ResourceEventKind::deployment_failed, "failed");
    // A finished deployment's updatedAt moves with every later scaling, so only a fresh one tells when it finished.
    if (created && updated && look.contains(*created) && state == "COMPLETED")
        add(*updated, ResourceEventKind::deployment_finished, "finished");
    return facts;
}

Environment environment_of(Json const& container) {
    Environment environment;
    for (auto const& variable : list_at(container, "environment"))
        environment[text_at(variable, "name")] = text_at(variable, "value");
    return environment;
}

Environment secrets_of(Json const& container) {
    Environment secrets; // The reference is an ARN; its value is never here. A prefix keeps it from being shown.
    for (auto const& secret : list_at(container, "secrets"))
        secrets["secret " + text_at(secret, "name")] = text_at(secret, "valueFrom");
    return secrets;
}

// "111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop:42@sha256:..." -> "shop:42"
std::string image_name(std::string const& image) {
    return shown(after_last(image, '/'), 100);
}

void add_difference(
    std::vector<std::string>& out, std::string_view label, std::string const& before, std::string const& now) {
    if (before != now)
        out.push_back(std::string(label) + " " + (before.empty() ? "none" : shown(before, 80)) + " → "
            + (now.empty() ? "none" : shown(now, 80)));
}

} // namespace

Resource ecs_service_of(Json const& service) {
    auto const cluster = after_last(text_at(service, "clusterArn"), '/');
    return { "ecs:service", cluster + "/" + text_at(service, "serviceName"), text_at(service, "serviceArn") };
}

std::vector<Fact> ecs_service_facts(Json const& service, Window look) {
    std::vector<Fact> facts { state_fact(service) };
    auto const append
        = [&](std::vector<Fact> more) { std::move(more.begin(), more.end(), std::back_inserter(facts)); };
    append(rollout_facts(service, look));
    append(event_facts(service, look));
    auto const resource = ecs_service_of(service);
    for (auto const& balancer : list_at(service, "loadBalancers"))
        if (auto const group = resource_from_arn(text_at(balancer, "targetGroupArn")))
            facts.push_back(dependency_fact(*group, resource, "target group of the service", {}));
    return facts;
}

std::string ecs_previous_task_definition(Json const& service, Window look) {
    auto const* newest = newest_deployment(service);
    auto const created = newest == nullptr ? std::nullopt : time_at(*newest, "createdAt");
    if (!created || !look.contains(*created))
        return {};
    auto const current = text_at(*newest, "taskDefinition");
    for (auto const& deployment : list_at(service, "deployments"))
        if (auto const other = text_at(deployment, "taskDefinition"); &deployment != newest && other != current)
            return other;
    // Once finished, ECS forgets the old deployment; the revision before is the likely predecessor.
    auto const colon = current.rfind(':');
    auto const revision
        = colon == std::string::npos ? std::nullopt : integer_at(Json { { "r", current.substr(colon + 1) } }, "r");
    return revision && *revision > 1 ? current.substr(0, colon + 1) + std::to_string(*revision - 1) : std::string();
}

std::string ecs_difference(Json const& before, Json const& now) {
    std::vector<std::string> out;
    add_difference(out, "cpu", text_at(before, "cpu"), text_at(now, "cpu"));
    add_difference(out, "memory", text_at(before, "memory"), text_at(now, "memory"));
    std::map<std::string, Json> old_containers;
    for (auto const& container : list_at(before, "containerDefinitions"))
        old_containers[text_at(container, "name")] = container;
    for (auto const& container : list_at(now, "containerDefinitions")) {
        auto const name = text_at(container, "name");
        auto const old = old_containers.find(name);
        if (old == old_containers.end()) {
            out.push_back("container " + shown(name, 60) + " added");
            continue;
        }
        add_difference(
            out, "image", image_name(text_at(old->second, "image")), image_name(text_at(container, "image")));
        for (auto const* key : { "cpu", "memory", "memoryReservation", "stopTimeout" })
            add_difference(out, std::string("container ") + key, text_at(old->second, key), text_at(container, key));
        for (auto const* key : { "command", "entryPoint", "healthCheck", "portMappings", "ulimits" })
            if (Json const *const a = find(old->second, key), *const b = find(container, key);
                (a == nullptr ? "" : to_canonical_text(*a)) != (b == nullptr ? "" : to_canonical_text(*b)))
                out.push_back(std::string(key) + " changed");
        for (auto& line : environment_difference(environment_of(old->second), environment_of(container)))
            out.push_back(std::move(line));
        for (auto& line : environment_difference(secrets_of(old->second), secrets_of(container)))
            out.push_back(std::move(line));
    }
    return shorten(join(out, "; "), 400);
}

std::optional<Fact> ecs_deployment_fact(Json const& service, Json const* before, Json const* now, Window look) {
    auto const* newest = newest_deployment(service);
    auto const created = newest == nullptr ? std::nullopt : time_at(*newest, "createdAt");
    if (!created || !look.contains(*created))
        return std::nullopt;
    if (came_with_its_service(service, *created))
        return std::nullopt;
    auto const resource = ecs_service_of(service);
    auto const definition = shown(after_last(text_at(*newest, "taskDefinition"), '/'), 120);
    ChangeFact change { ChangeKind::deploy, "UpdateService", "ecs.amazonaws.com", "", { resource }, "" };
    auto statement
        = resource.display() + " was deployed with " + definition + " at " + format_clock(*created) + " UTC";
    if (before != nullptr && now != nullptr) {
        change.what = ecs_difference(*before, *now);
        auto const older = text_at(*before, "family") + ":" + text_at(*before, "revision");
        statement += (change.what.empty() ? ", no difference from " : ": ") + change.what
            + (change.what.empty() ? shown(older, 120) : " (compared with " + shown(older, 120) + ")");
    }
    Json value
        = { { "taskDefinition", definition }, { "createdAt", format_time(*created) }, { "difference", change.what } };
    return fact_about(resource, *created, statement + ".", std::move(change), std::move(value));
}

namespace {

std::optional<Fact> limit_fact(Resource const& service, std::string const& definition, double limit,
    std::string_view metric, std::string_view unit) {
    if (!(limit > 0))
        return std::nullopt;
    auto const words = metric == "MemoryUtilized" ? "memory" : "CPU";
    auto statement = service.display() + " may use " + format_number(limit) + " " + std::string(unit) + " of " + words
        + " per task (" + definition + ").";
    return fact_about(service, {}, std::move(statement),
        LimitFact { service, std::string(metric), limit, std::string(words) + " of task definition " + definition },
        { { "limit", limit }, { "unit", unit } });
}

// A host without a public name may be another service of the account (Service Connect, Cloud Map).
Resource service_or_host(Resource const& target, Resource const& self, std::vector<Resource> const& services) {
    if (target.type != "external:host")
        return target;
    auto const label = target.name.substr(0, target.name.find('.'));
    bool const is_private = target.name.find('.') == std::string::npos || target.name.ends_with(".local")
        || target.name.ends_with(".internal");
    for (auto const& service : services)
        if (is_private && !(service == self) && to_lower(service.short_name()) == label)
            return service;
    return target;
}

} // namespace

std::vector<Fact> ecs_task_definition_facts(
    Resource const& service, Json const& definition, std::vector<Resource> const& services) {
    std::vector<Fact> facts;
    auto const name = shown(text_at(definition, "family") + ":" + text_at(definition, "revision"), 120);
    double memory = number_at(definition, "memory").value_or(0);
    bool const task_level = memory > 0;
    std::set<std::string> called;
    StateFact logs { service, StateHealth::unknown, {} };
    for (auto const& container : list_at(definition, "containerDefinitions")) {
        if (!task_level)
            memory += number_at(container, "memory").value_or(0);
        for (auto const& [variable, value] : environment_of(container))
            if (auto target = resource_of_variable(variable, value)) {
                auto const to = service_or_host(*target, service, services);
                if (to == service || !called.insert(to.key()).second)
                    continue;
                facts.push_back(
                    dependency_fact(service, to, shown(variable, 80) + " in task definition " + name, {}));
            }
        if (auto const group = text_at(container, "logConfiguration.options.awslogs-group"); !group.empty())
            logs.attributes["log_group"] = group;
    }
    if (auto fact = limit_fact(service, name, memory, "MemoryUtilized", "MiB"))
        facts.push_back(*std::move(fact));
    if (auto fact = limit_fact(service, name, number_at(definition, "cpu").value_or(0), "CpuUtilized", "units"))
        facts.push_back(*std::move(fact));
    if (!logs.attributes.empty()) {
        auto const group = logs.attributes["log_group"];
        facts.push_back(fact_about(service, {}, service.display() + " logs to " + shown(group, 200) + ".",
            std::move(logs), { { "log_group", group } }));
    }
    return facts;
}

namespace {

struct StopReason {
    ResourceEventKind kind = ResourceEventKind::task_stopped;
    std::string code;
    std::string message;
};

// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
StopReason reason_of(Json const& task) {
    StopReason reason;
    reason.message = text_at(task, "stoppedReason");
    std::optional<std::int64_t> exit_code;
    for (auto const& container : list_at(task, "containers")) {
        auto const why = text_at(container, "reason");
        auto const code = integer_at(container, "exitCode");
        if (contains_ignoring_case(why, "OutOfMemory")) {
            reason.kind = ResourceEventKind::out_of_memory;
            reason.code = "OutOfMemoryError";
        } else if (reason.code.empty() && !why.empty()) {
            reason.code = shown(why.substr(0, why.find(':')), 80);
        }
        if (!why.empty() && reason.message.find(why) == std::string::npos)
            reason.message += (reason.message.empty() ? "" : "; ") + why;
        if (code && *code != 0 && !exit_code)
            exit_code = code;
    }
    if (exit_code) {
        reason.message += " (exit code " + std::to_string(*exit_code) + ")";
        if (reason.code.empty())
            reason.code = "exit code " + std::to_string(*exit_code);
    }
    if (reason.code.empty() && contains_ignoring_case(reason.message, "failed ELB health checks")) {
        reason.code = "failed ELB health checks";
        reason.kind = ResourceEventKind::target_unhealthy;
    } else if (reason.code.empty()) {
        auto const stop = text_at(task, "stopCode");
        reason.code = stop.empty() ? "stopped" : shown(stop, 60);
    }
    if (text_at(task, "stopCode") == "ServiceSchedulerInitiated" && exit_code.value_or(0) == 0
        && contains_ignoring_case(reason.message,
            "scaling activity")) { // "Scaling activity initiated by (deployment ecs-svc/...)": wanted.
        reason.code = "scaling activity";
        reason.kind = ResourceEventKind::scaled;
    }
    reason.message = shown(reason.message, 300);
    return reason;
}

} // namespace

std::vector<Fact> ecs_stopped_task_facts(Json const& answer, Window look) {
    struct Group {
        Resource service;
        StopReason reason;
        Time first {};
        Time last {};
        int count = 0;
        std::string group;
    };
    std::map<std::string, Group> groups;
    for (auto const& task : list_at(answer, "tasks")) {
        auto const at = time_at(task, "stoppedAt");
        if (!at || !look.contains(*at))
            continue;
        auto const cluster = after_last(text_at(task, "clusterArn"), '/');
        auto const owner = text_at(task, "group"); // "service:checkout", "family:job"
        bool const of_service = owner.starts_with("service:");
        Resource const resource = of_service ? Resource { "ecs:service", cluster + "/" + owner.substr(8), {} }
                                             : Resource { "ecs:cluster", cluster, {} };
        auto const reason = reason_of(task);
        auto& group = groups[resource.key() + "\n" + (of_service ? "" : owner) + "\n" + reason.code];
        if (group.count == 0 || *at < group.first)
            group.first = *at;
        group.last = std::max(group.last, *at);
        group.service = resource;
        group.reason = reason;
        group.group = owner;
        ++group.count;
    }
    std::vector<Fact> facts;
    for (auto const& [key, group] : groups) {
        auto const many = group.count > 1;
        auto statement = std::to_string(group.count) + " task" + (many ? "s" : "") + " of " + group.service.display()
            + " stopped " + (many ? "since " : "at ") + format_clock(group.first) + " UTC"
            + (many ? ", last at " + format_clock(group.last) : "") + ": " + without_stop(group.reason.message) + ".";
        facts.push_back(fact_about(group.service, group.first, std::move(statement),
            ResourceEventFact {
                group.service, group.reason.kind, group.reason.code, group.reason.message, group.count },
            { { "code", group.reason.code }, { "reason", group.reason.message }, { "count", group.count },
                { "first", format_time(group.first) }, { "last", format_time(group.last) } }));
    }
    return facts;
}

} // namespace convops
