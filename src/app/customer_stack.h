// What a customer installs: the read-only role, its policy, the topic and its subscription, as CloudFormation. The
// allowed actions are exactly those that the cards of the evidence sources name.
#pragma once

#include <string>
#include <vector>

namespace convops {

// Every IAM action that some source can use on all resources, sorted, each once. Reading the secret with the GitHub
// token is not among them: it is allowed for the one ARN that is configured.
std::vector<std::string> read_actions();

// Every IAM action that some reading of the audit needs, sorted, each once.
std::vector<std::string> audit_actions();

// An identity policy: allow the reads, deny everything else. With an ARN: allow to read that one secret. With the
// audit: a second statement with the actions that only `convops audit` needs.
std::string iam_policy_json(std::string const& github_token_secret_arn = "", bool audit = false);
std::string customer_stack_yaml();

} // namespace convops
