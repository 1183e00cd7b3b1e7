// What an environment variable says about a workload: which resource it calls, and how two sets of variables differ.
// A value is shown only when it can not be a secret.
#pragma once

#include "model/resource.h"

namespace convops {

using Environment = std::map<std::string, std::string>;

// The resource that an ARN, URL, host name or queue URL names. Host names outside AWS are external:host; an address
// of the machine itself and AWS's regional service endpoints name nothing.
std::optional<Resource> resource_of_endpoint(std::string_view value);

// Also by the variable's name: ORDERS_TABLE=orders is a table, DB_HOST=db.internal a host.
std::optional<Resource> resource_of_variable(std::string_view name, std::string_view value);

// Numbers, booleans, sizes, durations and host names of variables whose name does not speak of a secret.
bool may_be_shown(std::string_view name, std::string_view value);

// "DB_POOL_SIZE 20 → 2", "FEATURE_X changed", "OLD_FLAG removed"; names in order, at most `most`, empty when equal.
std::vector<std::string> environment_difference(
    Environment const& before, Environment const& after, std::size_t most = 10);

} // namespace convops
