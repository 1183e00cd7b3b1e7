// GET /metrics: the figures of app/metrics.h, with those that are read at the moment of asking (outbox, connections,
// memory). Figures tell an outsider how a company's night goes, so only this machine may ask unless the settings say
// otherwise; a request that came through a proxy is not of this machine.
#pragma once

#include "app/routes.h"

namespace convops {

enum class MetricsAccess : std::uint8_t { off, loopback, anyone };
std::optional<MetricsAccess> metrics_access_from(std::string_view name);

struct MetricsSources {
    Store& store;
    Clock& clock;
    std::function<ServerCounts()> server;
    WorkspaceId workspace; // whose judged causes are told
};

std::vector<HttpRoute> metrics_routes(MetricsAccess access, MetricsSources sources);

} // namespace convops
