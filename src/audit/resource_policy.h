// May an AWS service do something by a resource's own policy? Only as much of IAM's language as topics and keys use;
// what is not understood is "not known", never a yes or a no.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
#pragma once

#include "base/json.h"

#include <string>

namespace convops {

enum class Permitted : std::uint8_t { yes, no, not_known };

struct PolicyQuestion {
    std::string service; // "cloudwatch.amazonaws.com"
    std::string action; // "sns:Publish"
    std::string resource; // ARN of what the policy is on
    std::string account; // whose alarm it is
    std::string source_arn; // the alarm
};

// The policy as its JSON text or already parsed.
Permitted permitted(Json const& policy, PolicyQuestion const& question);

} // namespace convops
