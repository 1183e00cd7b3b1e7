// The routes of the server, as plain functions from a request to a reply.
#pragma once

#include "adapters/server/server.h"
#include "app/intake.h"

namespace convops {

// "/v1/sns/*" matches one more segment, which is given to `answer`; without a star the path must be equal.
struct HttpRoute {
    std::string method; // "GET" also answers HEAD
    std::string path;
    std::function<HttpReply(ServerRequest const& request, std::string_view segment)> answer;
};

// The reply of the first route that matches; 404 or 405 (with Allow) in one line of JSON otherwise.
HttpReply answer(std::span<HttpRoute const> routes, ServerRequest const& request);

// GET /healthz: the process lives. GET /readyz: the store can be written and the workers run.
std::vector<HttpRoute> health_routes(Store& store, Clock& clock, std::function<bool()> const& workers_up);

// POST /v1/sns/<connection id> and POST /v1/eventbridge/<connection id>. `intake` must outlive the server.
inline constexpr std::string_view eventbridge_secret_header = "x-convops-secret";
std::vector<HttpRoute> intake_routes(Intake& intake);

} // namespace convops
