// Load balancers, their target groups and how many targets are healthy, and why not. A load balancer calls its target
// groups, a target group calls its instances or functions (ECS services are tied to it by ecs_state).
#include "evidence/answering.h"

#include "base/json_texts.h"
#include "base/text.h"
#include "evidence/network_place.h"

#include <array>

namespace convops {

namespace {

constexpr std::array iam_actions {
    IamAction { "elasticloadbalancing:DescribeLoadBalancers", "which load balancers exist and their state" },
    IamAction { "elasticloadbalancing:DescribeTargetGroups", "what stands behind the load balancers" },
    IamAction { "elasticloadbalancing:DescribeTargetHealth", "which targets are unhealthy, and why" },
};

constexpr SourceCard the_card {
    .name = "elb_health",
    .says = "Load balancers, target groups and the health of their targets.",
    .iam_actions = iam_actions,
    .stage = SourceStage::map,
};

constexpr int most_pages = 2; // of 400
constexpr std::size_t most_target_groups = 10;

} // namespace

std::vector<Fact> elb_load_balancer_facts(Json const& balancer) {
    auto const resource = resource_from_arn(text_at(balancer, "LoadBalancerArn"));
    if (!resource)
        return {};
    auto const code = text_at(balancer, "State.Code");
    auto const health = code == "active" ? StateHealth::healthy
        : code == "active_impaired"      ? StateHealth::degraded
        : code == "failed"               ? StateHealth::failed
                                         : StateHealth::unknown;
    StateFact state { *resource, health,
        { { "status", shown(code, 40) }, { "type", shown(text_at(balancer, "Type"), 40) } } };
    auto const dns = to_lower(text_at(balancer, "DNSName"));
    state.attributes["dns"] = shown(dns, 200);
    note_network_place(state, ids_at(balancer, "SecurityGroups"), ids_at(balancer, "AvailabilityZones", "SubnetId"));
    std::vector<Fact> facts { fact_about(*resource, {}, resource->display() + " is " + shown(code, 40) + ".",
        std::move(state), { { "status", code }, { "dns", dns } }) };
    // A caller knows a load balancer by its DNS name only (src/evidence/endpoints.cpp).
    if (!dns.empty())
        facts.push_back(
            dependency_fact({ "external:host", dns, {} }, *resource, "DNS name of the load balancer", {}));
    return facts;
}

std::vector<Fact> elb_target_group_facts(Json const& group) {
    std::vector<Fact> facts;
    auto const resource = resource_from_arn(text_at(group, "TargetGroupArn"));
    if (!resource)
        return facts;
    for (auto const& arn : texts_at(group, "LoadBalancerArns"))
        if (auto const balancer = resource_from_arn(arn))
            facts.push_back(dependency_fact(*balancer, *resource, "target group of the load balancer", {}));
    return facts;
}

// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html
std::vector<Fact> elb_target_health_facts(
    Resource const& group, std::string_view target_type, Json const& answer, Time now) {
    struct Reason {
        int count = 0;
        std::string description;
    };
    int healthy = 0;
    int counted = 0;
    std::map<std::string, Reason> reasons;
    std::vector<Fact> facts;
    for (auto const& target : list_at(answer, "TargetHealthDescriptions")) {
        auto const id = text_at(target, "Target.Id");
        if (target_type == "instance")
            facts.push_back(dependency_fact(group, { "ec2:instance", id, {} }, "registered target", {}));
        else if (auto const function = resource_from_arn(id); function && target_type == "lambda")
            facts.push_back(dependency_fact(group, *function, "registered target", {}));
        auto const state = text_at(target, "TargetHealth.State");
        if (state != "healthy" && state != "unhealthy" && state != "unhealthy.draining")
            continue; // initial, draining, unused and unavailable say nothing about the target.
        ++counted;
        if (state == "healthy") {
            ++healthy;
            continue;
        }
        auto& reason = reasons[shown(text_at(target, "TargetHealth.Reason", "unhealthy"), 80)];
        ++reason.count;
        reason.description = shown(text_at(target, "TargetHealth.Description"), 200);
    }
    auto const all = list_at(answer, "TargetHealthDescriptions").size();
    auto const health = counted == 0 ? StateHealth::unknown
        : healthy == counted         ? StateHealth::healthy
        : healthy == 0               ? StateHealth::failed
                                     : StateHealth::degraded;
    StateFact state { group, health,
        { { "healthy", std::to_string(healthy) }, { "unhealthy", std::to_string(counted - healthy) },
            { "targets", std::to_string(all) } } };
    auto statement = all == 0
        ? group.display() + " has no targets"
        : std::to_string(healthy) + " of " + std::to_string(all) + " targets of " + group.display() + " are healthy";
    for (auto const& [code, reason] : reasons) {
        state.attributes[code] = std::to_string(reason.count);
        statement += "; " + std::to_string(reason.count) + " " + code;
        facts.push_back(fact_about(group, now,
            std::to_string(reason.count) + " target(s) of " + group.display() + " fail with " + code
                + (reason.description.empty() ? "" : ": " + reason.description) + ".",
            ResourceEventFact { group, ResourceEventKind::target_unhealthy, code, reason.description, reason.count },
            { { "reason", code }, { "count", reason.count } }));
    }
    facts.push_back(fact_about(group, now, statement + ".", std::move(state),
        { { "healthy", healthy }, { "unhealthy", counted - healthy }, { "targets", all } }));
    return facts;
}

namespace {

// Target groups of the alarm first, then those of its load balancers, then the others.
std::vector<Json> groups_in_order(Question const& question, JsonArray const& groups) {
    auto const rank = [&](Json const& group) {
        auto const resource = resource_from_arn(text_at(group, "TargetGroupArn"));
        if (resource && is_centre(question, *resource))
            return 0;
        for (auto const& arn : texts_at(group, "LoadBalancerArns"))
            if (auto const balancer = resource_from_arn(arn); balancer && is_centre(question, *balancer))
                return 1;
        return list_at(group, "LoadBalancerArns").empty() ? 3 : 2;
    };
    std::vector<Json> ordered(groups.begin(), groups.end());
    std::stable_sort(ordered.begin(), ordered.end(), [&](Json const& a, Json const& b) { return rank(a) < rank(b); });
    return ordered;
}

Answer collect(Question const& question, Aws& aws) {
    Answering answering(the_card, question, aws);
    auto const balancers = call_of("elasticloadbalancing", "DescribeLoadBalancers");
    auto const groups = call_of("elasticloadbalancing", "DescribeTargetGroups");
    auto const lists = answering.read_lists({ { balancers, "LoadBalancers", "Marker", "NextMarker", most_pages },
        { groups, "TargetGroups", "Marker", "NextMarker", most_pages } });
    for (auto const& balancer : lists[0])
        answering.add(elb_load_balancer_facts(balancer), balancers);
    auto ordered = groups_in_order(question, lists[1]);
    for (auto const& group : ordered)
        answering.add(elb_target_group_facts(group), groups);
    if (ordered.size() > most_target_groups) {
        answering.not_read("the targets of " + std::to_string(ordered.size() - most_target_groups)
                + " more target groups were not read",
            "which of their targets are unhealthy");
        ordered.resize(most_target_groups);
    }
    std::vector<AwsCall> calls;
    for (auto const& group : ordered)
        calls.push_back(call_of("elasticloadbalancing", "DescribeTargetHealth",
            { { "TargetGroupArn", text_at(group, "TargetGroupArn") } }));
    auto const healths = answering.read_all(calls);
    for (std::size_t i = 0; i < calls.size(); ++i)
        if (auto const resource = resource_from_arn(text_at(ordered[i], "TargetGroupArn")); resource && healths[i])
            answering.add(
                elb_target_health_facts(*resource, text_at(ordered[i], "TargetType"), *healths[i], question.now),
                calls[i]);
    return answering.take();
}

} // namespace

sources::Registered make_elb_health() {
    return { &the_card, collect };
}

} // namespace convops
