// The fix that a person would try first. Suggestions: nothing here is carried out.
#include "diagnosis/diagnose.h"

#include <algorithm>
#include <array>

namespace convops {

namespace {

struct Suggestion {
    std::string_view kind;
    std::string_view before; // the resource's name comes after this
    std::string_view after;
    bool can_act = false;
};

Suggestion for_deploy(Resource const& resource) {
    if (resource.type == "ecs:service" || resource.type == "ecs:task_definition")
        return { "ecs_roll_back", "Roll ", " back to its previous task definition.", resource.type == "ecs:service" };
    if (resource.type == "lambda:function")
        return { "lambda_roll_back", "Point ", " at its previous version again.", false };
    return { "roll_back", "Roll the deploy of ", " back.", false };
}

Suggestion for_memory(Resource const& resource) {
    if (resource.type == "ecs:service")
        return { "ecs_restart", "Restart ", " to win time, and give its tasks more memory.", true };
    if (resource.type == "eks:workload")
        return { "eks_restart", "Restart the pods of ", " to win time, and look at what fills their memory.", false };
    if (resource.type == "lambda:function")
        return { "lambda_raise_memory", "Raise the memory of ", ".", false };
    if (resource.type == "rds:instance")
        return { "rds_scale_up", "Look at what uses the memory of ", ", or give it a larger instance class.", false };
    if (resource.type == "ec2:instance")
        return { "look_at", "Restart what fills the memory of ", " to win time, and look at why it does.", false };
    return { "look_at", "Look at what fills the memory of ", ".", false };
}

Suggestion for_cpu(Resource const& resource) {
    if (resource.type == "ecs:service")
        return { "ecs_scale", "Run more tasks of ", ".", true };
    if (resource.type == "eks:workload")
        return { "eks_scale", "Run more pods of ", ", or raise their limit of CPU.", false };
    if (resource.type == "autoscaling:group")
        return { "autoscaling_set_desired", "Raise the desired capacity of ", ".", true };
    return { "look_at", "Look at what keeps the processor of ", " busy, or give it a larger class.", false };
}

// Only what holds data can be freed or enlarged; behind a load balancer or an API stands another that does.
bool holds_storage(std::string_view type) {
    static constexpr auto types = std::to_array<std::string_view>(
        { "ec2:instance", "ebs:volume", "ecs:service", "ecs:task_definition", "eks:cluster", "eks:workload",
            "efs:file_system", "elasticache:cluster", "lambda:function", "autoscaling:group" });
    return std::find(types.begin(), types.end(), type) != types.end();
}

Suggestion for_storage(Resource const& resource) {
    if (resource.type.starts_with("rds:"))
        return { "rds_increase_storage", "Increase the storage of ", ".", false };
    if (holds_storage(resource.type))
        return { "free_storage", "Free or enlarge the storage of ", ".", false };
    return { "look_at", "Find whose disk is full behind ", ".", false };
}

Suggestion for_throttling(Resource const& resource) {
    if (resource.type == "lambda:function")
        return { "lambda_set_concurrency", "Raise the reserved concurrency of ", ".", true };
    if (resource.type == "dynamodb:table")
        return { "dynamodb_raise_capacity", "Raise the capacity of ", ", or switch it to on-demand.", false };
    return { "raise_limit", "Raise the limit of ", ", or call it less often.", false };
}

Suggestion for_host(Resource const& resource) {
    if (resource.type == "ec2:instance")
        return { "ec2_reboot", "Reboot ", ", or stop and start it so that it moves to another host.", true };
    return { "look_at", "Check that the lost capacity of ", " has been replaced.", false };
}

Suggestion for_surge(Resource const& resource) {
    if (resource.type == "ecs:service")
        return { "ecs_scale", "Run more tasks of ", " until the surge is over.", true };
    return { "add_capacity", "Add capacity behind ", ", or limit the rate, and find where the requests come from.",
        false };
}

Suggestion suggestion_for(Cause const& cause) {
    auto const& resource = cause.resource;
    using enum CauseKind;
    switch (cause.kind) {
    case deploy:
        return for_deploy(resource);
    case config_change:
        if (resource.type == "ecs:service")
            return for_deploy(resource);
        return { "revert_change", "Put the configuration of ", " back to what it was.", false };
    case scaling_change:
        if (resource.type == "ecs:service")
            return { "ecs_scale", "Put the desired count of ", " back to what it was.", true };
        return { "revert_change", "Put the capacity of ", " back to what it was.", false };
    case permission_change:
        return { "revert_change", "Give back the permission that was taken at ", ".", false };
    case traffic_surge:
        return for_surge(resource);
    case traffic_drop:
        return { "look_at", "Look at who calls ", " and why they stopped: clients, DNS, the entry point.", false };
    case query_load:
        return { "look_at", "Look at the named statement on ", ": its plan, its indexes, and who runs it.", false };
    case cpu_saturation:
        return for_cpu(resource);
    case memory_exhaustion:
        return for_memory(resource);
    case storage_exhaustion:
        return for_storage(resource);
    case io_saturation:
        return { "raise_iops", "Give the volume of ", " more IOPS, or spread the load.", false };
    case connection_exhaustion:
        return { "look_at", "Look at who holds the connections of ", "; lower the pools or raise the limit.", false };
    case replication_lag:
        return { "look_at", "Send reads elsewhere until ", " has caught up; look at long writes on its source.",
            false };
    case failover:
        return { "look_at", "Check that the clients of ", " have reconnected to the new primary.", false };
    case throttling:
        return for_throttling(resource);
    case quota:
        return { "request_quota", "Request a higher quota for ", " in Service Quotas.", false };
    case timeout:
        return { "look_at", "Look at what ", " waits for when its time runs out.", false };
    case dependency_failure:
        if (resource.type == "external:host")
            return { "contact_provider", "Check the status of ",
                " and contact its provider; stop calling it meanwhile.", false };
        return { "look_at", "Look at ", " first: what calls it only suffers from it.", false };
    case host_failure:
        return for_host(resource);
    case network:
        if (resource.type == "nat:gateway")
            return { "look_at", "Look at who opens so many connections through ", ", and give it more addresses.",
                false };
        return { "revert_change", "Check security groups, routes and gateways on the way to ", ".", false };
    case certificate:
        if (resource.type == "acm:certificate")
            return { "renew_this", "Renew ", ".", false };
        return { "renew_certificate", "Renew the certificate of ", ".", false };
    case data_backlog:
        return { "look_at", "Look at the consumers of ", ": are they running, are they failing?", false };
    case security_event:
        return { "look_at", "Have somebody of security look at the finding on ", ".", false };
    case aws_service_event:
        return { "wait", "Follow the AWS Health event that concerns ", "; move traffic elsewhere if you can.",
            false };
    case scheduled_job:
        return { "look_at", "Move or slow down the job at ", ", so that it does not meet the daily load.", false };
    case unknown:
        break;
    }
    return { "look_at", "Look at ", ".", false };
}

} // namespace

std::vector<SuggestedAction> suggest_actions(Diagnosis const& diagnosis, Evidence const&) {
    constexpr std::size_t most_actions = 3;
    std::vector<SuggestedAction> actions;
    if (diagnosis.verdict == IncidentVerdict::healthy || diagnosis.verdict == IncidentVerdict::self_healed)
        return actions;
    for (auto const& cause : diagnosis.causes) {
        if (actions.size() == most_actions)
            break;
        auto const suggestion = suggestion_for(cause);
        actions.push_back(
            { "A" + std::to_string(actions.size() + 1), std::string(suggestion.kind), cause.resource.arn_or_name(),
                std::string(suggestion.before) + cause.resource.display() + std::string(suggestion.after),
                suggestion.can_act });
    }
    return actions;
}

} // namespace convops
