// Reading an AWS account. The live client, a recorded account, a capsule and the simulation implement it alike.
// Answers are JSON in the wire shape that docs/recorded-account.md describes. Write operations do not exist here.
#pragma once

#include "base/json.h"

#include <span>
#include <vector>

namespace convops {

struct AwsCall {
    std::string service; // endpoint prefix: "monitoring", "logs", "ecs", "elasticloadbalancing"
    std::string operation; // "DescribeServices"
    JsonObject params; // in the names of the API reference; lists as arrays, structures as objects
    std::string region; // empty: the connection's
    Milliseconds time_left { 20'000 }; // for all tries together

    [[nodiscard]] std::string name() const { return service + ":" + operation; }
};

class Aws {
public:
    virtual ~Aws() = default;
    // Errors: access_denied, throttled, timeout, not_found, unavailable, invalid_input, corrupt.
    virtual Result<Json> call(AwsCall const& call) = 0;
    // All at the same time; answers in the order of the calls.
    virtual std::vector<Result<Json>> call_all(std::span<AwsCall const> calls) = 0;
    [[nodiscard]] virtual int calls_made() const = 0; // requests sent, retries included
    [[nodiscard]] virtual std::string account() const = 0; // may be empty until known
    [[nodiscard]] virtual std::string region() const = 0;
};

// The pages of one paginated read, merged.
struct PagedAnswer {
    JsonArray items;
    bool truncated = false; // the page limit was reached and there was more: a gap, not an end
};

// Follows `token_out` -> `token_in` ("NextToken" -> "NextToken", "Marker" -> "Marker") for at most `most_pages` pages
// and concatenates the list at `list_path`.
Result<PagedAnswer> call_paged(Aws& aws, AwsCall call, std::string_view list_path, std::string_view token_in,
    std::string_view token_out, int most_pages);

} // namespace convops
