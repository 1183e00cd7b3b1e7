// ECS services: what runs, which deployment is under way, why tasks stopped, and what a service calls. A service's
// answer already holds its deployments and its last 100 events:
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Service.html
#include "evidence/answering.h"
#include "evidence/ecs_facts.h"

#include <array>

namespace convops {

namespace {

constexpr std::array iam_actions {
    IamAction { "ecs:ListClusters", "which ECS clusters exist" },
    IamAction { "ecs:ListServices", "which ECS services exist" },
    IamAction { "ecs:DescribeServices", "deployments, task counts and events of the ECS services" },
    IamAction { "ecs:DescribeTaskDefinition", "what a deployment changed, memory limits and what the service calls" },
    IamAction { "ecs:ListTasks", "which ECS tasks stopped" },
    IamAction { "ecs:DescribeTasks", "why ECS tasks stopped" },
};

constexpr SourceCard the_card {
    .name = "ecs_state",
    .says = "ECS services: deployments, task counts, stop reasons, limits, and what they call.",
    .iam_actions = iam_actions,
    .stage = SourceStage::map,
    .looks_back = Minutes { 180 },
};

// DescribeServices takes 10 services, DescribeTasks and ListTasks 100 tasks a call:
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html
constexpr std::size_t services_a_call = 10;
constexpr std::size_t most_clusters = 10;
constexpr std::size_t most_services = 60;
constexpr std::size_t most_task_definitions = 16; // of the services nearest to the alarm
constexpr std::size_t most_clusters_with_stopped_tasks = 5;
constexpr int most_pages = 5;

std::string after_last_slash(std::string const& text) {
    return text.substr(text.rfind('/') + 1);
}

// The clusters that the alarm names, then the others.
std::vector<std::string> clusters_in_order(Question const& question, JsonArray const& arns) {
    std::vector<std::string> names;
    auto const take = [&](std::string const& name) {
        bool const known = std::find(names.begin(), names.end(), name) != names.end();
        if (!name.empty() && names.size() < most_clusters && !known)
            names.push_back(name);
    };
    for (auto const& resource : question.centre) {
        if (resource.type == "ecs:cluster")
            take(resource.name);
        if (resource.type == "ecs:service")
            take(resource.name.substr(0, resource.name.find('/')));
    }
    for (auto const& arn : arns)
        if (auto const* text = arn.if_string())
            take(after_last_slash(std::string(text->data(), text->size())));
    return names;
}

struct ClusterServices {
    std::string cluster;
    JsonArray arns;
};

std::vector<PagedRead> lists_of(std::vector<std::string> const& clusters) {
    std::vector<PagedRead> reads;
    for (auto const& cluster : clusters)
        reads.push_back({ call_of("ecs", "ListServices", { { "cluster", cluster }, { "maxResults", 100 } }),
            "serviceArns", "nextToken", "nextToken", most_pages });
    for (std::size_t i = 0; i < std::min(clusters.size(), most_clusters_with_stopped_tasks); ++i)
        reads.push_back({ call_of("ecs", "ListTasks",
                              { { "cluster", clusters[i] }, { "desiredStatus", "STOPPED" }, { "maxResults", 100 } }),
            "taskArns", "nextToken", "nextToken", 1 });
    return reads;
}

// 0: the alarm's own, or named like it; 1: deployed lately, so perhaps the cause; 2: any other.
int rank_of(Question const& question, Json const& service, Window look) {
    if (is_centre(question, ecs_service_of(service)))
        return 0;
    for (auto const& balancer : list_at(service, "loadBalancers"))
        if (auto const group = resource_from_arn(text_at(balancer, "targetGroupArn"));
            group && is_centre(question, *group))
            return 0;
    return ecs_previous_task_definition(service, look).empty() ? 2 : 1;
}

void put_near_first(Question const& question, std::vector<Json>& services, Window look) {
    std::stable_sort(services.begin(), services.end(),
        [&](Json const& a, Json const& b) { return rank_of(question, a, look) < rank_of(question, b, look); });
}

// What is named like something of the alarm is read first: a cluster may hold more services than are read.
void put_namesakes_first(Question const& question, JsonArray& arns) {
    auto const is_namesake = [&](Json const& arn) {
        auto const* text = arn.if_string();
        auto const name = text == nullptr ? std::string() : after_last_slash(std::string(text->data(), text->size()));
        return std::any_of(question.centre.begin(), question.centre.end(),
            [&](Resource const& resource) { return resource.short_name() == name; });
    };
    std::stable_sort(
        arns.begin(), arns.end(), [&](Json const& a, Json const& b) { return is_namesake(a) && !is_namesake(b); });
}

std::vector<AwsCall> calls_for_services(std::vector<ClusterServices> const& clusters) {
    std::vector<AwsCall> calls;
    std::size_t services = 0;
    for (auto const& [cluster, arns] : clusters)
        for (std::size_t i = 0; i < arns.size() && services < most_services; i += services_a_call) {
            JsonArray batch;
            for (auto j = i; j < std::min(i + services_a_call, arns.size()); ++j)
                batch.push_back(arns[j]);
            services += batch.size();
            calls.push_back(call_of("ecs", "DescribeServices", { { "cluster", cluster }, { "services", batch } }));
        }
    return calls;
}

AwsCall call_for_one(Json const& service) {
    auto const name = ecs_service_of(service).name;
    return call_of("ecs", "DescribeServices",
        { { "cluster", name.substr(0, name.find('/')) },
            { "services", JsonArray { Json(text_at(service, "serviceName")) } } });
}

// Services and stopped tasks are described at the same time. ECS remembers a stopped task for at least an hour:
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html
std::vector<Json> described_services(Answering& answering, std::vector<AwsCall> const& service_calls,
    std::vector<AwsCall> const& task_calls, Window look) {
    auto calls = service_calls;
    calls.insert(calls.end(), task_calls.begin(), task_calls.end());
    auto const answers = answering.read_all(calls);
    std::vector<Json> services;
    for (std::size_t i = 0; i < answers.size(); ++i) {
        if (!answers[i])
            continue;
        for (auto const& service : list_at(*answers[i], "services")) {
            if (text_at(service, "status") == "INACTIVE") // Deleted; ECS still lists it for a while.
                continue;
            services.push_back(service);
            answering.add(ecs_service_facts(service, look), call_for_one(service));
        }
        if (i >= service_calls.size())
            answering.add(ecs_stopped_task_facts(*answers[i], look),
                call_of("ecs", "ListTasks",
                    { { "cluster", text_at(calls[i].params, "cluster") }, { "desiredStatus", "STOPPED" } }));
    }
    return services;
}

// The task definitions that the services run now, and what ran before a recent deployment.
std::map<std::string, Json> task_definitions_of(
    Answering& answering, std::vector<Json> const& services, Window look) {
    std::vector<std::string> names;
    for (auto const& service : services)
        for (auto const& name : { text_at(service, "taskDefinition"), ecs_previous_task_definition(service, look) })
            if (!name.empty() && names.size() < most_task_definitions
                && std::find(names.begin(), names.end(), name) == names.end())
                names.push_back(name);
    std::vector<AwsCall> calls;
    for (auto const& name : names)
        calls.push_back(call_of("ecs", "DescribeTaskDefinition", { { "taskDefinition", name } }));
    if (services.size() > names.size() && names.size() == most_task_definitions)
        answering.not_read("only the task definitions of the " + std::to_string(most_task_definitions)
                + " nearest of " + std::to_string(services.size()) + " ECS services were read",
            "what the other services call");
    auto const answers = answering.read_all(calls);
    std::map<std::string, Json> found;
    for (std::size_t i = 0; i < answers.size(); ++i)
        if (answers[i])
            if (auto const* definition = find(*answers[i], "taskDefinition"))
                found[names[i]] = *definition;
    return found;
}

void add_definitions(Answering& answering, std::vector<Json> const& services, Window look) {
    auto const definitions = task_definitions_of(answering, services, look);
    auto const definition_named = [&](std::string const& name) {
        auto const at = definitions.find(name);
        return at == definitions.end() ? nullptr : &at->second;
    };
    std::vector<Resource> known;
    for (auto const& service : services)
        known.push_back(ecs_service_of(service));
    for (auto const& service : services) {
        auto const name = text_at(service, "taskDefinition");
        auto const* now = definition_named(name);
        auto const* before = definition_named(ecs_previous_task_definition(service, look));
        if (auto change = ecs_deployment_fact(service, before, now, look))
            answering.add(*std::move(change), call_for_one(service));
        if (now != nullptr)
            answering.add(ecs_task_definition_facts(ecs_service_of(service), *now, known),
                call_of("ecs", "DescribeTaskDefinition", { { "taskDefinition", after_last_slash(name) } }));
    }
}

Answer collect(Question const& question, Aws& aws) {
    Answering answering(the_card, question, aws);
    Window const look { question.now - look_back(the_card, question.depth), question.now + Minutes { 1 } };
    auto const arns = answering.read_pages(
        { call_of("ecs", "ListClusters"), "clusterArns", "nextToken", "nextToken", most_pages });
    auto const clusters = clusters_in_order(question, arns);
    if (arns.size() > most_clusters)
        answering.not_read("only " + std::to_string(most_clusters) + " of " + std::to_string(arns.size())
                + " ECS clusters were read",
            "the state of the other clusters");
    auto const lists = answering.read_lists(lists_of(clusters));
    std::vector<ClusterServices> listed;
    std::size_t total = 0;
    for (std::size_t i = 0; i < clusters.size(); ++i) {
        listed.push_back({ clusters[i], lists[i] });
        put_namesakes_first(question, listed.back().arns);
        total += lists[i].size();
    }
    if (total > most_services + services_a_call)
        answering.not_read("only about " + std::to_string(most_services) + " of " + std::to_string(total)
                + " ECS services were read",
            "the state of the other services");
    std::vector<AwsCall> tasks;
    for (std::size_t i = clusters.size(); i < lists.size(); ++i)
        if (!lists[i].empty())
            tasks.push_back(call_of(
                "ecs", "DescribeTasks", { { "cluster", clusters[i - clusters.size()] }, { "tasks", lists[i] } }));
    auto services = described_services(answering, calls_for_services(listed), tasks, look);
    put_near_first(question, services, look);
    add_definitions(answering, services, look);
    return answering.take();
}

} // namespace

sources::Registered make_ecs_state() {
    return { &the_card, collect };
}

} // namespace convops
