#include "app/chat_routes.h"

#include "app/log.h"

namespace convops {

namespace {

HttpReply plain_reply(std::string body) {
    HttpReply reply;
    reply.body = std::move(body);
    reply.content_type = "text/plain; charset=utf-8";
    return reply;
}

// Slack sends again after anything but 2xx, three times; Meta for days. So only what another try could mend is 5xx,
// and a stranger learns nothing about which check failed.
HttpReply refusal(std::string_view channel, Error const& error) {
    log_warning("chat_refused", { { "channel", std::string(channel) }, { "why", error.message } });
    switch (error.kind) {
    case ErrorKind::access_denied:
        return error_reply(401, "refused");
    case ErrorKind::invalid_input:
    case ErrorKind::corrupt:
        return error_reply(400, "not understood");
    default:
        break;
    }
    auto reply = error_reply(503, "try again later");
    reply.headers.emplace_back("Retry-After", "5");
    return reply;
}

HttpRoute slack_route(ChatIntake& intake, std::string path, ParseInbound parse) {
    auto const take = [&intake, parse](ServerRequest const& request, std::string_view) -> HttpReply {
        auto const inbound
            = take_slack(intake, { request.header("x-slack-request-timestamp"), request.header("x-slack-signature") },
                request.body, parse);
        if (!inbound)
            return refusal("slack", inbound.error());
        // An empty 200 acknowledges:
        // https://docs.slack.dev/interactivity/handling-user-interaction#acknowledgment_response
        return plain_reply(inbound->challenge.value_or(""));
    };
    return { "POST", std::move(path), take };
}

} // namespace

std::vector<HttpRoute> chat_routes(ChatIntake& intake) {
    std::vector<HttpRoute> routes;
    if (!intake.secrets.slack_signing_secret.empty()) {
        routes.push_back(slack_route(intake, "/v1/slack/events", parse_slack_event));
        routes.push_back(slack_route(intake, "/v1/slack/interactive", parse_slack_interaction));
        routes.push_back(slack_route(intake, "/v1/slack/command", parse_slack_command));
    }
    if (!intake.secrets.whatsapp_verify_token.empty())
        routes.push_back(
            { "GET", "/v1/whatsapp", [&intake](ServerRequest const& request, std::string_view) -> HttpReply {
                 auto challenge = answer_whatsapp_verification(intake, request.query);
                 return challenge ? plain_reply(*std::move(challenge)) : refusal("whatsapp", challenge.error());
             } });
    if (!intake.secrets.whatsapp_app_secret.empty())
        routes.push_back(
            { "POST", "/v1/whatsapp", [&intake](ServerRequest const& request, std::string_view) -> HttpReply {
                 auto const inbound = take_whatsapp(intake, request.header("x-hub-signature-256"), request.body);
                 return inbound ? plain_reply("") : refusal("whatsapp", inbound.error());
             } });
    return routes;
}

} // namespace convops
