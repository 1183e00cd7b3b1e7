#include "spend/estimate.h"

#include <array>

namespace convops {

namespace {

constexpr double million = 1e6;
constexpr double gigabyte = 1e9; // the price lists' GB; the metrics count bytes

constexpr std::array prices {
    Price { Usage::lambda_requests, 0.20, million, "requests", "https://aws.amazon.com/lambda/pricing/" },
    // x86, the first tier; Arm costs a fifth less.
    Price { Usage::lambda_duration, 0.0000166667, 1, "GB-seconds", "https://aws.amazon.com/lambda/pricing/" },
    // "Every GB of data that goes through the NAT, whether in or out".
    Price { Usage::nat_bytes, 0.045, gigabyte, "bytes", "https://aws.amazon.com/vpc/pricing/" },
    Price { Usage::dynamodb_reads, 0.125, million, "request units",
        "https://aws.amazon.com/dynamodb/pricing/on-demand/" },
    Price { Usage::dynamodb_writes, 0.625, million, "request units",
        "https://aws.amazon.com/dynamodb/pricing/on-demand/" },
    Price { Usage::sqs_requests, 0.40, million, "requests", "https://aws.amazon.com/sqs/pricing/" },
    Price { Usage::api_requests, 3.50, million, "requests", "https://aws.amazon.com/api-gateway/pricing/" },
    Price { Usage::log_bytes, 0.50, gigabyte, "bytes", "https://aws.amazon.com/cloudwatch/pricing/" },
    Price {
        Usage::load_balancer_units, 0.008, 1, "LCU-hours", "https://aws.amazon.com/elasticloadbalancing/pricing/" },
};

struct InstancePrice {
    std::string_view type;
    double usd;
};

// https://aws.amazon.com/ec2/pricing/on-demand/, Linux.
constexpr std::array instances { InstancePrice { "t3.micro", 0.0104 }, InstancePrice { "t3.small", 0.0208 },
    InstancePrice { "t3.medium", 0.0416 }, InstancePrice { "t3.large", 0.0832 },
    InstancePrice { "t3.xlarge", 0.1664 }, InstancePrice { "t4g.small", 0.0168 },
    InstancePrice { "t4g.medium", 0.0336 }, InstancePrice { "t4g.large", 0.0672 },
    InstancePrice { "m5.large", 0.096 }, InstancePrice { "m5.xlarge", 0.192 }, InstancePrice { "m5.2xlarge", 0.384 },
    InstancePrice { "m6i.large", 0.096 }, InstancePrice { "m6i.xlarge", 0.192 }, InstancePrice { "m6g.large", 0.077 },
    InstancePrice { "m6g.xlarge", 0.154 }, InstancePrice { "m7g.large", 0.0816 },
    InstancePrice { "m7i.large", 0.1008 }, InstancePrice { "c5.large", 0.085 }, InstancePrice { "c5.xlarge", 0.17 },
    InstancePrice { "c6i.large", 0.085 }, InstancePrice { "c6i.xlarge", 0.17 }, InstancePrice { "c6g.large", 0.068 },
    InstancePrice { "r5.large", 0.126 }, InstancePrice { "r5.xlarge", 0.252 }, InstancePrice { "r6i.large", 0.126 },
    InstancePrice { "r6g.large", 0.1008 } };

} // namespace

std::span<Price const> price_list() {
    return prices;
}

std::optional<double> instance_hour(std::string_view type) {
    for (auto const& each : instances)
        if (each.type == type)
            return each.usd;
    return std::nullopt;
}

} // namespace convops
