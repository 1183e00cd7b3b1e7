// What RDS's answers say, as facts: the pure part of sources/rds_state.
#pragma once

#include "model/evidence.h"

namespace convops {

// One entry of DescribeDBInstances: state, storage limit, replication.
std::vector<Fact> rds_instance_facts(Json const& instance);
// One entry of DescribeDBClusters: state and members.
std::vector<Fact> rds_cluster_facts(Json const& cluster);

// Memory of an instance class in bytes, for the common families; nullopt for others.
std::optional<double> rds_class_memory(std::string_view instance_class);

// The value of a parameter: a number, or a formula such as "LEAST({DBInstanceClassMemory/9531392},5000)".
std::optional<double> rds_parameter_value(std::string_view formula, std::optional<double> class_memory);

// The limit on DatabaseConnections from max_connections in the parameters of the instance's group.
std::optional<Fact> rds_connection_limit(Json const& instance, JsonArray const& parameters);
std::string rds_parameter_group(Json const& instance);

} // namespace convops
