// What a CloudTrail record says: which kind of change it is, what it touched, what it set, who made it. Pure.
#pragma once

#include "model/evidence.h"

namespace convops {

// "UpdateFunctionCode20150331v2" -> "UpdateFunctionCode": Lambda puts the version of its API behind the name.
std::string plain_event_name(std::string_view event_name);

// nullopt for what is no change of the workload: reads, sessions, tags, log streams, keys in use, agents reporting
// in.
std::optional<ChangeKind> change_kind_of(
    std::string_view event_source, std::string_view event_name, Json const& request_parameters);

// From resources[].ARN and the request parameters; the thing that the call is about comes first. Roles, security
// groups, parameters and the like have types of their own (iam:role, ec2:security_group, ssm:parameter ...).
std::vector<Resource> touched_by(Json const& record);

// "desiredCount 2, taskDefinition checkout:42": the settings that the request names. A value whose name says secret
// is left out, and so is what is too long to read.
std::string settings_in(Json const& record);

// "pipeline/deploy", "jonas", "root", "autoscaling.amazonaws.com".
std::string actor_of(Json const& record);

// Made by an AWS service on its own account: autoscaling, a schedule, a service-linked role. What CloudFormation or a
// pipeline does, somebody has set going.
bool is_automatic(Json const& record);

// The record (CloudTrail's own JSON) as a fact without link and command; nullopt for noise.
std::optional<Fact> change_fact_from(Json const& record);

} // namespace convops
