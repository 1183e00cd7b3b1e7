// What sort of cause an incident has: the words that ranking, memory of past incidents and runbooks share.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace convops {

// The kinds of contracts.md, in its order.
enum class CauseKind : std::uint8_t {
    deploy,
    config_change,
    scaling_change,
    permission_change,
    traffic_surge,
    traffic_drop,
    query_load,
    cpu_saturation,
    memory_exhaustion,
    storage_exhaustion,
    io_saturation,
    connection_exhaustion,
    replication_lag,
    failover,
    throttling,
    quota,
    timeout,
    dependency_failure,
    host_failure,
    network,
    certificate,
    data_backlog,
    security_event,
    aws_service_event,
    scheduled_job,
    unknown,
};
std::string_view to_string(CauseKind kind);
std::optional<CauseKind> cause_kind_from(std::string_view name);

} // namespace convops
