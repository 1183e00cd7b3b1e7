// EKS clusters near the alarm: status, health issues of the cluster and of its managed node groups. Pods and nodes
// are metrics of Container Insights, which related_metrics reads by the cluster's name.
#include "evidence/answering.h"

#include "base/text.h"

#include <array>

namespace convops {

namespace {

constexpr std::array iam_actions {
    IamAction { "eks:DescribeCluster", "the state of the EKS cluster" },
    IamAction { "eks:ListNodegroups", "which node groups the EKS cluster has" },
    IamAction { "eks:DescribeNodegroup", "which node groups are not healthy, and why" },
};

constexpr SourceCard the_card {
    .name = "eks_state",
    .says = "EKS clusters and node groups: status, health issues, scaling limits.",
    .iam_actions = iam_actions,
    .stage = SourceStage::map,
    .looks_back = Minutes { 180 },
};

constexpr std::size_t most_clusters = 3;
constexpr std::size_t most_node_groups = 12;
constexpr std::size_t most_issues = 10;

// https://docs.aws.amazon.com/eks/latest/APIReference/API_Issue.html
ResourceEventKind kind_of_issue(std::string_view code) {
    constexpr auto no_room = std::to_array<std::string_view>({ "AsgInstanceLaunchFailures", "InstanceLimitExceeded",
        "InsufficientFreeAddresses", "Ec2SubnetMissingIpv6Assignment", "Ec2InstanceTypeDoesNotExist", "AmiIdNotFound",
        "Ec2LaunchTemplateNotFound", "AutoScalingGroupNotFound" });
    if (std::find(no_room.begin(), no_room.end(), code) != no_room.end())
        return ResourceEventKind::placement_failed;
    return code == "NodeCreationFailure" || code == "ClusterUnreachable" ? ResourceEventKind::status_check_failed
                                                                         : ResourceEventKind::other;
}

void add_issues(
    std::vector<Fact>& facts, Resource const& cluster, std::string const& whose, Json const& holder, Time now) {
    std::size_t told = 0;
    for (auto const& issue : list_at(holder, "health.issues")) {
        if (told++ == most_issues)
            break;
        auto const code = shown(text_at(issue, "code"), 80);
        auto const message = shown(text_at(issue, "message"), 240);
        auto const count = std::max<std::size_t>(1, list_at(issue, "resourceIds").size());
        facts.push_back(fact_about(cluster, now,
            whose + " reports " + code + (message.empty() ? "" : ": " + quoted_words(message)) + ".",
            ResourceEventFact {
                cluster, kind_of_issue(code), code, message, static_cast<int>(std::min<std::size_t>(count, 10'000)) },
            { { "code", code }, { "message", message }, { "resources", count } }));
    }
}

StateHealth health_of(std::string_view status, Json const& holder) {
    if (status == "FAILED" || status == "CREATE_FAILED" || status == "DELETE_FAILED")
        return StateHealth::failed;
    if (!list_at(holder, "health.issues").empty() || status == "DEGRADED")
        return StateHealth::degraded;
    return status == "ACTIVE" ? StateHealth::healthy : status.empty() ? StateHealth::unknown : StateHealth::degraded;
}

} // namespace

// https://docs.aws.amazon.com/eks/latest/APIReference/API_Cluster.html
std::vector<Fact> eks_cluster_facts(Json const& answer, Time now) {
    auto const* cluster = find(answer, "cluster");
    if (cluster == nullptr)
        return {};
    Resource const resource { "eks:cluster", text_at(*cluster, "name"), text_at(*cluster, "arn") };
    auto const status = shown(text_at(*cluster, "status"), 40);
    auto const version = shown(text_at(*cluster, "version"), 20);
    std::vector<Fact> facts { fact_about(resource, {},
        resource.display() + " (Kubernetes " + version + ") is " + status + ".",
        StateFact { resource, health_of(status, *cluster), { { "status", status }, { "version", version } } },
        { { "status", status }, { "version", version } }) };
    add_issues(facts, resource, resource.display(), *cluster, now);
    return facts;
}

// https://docs.aws.amazon.com/eks/latest/APIReference/API_Nodegroup.html
std::vector<Fact> eks_node_group_facts(Json const& answer, Window look) {
    auto const* group = find(answer, "nodegroup");
    if (group == nullptr)
        return {};
    Resource const cluster { "eks:cluster", text_at(*group, "clusterName"), {} };
    auto const name = shown(text_at(*group, "nodegroupName"), 80);
    auto const status = shown(text_at(*group, "status"), 40);
    auto const desired = number_at(*group, "scalingConfig.desiredSize").value_or(0);
    auto const most = number_at(*group, "scalingConfig.maxSize").value_or(0);
    auto const whose = "Node group " + name + " of " + cluster.display();
    std::vector<Fact> facts { fact_about(cluster, {},
        whose + " is " + status + " with " + format_number(desired) + " of at most " + format_number(most)
            + " nodes.",
        StateFact { cluster, health_of(status, *group),
            { { "node_group", name }, { "status", status }, { "desired", format_number(desired) },
                { "max", format_number(most) }, { "capacity_type", shown(text_at(*group, "capacityType"), 20) } } },
        { { "node_group", name }, { "status", status }, { "desired", desired }, { "max", most } }) };
    add_issues(facts, cluster, whose, *group, look.to);
    if (auto const changed = time_at(*group, "modifiedAt");
        status == "UPDATING" && changed && look.contains(*changed))
        facts.push_back(
            fact_about(cluster, *changed, whose + " is being updated since " + format_clock(*changed) + " UTC.",
                ResourceEventFact { cluster, ResourceEventKind::deployment_started, "UPDATING", name, 1 },
                { { "modifiedAt", format_time(*changed) } }));
    for (auto const& asg : list_at(*group, "resources.autoScalingGroups"))
        if (auto const owned = text_at(asg, "name"); !owned.empty())
            facts.push_back(dependency_fact(cluster, { "autoscaling:group", owned, {} }, "node group " + name, {}));
    return facts;
}

namespace {

Answer collect(Question const& question, Aws& aws) {
    Answering answering(the_card, question, aws);
    auto clusters = near_of_type(question, "eks:cluster", most_clusters);
    // The pods of the alarm run on a cluster that nobody else names.
    for (auto const& workload : near_of_type(question, "eks:workload", most_clusters)) {
        Resource const cluster { "eks:cluster", workload.name.substr(0, workload.name.find('/')), {} };
        if (std::find(clusters.begin(), clusters.end(), cluster) == clusters.end()
            && clusters.size() < reach(question.depth, most_clusters))
            clusters.push_back(cluster);
        answering.add({ dependency_fact(workload, cluster, "runs on it", {}) },
            call_of("eks", "DescribeCluster", { { "name", cluster.name } }));
    }
    if (clusters.empty())
        return answering.take();
    Window const look { question.now - look_back(the_card, question.depth), question.now };
    std::vector<AwsCall> calls;
    std::vector<PagedRead> lists;
    for (auto const& cluster : clusters) {
        calls.push_back(call_of("eks", "DescribeCluster", { { "name", cluster.name } }));
        lists.push_back({ call_of("eks", "ListNodegroups", { { "clusterName", cluster.name } }), "nodegroups",
            "nextToken", "nextToken", 1 });
    }
    auto const names = answering.read_lists(lists);
    std::size_t total = 0;
    for (std::size_t i = 0; i < clusters.size(); ++i)
        for (auto const& name : names[i]) {
            auto const* text = name.if_string();
            if (text != nullptr && total++ < reach(question.depth, most_node_groups))
                calls.push_back(call_of(
                    "eks", "DescribeNodegroup", { { "clusterName", clusters[i].name }, { "nodegroupName", *text } }));
        }
    if (auto const most = reach(question.depth, most_node_groups); total > most)
        answering.not_read("only " + std::to_string(most) + " of " + std::to_string(total) + " node groups were read",
            "whether the other node groups are healthy");
    auto const answers = answering.read_all(calls);
    for (std::size_t i = 0; i < answers.size(); ++i)
        if (answers[i])
            answering.add(i < clusters.size() ? eks_cluster_facts(*answers[i], question.now)
                                              : eks_node_group_facts(*answers[i], look),
                calls[i]);
    return answering.take();
}

} // namespace

sources::Registered make_eks_state() {
    return { &the_card, collect };
}

} // namespace convops
