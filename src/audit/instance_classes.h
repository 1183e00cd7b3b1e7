// What an instance class holds: "db.r6g.2xlarge", "cache.m5.large", "t3.micro".
#pragma once

#include <optional>
#include <string_view>

namespace convops {

struct InstanceClass {
    int vcpus = 0;
    double memory_bytes = 0;
};
// nullopt: a class that this table does not know, or one without a size of its own ("db.serverless").
std::optional<InstanceClass> instance_class(std::string_view name);

// The most CPU credits that a burstable instance saves up in a day.
std::optional<double> credit_maximum(std::string_view instance_type);
bool is_burstable(std::string_view instance_type); // t2, t3, t3a, t4g, with or without "db." and "cache."

} // namespace convops
