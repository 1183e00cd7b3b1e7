// What a customer installs: the read-only role, its policy, the topic and its subscription, as CloudFormation. The
// allowed actions are exactly those that the cards of the evidence sources name.
#pragma once

#include <string>
#include <vector>

namespace convops {

// Every IAM action that some source can use, sorted, each once.
std::vector<std::string> read_actions();

std::string iam_policy_json(); // an identity policy: allow the reads, deny everything else
std::string customer_stack_yaml();

} // namespace convops
