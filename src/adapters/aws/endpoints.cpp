#include "adapters/aws/endpoints.h"

#include "adapters/http/curl_http.h"
#include "adapters/http/url.h"
#include "base/text.h"

namespace convops {

namespace {

struct Partition {
    std::string_view region_prefix;
    std::string_view suffix;
};

// The partitions that one can have an account in without a government's leave, and GovCloud.
// https://docs.aws.amazon.com/general/latest/gr/rande.html
constexpr Partition partitions[] = {
    { "cn-", "amazonaws.com.cn" },
    { "us-gov-", "amazonaws.com" },
    { "eusc-", "amazonaws.eu" }, // European Sovereign Cloud
    { "", "amazonaws.com" },
};

struct GlobalEndpoint {
    std::string_view service;
    std::string_view region_prefix;
    std::string_view host;
    std::string_view region;
};

// As botocore's endpoints.json has them; a global service that is not listed for a partition does not exist there.
constexpr GlobalEndpoint global_endpoints[] = {
    { "cloudfront", "cn-", "cloudfront.cn-northwest-1.amazonaws.com.cn", "cn-northwest-1" },
    { "cloudfront", "", "cloudfront.amazonaws.com", "us-east-1" },
    // AWS Health answers from us-east-1; us-east-2 is its standby.
    // https://docs.aws.amazon.com/health/latest/ug/health-api.html#endpoints
    { "health", "cn-", "health.cn-northwest-1.amazonaws.com.cn", "cn-northwest-1" },
    { "health", "us-gov-", "health.us-gov-west-1.amazonaws.com", "us-gov-west-1" },
    { "health", "", "health.us-east-1.amazonaws.com", "us-east-1" },
    { "iam", "cn-", "iam.cn-north-1.amazonaws.com.cn", "cn-north-1" },
    { "iam", "us-gov-", "iam.us-gov.amazonaws.com", "us-gov-west-1" },
    { "iam", "", "iam.amazonaws.com", "us-east-1" },
    { "route53", "cn-", "route53.amazonaws.com.cn", "cn-northwest-1" },
    { "route53", "us-gov-", "route53.us-gov.amazonaws.com", "us-gov-west-1" },
    { "route53", "", "route53.amazonaws.com", "us-east-1" },
};

Partition const& partition_of(std::string_view region) {
    auto const* at = partitions;
    while (!region.starts_with(at->region_prefix)) // The last one matches everything.
        ++at;
    return *at;
}

AwsEndpoint usual_endpoint(AwsService const& service, std::string_view region) {
    AwsEndpoint endpoint;
    endpoint.region = region;
    auto const label = service.host.empty() ? service.name : service.host;
    endpoint.authority = std::string(label) + "." + endpoint.region + "." + std::string(partition_of(region).suffix);
    if (service.scope == Scope::global) {
        for (auto const& global : global_endpoints) {
            if (global.service != service.name || !region.starts_with(global.region_prefix))
                continue;
            endpoint.authority = global.host;
            endpoint.region = global.region;
            break;
        }
    }
    endpoint.url = "https://" + endpoint.authority;
    return endpoint;
}

} // namespace

bool is_region_name(std::string_view region) {
    // "eu-west-1", "us-gov-west-1", "ap-southeast-7": letters, then a number.
    auto const parts = split(region, '-');
    if (region.size() > 32 || parts.size() < 3 || parts.size() > 4)
        return false;
    auto const is_all = [](std::string const& part, char from, char to) {
        return !part.empty() && std::ranges::all_of(part, [=](char c) { return c >= from && c <= to; });
    };
    for (std::size_t i = 0; i + 1 < parts.size(); ++i)
        if (!is_all(parts[i], 'a', 'z'))
            return false;
    return is_all(parts.back(), '0', '9');
}

bool is_aws_host(std::string_view host) {
    return std::ranges::any_of(partitions, [&](Partition const& partition) {
        return host.size() > partition.suffix.size() && host.ends_with(partition.suffix)
            && host[host.size() - partition.suffix.size() - 1] == '.';
    });
}

Result<AwsEndpoint> endpoint_of(
    AwsService const& service, std::string_view region, AwsConfiguration const& configuration) {
    if (region.empty())
        return Error { ErrorKind::invalid_input, "no Region: set AWS_REGION or name one" };
    if (!is_region_name(region))
        return Error { ErrorKind::invalid_input, "not a Region name: " + shorten(clean_utf8(region), 40) };
    auto endpoint = usual_endpoint(service, region);
    auto configured = configuration.endpoint(service.id);
    if (configured.empty())
        return endpoint;
    while (configured.ends_with('/'))
        configured.pop_back();
    auto const url = TRY(parse_url(configured).with_context("AWS_ENDPOINT_URL of " + std::string(service.name)));
    if (url.scheme == "http" && !is_loopback_host(url.host))
        return Error { ErrorKind::invalid_input,
            "AWS_ENDPOINT_URL of " + std::string(service.name)
                + ": http:// is allowed for loopback only; use https://" };
    endpoint.url = url.scheme + "://" + url.authority();
    endpoint.authority = url.authority();
    endpoint.is_loopback = is_loopback_host(url.host);
    endpoint.base_path = url.path == "/" ? "" : url.path;
    return endpoint;
}

} // namespace convops
