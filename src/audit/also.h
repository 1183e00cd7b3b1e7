// What a check looks at beside its needs, where there is any: it changes a word or a weight, or spares an alarm that
// another check speaks of. Its absence alone makes no check unknown. `convops audit --only` reads a check's needs and
// these, and nothing else.
#pragma once

#include <array>
#include <string_view>

namespace convops::also {

using Name = std::string_view;

// Who hears of an alarm.
inline constexpr std::array<Name, 4> hearing { "sns_topics", "sns_subscriptions", "event_rules", "event_targets" };

// The shortest lists of what alarms watch: does it still exist? Beside gone_resources.cpp.
inline constexpr std::array<Name, 20> existence { "ec2_instances", "ec2_volumes", "rds_instances", "rds_clusters",
    "lambda_functions", "sqs_queue_urls", "sns_topics", "dynamodb_table_names", "elasticache_clusters",
    "elasticache_replication_groups", "load_balancers", "target_groups", "ecs_service_arns", "ec2_nat_gateways",
    "kinesis_streams", "state_machines", "efs_file_systems", "auto_scaling_groups", "rest_apis", "http_apis" };

// Alarms that only roll deployments back.
inline constexpr std::array<Name, 1> deployments { "ecs_services" };

// What rules of thresholds and of "does it apply" ask of the account.
inline constexpr std::array<Name, 10> thresholds { "tags", "cloudwatch_recent_metrics", "lambda_account_settings",
    "lambda_event_source_mappings", "lambda_functions", "sqs_queues", "kinesis_stream_summaries", "ecs_clusters",
    "eks_cluster_names", "eks_addon_names" };

// Every list of resources, for checks that ask whether a Region is in use at all.
inline constexpr std::array<Name, 33> resources { "load_balancers", "target_groups", "ecs_clusters", "ecs_services",
    "rds_instances", "rds_clusters", "lambda_functions", "ec2_instances", "ec2_volumes", "ec2_nat_gateways",
    "ec2_vpn_connections", "auto_scaling_groups", "sqs_queues", "dynamodb_tables", "elasticache_clusters",
    "rest_apis", "http_apis", "efs_file_systems", "kinesis_streams", "state_machines", "eks_clusters", "sns_topics",
    "cloudfront_distributions", "event_rules", "firehose_streams", "classic_load_balancers", "opensearch_domains",
    "redshift_clusters", "msk_clusters", "cognito_user_pool_clients", "acm_certificates", "synthetics_canaries",
    "route53_health_checks" };

template <std::size_t A, std::size_t B>
constexpr std::array<Name, A + B> both(std::array<Name, A> const& a, std::array<Name, B> const& b) {
    std::array<Name, A + B> all {};
    for (std::size_t i = 0; i < A; ++i)
        all[i] = a[i];
    for (std::size_t i = 0; i < B; ++i)
        all[A + i] = b[i];
    return all;
}

inline constexpr auto existence_and_deployments = both(existence, deployments);
// Of checks that ask for recommended alarms: of resources that need nothing else for it, and of all.
inline constexpr std::array<Name, 5> covered { "tags", "sns_topics", "sns_subscriptions", "event_rules",
    "event_targets" };
inline constexpr auto covered_all = both(hearing, thresholds);
inline constexpr auto advised = both(covered_all, resources);
inline constexpr auto covered_streams = both(covered, std::array<Name, 1> { "kinesis_stream_summaries" });

} // namespace convops::also
