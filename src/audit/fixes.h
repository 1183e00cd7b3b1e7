// Repairs in the three languages that people paste: AWS CLI, CloudFormation (YAML) and Terraform (HCL). Every value
// is quoted here, once; a check hands over plain values. Nothing that a fix holds deletes anything.
#pragma once

#include "model/audit.h"
#include "model/metric.h"

#include <array>

namespace convops {

// What the reader must fill in. A value that is exactly one of these becomes a shell variable, a parameter of the
// template or a Terraform variable; the generated files declare them. Any other "${...}" is a stranger's text and is
// quoted as such.
struct FixPlaceholder {
    std::string_view text; // "${alarm_topic_arn}"
    std::string_view shell, cloudformation, terraform; // "ALARM_TOPIC_ARN", "AlarmTopicArn", "alarm_topic_arn"
    std::string_view says; // "ARN of the SNS topic that the people on call are subscribed to"
};
inline constexpr FixPlaceholder alarm_topic { "${alarm_topic_arn}", "ALARM_TOPIC_ARN", "AlarmTopicArn",
    "alarm_topic_arn", "ARN of the SNS topic that the people on call are subscribed to" };
inline constexpr FixPlaceholder on_call_mailbox { "${on_call_mailbox}", "ON_CALL_MAILBOX", "OnCallMailbox",
    "on_call_mailbox", "mailbox or list of the people on call" };
inline constexpr FixPlaceholder delivery_log_role { "${delivery_log_role_arn}", "DELIVERY_LOG_ROLE_ARN",
    "DeliveryLogRoleArn", "delivery_log_role_arn", "ARN of a role that lets SNS write to CloudWatch Logs" };
inline constexpr FixPlaceholder flow_log_role { "${flow_log_role_arn}", "FLOW_LOG_ROLE_ARN", "FlowLogRoleArn",
    "flow_log_role_arn", "ARN of a role that lets VPC flow logs write to CloudWatch Logs" };
inline constexpr FixPlaceholder database_monitoring_role { "${database_monitoring_role_arn}",
    "DATABASE_MONITORING_ROLE_ARN", "DatabaseMonitoringRoleArn", "database_monitoring_role_arn",
    "ARN of a role with the policy AmazonRDSEnhancedMonitoringRole" };
inline constexpr std::array fix_placeholders { alarm_topic, on_call_mailbox, delivery_log_role, flow_log_role,
    database_monitoring_role };

// `aws <service> <operation> --option value ...`, each argument quoted for a POSIX shell, on several lines when long.
// An argument value: text, number, flag (true: the bare option; false: --no-option), array (several words), or object
// (as JSON).
std::string cli_command(
    std::string_view service, std::string_view operation, JsonObject const& options, std::string_view region);

// One entry of `Resources:`, in YAML. What exists already must be imported into a stack, which needs a
// DeletionPolicy; Retain keeps it when the stack goes.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources-manually.html
std::string cloudformation_resource(
    std::string_view logical_id, std::string_view type, JsonObject const& properties, bool exists = false);

// `resource "type" "name" { ... }`. An object is a map (`name = { ... }`); a TerraformBlock is nested
// (`name { ... }`): write it as a key that ends in "{}", whose value is an object or an array of objects.
std::string terraform_resource(std::string_view type, std::string_view name, JsonObject const& arguments);
// For what exists already: `import { to = type.name  id = "..." }`, so that the block changes it and makes no second.
std::string terraform_import(std::string_view type, std::string_view name, std::string_view id);

// An identifier of letters and digits from any text, and a few hex digits of its hash, so that two texts never give
// one.
std::string identifier_of(std::string_view text, std::string_view separator); // "_" for HCL, "" for CloudFormation

// A metric alarm, whole: a new one, or one that replaces an alarm of that name.
struct AlarmPlan {
    std::string name;
    std::string description;
    MetricId metric;
    std::string statistic = "Average"; // "p99" is told from a plain statistic
    Seconds period { 60 };
    int evaluation_periods = 1;
    int datapoints_to_alarm = 1;
    double threshold = 0;
    std::string comparison = "GreaterThanThreshold";
    std::string treat_missing_data = "missing";
    std::vector<std::string> actions; // empty: a placeholder parameter for the topic
    std::string region;
    JsonArray queries; // of metric math, as PutMetricAlarm takes them; then metric, statistic and period do not count
};
AuditFix alarm_fix(AlarmPlan const& plan);

// Changes one field of an alarm that exists, keeping all others: the whole alarm again with `changes` over it (keys
// of PutMetricAlarm). Math and composite alarms keep their metrics or rule.
AuditFix changed_alarm_fix(Json const& described_alarm, JsonObject const& changes, std::string_view region);

} // namespace convops
