// What CloudFormation's stack events and CodeDeploy's deployments say, as facts: the pure part of
// sources/deployments.
#pragma once

#include "evidence/answering.h"

namespace convops {

// "AWS::ECS::Service" with its physical id, as our types spell it; nullopt for types that no incident is about.
std::optional<Resource> resource_of_stack_event(std::string_view type, std::string_view physical_id);

// The events of one stack (newest first, as AWS answers), within `look`: the change with what it touched, resources
// near the alarm first, and how it ended.
std::vector<Fact> stack_facts(JsonArray const& events, Question const& question, Window look);

// One entry of BatchGetDeployments.
std::vector<Fact> codedeploy_facts(Json const& deployment, Question const& question, Window look);

} // namespace convops
