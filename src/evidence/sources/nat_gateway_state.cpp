// NAT gateways: state, and whether they run out of ports or connections: one list and their own telling metrics.
// Those are another permission, so they are read also where the list is denied. Who goes out through which is told by
// the route tables (network_state).
#include "evidence/metric_facts.h"

#include "base/text.h"

#include <array>

namespace convops {

namespace {

constexpr std::array iam_actions {
    IamAction { "ec2:DescribeNatGateways", "the state of the NAT gateways" },
    IamAction { "cloudwatch:GetMetricData", "whether NAT gateways ran out of ports or dropped packets" },
    IamAction { "cloudwatch:ListMetrics", "which NAT gateways have metrics, where they may not be described" },
};

constexpr SourceCard the_card {
    .name = "nat_gateway_state",
    .says = "NAT gateways: state, port allocation failures, connections.",
    .iam_actions = iam_actions,
    .stage = SourceStage::reading,
    .looks_back = Minutes { 360 },
};

constexpr int most_results = 100;
constexpr std::size_t most_gateways = 12;

// "Each IPv4 address can support up to 55,000 simultaneous connections to each unique destination."
// https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html
constexpr double connections_to_one_destination = 55'000;

// Things that call others over the network, so that a NAT gateway may stand in between.
constexpr auto goes_out = std::to_array<std::string_view>(
    { "ecs:service", "lambda:function", "ec2:instance", "autoscaling:group", "eks:cluster", "nat:gateway" });

bool anything_goes_out(Question const& question) {
    auto const goes = [](Resource const& resource) {
        return std::find(goes_out.begin(), goes_out.end(), resource.type) != goes_out.end();
    };
    return std::any_of(question.centre.begin(), question.centre.end(), goes)
        || std::any_of(
            question.nearby.begin(), question.nearby.end(), [&](auto const& near) { return goes(near.first); });
}

bool is_way_out(Question const& question, Resource const& gateway) {
    auto const edges = question.map.all<DependencyFact>();
    return std::any_of(edges.begin(), edges.end(), [&](auto const& edge) { return edge.second->to == gateway; });
}

} // namespace

// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NatGateway.html
std::vector<Fact> nat_gateway_facts(Json const& gateway) {
    Resource const resource { "nat:gateway", text_at(gateway, "natGatewayId"), {} };
    auto const status = shown(text_at(gateway, "state"), 40);
    auto const health = status == "available" ? StateHealth::healthy
        : status == "pending"                 ? StateHealth::degraded
        : status.empty()                      ? StateHealth::unknown
                                              : StateHealth::failed;
    auto const addresses = std::max<std::size_t>(1, list_at(gateway, "natGatewayAddressSet").size());
    StateFact state { resource, health,
        { { "status", status }, { "vpc", shown(text_at(gateway, "vpcId"), 40) },
            { "subnet", shown(text_at(gateway, "subnetId"), 40) }, { "addresses", std::to_string(addresses) } } };
    auto const why = shown(text_at(gateway, "failureMessage", text_at(gateway, "failureCode")), 160);
    std::vector<Fact> facts { fact_about(resource, {},
        resource.display() + " is " + status + (why.empty() ? "" : ": " + quoted_words(why)) + ".", std::move(state),
        { { "status", status } }) };
    if (health == StateHealth::failed)
        return facts;
    auto const limit = connections_to_one_destination * double(addresses);
    facts.push_back(fact_about(resource, {},
        resource.display() + " holds at most " + format_number(limit) + " connections to one destination at once ("
            + std::to_string(addresses) + (addresses == 1 ? " address)." : " addresses)."),
        LimitFact { resource, "ActiveConnectionCount", limit, "connections of the gateway to one destination" },
        { { "connections", limit } }));
    return facts;
}

namespace {

// https://docs.aws.amazon.com/vpc/latest/userguide/metrics-dimensions-nat-gateway.html
void ask_for_metrics(std::vector<MetricAbout>& asked, Resource const& gateway) {
    for (auto const& [name, statistic] :
        std::initializer_list<std::pair<char const*, char const*>> {
            { "ErrorPortAllocation", "Sum" }, { "PacketsDropCount", "Sum" }, { "ActiveConnectionCount", "Maximum" } })
        asked.push_back({ gateway, { "AWS/NATGateway", name, { { "NatGatewayId", gateway.name } } }, statistic,
            Closeness::elsewhere, {} });
}

Answer collect(Question const& question, Aws& aws) {
    Answering answering(the_card, question, aws);
    if (!anything_goes_out(question))
        return answering.take();
    auto const call = call_of("ec2", "DescribeNatGateways", { { "MaxResults", most_results } });
    std::vector<ListEnd> ends;
    auto const gateways
        = answering.read_lists({ { call, "natGatewaySet", "NextToken", "nextToken", 1 } }, &ends).front();
    std::vector<MetricAbout> asked;
    if (ends.front() == ListEnd::failed)
        for (auto const& name : measured_names(answering, { "AWS/NATGateway", "ErrorPortAllocation", {} },
                 "NatGatewayId", reach(question.depth, most_gateways)))
            if (Resource const resource { "nat:gateway", name, {} }; !is_read_with_neighbours(question, resource))
                ask_for_metrics(asked, resource);
    std::size_t told = 0;
    for (auto const& gateway : gateways) {
        Resource const resource { "nat:gateway", text_at(gateway, "natGatewayId"), {} };
        // A deleted gateway is listed for about an hour; a route that leads to it stays.
        bool const gone = text_at(gateway, "state") == "deleted";
        if (resource.name.empty() || (gone && !is_centre(question, resource) && !is_way_out(question, resource)))
            continue;
        if (told++ == reach(question.depth, most_gateways)) {
            answering.not_read("only " + std::to_string(most_gateways) + " of " + std::to_string(gateways.size())
                    + " NAT gateways were read",
                "whether the others ran out of ports");
            break;
        }
        answering.add(nat_gateway_facts(gateway), call);
        if (!is_read_with_neighbours(question, resource))
            ask_for_metrics(asked, resource);
    }
    add_metrics_about(answering, asked);
    return answering.take();
}

} // namespace

sources::Registered make_nat_gateway_state() {
    return { &the_card, collect };
}

} // namespace convops
