#include "evidence/trail.h"

#include <array>

namespace convops {

namespace {

// '*' matches anything, at the start or the end of the pattern.
bool matches(std::string_view pattern, std::string_view text) {
    bool const open_start = pattern.starts_with('*');
    bool const open_end = pattern.size() > 1 && pattern.ends_with('*');
    auto const middle
        = pattern.substr(open_start ? 1 : 0, pattern.size() - (open_start ? 1 : 0) - (open_end ? 1 : 0));
    if (open_start && open_end)
        return text.find(middle) != std::string_view::npos;
    if (open_start)
        return text.ends_with(middle);
    return open_end ? text.starts_with(middle) : text == middle;
}

struct Row {
    std::string_view service; // "ecs" of ecs.amazonaws.com; empty: any
    std::string_view event;
};

// Writes that change nothing which could bring a workload down.
constexpr auto noise = std::to_array<Row>({
    { "sts", "*" },
    { "signin", "*" },
    { "sso", "*" },
    { "oauth", "*" },
    { "tagging", "*" },
    { "ssmmessages", "*" },
    { "ec2messages", "*" },
    { "ec2-instance-connect", "*" },
    { "cloudshell", "*" },
    { "notifications", "*" },
    { "", "Tag*" },
    { "", "Untag*" },
    { "", "AddTags*" },
    { "", "RemoveTags*" },
    { "", "CreateTags" },
    { "", "DeleteTags" },
    { "", "CreateOrUpdateTags" },
    { "", "Describe*" },
    { "", "Get*" },
    { "", "List*" },
    { "logs", "CreateLog*" },
    { "logs", "PutRetentionPolicy" },
    { "logs", "StartQuery" },
    { "logs", "StopQuery" },
    { "logs", "StartLiveTail" },
    { "kms", "Decrypt" },
    { "kms", "Encrypt" },
    { "kms", "ReEncrypt*" },
    { "kms", "GenerateDataKey*" },
    { "kms", "CreateGrant" },
    { "kms", "RetireGrant" },
    { "ssm", "StartSession" },
    { "ssm", "ResumeSession" },
    { "ssm", "TerminateSession" },
    { "ssm", "UpdateInstanceInformation" },
    { "ssm", "UpdateInstanceAssociationStatus" },
    { "ssm", "PutInventory" },
    { "ssm", "PutComplianceItems" },
    { "ssm", "PutConfigurePackageResult" },
    { "ssm", "RegisterManagedInstance" },
    { "ssm", "OpenDataChannel" },
    { "ecs", "Submit*" },
    { "ecs", "DiscoverPollEndpoint" },
    { "ecs", "Poll" },
    { "ecs", "RegisterContainerInstance" },
    { "ecs", "DeregisterTaskDefinition" },
    { "ec2", "CreateNetworkInterface*" },
    { "ec2", "CreateSnapshot*" },
    { "ec2", "SharedSnapshot*" },
    { "ec2", "DeleteSnapshot" },
    { "codepipeline", "Put*" },
    { "codepipeline", "AcknowledgeJob" },
    { "codepipeline", "PollForJobs" },
    { "codebuild", "Batch*" },
    { "monitoring", "PutDashboards" },
    { "monitoring", "PutMetricData" },
    { "ecr", "InitiateLayerUpload" },
    { "ecr", "UploadLayerPart" },
    { "ecr", "CompleteLayerUpload" },
    { "ecr", "BatchCheckLayerAvailability" },
    { "secretsmanager", "BatchGet*" },
    { "dynamodb", "CreateBackup" },
    { "cloudwatch", "*" },
    { "health", "*" },
    { "support", "*" },
});

struct Kind {
    std::string_view service;
    std::string_view event;
    ChangeKind kind;
};

using enum ChangeKind;

// The first row that matches decides, so the narrow ones stand first.
constexpr auto kinds = std::to_array<Kind>({
    { "ecs", "RegisterTaskDefinition", deploy },
    { "ecs", "CreateService", deploy },
    { "ecs", "UpdateService", deploy }, // but see only_scales()
    { "ecs", "*TaskSet*", deploy },
    { "ecs", "RunTask", scaling },
    { "ecs", "StartTask", scaling },
    { "ecs", "StopTask", scaling },
    { "ecs", "*CapacityProvider*", scaling },
    { "ecs", "*", config },
    { "lambda", "*Permission", permission },
    { "lambda", "*FunctionConcurrency", scaling },
    { "lambda", "*ProvisionedConcurrency*", scaling },
    { "lambda", "UpdateFunctionCode", deploy },
    { "lambda", "PublishVersion", deploy },
    { "lambda", "PublishLayerVersion", deploy },
    { "lambda", "UpdateAlias", deploy },
    { "lambda", "CreateFunction", deploy },
    { "lambda", "*", config },
    { "codedeploy", "CreateDeployment", deploy },
    { "codedeploy", "*Deployment", deploy },
    { "codepipeline", "StartPipelineExecution", deploy },
    { "codepipeline", "RetryStageExecution", deploy },
    { "codepipeline", "RollbackStage", deploy },
    { "cloudformation", "ExecuteChangeSet", deploy },
    { "cloudformation", "CreateChangeSet", other },
    { "cloudformation", "*Stack*", deploy },
    { "elasticbeanstalk", "*Environment*", deploy },
    { "apprunner", "*", deploy },
    { "amplify", "Start*", deploy },
    { "apigateway", "CreateDeployment", deploy },
    { "apigateway", "*RestApi", deploy },
    { "apigateway", "*", config },
    { "appsync", "StartSchemaCreation", deploy },
    { "states", "UpdateStateMachine", deploy },
    { "states", "StartExecution", other },
    { "ecr", "PutImage", deploy },
    { "ecr", "SetRepositoryPolicy", permission },
    { "eks", "UpdateNodegroupConfig", scaling },
    { "eks", "Update*Version", deploy },
    { "eks", "*Addon", deploy },
    { "eks", "*Nodegroup", scaling },
    { "eks", "*AccessEntry", permission },
    { "eks", "*AccessPolicy", permission },
    { "eks", "*", config },
    { "autoscaling", "*InstanceRefresh", deploy },
    { "autoscaling", "*LaunchConfiguration", deploy },
    { "autoscaling", "*", scaling },
    { "application-autoscaling", "*", scaling },
    { "ec2", "*LaunchTemplate*", deploy },
    { "ec2", "RunInstances", scaling },
    { "ec2", "StartInstances", scaling },
    { "ec2", "StopInstances", scaling },
    { "ec2", "RebootInstances", scaling },
    { "ec2", "TerminateInstances", scaling },
    { "ec2", "*SpotFleet*", scaling },
    { "ec2", "*Fleet", scaling },
    { "ec2", "*IamInstanceProfile*", permission },
    { "ec2", "*SecurityGroup*", network },
    { "ec2", "*Route*", network },
    { "ec2", "*NetworkAcl*", network },
    { "ec2", "*Vpc*", network },
    { "ec2", "*Subnet*", network },
    { "ec2", "*Gateway*", network },
    { "ec2", "*Vpn*", network },
    { "ec2", "*DhcpOptions*", network },
    { "ec2", "*NetworkInterface*", network },
    { "ec2", "*Address", network },
    { "ec2", "*FlowLogs", other },
    { "ec2", "ModifyImageAttribute", other },
    { "ec2", "ModifySnapshotAttribute", other },
    { "ec2", "Modify*", config },
    { "ec2", "*Volume", config },
    { "rds", "RebootDB*", scaling },
    { "rds", "StartDB*", scaling },
    { "rds", "StopDB*", scaling },
    { "rds", "FailoverDB*", scaling },
    { "rds", "PromoteReadReplica*", scaling },
    { "rds", "*Snapshot*", other },
    { "rds", "CreateDBInstance*", scaling },
    { "rds", "DeleteDBInstance", scaling },
    { "rds", "*", config },
    { "elasticache", "*Reboot*", scaling },
    { "elasticache", "TestFailover", scaling },
    { "elasticache", "*ReplicaCount", scaling },
    { "elasticache", "*ShardConfiguration", scaling },
    { "elasticache", "*Snapshot*", other },
    { "elasticache", "*", config },
    { "kinesis", "*Shard*", scaling },
    { "kinesis", "*", config },
    { "dynamodb", "*ResourcePolicy", permission },
    { "dynamodb", "*Table*", config },
    { "dynamodb", "*", config },
    { "secretsmanager", "*ResourcePolicy", permission },
    { "secretsmanager", "*", config },
    { "ssm", "*Parameter*", config },
    { "ssm", "SendCommand", config },
    { "ssm", "StartAutomationExecution", config },
    { "appconfig", "StartDeployment", config },
    { "elasticloadbalancing", "SetSecurityGroups", network },
    { "elasticloadbalancing", "SetSubnets", network },
    { "elasticloadbalancing", "*", config },
    { "sqs", "*Permission", permission },
    { "sqs", "*", config },
    { "sns", "*Permission", permission },
    { "sns", "*", config },
    { "s3", "*BucketPolicy", permission },
    { "s3", "*Acl", permission },
    { "s3", "*PublicAccessBlock", permission },
    { "s3", "*Bucket*", config },
    { "events", "*", config },
    { "scheduler", "*", config },
    { "cloudfront", "CreateInvalidation", other },
    { "cloudfront", "*", config },
    { "acm", "*", config },
    { "kafka", "*", config },
    { "es", "*", config },
    { "kms", "PutKeyPolicy", permission },
    { "kms", "DisableKey", permission },
    { "kms", "EnableKey", permission },
    { "kms", "ScheduleKeyDeletion", permission },
    { "kms", "RevokeGrant", permission },
    { "iam", "*", permission },
    { "organizations", "*", permission },
    { "rolesanywhere", "*", permission },
    { "ram", "*", permission },
    { "route53", "*", network },
    { "route53resolver", "*LogConfig", other },
    { "route53resolver", "*", network },
    { "servicediscovery", "*", network },
    { "wafv2", "*", config },
    { "network-firewall", "*", network },
    { "globalaccelerator", "*", network },
    { "directconnect", "*", network },
});

template <class Rows> auto const* first_match(Rows const& rows, std::string_view service, std::string_view event) {
    auto const at = std::find_if(rows.begin(), rows.end(), [&](auto const& row) {
        return (row.service.empty() || row.service == service) && matches(row.event, event);
    });
    return at == rows.end() ? nullptr : &*at;
}

// An UpdateService that names nothing but a number of tasks deploys nothing.
bool only_scales(Json const& request) {
    auto const* object = request.if_object();
    if (object == nullptr || !object->contains("desiredCount"))
        return false;
    return std::all_of(object->begin(), object->end(), [](auto const& pair) {
        return pair.key() == "desiredCount" || pair.key() == "cluster" || pair.key() == "service"
            || pair.value().is_null();
    });
}

// Setting a queue's or topic's policy is an attribute like any other to SQS and SNS.
bool sets_policy(Json const& request) {
    return find(request, "attributes.Policy") != nullptr || text_at(request, "attributeName") == "Policy";
}

} // namespace

std::string plain_event_name(std::string_view event_name) {
    auto name = event_name;
    auto const is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (name.size() > 2 && is_digit(name.back()) && name[name.size() - 2] == 'v') // ...20150331v2
        name.remove_suffix(2);
    std::size_t digits = 0;
    while (digits < name.size() && is_digit(name[name.size() - 1 - digits]))
        ++digits;
    return std::string(digits == 8 && name.size() > 8 ? name.substr(0, name.size() - 8) : event_name);
}

std::optional<ChangeKind> change_kind_of(
    std::string_view event_source, std::string_view event_name, Json const& request_parameters) {
    auto const service = event_source.substr(0, event_source.find('.'));
    auto const event = plain_event_name(event_name);
    if (event.empty() || first_match(noise, service, event) != nullptr)
        return std::nullopt;
    if (service == "ecs" && event == "UpdateService" && only_scales(request_parameters))
        return scaling;
    if ((service == "sqs" || service == "sns") && sets_policy(request_parameters))
        return permission;
    auto const* row = first_match(kinds, service, event);
    return row == nullptr ? other : row->kind;
}

} // namespace convops
