#include "verification/judging.h"

#include <array>

namespace convops {

namespace {

constexpr auto state_sources = std::to_array<std::string_view>({ "ecs_state", "eks_state", "ec2_state", "ebs_state",
    "autoscaling_activity", "rds_state", "rds_events", "lambda_state", "elb_health", "sqs_state", "dynamodb_state",
    "elasticache_state", "api_gateway_state", "s3_state", "nat_gateway_state", "sns_delivery" });

bool says_trouble(ResourceEventKind kind) {
    using enum ResourceEventKind;
    return kind == task_stopped || kind == out_of_memory || kind == failover || kind == storage_full
        || kind == status_check_failed || kind == target_unhealthy || kind == deployment_failed
        || kind == placement_failed || kind == throttled || kind == restart;
}

Finding judge(Alarm const& alarm, Evidence const& evidence, Time now) {
    auto const onset = onset_or_window(alarm, evidence);
    std::vector<FactId> facts;
    std::string why;
    bool any = false;
    for (auto const& [fact, event] : evidence.all<ResourceEventFact>()) {
        any = true;
        if (!says_trouble(event->kind) || fact->at < onset - Minutes { 60 } || fact->at > now)
            continue;
        facts.push_back(fact->id);
        if (why.empty())
            why = event->resource.display() + ": " + std::string(to_string(event->kind)) + " at "
                + format_clock(fact->at) + ".";
    }
    for (auto const& [fact, state] : evidence.all<StateFact>()) {
        any = true;
        if (state->health != StateHealth::degraded && state->health != StateHealth::failed)
            continue;
        facts.push_back(fact->id);
        if (why.empty())
            why = state->resource.display()
                + (state->health == StateHealth::failed ? " has failed." : " is degraded.");
    }
    if (!facts.empty())
        return found(CheckVerdict::supports, std::move(why), std::move(facts));
    for (auto const source : state_sources)
        if (auto finding = cannot_tell(evidence, { source }))
            return *finding;
    if (!any)
        return found(CheckVerdict::cannot_tell, "No source told the state of the resources.");
    return found(CheckVerdict::refutes, "The resources report a normal state.");
}

} // namespace

Check make_resource_state_explains() {
    return { "resource_state_explains", "What state is the resource in?", CheckEffect::context, judge };
}

} // namespace convops
