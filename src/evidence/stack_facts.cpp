#include "evidence/stack_facts.h"

#include "base/text.h"

#include <array>

namespace convops {

namespace {

constexpr std::size_t most_touched = 10;
constexpr std::size_t most_named = 4; // in a sentence

struct StackType {
    std::string_view cloudformation;
    std::string_view type;
};
// What `Ref` returns for each is its physical id: a name, an id, a URL or an ARN.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
constexpr auto stack_types = std::to_array<StackType>({ { "AWS::ECS::Service", "ecs:service" },
    { "AWS::ECS::TaskDefinition", "ecs:task_definition" }, { "AWS::ECS::Cluster", "ecs:cluster" },
    { "AWS::Lambda::Function", "lambda:function" }, { "AWS::RDS::DBInstance", "rds:instance" },
    { "AWS::RDS::DBCluster", "rds:cluster" }, { "AWS::DynamoDB::Table", "dynamodb:table" },
    { "AWS::SQS::Queue", "sqs:queue" }, { "AWS::SNS::Topic", "sns:topic" }, { "AWS::S3::Bucket", "s3:bucket" },
    { "AWS::EC2::Instance", "ec2:instance" }, { "AWS::EC2::Volume", "ebs:volume" },
    { "AWS::EC2::NatGateway", "nat:gateway" }, { "AWS::EC2::SecurityGroup", "ec2:security_group" },
    { "AWS::EC2::RouteTable", "ec2:route_table" }, { "AWS::EC2::LaunchTemplate", "ec2:launch_template" },
    { "AWS::AutoScaling::AutoScalingGroup", "autoscaling:group" },
    { "AWS::ElasticLoadBalancingV2::LoadBalancer", "elb:load_balancer" },
    { "AWS::ElasticLoadBalancingV2::TargetGroup", "elb:target_group" },
    { "AWS::ElastiCache::ReplicationGroup", "elasticache:cluster" },
    { "AWS::ElastiCache::CacheCluster", "elasticache:cluster" }, { "AWS::ApiGateway::RestApi", "apigateway:api" },
    { "AWS::ApiGatewayV2::Api", "apigateway:api" }, { "AWS::StepFunctions::StateMachine", "states:machine" },
    { "AWS::Kinesis::Stream", "kinesis:stream" }, { "AWS::Events::Rule", "events:rule" },
    { "AWS::EKS::Cluster", "eks:cluster" }, { "AWS::CloudFront::Distribution", "cloudfront:distribution" },
    { "AWS::IAM::Role", "iam:role" }, { "AWS::IAM::Policy", "iam:policy" },
    { "AWS::SSM::Parameter", "ssm:parameter" } });

bool is_near(Resource const& resource, Question const& question) {
    return is_centre(question, resource)
        || std::any_of(
            question.nearby.begin(), question.nearby.end(), [&](auto const& near) { return near.first == resource; });
}

bool runs_code(Resource const& resource) {
    return resource.type == "ecs:service" || resource.type == "ecs:task_definition"
        || resource.type == "lambda:function" || resource.type == "ec2:launch_template"
        || resource.type == "apigateway:api" || resource.type == "states:machine";
}

ChangeKind kind_of(std::vector<Resource> const& touched) {
    auto const all_begin = [&](std::initializer_list<std::string_view> types) {
        return !touched.empty() && std::all_of(touched.begin(), touched.end(), [&](Resource const& resource) {
            return std::any_of(
                types.begin(), types.end(), [&](std::string_view type) { return resource.type.starts_with(type); });
        });
    };
    if (std::any_of(touched.begin(), touched.end(), runs_code))
        return ChangeKind::deploy;
    if (all_begin({ "iam:" }))
        return ChangeKind::permission;
    if (all_begin({ "ec2:security_group", "ec2:route_table", "nat:" }))
        return ChangeKind::network;
    return ChangeKind::config;
}

// One change of a stack, put together from its events.
struct StackChange {
    std::string stack;
    std::string stack_id;
    std::string began_as; // "UPDATE"
    std::optional<Time> began;
    std::optional<Time> ended;
    std::optional<Time> failed_at;
    std::string why; // of the first failure; hostile text
    std::string failed_logical;
    std::optional<Resource> failed;
    std::vector<std::pair<std::string, Resource>> touched; // logical id, resource
};

bool is_own_event(Json const& event) {
    return text_at(event, "PhysicalResourceId") == text_at(event, "StackId");
}

// "UPDATE_ROLLBACK_IN_PROGRESS" begins an end, "UPDATE_IN_PROGRESS" a change.
bool begins(std::string_view status) {
    return status == "CREATE_IN_PROGRESS" || status == "UPDATE_IN_PROGRESS" || status == "DELETE_IN_PROGRESS"
        || status == "IMPORT_IN_PROGRESS";
}

void read_own_event(StackChange& change, std::string const& status, Time at) {
    if (begins(status)) {
        change.began = at;
        change.began_as = status.substr(0, status.find('_'));
    } else if (status.find("ROLLBACK_IN_PROGRESS") != std::string::npos || status.ends_with("_FAILED")) {
        if (!change.failed_at)
            change.failed_at = at;
    } else if (status.ends_with("_COMPLETE")) {
        change.ended = at;
    }
}

void read_resource_event(StackChange& change, Json const& event, std::string const& status, Time at) {
    auto const resource
        = resource_of_stack_event(text_at(event, "ResourceType"), text_at(event, "PhysicalResourceId"));
    auto const logical = shown(text_at(event, "LogicalResourceId"), 80);
    auto const why = text_at(event, "ResourceStatusReason");
    // The others are cancelled because one failed. That one tells why.
    if (status.ends_with("_FAILED") && change.why.empty() && !contains_ignoring_case(why, "cancelled")) {
        change.why = why;
        change.failed_logical = logical;
        change.failed = resource;
        change.failed_at = at;
    }
    if (!resource || status.find("ROLLBACK") != std::string::npos)
        return;
    auto const known = std::find_if(
        change.touched.begin(), change.touched.end(), [&](auto const& each) { return each.second == *resource; });
    if (known == change.touched.end())
        change.touched.emplace_back(logical, *resource);
}

// The newest change only: events of an earlier one end where a new one begins.
std::optional<StackChange> newest_change(JsonArray const& events, Window look) {
    StackChange change;
    for (auto i = events.size(); i-- > 0;) { // oldest first
        auto const& event = events[i];
        auto const at = time_at(event, "Timestamp");
        if (!at || !look.contains(*at))
            continue;
        auto const status = text_at(event, "ResourceStatus");
        if (is_own_event(event) && begins(status))
            change = {};
        change.stack = shown(text_at(event, "StackName"), 128);
        change.stack_id = text_at(event, "StackId");
        if (is_own_event(event))
            read_own_event(change, status, *at);
        else
            read_resource_event(change, event, status, *at);
    }
    if (change.stack.empty() || (!change.began && !change.failed_at && !change.ended))
        return std::nullopt;
    return change;
}

std::string stack_page(std::string_view stack_id) {
    auto escaped = replace_all(replace_all(std::string(stack_id), "/", "%2F"), ":", "%3A");
    std::erase_if(escaped, [](char c) { return c <= ' ' || c == '"' || c == '<' || c == '>' || c == '&'; });
    return "https://{region}.console.aws.amazon.com/cloudformation/home#/stacks/events?stackId="
        + shorten(escaped, 400);
}

// "CheckoutService (ECS service checkout), Table (DynamoDB table carts) and 3 more"
std::string named(std::vector<std::pair<std::string, Resource>> const& touched) {
    std::vector<std::string> names;
    for (auto const& [logical, resource] : touched)
        if (names.size() < most_named)
            names.push_back(logical + " (" + shown(resource.display(), 120) + ")");
    auto text = join(names, ", ");
    if (touched.size() > most_named)
        text += " and " + std::to_string(touched.size() - most_named) + " more";
    return text;
}

Fact change_of(StackChange const& change, Resource const& stack) {
    ChangeFact detail;
    std::vector<std::string> logical;
    for (auto const& [name, resource] : change.touched) {
        if (detail.touched.size() < most_touched)
            detail.touched.push_back(resource);
        if (logical.size() < most_named)
            logical.push_back(name);
    }
    detail.kind = kind_of(detail.touched);
    detail.touched.push_back(stack);
    detail.event_name = change.began_as == "CREATE" ? "CreateStack"
        : change.began_as == "DELETE"               ? "DeleteStack"
                                                    : "UpdateStack";
    detail.event_source = "cloudformation.amazonaws.com";
    detail.what = "stack " + change.stack + (logical.empty() ? "" : ": " + join(logical, ", "));
    auto statement = "CloudFormation began to " + to_lower(change.began_as) + " stack " + change.stack + " at "
        + format_clock(*change.began);
    if (!change.touched.empty())
        statement += ": " + named(change.touched);
    JsonObject ids;
    for (auto const& [name, resource] : change.touched)
        ids[name] = resource.arn_or_name();
    auto fact = fact_about(stack, *change.began, statement + ".", detail,
        { { "stack", change.stack }, { "physical_ids", std::move(ids) } });
    fact.link = stack_page(change.stack_id);
    return fact;
}

} // namespace

std::optional<Resource> resource_of_stack_event(std::string_view type, std::string_view physical_id) {
    auto const id = shown(physical_id, 1'024);
    if (id.empty())
        return std::nullopt;
    for (auto const& row : stack_types) {
        if (row.cloudformation != type)
            continue;
        if (id.starts_with("arn:")) {
            auto known = resource_from_arn(id);
            if (known && known->type == row.type)
                return known;
        }
        auto const last = id.substr(id.find_last_of(row.type == "ecs:service" ? "" : "/:") + 1);
        return Resource { std::string(row.type), last, {} };
    }
    return std::nullopt;
}

std::vector<Fact> stack_facts(JsonArray const& events, Question const& question, Window look) {
    auto change = newest_change(events, look);
    if (!change)
        return {};
    std::stable_sort(change->touched.begin(), change->touched.end(),
        [&](auto const& a, auto const& b) { return is_near(a.second, question) > is_near(b.second, question); });
    Resource const stack { "cloudformation:stack", change->stack, change->stack_id };
    std::vector<Fact> facts;
    if (change->began)
        facts.push_back(change_of(*change, stack));
    // What ended is told of the resource that it was about, when that is near; else of the stack.
    auto const subject = change->failed && is_near(*change->failed, question) ? *change->failed
        : !change->touched.empty() && is_near(change->touched.front().second, question)
        ? change->touched.front().second
        : stack;
    if (change->failed_at) {
        auto statement = "The change of stack " + change->stack + " failed at " + format_clock(*change->failed_at)
            + (change->ended && *change->ended > *change->failed_at
                    ? " and was rolled back by " + format_clock(*change->ended)
                    : "");
        if (!change->why.empty())
            statement += "; " + change->failed_logical + ": " + quoted_words(change->why, 300);
        facts.push_back(fact_about(subject, *change->failed_at, statement + ".",
            ResourceEventFact {
                subject, ResourceEventKind::deployment_failed, "ROLLBACK", shown(change->why, 300), 1 },
            { { "stack", change->stack }, { "failed", change->failed_logical } }));
        facts.back().link = stack_page(change->stack_id);
    } else if (change->ended) {
        facts.push_back(fact_about(subject, *change->ended,
            "The change of stack " + change->stack + " was complete at " + format_clock(*change->ended) + ".",
            ResourceEventFact { subject, ResourceEventKind::deployment_finished, "COMPLETE", "", 1 },
            { { "stack", change->stack } }));
        facts.back().link = stack_page(change->stack_id);
    }
    return facts;
}

namespace {

void add_touched(std::vector<Resource>& touched, Resource resource) {
    if (!resource.name.empty() && touched.size() < most_touched
        && std::find(touched.begin(), touched.end(), resource) == touched.end())
        touched.push_back(std::move(resource));
}

// The AppSpec of Lambda and ECS deployments: "Name" and "TaskDefinition" of its Resources, in JSON or YAML.
// https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html
void add_from_appspec(std::vector<Resource>& touched, std::string const& content) {
    constexpr std::size_t most_appspec_bytes = 64 * 1024;
    for (auto const& raw : split(content.substr(0, most_appspec_bytes), content.find('{') < 3 ? ',' : '\n')) {
        std::string line = raw;
        std::erase_if(
            line, [](char c) { return c == '"' || c == '{' || c == '}' || c == '[' || c == ']' || c == ' '; });
        for (auto const* key : { "TaskDefinition:", "Name:" }) {
            auto const at = line.find(key);
            if (at == std::string::npos || (at > 0 && line[at - 1] != ':'))
                continue; // "ContainerName:" is another thing
            auto const value = shown(trim(line.substr(at + std::string_view(key).size())), 300);
            if (std::string_view(key) == "Name:")
                add_touched(touched, { "lambda:function", value, {} });
            else if (auto const known = resource_from_arn(value))
                add_touched(touched, *known);
            else
                add_touched(touched, { "ecs:task_definition", value, {} });
        }
    }
}

std::vector<Resource> touched_by_deployment(Json const& deployment) {
    std::vector<Resource> touched;
    add_from_appspec(touched, text_at(deployment, "revision.appSpecContent.content"));
    add_from_appspec(touched, text_at(deployment, "revision.string.content"));
    for (auto const& group : list_at(deployment, "targetInstances.autoScalingGroups"))
        add_touched(touched, { "autoscaling:group", shown(text_at(group, ""), 255), {} });
    add_touched(touched, { "codedeploy:application", shown(text_at(deployment, "applicationName"), 100), {} });
    return touched;
}

std::string revision_of(Json const& deployment) {
    if (auto const commit = text_at(deployment, "revision.gitHubLocation.commitId"); !commit.empty())
        return "commit " + shown(commit, 12) + " of "
            + shown(text_at(deployment, "revision.gitHubLocation.repository"), 100);
    if (auto const key = text_at(deployment, "revision.s3Location.key"); !key.empty())
        return "revision " + shown(key, 100);
    return "";
}

} // namespace

std::vector<Fact> codedeploy_facts(Json const& deployment, Question const& question, Window look) {
    auto const created = time_at(deployment, "createTime");
    if (!created || !look.contains(*created))
        return {};
    auto const id = shown(text_at(deployment, "deploymentId"), 40);
    auto const application = shown(text_at(deployment, "applicationName"), 100);
    auto const creator = text_at(deployment, "creator");
    ChangeFact change;
    change.kind = ChangeKind::deploy;
    change.event_name = "CreateDeployment";
    change.event_source = "codedeploy.amazonaws.com";
    change.touched = touched_by_deployment(deployment);
    change.what = revision_of(deployment);
    if (creator == "codeDeployRollback" || creator == "CloudFormationRollback")
        change.what = "rollback" + (change.what.empty() ? "" : " to " + change.what);
    // A new instance of a group gets what the others have: no new version.
    change.automatic = creator.starts_with("autoscaling") || creator == "CodeDeployAutoUpdate";
    std::stable_sort(change.touched.begin(), change.touched.end(),
        [&](Resource const& a, Resource const& b) { return is_near(a, question) > is_near(b, question); });
    if (change.touched.empty())
        return {};
    auto const subject = change.touched.front();
    auto const link = "https://{region}.console.aws.amazon.com/codesuite/codedeploy/deployments/" + id;
    std::vector<Fact> facts { fact_about(subject, *created,
        "CodeDeploy began deployment " + id + " of " + application + " at " + format_clock(*created)
            + (change.what.empty() ? "" : ": " + change.what) + ".",
        change, { { "deployment", id }, { "application", application }, { "creator", shown(creator, 40) } }) };
    auto const status = text_at(deployment, "status");
    auto const ended = time_at(deployment, "completeTime");
    if (ended && *ended < look.to && (status == "Failed" || status == "Stopped" || status == "Succeeded")) {
        bool const good = status == "Succeeded";
        auto const message = shown(text_at(deployment, "errorInformation.message"), 300);
        facts.push_back(fact_about(subject, *ended,
            "Deployment " + id + " of " + application + " ended at " + format_clock(*ended) + ": " + to_lower(status)
                + (message.empty() ? "" : ", " + quoted_words(message)) + ".",
            ResourceEventFact { subject,
                good ? ResourceEventKind::deployment_finished : ResourceEventKind::deployment_failed,
                shown(text_at(deployment, "errorInformation.code"), 80), message, 1 },
            { { "deployment", id }, { "status", status } }));
    }
    for (auto& fact : facts)
        fact.link = link;
    return facts;
}

} // namespace convops
