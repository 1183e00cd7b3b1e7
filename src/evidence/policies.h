// Who may send to a thing, by the policy that is attached to it: a function or a queue that AWS calls for somebody
// else must name that somebody.
#pragma once

#include "model/resource.h"

namespace convops {

// The resources of AWS services (topics, buckets, APIs, rules) that an Allow statement of the policy lets in. The
// policy is JSON in a text; one that can not be read names nobody.
std::vector<Resource> senders_in_policy(std::string_view policy);

} // namespace convops
