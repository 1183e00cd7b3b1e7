// Coverage of resources by recommended alarms: what the checks of category A share.
#pragma once

#include "audit/judging.h"
#include "audit/watchers.h"

namespace convops {

struct AskedMetric {
    std::string_view metric_namespace;
    std::string_view metric;
    bool operator==(AskedMetric const&) const = default;
};

// One recommended alarm that a resource should have.
struct CoverQuestion {
    RecommendedAlarm const* alarm = nullptr;
    AuditResource const* resource = nullptr;
    MetricId metric;
};

// All that are asked of this Region: `page` and `warn` of the table, where they apply.
std::vector<CoverQuestion> cover_questions(
    Estate const& estate, std::string const& region, EstateContext const& context);

// Alarms that answer it: on the metric itself, or where a coarser metric holds it (a load balancer its target groups,
// a cluster its members).
std::vector<MetricWatcher> watchers_of(CoverQuestion const& question, Watchers const& watchers);

AuditJudgement judged_cover(CoverQuestion const& question, Watchers const& watchers, EstateContext const& context);

// Those questions whose metric is among the asked ones.
std::vector<AuditJudgement> judge_cover(
    Estate const& estate, std::string const& region, std::span<AskedMetric const> asked);

// Metrics that checks 3 to 12 ask for; check 2 asks for the rest.
bool asked_elsewhere(AskedMetric const& metric);

// Something that an alarm should watch as a whole, as checks 1 and 18 look at it: nothing is told twice of a load
// balancer and its target groups, and instances of an Auto Scaling group are the group's business.
struct WatchedThing {
    AuditResource const* resource = nullptr; // the first of its entries
    bool watched = false;
    bool heard = false; // by somebody, or it is not known
};
std::vector<WatchedThing> watched_things(Estate const& estate, std::string const& region);
// The most urgent recommended alarm of a resource that has a threshold; empty when there is none.
AuditFix first_alarm(AuditResource const& resource, EstateContext const& context);

// The readings that list resources. Alarms must be whole, for their absence decides.
inline constexpr auto every_resource_list = std::to_array<AuditNeed>({ { "cloudwatch_alarms", true },
    { "load_balancers", false }, { "target_groups", false }, { "ecs_services", false }, { "rds_instances", false },
    { "rds_clusters", false }, { "lambda_functions", false }, { "ec2_instances", false }, { "ec2_volumes", false },
    { "ec2_nat_gateways", false }, { "auto_scaling_groups", false }, { "sqs_queues", false },
    { "dynamodb_tables", false }, { "elasticache_clusters", false }, { "rest_apis", false }, { "http_apis", false },
    { "efs_file_systems", false }, { "kinesis_streams", false }, { "state_machines", false },
    { "eks_clusters", false }, { "sns_topics", false }, { "cloudfront_distributions", false },
    { "event_rules", false }, { "firehose_streams", false }, { "ec2_vpn_connections", false },
    { "classic_load_balancers", false }, { "opensearch_domains", false }, { "redshift_clusters", false },
    { "msk_clusters", false }, { "cognito_user_pool_clients", false } });

} // namespace convops
