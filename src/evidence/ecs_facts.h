// What the answers of ECS say, as facts: the pure part of sources/ecs_state.
#pragma once

#include "model/evidence.h"

namespace convops {

Resource ecs_service_of(Json const& service); // "cluster/service"

// One entry of DescribeServices: state, deployments, events within `look`, and which target groups call it.
std::vector<Fact> ecs_service_facts(Json const& service, Window look);

// The task definition that ran before the newest deployment: the other deployment's, or the revision before when the
// deployment is finished and began within `look`; empty when there was no deployment.
std::string ecs_previous_task_definition(Json const& service, Window look);

// The newest deployment within `look` as a change, with what differs between the two task definitions (either may be
// unknown).
std::optional<Fact> ecs_deployment_fact(Json const& service, Json const* before, Json const* now, Window look);

// "image shop:41 → shop:42; DB_POOL_SIZE 20 → 2"; empty when equal.
std::string ecs_difference(Json const& before, Json const& now);

// Limits, log groups, and calls to what the environment names; `services` are those it may call by a short name.
std::vector<Fact> ecs_task_definition_facts(
    Resource const& service, Json const& definition, std::vector<Resource> const& services);

// DescribeTasks of stopped tasks: one fact for each service and reason, with the newest time and the count.
std::vector<Fact> ecs_stopped_task_facts(Json const& answer, Window look);

} // namespace convops
