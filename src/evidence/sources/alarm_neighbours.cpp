// Who stands before and behind the alarm's own resource, for the types that no other source ties to anything: a web
// ACL, a distribution, a certificate, a state machine, a classic load balancer, a file system. Each is asked only
// when the alarm is about such a thing; what stands near another alarm is tied from there (waf_state,
// acm_certificates).
#include "evidence/endpoints.h"
#include "evidence/network_place.h"

#include "base/text.h"

#include <array>

namespace convops {

namespace {

constexpr std::array iam_actions {
    IamAction { "wafv2:ListWebACLs", "which web ACL the alarm is about" },
    IamAction { "wafv2:ListResourcesForWebACL", "what the web ACL protects" },
    IamAction { "cloudfront:ListDistributions", "which origins stand behind the distribution" },
    IamAction { "acm:DescribeCertificate", "who shows the certificate to clients" },
    IamAction { "states:DescribeStateMachine", "what the state machine calls" },
    IamAction { "elasticloadbalancing:DescribeLoadBalancers", "which instances stand behind the load balancer" },
    IamAction {
        "s3:GetBucketNotification", "whom the bucket tells of new objects", "GetBucketNotificationConfiguration" },
    IamAction { "elasticfilesystem:DescribeMountTargets", "in which subnets the file system is mounted" },
};

constexpr SourceCard the_card {
    .name = "alarm_neighbours",
    .says
    = "What stands before and behind the alarm's own web ACL, distribution, certificate, state machine, classic "
      "load balancer or file system.",
    .iam_actions = iam_actions,
    .stage = SourceStage::map,
};

constexpr std::size_t most_of_one_type = 3; // of the alarm's own resources
constexpr std::size_t most_edges = 40;
constexpr int most_pages = 2;
constexpr std::size_t most_definition_bytes = 1024 * 1024; // "the maximum size of a definition is 1 MB"
constexpr std::size_t most_depth = 40; // a state within states
constexpr int definition_depth = 64; // of the JSON that holds them

void add_edge(std::vector<Fact>& facts, Resource const& from, std::optional<Resource> const& to, std::string basis) {
    if (to && !to->name.empty() && !(*to == from) && facts.size() < most_edges)
        facts.push_back(dependency_fact(from, *to, std::move(basis), {}));
}

std::vector<Resource> resources_at(Json const& answer, std::string_view list) {
    std::vector<Resource> found;
    for (auto const& item : list_at(answer, list))
        if (auto const* arn = item.if_string())
            if (auto resource = resource_from_arn(std::string_view(arn->data(), arn->size())))
                found.push_back(*std::move(resource));
    return found;
}

} // namespace

// ListResourcesForWebACL: load balancers by their ARN, stages of an API by theirs.
// https://docs.aws.amazon.com/waf/latest/APIReference/API_ListResourcesForWebACL.html
std::vector<Fact> web_acl_protects_facts(Json const& answer, Resource const& acl) {
    std::vector<Fact> facts;
    for (auto const& resource : resources_at(answer, "ResourceArns"))
        add_edge(facts, resource, acl, "web ACL in front of it");
    return facts;
}

std::vector<Fact> certificate_user_facts(Json const& answer, Resource const& certificate) {
    std::vector<Fact> facts;
    for (auto const& resource : resources_at(answer, "Certificate.InUseBy"))
        add_edge(facts, resource, certificate, "certificate that it shows to its clients");
    return facts;
}

// One distribution of ListDistributions. An origin is known by its host name.
// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DistributionSummary.html
std::vector<Fact> distribution_facts(Json const& distribution) {
    Resource const resource { "cloudfront:distribution", text_at(distribution, "Id"), text_at(distribution, "ARN") };
    std::vector<Fact> facts;
    for (auto const& origin : list_at(distribution, "Origins.Items"))
        add_edge(facts, resource, resource_of_endpoint(to_lower(text_at(origin, "DomainName"))),
            "origin of the distribution");
    if (auto const acl = resource_from_arn(text_at(distribution, "WebACLId")))
        add_edge(facts, resource, acl, "web ACL in front of it");
    auto const certificate = text_at(distribution, "ViewerCertificate.ACMCertificateArn");
    if (!certificate.empty())
        add_edge(facts, resource, resource_from_arn(certificate), "certificate that it shows to its clients");
    return facts;
}

std::vector<Fact> classic_balancer_facts(Json const& balancer) {
    Resource const resource { "elb:load_balancer", text_at(balancer, "LoadBalancerName"), {} };
    StateFact state { resource, StateHealth::unknown,
        { { "type", "classic" }, { "dns", shown(to_lower(text_at(balancer, "DNSName")), 200) } } };
    note_network_place(state, ids_at(balancer, "SecurityGroups"), ids_at(balancer, "Subnets"));
    auto const behind = list_at(balancer, "Instances").size();
    std::vector<Fact> facts { fact_about(resource, {},
        resource.display() + " (classic) has " + std::to_string(behind) + " instance(s) behind it.", std::move(state),
        { { "instances", behind } }) };
    for (auto const& id : ids_at(balancer, "Instances", "InstanceId"))
        add_edge(facts, resource, Resource { "ec2:instance", id, {} }, "registered instance");
    if (auto const dns = to_lower(text_at(balancer, "DNSName")); !dns.empty())
        facts.push_back(dependency_fact({ "external:host", dns, {} }, resource, "DNS name of the load balancer", {}));
    return facts;
}

namespace {

// Whom the states of a definition call: an ARN as the resource of a task, or the name in a parameter of an AWS
// integration. "arn:aws:states:::lambda:invoke" names the integration, no thing of the account.
// https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html
void called_by_states(Json const& value, std::string_view key, std::size_t depth, std::vector<Resource>& called) {
    if (depth > most_depth || called.size() >= most_edges)
        return;
    if (auto const* object = value.if_object()) {
        for (auto const& pair : *object)
            called_by_states(pair.value(), { pair.key().data(), pair.key().size() }, depth + 1, called);
    } else if (auto const* array = value.if_array()) {
        for (auto const& item : *array)
            called_by_states(item, key, depth + 1, called);
    } else if (auto const* string = value.if_string()) {
        std::string_view const text(string->data(), string->size());
        auto const arn = split(text, ':');
        std::optional<Resource> found;
        if (arn.size() >= 6 && arn[0] == "arn")
            found = arn[4].empty() && arn[2] != "s3" ? std::nullopt : resource_from_arn(text);
        else if (key == "FunctionName")
            found = Resource { "lambda:function", std::string(text.substr(0, text.find(':'))), {} };
        else if (key == "TableName")
            found = Resource { "dynamodb:table", std::string(text), {} };
        else if (key == "QueueUrl")
            found = resource_of_endpoint(text);
        bool const named = found && found->name.find_first_of("${} ") == std::string::npos;
        if (named && std::find(called.begin(), called.end(), *found) == called.end())
            called.push_back(*found);
    }
}

} // namespace

// https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeStateMachine.html
std::vector<Fact> state_machine_facts(Json const& machine) {
    auto const arn = text_at(machine, "stateMachineArn");
    Resource const resource { "states:machine", arn, arn };
    auto const status = shown(text_at(machine, "status"), 40);
    StateFact state { resource, status == "ACTIVE" ? StateHealth::healthy : StateHealth::unknown,
        { { "status", status } } };
    for (auto const& destination : list_at(machine, "loggingConfiguration.destinations"))
        if (auto const group = resource_from_arn(text_at(destination, "cloudWatchLogsLogGroup.logGroupArn")))
            state.attributes["log_group"] = shown(group->name, 512);
    std::vector<Fact> facts { fact_about(
        resource, {}, resource.display() + " is " + status + ".", std::move(state), { { "status", status } }) };
    auto const definition
        = parse_json(text_at(machine, "definition"), { .bytes = most_definition_bytes, .depth = definition_depth });
    std::vector<Resource> called;
    if (definition)
        called_by_states(*definition, "", 0, called);
    for (auto const& one : called)
        add_edge(facts, resource, one, "called by a state of the machine");
    return facts;
}

// A repeated element without a list around it: one of them reads as an object.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketNotificationConfiguration.html
std::vector<Fact> bucket_notification_facts(Json const& answer, Resource const& bucket) {
    std::vector<Fact> facts;
    for (auto const& [list, key] : std::initializer_list<std::pair<char const*, char const*>> {
             { "CloudFunctionConfiguration", "CloudFunction" }, { "QueueConfiguration", "Queue" },
             { "TopicConfiguration", "Topic" } }) {
        auto const* found = find(answer, list);
        if (found == nullptr)
            continue;
        auto const one = found->is_array() ? JsonArray {} : JsonArray { *found };
        for (auto const& target : found->is_array() ? found->get_array() : one)
            add_edge(facts, bucket, resource_from_arn(text_at(target, key)), "told of new objects by the bucket");
    }
    return facts;
}

// https://docs.aws.amazon.com/efs/latest/ug/API_MountTargetDescription.html
std::vector<Fact> mount_target_facts(Json const& answer, Resource const& file_system) {
    auto const subnets = ids_at(answer, "MountTargets", "SubnetId");
    if (subnets.empty())
        return {};
    StateFact state { file_system, StateHealth::unknown, {} };
    note_network_place(state, {}, subnets);
    return { fact_about(file_system, {},
        file_system.display() + " has mount targets in " + std::to_string(subnets.size()) + " subnet(s).",
        std::move(state), { { "mount_targets", subnets.size() } }) };
}

namespace {

void add_web_acls(Answering& answering) {
    auto const& question = answering.question();
    auto const acls = near_of_type(question, "waf:web_acl", most_of_one_type);
    if (acls.empty())
        return;
    auto const list = call_of("wafv2", "ListWebACLs", { { "Scope", "REGIONAL" }, { "Limit", 100 } });
    std::vector<AwsCall> calls;
    std::vector<Resource> asked;
    for (auto const& acl : answering.read_pages({ list, "WebACLs", "NextMarker", "NextMarker", 1 }))
        for (auto const& own : acls)
            if (auto const arn = text_at(acl, "ARN"); text_at(acl, "Name") == own.name && !arn.empty())
                for (auto const* type : { "APPLICATION_LOAD_BALANCER", "API_GATEWAY" }) {
                    calls.push_back(call_of(
                        "wafv2", "ListResourcesForWebACL", { { "WebACLArn", arn }, { "ResourceType", type } }));
                    asked.push_back({ own.type, own.name, arn });
                }
    auto const answers = answering.read_all(calls);
    for (std::size_t i = 0; i < calls.size(); ++i)
        if (answers[i])
            answering.add(web_acl_protects_facts(*answers[i], asked[i]), calls[i]);
}

// An alarm about a distribution, or about a web ACL that may stand in front of one: its metrics are in us-east-1.
void add_distributions(Answering& answering) {
    auto const& question = answering.question();
    auto own = near_of_type(question, "cloudfront:distribution", most_of_one_type);
    auto const acls = near_of_type(question, "waf:web_acl", most_of_one_type);
    if (own.empty() && (acls.empty() || question.region != "us-east-1"))
        return;
    auto const call = call_of("cloudfront", "ListDistributions", { { "MaxItems", 100 } });
    for (auto const& distribution : answering.read_pages({ call, "Items", "Marker", "NextMarker", most_pages })) {
        auto const acl = resource_from_arn(text_at(distribution, "WebACLId"));
        if (is_centre(question, { "cloudfront:distribution", text_at(distribution, "Id"), {} })
            || (acl && is_centre(question, *acl)))
            answering.add(distribution_facts(distribution), call);
    }
}

std::vector<AwsCall> calls_for_each(
    Question const& question, std::string_view type, std::function<AwsCall(Resource const&)> const& call) {
    std::vector<AwsCall> calls;
    for (auto const& resource : near_of_type(question, type, most_of_one_type))
        calls.push_back(call(resource));
    return calls;
}

void add_others(Answering& answering) {
    auto const& question = answering.question();
    auto calls = calls_for_each(question, "states:machine", [](Resource const& machine) {
        return call_of("states", "DescribeStateMachine", { { "stateMachineArn", machine.arn_or_name() } });
    });
    auto answers = answering.read_all(calls);
    for (std::size_t i = 0; i < calls.size(); ++i)
        if (answers[i])
            answering.add(state_machine_facts(*answers[i]), calls[i]);
    calls = calls_for_each(question, "acm:certificate", [](Resource const& certificate) {
        return call_of("acm", "DescribeCertificate", { { "CertificateArn", certificate.arn_or_name() } });
    });
    answers = answering.read_all(calls);
    for (std::size_t i = 0; i < calls.size(); ++i)
        if (auto const certificate = resource_from_arn(text_at(Json(calls[i].params), "CertificateArn"));
            answers[i] && certificate)
            answering.add(certificate_user_facts(*answers[i], *certificate), calls[i]);
    // A classic load balancer has a plain name.
    calls.clear();
    for (auto const& balancer : near_of_type(question, "elb:load_balancer", most_of_one_type))
        if (balancer.name.find('/') == std::string::npos)
            calls.push_back(call_of(
                "elb", "DescribeLoadBalancers", { { "LoadBalancerNames", JsonArray { Json(balancer.name) } } }));
    answers = answering.read_all(calls);
    for (std::size_t i = 0; i < calls.size(); ++i)
        if (answers[i])
            for (auto const& balancer : list_at(*answers[i], "LoadBalancerDescriptions"))
                answering.add(classic_balancer_facts(balancer), calls[i]);
    auto const systems = near_of_type(question, "efs:file_system", most_of_one_type);
    calls = calls_for_each(question, "efs:file_system", [](Resource const& system) {
        return call_of("elasticfilesystem", "DescribeMountTargets", { { "FileSystemId", system.name } });
    });
    answers = answering.read_all(calls);
    for (std::size_t i = 0; i < calls.size(); ++i)
        if (answers[i])
            answering.add(mount_target_facts(*answers[i], systems[i]), calls[i]);
}

void add_buckets(Answering& answering) {
    auto const buckets = near_of_type(answering.question(), "s3:bucket", most_of_one_type);
    auto const calls = calls_for_each(answering.question(), "s3:bucket", [](Resource const& bucket) {
        return call_of("s3", "GetBucketNotificationConfiguration", { { "Bucket", bucket.name } });
    });
    auto const answers = answering.read_all(calls);
    for (std::size_t i = 0; i < calls.size(); ++i)
        if (answers[i])
            answering.add(bucket_notification_facts(*answers[i], buckets[i]), calls[i]);
}

Answer collect(Question const& question, Aws& aws) {
    Answering answering(the_card, question, aws);
    add_buckets(answering);
    add_web_acls(answering);
    add_distributions(answering);
    add_others(answering);
    return answering.take();
}

} // namespace

sources::Registered make_alarm_neighbours() {
    return { &the_card, collect };
}

} // namespace convops
