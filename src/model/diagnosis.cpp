#include "model/diagnosis.h"

#include <array>

namespace convops {

namespace {
constexpr std::array<std::string_view, 26> cause_names { "deploy", "config_change", "scaling_change",
    "permission_change", "traffic_surge", "traffic_drop", "query_load", "cpu_saturation", "memory_exhaustion",
    "storage_exhaustion", "io_saturation", "connection_exhaustion", "replication_lag", "failover", "throttling",
    "quota", "timeout", "dependency_failure", "host_failure", "network", "certificate", "data_backlog",
    "security_event", "aws_service_event", "scheduled_job", "unknown" };
}

std::string_view to_string(CheckVerdict verdict) {
    constexpr std::array<std::string_view, 3> names { "supports", "refutes", "cannot_tell" };
    return names[static_cast<std::size_t>(verdict)];
}

std::string_view to_string(CheckEffect effect) {
    constexpr std::array<std::string_view, 3> names { "suppress", "context", "digest" };
    return names[static_cast<std::size_t>(effect)];
}

std::string_view to_string(CauseKind kind) {
    return cause_names[static_cast<std::size_t>(kind)];
}

std::optional<CauseKind> cause_kind_from(std::string_view name) {
    for (std::size_t i = 0; i < cause_names.size(); ++i)
        if (cause_names[i] == name)
            return static_cast<CauseKind>(i);
    return std::nullopt;
}

std::string_view to_string(IncidentVerdict verdict) {
    constexpr std::array<std::string_view, 5> names { "incident", "healthy", "self_healed", "aws_side", "unknown" };
    return names[static_cast<std::size_t>(verdict)];
}

} // namespace convops
