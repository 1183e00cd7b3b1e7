// What names, tags and ARNs tell about the things of an account.
#pragma once

#include <string>
#include <string_view>

namespace convops {

// An alarm action other than a topic that reaches somebody: a function, an incident, an OpsItem. Scaling policies and
// EC2 actions act, but tell nobody.
bool tells_somebody(std::string_view action);

// An ARN of this account and Region.
bool is_own(std::string_view arn, std::string_view account, std::string_view region);

} // namespace convops
