// EC2: instances, volumes, NAT gateways, VPN connections, VPCs and who logs their flows. The lists hold reservations
// as EC2 answers them; what runs is what counts.
#include "audit/inventory_items.h"

#include <array>

namespace convops::audit_inventory {

namespace {

std::vector<AuditResource> instances(AuditPlace const& place, Json const& item) {
    std::vector<AuditResource> all;
    for (auto const& instance : list_at(item, "instancesSet")) {
        if (text_at(instance, "instanceState.name") != "running")
            continue;
        auto const id = text_at(instance, "instanceId");
        auto one = monitored(
            { "ec2:instance", id, arn_of(place, "ec2", "instance/" + id), "AWS/EC2", { { "InstanceId", id } } },
            instance, "launchTime", "tagSet");
        one.item = &instance;
        all.push_back(std::move(one));
    }
    return all;
}

std::vector<AuditResource> volumes(AuditPlace const& place, Json const& item) {
    std::vector<AuditResource> all;
    auto const id = text_at(item, "volumeId");
    for (auto const& attachment : list_at(item, "attachmentSet"))
        all.push_back(monitored({ "ebs:volume", id, arn_of(place, "ec2", "volume/" + id), "AWS/EBS",
                                    { { "VolumeId", id }, { "InstanceId", text_at(attachment, "instanceId") } } },
            item, "createTime", "tagSet"));
    return all;
}

std::vector<AuditResource> nat_gateways(AuditPlace const& place, Json const& item) {
    if (text_at(item, "state") != "available")
        return {};
    auto const id = text_at(item, "natGatewayId");
    return { monitored(
        { "nat:gateway", id, arn_of(place, "ec2", "natgateway/" + id), "AWS/NATGateway", { { "NatGatewayId", id } } },
        item, "createTime", "tagSet") };
}

std::vector<AuditResource> vpns(AuditPlace const& place, Json const& item) {
    auto const id = text_at(item, "vpnConnectionId");
    if (text_at(item, "state") != "available")
        return {};
    return { monitored(
        { "vpn:connection", id, arn_of(place, "ec2", "vpn-connection/" + id), "AWS/VPN", { { "VpnId", id } } }, item,
        "", "tagSet") };
}

constexpr std::array readings {
    AuditReading { .name = "ec2_instances",
        .service = "ec2",
        .operation = "DescribeInstances",
        .iam_action = "ec2:DescribeInstances",
        .list_path = "reservationSet",
        .token_in = "NextToken",
        .token_out = "nextToken",
        .params = [](AuditPlace const&, std::span<Json const* const>) -> std::optional<JsonObject> {
            return JsonObject { { "MaxResults", 1000 } };
        },
        .resources = instances },
    AuditReading { .name = "ec2_volumes",
        .service = "ec2",
        .operation = "DescribeVolumes",
        .iam_action = "ec2:DescribeVolumes",
        .list_path = "volumeSet",
        .token_in = "NextToken",
        .token_out = "nextToken",
        .params = [](AuditPlace const&, std::span<Json const* const>) -> std::optional<JsonObject> {
            return JsonObject { { "MaxResults", 500 } };
        },
        .resources = volumes },
    AuditReading { .name = "ec2_nat_gateways",
        .service = "ec2",
        .operation = "DescribeNatGateways",
        .iam_action = "ec2:DescribeNatGateways",
        .list_path = "natGatewaySet",
        .token_in = "NextToken",
        .token_out = "nextToken",
        .params = [](AuditPlace const&, std::span<Json const* const>) -> std::optional<JsonObject> {
            return JsonObject { { "MaxResults", 1000 } };
        },
        .resources = nat_gateways },
    AuditReading { .name = "ec2_vpn_connections",
        .service = "ec2",
        .operation = "DescribeVpnConnections",
        .iam_action = "ec2:DescribeVpnConnections",
        .list_path = "vpnConnectionSet",
        .resources = vpns },
    AuditReading { .name = "ec2_vpcs",
        .service = "ec2",
        .operation = "DescribeVpcs",
        .iam_action = "ec2:DescribeVpcs",
        .list_path = "vpcSet",
        .token_in = "NextToken",
        .token_out = "nextToken",
        .params = [](AuditPlace const&, std::span<Json const* const>) -> std::optional<JsonObject> {
            return JsonObject { { "MaxResults", 1000 } };
        } },
    AuditReading { .name = "ec2_flow_logs",
        .service = "ec2",
        .operation = "DescribeFlowLogs",
        .iam_action = "ec2:DescribeFlowLogs",
        .list_path = "flowLogSet",
        .token_in = "NextToken",
        .token_out = "nextToken",
        .params = [](AuditPlace const&, std::span<Json const* const>) -> std::optional<JsonObject> {
            return JsonObject { { "MaxResults", 1000 } };
        } },
};

} // namespace

Registered make_ec2() {
    return readings;
}

} // namespace convops::audit_inventory
