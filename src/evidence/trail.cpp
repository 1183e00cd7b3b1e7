#include "evidence/trail.h"

#include "base/text.h"
#include "evidence/answering.h"

#include <array>

namespace convops {

namespace {

constexpr std::size_t most_touched = 10;
constexpr std::size_t most_settings = 6;
constexpr std::size_t most_value_bytes = 80;
constexpr int most_depth = 4;

struct Naming {
    std::string_view service; // empty: any
    std::string_view parameter;
    std::string_view type;
};

// The request parameters that name a resource, as CloudTrail spells them; the most telling first.
constexpr auto namings = std::to_array<Naming>({
    { "lambda", "functionName", "lambda:function" },
    { "rds", "dBInstanceIdentifier", "rds:instance" },
    { "rds", "dBClusterIdentifier", "rds:cluster" },
    { "rds", "dBParameterGroupName", "rds:parameter_group" },
    { "rds", "dBClusterParameterGroupName", "rds:parameter_group" },
    { "", "autoScalingGroupName", "autoscaling:group" },
    { "dynamodb", "tableName", "dynamodb:table" },
    { "sqs", "queueUrl", "sqs:queue" },
    { "sqs", "queueName", "sqs:queue" },
    { "s3", "bucketName", "s3:bucket" },
    { "kinesis", "streamName", "kinesis:stream" },
    { "elasticache", "cacheClusterId", "elasticache:cluster" },
    { "elasticache", "replicationGroupId", "elasticache:cluster" },
    { "events", "rule", "events:rule" },
    { "events", "name", "events:rule" },
    { "eks", "clusterName", "eks:cluster" },
    { "eks", "name", "eks:cluster" },
    { "apigateway", "restApiId", "apigateway:api" },
    { "apigateway", "apiId", "apigateway:api" },
    { "cloudfront", "id", "cloudfront:distribution" },
    { "wafv2", "name", "waf:web_acl" },
    { "sns", "topicArn", "sns:topic" },
    { "ec2", "instanceId", "ec2:instance" },
    { "ec2", "groupId", "ec2:security_group" },
    { "ec2", "volumeId", "ebs:volume" },
    { "ec2", "natGatewayId", "nat:gateway" },
    { "ec2", "vpcEndpointId", "ec2:vpc_endpoint" },
    { "ec2", "routeTableId", "ec2:route_table" },
    { "ec2", "networkAclId", "ec2:network_acl" },
    { "ec2", "subnetId", "ec2:subnet" },
    { "ec2", "vpcId", "ec2:vpc" },
    { "ec2", "networkInterfaceId", "ec2:network_interface" },
    { "ec2", "launchTemplateId", "ec2:launch_template" },
    { "iam", "roleName", "iam:role" },
    { "iam", "userName", "iam:user" },
    { "iam", "groupName", "iam:group" },
    { "ssm", "name", "ssm:parameter" },
    { "secretsmanager", "secretId", "secretsmanager:secret" },
    { "kms", "keyId", "kms:key" },
    { "cloudformation", "stackName", "cloudformation:stack" },
    { "codepipeline", "name", "codepipeline:pipeline" },
    { "codedeploy", "applicationName", "codedeploy:application" },
    { "ecr", "repositoryName", "ecr:repository" },
    { "monitoring", "alarmName", "cloudwatch:alarm" },
});

// Parameters that hold an ARN and nothing else.
constexpr auto arn_parameters = std::to_array<std::string_view>({ "targetGroupArn", "loadBalancerArn", "listenerArn",
    "ruleArn", "topicArn", "stateMachineArn", "resourceArn", "streamARN", "certificateArn", "policyArn" });

// Not what was set, but which thing, or how the call was made.
constexpr auto unsaid = std::to_array<std::string_view>({ "cluster", "service", "family", "clientToken",
    "clientRequestToken", "dryRun", "tags", "tagSet", "applyImmediately", "overwrite", "executionRoleArn",
    "roleSessionName", "startedBy", "networkMode", "requiresCompatibilities", "launchType", "enableECSManagedTags",
    "enableExecuteCommand", "instancesSet", "serviceNamespace", "resourceId", "skipFinalSnapshot" });

std::string service_of(Json const& record) {
    auto const source = text_at(record, "eventSource");
    return source.substr(0, source.find('.'));
}

std::string last_part(std::string_view text, std::string_view separators) {
    auto const at = text.find_last_of(separators);
    return std::string(at == std::string_view::npos ? text : text.substr(at + 1));
}

// Types that no metric knows, so that model/resource.h does not either.
std::optional<Resource> any_resource_from_arn(std::string_view arn) {
    if (arn.size() > 2'048)
        return std::nullopt;
    if (auto known = resource_from_arn(arn))
        return known;
    auto const parts = split(arn, ':');
    if (parts.size() < 6 || parts[0] != "arn")
        return std::nullopt;
    auto const made = [&](std::string_view type, std::string name) {
        return Resource { std::string(type), std::move(name), std::string(arn) };
    };
    auto const& tail = parts[5];
    if (parts[2] == "iam")
        for (auto const kind : { "role", "user", "group", "policy" })
            if (tail.starts_with(std::string(kind) + "/"))
                return made(std::string("iam:") + kind, last_part(tail, "/"));
    if (parts[2] == "elasticloadbalancing" && tail.starts_with("listener-rule/")) {
        auto const steps = split(tail, '/'); // listener-rule/app/shop/0123/4567/89ab
        if (steps.size() >= 4)
            return Resource { "elb:load_balancer", steps[1] + "/" + steps[2] + "/" + steps[3], {} };
    }
    if (parts[2] == "secretsmanager" && parts.size() >= 7)
        return made("secretsmanager:secret", parts[6]);
    if (parts[2] == "kms" && tail.starts_with("key/"))
        return made("kms:key", tail.substr(4));
    if (parts[2] == "ssm" && tail.starts_with("parameter"))
        return made("ssm:parameter", tail.substr(9));
    if (parts[2] == "cloudformation" && tail.starts_with("stack/"))
        return made("cloudformation:stack", split(tail, '/')[1]);
    return std::nullopt;
}

class Touched {
public:
    void add(std::optional<Resource> resource) {
        if (!resource || resource->name.empty() || found_.size() == most_touched)
            return;
        auto const known = std::find(found_.begin(), found_.end(), *resource);
        if (known == found_.end())
            found_.push_back(*std::move(resource));
        else if (known->arn.empty())
            known->arn = resource->arn;
    }
    std::vector<Resource> take() { return std::move(found_); }

private:
    std::vector<Resource> found_;
};

Resource task_definition(std::string_view name_or_arn) {
    if (auto known = resource_from_arn(name_or_arn))
        return *known;
    return { "ecs:task_definition", std::string(name_or_arn), {} };
}

// ECS takes names or ARNs, and leaves the cluster out when it is the default one.
void add_ecs(Json const& record, Touched& touched) {
    auto const* request = find(record, "requestParameters");
    if (request == nullptr)
        return;
    auto const cluster = last_part(text_at(*request, "cluster", "default"), "/");
    auto service = text_at(*request, "service", text_at(*request, "serviceName"));
    if (service.starts_with("arn:")) {
        auto resource = resource_from_arn(service);
        if (resource && resource->name.find('/') == std::string::npos) // The old form of the ARN names no cluster.
            resource->name = cluster + "/" + resource->name;
        touched.add(std::move(resource));
    } else if (!service.empty()) {
        touched.add(Resource { "ecs:service", cluster + "/" + service, {} });
    }
    if (auto const family = text_at(*request, "family"); !family.empty()) {
        auto const revision = text_at(record, "responseElements.taskDefinition.revision");
        touched.add(task_definition(revision.empty() ? family : family + ":" + revision));
    }
    if (auto const definition = text_at(*request, "taskDefinition"); !definition.empty())
        touched.add(task_definition(definition));
    if (service.empty() && find(*request, "cluster") != nullptr)
        touched.add(Resource { "ecs:cluster", cluster, {} });
}

// "service/shop/checkout", "table/orders": how Application Auto Scaling names what it scales.
void add_scalable_target(Json const& request, Touched& touched) {
    auto const id = text_at(request, "resourceId");
    auto const slash = id.find('/');
    if (slash == std::string::npos)
        return;
    auto const kind = id.substr(0, slash);
    auto const name = id.substr(slash + 1);
    if (kind == "service")
        touched.add(Resource { "ecs:service", name, {} });
    else if (kind == "table")
        touched.add(Resource { "dynamodb:table", name.substr(0, name.find('/')), {} });
    else if (kind == "function")
        touched.add(Resource { "lambda:function", name.substr(0, name.find(':')), {} });
    else if (kind == "cluster")
        touched.add(Resource { "rds:cluster", name, {} });
}

std::string name_in(std::string_view type, std::string value) {
    if (type == "sqs:queue")
        return last_part(value, "/");
    if (type == "lambda:function") { // name, name:alias, account:function:name
        if (auto const at = value.find("function:"); at != std::string::npos)
            value = value.substr(at + 9);
        return value.substr(0, value.find(':'));
    }
    return value;
}

void add_instances(Json const& holder, std::string_view path, Touched& touched) {
    for (auto const& item : list_at(holder, path))
        touched.add(Resource { "ec2:instance", text_at(item, "instanceId"), {} });
}

// Newer calls of EC2 stand in the trail inside an element of their own, spelt as in the API, and a value inside one
// may carry a tag: {"DeleteNatGatewayRequest":{"NatGatewayId":"nat-1"}},
// {"VpcEndpointId":{"tag":1,"content":"vpce-1"}}.
Json unwrapped(Json const& request) {
    auto const* object = request.if_object();
    if (object == nullptr || object->size() != 1 || !object->begin()->key().ends_with("Request"))
        return request;
    auto const* inside = object->begin()->value().if_object();
    if (inside == nullptr)
        return request;
    JsonObject plain;
    for (auto const& pair : *inside) {
        std::string key(pair.key().data(), pair.key().size());
        if (!key.empty() && key.front() >= 'A' && key.front() <= 'Z')
            key.front() = static_cast<char>(key.front() - 'A' + 'a');
        auto const* content = find(pair.value(), "content");
        plain[key] = content == nullptr ? pair.value() : *content;
    }
    return plain;
}

// Whoever starts an instance or makes a group says where; the subnet and the VPC are as they were. A route, a rule or
// an endpoint changes what it is made in.
bool is_only_put_there(std::string_view event, std::string_view type) {
    bool const made = event.starts_with("Create") || event.starts_with("Run");
    bool const changes_place
        = event == "CreateRoute" || event == "CreateNetworkAclEntry" || event == "CreateVpcEndpoint";
    return made && !changes_place
        && (type == "ec2:vpc" || type == "ec2:subnet" || type == "ec2:security_group" || type == "ec2:network_acl");
}

// A rule of a security group names the groups that it lets in, or no longer: those are cut off as much as the group
// itself.
void add_peer_groups(Json const& request, Touched& touched) {
    for (auto const& permission : list_at(request, "ipPermissions.items"))
        for (auto const& peer : list_at(permission, "groups.items"))
            touched.add(Resource { "ec2:security_group", text_at(peer, "groupId"), {} });
}

bool says_secret(std::string_view name) {
    constexpr auto words
        = std::to_array<std::string_view>({ "password", "passwd", "secret", "token", "apikey", "api_key",
            "credential", "accesskey", "access_key", "privatekey", "private_key", "authorization", "userdata" });
    auto const lower = to_lower(name);
    return std::any_of(
        words.begin(), words.end(), [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

bool is_said(std::string_view name) {
    if (std::find(unsaid.begin(), unsaid.end(), name) != unsaid.end()
        || std::find(arn_parameters.begin(), arn_parameters.end(), name) != arn_parameters.end())
        return name == "policyArn";
    return std::none_of(
        namings.begin(), namings.end(), [&](Naming const& naming) { return naming.parameter == name; });
}

class Settings {
public:
    void read(std::string_view name, Json const& value, int depth) {
        if (said_.size() >= most_settings || depth > most_depth || value.is_null())
            return;
        if (auto const* array = value.if_array())
            return read_list(name, *array, depth);
        if (auto const* object = value.if_object())
            return read_object(name, *object, depth);
        auto const* text = value.if_string();
        if (value.is_double())
            say(name, format_number(value.get_double()));
        else
            say(name, text == nullptr ? to_text(value) : std::string(text->data(), text->size()));
    }
    [[nodiscard]] std::string words() const { return join(said_, ", "); }

private:
    void say(std::string_view name, std::string const& value) {
        if (name.empty() || value.empty() || value.starts_with("HIDDEN_DUE_TO") || value == "***")
            return;
        auto words = shown(name, 60);
        if (says_secret(name))
            words += " (a secret)";
        else if (value.size() <= most_value_bytes)
            words += " " + shown(name == "taskDefinition" || name == "image" ? last_part(value, "/") : value, 80);
        if (std::find(said_.begin(), said_.end(), words) == said_.end())
            said_.push_back(std::move(words));
    }
    // Lists of pairs: RDS parameters, load balancer attributes, environment variables.
    void read_list(std::string_view name, JsonArray const& array, int depth) {
        for (auto const& item : array) {
            if (said_.size() >= most_settings)
                return;
            auto const key = text_at(item, "parameterName", text_at(item, "key", text_at(item, "name")));
            auto const* value = find(item, "parameterValue");
            value = value != nullptr ? value : find(item, "value");
            if (!key.empty() && value != nullptr)
                read(key, *value, depth + 1);
            else
                read(name, item, depth + 1);
        }
    }
    void read_object(std::string_view name, JsonObject const& object, int depth) {
        for (auto const& pair : object) {
            std::string_view const key(pair.key().data(), pair.key().size());
            if (key == "items" || key == "variables")
                read(name, pair.value(), depth); // How EC2 wraps a list, and Lambda its environment.
            else if (key != "name" && key != "environment" && is_said(key))
                read(key, pair.value(), depth + 1);
        }
        if (auto const environment = object.if_contains("environment"); environment != nullptr)
            read("environment", *environment, depth);
    }

    std::vector<std::string> said_;
};

} // namespace

std::vector<Resource> touched_by(Json const& record) {
    Touched touched;
    auto const service = service_of(record);
    auto const* said = find(record, "requestParameters");
    auto const request = said == nullptr ? Json(nullptr) : service == "ec2" ? unwrapped(*said) : *said;
    if (service == "ecs")
        add_ecs(record, touched);
    if (request.is_object()) {
        if (service == "application-autoscaling")
            add_scalable_target(request, touched);
        for (auto const& naming : namings) {
            if (!naming.service.empty() && naming.service != service)
                continue;
            auto value = text_at(request, naming.parameter);
            if (value.empty() || value.size() > 2'048
                || (service == "ec2" && is_only_put_there(text_at(record, "eventName"), naming.type)))
                continue;
            auto resource = value.starts_with("arn:") ? any_resource_from_arn(value) : std::nullopt;
            touched.add(resource ? resource
                                 : Resource { std::string(naming.type), name_in(naming.type, std::move(value)), {} });
        }
        for (auto const parameter : arn_parameters)
            touched.add(any_resource_from_arn(text_at(request, parameter)));
        add_instances(request, "instancesSet.items", touched);
        if (service == "ec2")
            add_peer_groups(request, touched);
    }
    if (text_at(record, "eventName") == "RunInstances")
        add_instances(record, "responseElements.instancesSet.items", touched);
    // A mapping is asked for by an id that tells nobody anything; the answer names its function.
    if (service == "lambda" && text_at(record, "eventName").find("EventSourceMapping") != std::string::npos)
        touched.add(any_resource_from_arn(text_at(record, "responseElements.functionArn")));
    for (auto const& resource : list_at(record, "resources"))
        touched.add(any_resource_from_arn(text_at(resource, "ARN", text_at(resource, "arn"))));
    return touched.take();
}

std::string settings_in(Json const& record) {
    Settings settings;
    if (auto const* request = find(record, "requestParameters"); request != nullptr && request->is_object())
        settings.read("", *request, 0);
    return settings.words();
}

std::string actor_of(Json const& record) {
    auto const type = text_at(record, "userIdentity.type");
    auto const arn = text_at(record, "userIdentity.arn");
    if (type == "Root")
        return "root";
    if (auto const at = arn.find(":assumed-role/"); at != std::string::npos) {
        auto const names = split(std::string_view(arn).substr(at + 14), '/');
        // A session that a program named tells nobody who it was.
        bool const by_program = names.size() < 2 || names[1].find("session") != std::string::npos
            || names[1].starts_with("i-") || names[1].starts_with("aws-") || names[1].find("sdk") != std::string::npos
            || std::all_of(names[1].begin(), names[1].end(), [](char c) { return c >= '0' && c <= '9'; });
        return shown(by_program ? names[0] : names[0] + "/" + names[1], 120);
    }
    // A name may end with what usually separates names: whoever is called "x/" is not nobody.
    if (auto const end = arn.find_last_not_of("/:"); end != std::string::npos)
        return shown(last_part(arn.substr(0, end + 1), "/:"), 120);
    for (auto const* path : { "userIdentity.userName", "userIdentity.sessionContext.sessionIssuer.userName",
             "userIdentity.invokedBy", "userIdentity.principalId" })
        if (auto const name = text_at(record, path); !name.empty())
            return shown(name, 120);
    return "";
}

bool is_automatic(Json const& record) {
    auto const arn = text_at(record, "userIdentity.arn");
    if (arn.find(":assumed-role/AWSServiceRoleFor") != std::string::npos)
        return true;
    auto by = text_at(record, "userIdentity.invokedBy");
    if (by.empty())
        by = text_at(record, "sourceIPAddress");
    constexpr auto on_behalf = std::to_array<std::string_view>({ "cloudformation.amazonaws.com",
        "codepipeline.amazonaws.com", "codedeploy.amazonaws.com", "codebuild.amazonaws.com",
        "elasticbeanstalk.amazonaws.com", "servicecatalog.amazonaws.com", "amplify.amazonaws.com" });
    if (std::find(on_behalf.begin(), on_behalf.end(), by) != on_behalf.end())
        return false;
    return by.ends_with(".amazonaws.com") || text_at(record, "userIdentity.type") == "AWSService";
}

std::optional<Fact> change_fact_from(Json const& record) {
    auto const at = time_at(record, "eventTime");
    if (!at || flag_at(record, "readOnly"))
        return std::nullopt;
    static Json const nothing = nullptr;
    auto const* request = find(record, "requestParameters");
    ChangeFact change;
    change.event_name = plain_event_name(text_at(record, "eventName"));
    change.event_source = text_at(record, "eventSource");
    auto const kind = change_kind_of(change.event_source, change.event_name, request == nullptr ? nothing : *request);
    if (!kind)
        return std::nullopt;
    change.kind = *kind;
    change.event_name = shown(change.event_name, 100);
    change.event_source = shown(change.event_source, 100);
    change.actor = actor_of(record);
    change.touched = touched_by(record);
    change.what = settings_in(record);
    change.automatic = is_automatic(record);
    auto const refused = text_at(record, "errorCode");
    change.failed = !refused.empty();

    auto statement = (change.actor.empty() ? "Somebody" : change.actor)
        + (change.automatic ? " (an AWS service)" : "") + (change.failed ? " tried " : " called ")
        + change.event_name;
    if (!change.touched.empty())
        statement += " on " + shown(change.touched.front().display(), 160);
    statement += " at " + format_clock(*at);
    if (!change.what.empty())
        statement += ": " + change.what;
    if (change.failed)
        statement += "; it was refused (" + shown(refused, 80) + ")";
    Fact fact;
    fact.at = *at;
    fact.resource = change.touched.empty() ? "" : change.touched.front().arn_or_name();
    fact.statement = statement + ".";
    fact.value = { { "event", change.event_name }, { "source", change.event_source }, { "actor", change.actor },
        { "what", change.what }, { "event_id", shown(text_at(record, "eventID"), 64) } };
    fact.detail = std::move(change);
    return fact;
}

} // namespace convops
