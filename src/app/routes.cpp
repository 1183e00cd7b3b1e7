#include "app/routes.h"

#include "app/log.h"
#include "app/metrics.h"

namespace convops {

namespace {

// The last segment when the pattern ends in "*", "" when the paths are equal; nothing otherwise.
std::optional<std::string_view> matched(std::string_view pattern, std::string_view path) {
    if (!pattern.ends_with('*'))
        return pattern == path ? std::optional<std::string_view>("") : std::nullopt;
    pattern.remove_suffix(1);
    if (!path.starts_with(pattern))
        return std::nullopt;
    auto const segment = path.substr(pattern.size());
    constexpr std::size_t most_segment_bytes = 128;
    if (segment.empty() || segment.size() > most_segment_bytes || segment.find('/') != std::string_view::npos)
        return std::nullopt;
    return segment;
}

HttpReply json_reply(int status, std::string_view name, std::string_view value) {
    JsonObject body;
    body[boost::json::string_view(name.data(), name.size())] = boost::json::string_view(value.data(), value.size());
    HttpReply reply;
    reply.status = status;
    reply.body = to_text(body) + "\n";
    return reply;
}

// What the sender should do next decides the status: SNS and EventBridge send again after 5xx and 429, not after 4xx.
// https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
int status_of(ErrorKind kind) {
    switch (kind) {
    case ErrorKind::invalid_input:
        return 400;
    case ErrorKind::access_denied:
    case ErrorKind::corrupt: // a certificate that is none: as good as forged
        return 403;
    case ErrorKind::not_found:
        return 404;
    case ErrorKind::throttled:
        return 429;
    case ErrorKind::timeout:
    case ErrorKind::unavailable:
    case ErrorKind::conflict:
        return 503;
    }
    return 503;
}

HttpReply reply_to(
    std::string_view source, IntakeConnection const& connection, Result<IntakeOutcome> const& outcome) {
    if (outcome) {
        log_info("intake",
            { { "source", std::string(source) }, { "connection", connection.id.text },
                { "outcome", std::string(to_string(*outcome)) } });
        return json_reply(200, "outcome", to_string(*outcome));
    }
    metrics::count(metrics::Counter::alarms_refused, { to_string(outcome.error().kind) });
    log_warning("intake_refused",
        { { "source", std::string(source) }, { "connection", connection.id.text },
            { "why", outcome.error().message } });
    auto const status = status_of(outcome.error().kind);
    // A stranger learns that it was refused, not which of the checks it failed; the log tells the owner.
    if (status == 403)
        return error_reply(403, "refused");
    auto reply = error_reply(status, status == 503 ? std::string("try again later") : outcome.error().message);
    if (status == 503 || status == 429)
        reply.headers.emplace_back("Retry-After", "5");
    return reply;
}

} // namespace

HttpReply answer(std::span<HttpRoute const> routes, ServerRequest const& request) {
    std::string allowed;
    for (auto const& route : routes) {
        auto const segment = matched(route.path, request.path);
        if (!segment)
            continue;
        if (route.method == request.method || (route.method == "GET" && request.method == "HEAD"))
            return route.answer(request, *segment);
        allowed += (allowed.empty() ? "" : ", ") + route.method;
    }
    if (allowed.empty())
        return error_reply(404, "no such page");
    auto reply = error_reply(405, "this page does not take " + request.method);
    reply.headers.emplace_back("Allow", allowed);
    return reply;
}

std::vector<HttpRoute> health_routes(Store& store, Clock& clock, std::function<bool()> const& workers_up) {
    auto const healthy
        = [](ServerRequest const&, std::string_view) -> HttpReply { return json_reply(200, "status", "ok"); };
    auto const ready = [&store, &clock, workers_up](ServerRequest const&, std::string_view) -> HttpReply {
        if (!workers_up())
            return error_reply(503, "the workers do not run");
        auto const now = clock.now();
        Write probe;
        probe.item = { { WorkspaceId("convops"), "readiness", "probe" }, DataClass::pending_work, now, "ready", 0 };
        if (auto const written = store.commit({ probe }, now); !written) {
            log_error("not_ready", { { "why", written.error().message } });
            return error_reply(503, "the store can not be written");
        }
        return json_reply(200, "status", "ready");
    };
    return { { "GET", "/healthz", healthy }, { "GET", "/readyz", ready } };
}

std::vector<HttpRoute> intake_routes(Intake& intake) {
    auto const sns = [&intake](ServerRequest const& request, std::string_view id) -> HttpReply {
        auto const* connection = intake.connection(id);
        if (connection == nullptr)
            return error_reply(404, "no such connection");
        return reply_to("sns", *connection, take_sns(intake, *connection, request.body));
    };
    auto const eventbridge = [&intake](ServerRequest const& request, std::string_view id) -> HttpReply {
        auto const* connection = intake.connection(id);
        // Without a connection there is no secret to compare: the answer is the same as for a wrong one.
        if (connection == nullptr)
            return error_reply(401, "refused");
        auto const secret = request.header(eventbridge_secret_header);
        // EventBridge sends again after 401, for a day: a secret that was mistyped on our side loses no event.
        // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html
        if (!same_secret(secret, connection->eventbridge_secret)) {
            log_warning("intake_refused",
                { { "source", "eventbridge" }, { "connection", connection->id.text },
                    { "why", "the secret is wrong or missing" } });
            return error_reply(401, "refused");
        }
        return reply_to("eventbridge", *connection, take_eventbridge(intake, *connection, secret, request.body));
    };
    return { { "POST", "/v1/sns/*", sns }, { "POST", "/v1/eventbridge/*", eventbridge } };
}

} // namespace convops
