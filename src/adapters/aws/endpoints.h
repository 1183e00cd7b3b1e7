// Where a service lives in a Region, by partition.
#pragma once

#include "adapters/aws/configuration.h"
#include "adapters/aws/operations.h"

namespace convops {

struct AwsEndpoint {
    std::string url; // "https://ecs.eu-west-1.amazonaws.com", never ends with "/"
    std::string authority; // the Host header
    std::string base_path; // of a configured URL: "" or "/prefix"
    std::string region; // to sign for
    bool is_loopback = false; // an emulator: AWS's request rates do not hold there
};

// invalid_input for a Region that is not one (it becomes part of a host name) and for a configured URL that is not
// https:// or loopback.
Result<AwsEndpoint> endpoint_of(
    AwsService const& service, std::string_view region, AwsConfiguration const& configuration);

bool is_region_name(std::string_view region);

// Whether the outbound list of the HTTP client may hold this host for AWS's sake.
bool is_aws_host(std::string_view host);

} // namespace convops
