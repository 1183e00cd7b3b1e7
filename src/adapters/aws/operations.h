// Every AWS operation that this program can send, one row each. What is not listed here cannot be sent.
// tests/integration/aws compares every row with botocore's service models.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace convops {

enum class Protocol : std::uint8_t { query, ec2, json_1_0, json_1_1, rest_json, rest_xml };

// Who may send an operation. The customer-facing client sends `read` rows alone; `intake` is for the user's own alarm
// queue; `session` is for opening a session, `secret` for AwsAccounts::read_secret: neither is reachable through port
// Aws.
enum class Access : std::uint8_t { read, intake, session, secret };

struct NamePair {
    std::string_view from;
    std::string_view to;
};

// Services whose endpoint is the same for all Regions of a partition.
enum class Scope : std::uint8_t { regional, global };

struct AwsService {
    std::string_view name; // AwsCall::service
    std::string_view also; // another name that callers may know it by
    std::string_view id; // as in AWS_ENDPOINT_URL_<ID>
    Protocol protocol = Protocol::json_1_1;
    std::string_view version; // API version, or the prefix of X-Amz-Target
    std::string_view host; // first label of the endpoint; empty: name
    std::string_view signing_name; // empty: name
    Scope scope = Scope::regional;
    std::span<NamePair const> answer_lists {}; // XML element -> its list items; "*": whatever they are called
    std::span<NamePair const> request_lists {}; // parameter -> its list items where they are not "member"
    double per_second = 20; // a pace that no documented default quota is below, unless the row says otherwise
};

struct AwsOperation {
    std::string_view service;
    std::string_view name;
    Access access = Access::read;
    std::string_view method = "POST";
    std::string_view path = "/"; // {Parameter} is replaced by its encoded value; may end in "?fixed-query"
    std::span<NamePair const> renamed {}; // REST: parameter -> name in the path or query
    std::string_view times = ""; // parameters that are timestamps, separated by spaces
    double per_second = 0; // 0: the service's
};

std::span<AwsService const> aws_services();
std::span<AwsOperation const> aws_operations();

AwsService const* find_aws_service(std::string_view name);
AwsOperation const* find_aws_operation(AwsService const& service, std::string_view name);

std::string_view to_string(Protocol protocol);
std::string_view to_string(Access access);

} // namespace convops
