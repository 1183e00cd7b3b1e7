// The rows of the table of recommended alarms, as its files write them.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace convops {

enum class Comparison : std::uint8_t { above, at_least, below, at_most };

// How the threshold is found. `number` beside it is the threshold itself or a factor.
enum class ThresholdRule : std::uint8_t {
    fixed, // the number is the threshold
    owner, // only whoever runs it can say
    history_high, // number x the 99th percentile of 14 days
    history_low, // number x half of the lowest percentile of 14 days; none when it rests at times
    share_of_metric, // number x another metric of the same period: metric math
    fewer_than_metric, // less than another metric of the same period: metric math
    max_connections, // number x what the engine allows for the memory of the instance class
    instance_memory, // number x the memory of the instance class; a fifth of it on Aurora
    allocated_storage, // number x the allocated bytes
    vcpus, // number x the processors of the instance class
    node_vcpus, // number / the processors of the cache node: one thread serves commands
    function_timeout, // number x the time-out in milliseconds
    account_concurrency, // number x the quota of concurrent executions
    desired_capacity, // number x the desired size of the group
    stream_retention, // number x the retention in milliseconds
    origin_timeout, // number x the longest response time-out of an origin, in milliseconds
    event_age, // number x how long an event may wait, in milliseconds
    credit_maximum, // number x the credits that the instance can save up
    read_capacity, // number x provisioned read units (60: units are by second, the metric by minute)
    largest_capacity, // number x the largest capacity of a serverless cluster
    node_storage, // number x the disk of a node, in MiB
    volume_limit, // number x the size limit of an Aurora volume
};

enum class Urgency : std::uint8_t { page, warn, note };

// Which resources of the namespace and dimensions should have the alarm.
enum class Applies : std::uint8_t {
    always,
    seldom, // counts where it exists; is not asked for
    steady_traffic, // asked for only when 14 days show that it never rests
    redis,
    cache_replica,
    rest_api,
    http_api,
    websocket_api,
    aurora,
    aurora_mysql,
    aurora_cluster,
    not_aurora,
    postgres,
    read_replica,
    performance_insights,
    serverless,
    burstable,
    provisioned,
    group_metrics,
    general_purpose,
    bursting,
    stream_consumer,
    dead_letter_target,
    dead_letter_queue,
    not_dead_letter_queue,
    alarm_topic,
    not_alarm_topic,
};

struct RecommendedThreshold {
    ThresholdRule rule = ThresholdRule::fixed;
    double number = 0;
    std::string_view other_metric {}; // of a rule about two metrics
};

struct RecommendedPace {
    int period = 60; // seconds
    int datapoints = 1; // M
    int periods = 1; // N
};

struct RecommendedRow {
    std::string_view metric;
    std::string_view statistic;
    Comparison comparison = Comparison::above;
    RecommendedThreshold threshold;
    RecommendedPace pace;
    std::string_view missing; // treatment of missing data
    Urgency urgency = Urgency::warn;
    Applies applies = Applies::always;
    std::string_view says; // what is wrong when it fires
};

// Rows that share a namespace and the names of their dimensions; "Role=WRITER" is a name with its only value.
struct RecommendedGroup {
    std::string_view metric_namespace;
    std::array<std::string_view, 5> dimensions;
    std::span<RecommendedRow const> rows;
};

namespace recommended {
std::span<RecommendedGroup const> compute();
std::span<RecommendedGroup const> containers();
std::span<RecommendedGroup const> entrances();
std::span<RecommendedGroup const> stores();
std::span<RecommendedGroup const> messages();
} // namespace recommended

} // namespace convops
