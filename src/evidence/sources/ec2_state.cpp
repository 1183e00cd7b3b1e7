// EC2 instances: state, failed status checks (the host's or the instance's own), scheduled events, volumes.
#include "evidence/answering.h"
#include "evidence/network_place.h"

#include "base/text.h"

#include <array>

namespace convops {

namespace {

constexpr std::array iam_actions {
    IamAction { "ec2:DescribeInstances", "which instances run" },
    IamAction { "ec2:DescribeInstanceStatus", "failed status checks and scheduled events" },
    IamAction { "ec2:DescribeVolumes", "which volumes the instances use" },
    IamAction { "ec2:DescribeSecurityGroups", "which security groups admit which, so who may call whom" },
};

constexpr SourceCard the_card {
    .name = "ec2_state",
    .says = "EC2 instances: state, status checks, scheduled events, volumes; which security groups admit which.",
    .iam_actions = iam_actions,
    .stage = SourceStage::map,
};

constexpr int most_pages = 3;
constexpr std::size_t most_healthy_instances = 30; // shown; what fails is always shown
constexpr int most_results = 200;

void add_failed_checks(std::vector<Fact>& facts, Resource const& resource, Json const& status, Window look) {
    for (auto const* part : { "systemStatus", "instanceStatus", "attachedEbsStatus" })
        for (auto const& detail : list_at(status, std::string(part) + ".details")) {
            if (text_at(detail, "status") != "failed")
                continue;
            auto const since = time_at(detail, "impairedSince").value_or(look.to - Minutes { 1 });
            auto const label = std::string(part) == "systemStatus" ? "system"
                : std::string(part) == "instanceStatus"            ? "instance"
                                                                   : "volume";
            facts.push_back(fact_about(resource, since,
                resource.display() + " fails its " + label + " status check since " + format_clock(since) + " UTC.",
                ResourceEventFact {
                    resource, ResourceEventKind::status_check_failed, label, shown(text_at(detail, "name"), 80), 1 },
                { { "check", label }, { "since", format_time(since) } }));
        }
}

void add_planned_events(std::vector<Fact>& facts, Resource const& resource, Json const& status) {
    // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-instances-status-check_sched.html
    for (auto const& event : list_at(status, "eventsSet")) {
        auto const description = shown(text_at(event, "description"), 200);
        auto const at = time_at(event, "notBefore");
        if (!at || description.starts_with("[Completed]") || description.starts_with("[Canceled]"))
            continue;
        auto const code = shown(text_at(event, "code"), 60);
        facts.push_back(fact_about(resource, *at,
            "AWS plans " + code + " for " + resource.display() + " at " + format_time(*at) + ".",
            ResourceEventFact { resource, ResourceEventKind::maintenance, code, description, 1 },
            { { "code", code } }));
    }
}

void add_owners(std::vector<Fact>& facts, Resource const& resource, Json const& instance) {
    for (auto const& tag : list_at(instance, "tagSet"))
        if (text_at(tag, "key") == "aws:autoscaling:groupName")
            facts.push_back(dependency_fact(
                { "autoscaling:group", text_at(tag, "value"), {} }, resource, "instance of the group", {}));
        // Managed node groups tag their instances:
        // https://docs.aws.amazon.com/eks/latest/userguide/eks-using-tags.html
        else if (text_at(tag, "key") == "eks:cluster-name")
            facts.push_back(
                dependency_fact({ "eks:cluster", text_at(tag, "value"), {} }, resource, "node of the cluster", {}));
}

} // namespace

// One instance of DescribeInstances; `status` is its entry of DescribeInstanceStatus, or null.
std::vector<Fact> ec2_instance_facts(Json const& instance, Json const& status, Window look) {
    Resource const resource { "ec2:instance", text_at(instance, "instanceId"), {} };
    auto const name = text_at(instance, "instanceState.name");
    auto const system = text_at(status, "systemStatus.status");
    auto const own = text_at(status, "instanceStatus.status");
    auto const volumes = text_at(status, "attachedEbsStatus.status");
    bool const impaired = system == "impaired" || own == "impaired" || volumes == "impaired";
    auto const health = name == "running" ? (impaired ? StateHealth::failed : StateHealth::healthy)
        : name == "pending"               ? StateHealth::degraded
        : name.empty()                    ? StateHealth::unknown
                                          : StateHealth::failed;
    StateFact state { resource, health, {} };
    for (auto const& [key, value] : std::initializer_list<std::pair<char const*, std::string>> { { "state", name },
             { "type", text_at(instance, "instanceType") },
             { "zone", text_at(instance, "placement.availabilityZone") }, { "system_status", system },
             { "instance_status", own }, { "ebs_status", volumes },
             { "state_reason", text_at(instance, "stateReason.message") } })
        if (!value.empty())
            state.attributes[key] = shown(value, 120);
    std::vector<std::string> subnets;
    if (auto subnet = text_at(instance, "subnetId"); !subnet.empty())
        subnets.push_back(std::move(subnet));
    note_network_place(state, ids_at(instance, "groupSet", "groupId"), subnets);
    if (auto const interfaces = ids_at(instance, "networkInterfaceSet", "networkInterfaceId"); !interfaces.empty())
        state.attributes["network_interfaces"] = shown(join(interfaces, " "), 200);
    std::string checks;
    for (auto const& [label, value] : std::initializer_list<std::pair<char const*, std::string>> {
             { "system", system }, { "instance", own }, { "attached volumes", volumes } })
        if (value == "impaired")
            checks += std::string(checks.empty() ? "" : ", ") + label;
    auto statement = resource.display() + " (" + shown(text_at(instance, "instanceType"), 40) + ") is "
        + shown(name, 40) + (checks.empty() ? "" : "; failed status checks: " + checks) + ".";
    std::vector<Fact> facts { fact_about(resource, {}, std::move(statement), std::move(state),
        { { "state", name }, { "system", system }, { "instance", own } }) };
    add_failed_checks(facts, resource, status, look);
    add_planned_events(facts, resource, status);
    if (auto const launched = time_at(instance, "launchTime"); launched && look.contains(*launched))
        facts.push_back(fact_about(resource, *launched,
            resource.display() + " was started at " + format_clock(*launched) + " UTC.",
            ResourceEventFact { resource, ResourceEventKind::restart, "launched", "", 1 },
            { { "launchTime", format_time(*launched) } }));
    add_owners(facts, resource, instance);
    return facts;
}

// Only where it is attached: its limits and state are ebs_state's.
std::vector<Fact> ec2_volume_facts(Json const& volume) {
    Resource const resource { "ebs:volume", text_at(volume, "volumeId"), {} };
    std::vector<Fact> facts;
    for (auto const& attachment : list_at(volume, "attachmentSet"))
        facts.push_back(dependency_fact({ "ec2:instance", text_at(attachment, "instanceId"), {} }, resource,
            "attached as " + shown(text_at(attachment, "device"), 60), {}));
    return facts;
}

namespace {

// The instances of all reservations, each once.
std::map<std::string, Json> instances_in(std::vector<JsonArray> const& reservation_lists) {
    std::map<std::string, Json> instances;
    for (auto const& reservations : reservation_lists)
        for (auto const& reservation : reservations)
            for (auto const& instance : list_at(reservation, "instancesSet"))
                if (text_at(instance, "instanceState.name") != "terminated")
                    instances.try_emplace(text_at(instance, "instanceId"), instance);
    return instances;
}

Answer collect(Question const& question, Aws& aws) {
    Answering answering(the_card, question, aws);
    auto const instances_call = call_of("ec2", "DescribeInstances", { { "MaxResults", most_results } });
    auto const status_call = call_of(
        "ec2", "DescribeInstanceStatus", { { "IncludeAllInstances", true }, { "MaxResults", most_results } });
    auto const volumes_call = call_of("ec2", "DescribeVolumes", { { "MaxResults", most_results } });
    auto const groups_call = call_of("ec2", "DescribeSecurityGroups", { { "MaxResults", 1'000 } });
    std::vector<PagedRead> reads { { instances_call, "reservationSet", "NextToken", "nextToken", most_pages },
        { status_call, "instanceStatusSet", "NextToken", "nextToken", most_pages },
        { volumes_call, "volumeSet", "NextToken", "nextToken", 1 },
        { groups_call, "securityGroupInfo", "NextToken", "nextToken", most_pages } };
    // A large account has the alarm's own instance on a late page.
    JsonArray own;
    for (auto const& resource : near_of_type(question, "ec2:instance", 20))
        own.emplace_back(resource.name);
    if (!own.empty())
        reads.push_back({ call_of("ec2", "DescribeInstances", { { "InstanceId", own } }), "reservationSet",
            "NextToken", "nextToken", 1 });
    auto lists = answering.read_lists(std::move(reads));
    std::map<std::string, Json> statuses;
    for (auto const& status : lists[1])
        statuses[text_at(status, "instanceId")] = status;
    for (auto const& volume : lists[2])
        answering.add(ec2_volume_facts(volume), volumes_call);
    for (auto const& group : lists[3])
        answering.add(security_group_facts(group), groups_call);
    Window const look { question.now - look_back(the_card, question.depth), question.now + Minutes { 1 } };
    auto const instances = instances_in({ lists[0], lists.size() > 4 ? lists[4] : JsonArray {} });
    std::size_t healthy = 0;
    for (auto const& [id, instance] : instances) {
        auto const status = statuses.find(id);
        auto facts = ec2_instance_facts(instance, status == statuses.end() ? Json(nullptr) : status->second, look);
        auto const* state = std::get_if<StateFact>(&facts.front().detail);
        bool const quiet
            = state != nullptr && state->health == StateHealth::healthy && !is_centre(question, state->resource);
        if (quiet && ++healthy > most_healthy_instances)
            facts.erase(facts.begin());
        answering.add(std::move(facts),
            call_of("ec2", "DescribeInstanceStatus",
                { { "IncludeAllInstances", true }, { "InstanceIds", JsonArray { Json(id) } } }));
    }
    return answering.take();
}

} // namespace

sources::Registered make_ec2_state() {
    return { &the_card, collect };
}

} // namespace convops
