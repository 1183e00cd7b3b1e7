// What a metric speaks of, and which of its directions is bad. Known CloudWatch names first; a custom metric is read
// by its words.
#pragma once

#include "model/metric.h"

namespace convops {

enum class Signal : std::uint8_t {
    requests, // work arriving: requests, invocations, messages sent, consumed capacity
    errors,
    latency,
    cpu,
    memory_used, // share or bytes in use
    memory_free,
    storage_used,
    storage_free,
    connections,
    connection_failures, // refused, reset or timed out
    throttles,
    io_operations,
    io_queue,
    io_latency,
    credits, // burst balance, CPU credits: empty is bad
    replica_lag,
    queue_depth,
    queue_age,
    consumption, // messages received or deleted: work done
    status_check,
    unhealthy_targets,
    healthy_targets, // also running tasks, instances in service
    capacity, // desired count, provisioned capacity
    concurrency,
    db_load,
    certificate_days,
    tls_failures,
    restarts,
    port_failures, // NAT port allocation, dropped packets
    evictions,
    bytes, // network and disk traffic
    other,
};

enum class BadDirection : std::uint8_t { up, down, either };

Signal signal_of(MetricId const& metric);
BadDirection bad_direction(Signal signal);
// "CPU", "free storage", "requests": for sentences.
std::string_view words_for(Signal signal);

} // namespace convops
