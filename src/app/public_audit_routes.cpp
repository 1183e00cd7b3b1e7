#include "app/public_audit_routes.h"

#include "app/log.h"
#include "base/text.h"
#include "conversation/formats.h"
#include "message/audit_report.h"
#include "message/public_audit_page.h"

namespace convops {

namespace {

constexpr std::size_t most_body_bytes = std::size_t { 16 } * 1024;

HttpReply page(int status, std::string body, std::string_view policy = public_audit_policy) {
    HttpReply reply;
    reply.status = status;
    reply.body = std::move(body);
    reply.content_type = "text/html; charset=utf-8";
    reply.headers = { { "Content-Security-Policy", std::string(policy) }, { "Referrer-Policy", "no-referrer" },
        { "X-Robots-Tag", "noindex, nofollow" }, { "X-Content-Type-Options", "nosniff" },
        { "Cache-Control", "private, no-store" } };
    return reply;
}

HttpReply json_reply(int status, Json const& body) {
    HttpReply reply;
    reply.status = status;
    reply.body = to_text(body) + "\n";
    reply.headers = { { "Cache-Control", "no-store" } };
    return reply;
}

HttpReply not_there() {
    return page(
        404, audit_message_page("No such audit", "It does not exist, was deleted, or is older than 30 days."));
}

using FormFields = std::map<std::string, std::string>;

bool is_form(ServerRequest const& request) {
    return request.header("content-type").starts_with("application/x-www-form-urlencoded");
}

// Of a form or of a JSON object; lists of texts become "a,b".
Result<FormFields> fields_of(ServerRequest const& request) {
    if (request.body.size() > most_body_bytes)
        return Error { ErrorKind::invalid_input, "the request is too large" };
    if (is_form(request))
        return form_fields(request.body);
    auto const json = parse_json(request.body, { .bytes = most_body_bytes, .depth = 8 });
    if (!json || !json->is_object())
        return Error { ErrorKind::invalid_input, "the body must be a JSON object or a form" };
    FormFields fields;
    for (auto const& [key, value] : json->as_object()) {
        if (value.is_string())
            fields[key] = value.as_string().c_str();
        std::vector<std::string> texts;
        if (value.is_array())
            for (auto const& entry : value.as_array())
                if (entry.is_string())
                    texts.emplace_back(entry.as_string().c_str());
        if (!texts.empty())
            fields[key] = join(texts, ",");
    }
    return fields;
}

int status_of(ErrorKind kind) {
    switch (kind) {
    case ErrorKind::invalid_input:
    case ErrorKind::corrupt:
        return 400;
    case ErrorKind::not_found:
    case ErrorKind::access_denied:
        return 403;
    case ErrorKind::throttled:
        return 429;
    default:
        return 503;
    }
}

// What a person can mend is told; the rest is ours.
std::string words_for(Error const& error) {
    auto const status = status_of(error.kind);
    return status == 503 ? "It did not work; try again later." : error.message;
}

HttpReply take_registration(PublicAudits& audits, ServerRequest const& request) {
    auto const fields = fields_of(request);
    auto done = fields ? Result<>() : Result<>(fields.error());
    if (fields) {
        auto const mail = fields->find("email");
        done = audits.register_mail(mail == fields->end() ? "" : trim(mail->second), request.peer);
    }
    if (!done) {
        auto const status = status_of(done.error().kind);
        if (status == 503)
            log_warning("public_audit_refused", { { "why", done.error().message } });
        return is_form(request) ? page(status, audit_message_page("That did not work", words_for(done.error())))
                                : error_reply(status, words_for(done.error()));
    }
    return is_form(request) ? page(202, audit_mail_sent_page()) : json_reply(202, { { "sent", true } });
}

PublicAuditRequest request_from(FormFields const& fields) {
    auto const field = [&](std::string const& name) {
        auto const found = fields.find(name);
        return found == fields.end() ? std::string() : trim(found->second);
    };
    PublicAuditRequest request { field("email"), field("token"), field("role_arn"), field("external_id"), {} };
    for (auto const& part : split(field("regions"), ','))
        if (auto region = trim(part); !region.empty())
            request.regions.push_back(std::move(region));
    return request;
}

HttpReply take_audit(PublicAudits& audits, ServerRequest const& request, std::function<void()> const& wake) {
    auto const fields = fields_of(request);
    if (!fields)
        return error_reply(400, fields.error().message);
    auto const asked = request_from(*fields);
    auto const id = audits.request(asked);
    if (id) {
        wake();
        auto const place = "/audits/" + *id;
        if (!is_form(request))
            return json_reply(202, { { "id", *id }, { "page", audits.world().public_url + place } });
        HttpReply reply = page(303, "");
        reply.headers.emplace_back("Location", place);
        return reply;
    }
    auto const status = status_of(id.error().kind);
    log_info("public_audit_refused", { { "why", std::string(to_string(id.error().kind)) } });
    if (!is_form(request))
        return error_reply(status, words_for(id.error()));
    auto const external_id = audits.external_id_of(asked.token);
    if (!external_id)
        return page(status, audit_message_page("That did not work", words_for(id.error())));
    return page(status,
        audit_role_page({ asked.token, *external_id, audits.world().principal, words_for(id.error()), asked.mail,
            asked.role_arn, join(asked.regions, ",") }));
}

HttpReply show_start(PublicAudits& audits, ServerRequest const& request) {
    auto const fields = form_fields(request.query);
    auto const token = fields.find("token");
    auto const external_id = token == fields.end() ? Result<std::string>(Error { ErrorKind::not_found, "no token" })
                                                   : audits.external_id_of(token->second);
    if (!external_id)
        return page(404,
            audit_message_page("This link does not work any more",
                "It was used, or is older than 24 hours. Sign up again for a new one."));
    return page(200, audit_role_page({ token->second, *external_id, audits.world().principal, "", "", "", "" }));
}

HttpReply show_audit(PublicAudits& audits, std::string_view segment) {
    constexpr std::string_view json_end = ".json";
    bool const json = segment.ends_with(json_end);
    if (json)
        segment.remove_suffix(json_end.size());
    std::string const id(segment);
    auto const state = audits.state(id);
    if (!state)
        return json ? error_reply(404, "no such audit") : not_there();
    using Stage = PublicAuditState::Stage;
    if (state->stage == Stage::done) {
        auto const report = audits.report(id, json ? PublicAudits::Form::json : PublicAudits::Form::html);
        if (!report)
            return json ? error_reply(503, "the report can not be read now") : not_there();
        if (!json)
            return page(200, *report, std::string(audit_page_policy) + "; frame-ancestors 'none'");
        HttpReply reply = json_reply(200, nullptr);
        reply.body = *report + "\n";
        return reply;
    }
    if (json)
        return json_reply(200,
            { { "state",
                  state->stage == Stage::failed        ? "failed"
                      : state->stage == Stage::running ? "running"
                                                       : "waiting" },
                { "calls_done", state->calls_done }, { "calls_planned", state->calls_planned },
                { "why", state->why.empty() ? Json(nullptr) : Json(state->why) } });
    if (state->stage == Stage::failed)
        return page(200, audit_message_page("The audit did not work", "Why: " + state->why + "."));
    return page(200, audit_waiting_page(state->calls_done, state->calls_planned, state->stage == Stage::running));
}

HttpReply remove_audit(PublicAudits& audits, std::string_view id) {
    if (auto const removed = audits.remove(std::string(id)); !removed)
        return error_reply(503, "try again later");
    return page(200, audit_message_page("Deleted", "The report and everything that belongs to it are gone."));
}

} // namespace

std::vector<HttpRoute> public_audit_routes(PublicAudits& audits, std::function<void()> wake) {
    return { { "GET", "/audit",
                 [](ServerRequest const&, std::string_view) { return page(200, audit_sign_up_page()); } },
        { "POST", "/api/registrations",
            [&audits](
                ServerRequest const& request, std::string_view) { return take_registration(audits, request); } },
        { "GET", "/audit-start",
            [&audits](ServerRequest const& request, std::string_view) { return show_start(audits, request); } },
        { "POST", "/api/audits",
            [&audits, wake = std::move(wake)](
                ServerRequest const& request, std::string_view) { return take_audit(audits, request, wake); } },
        { "GET", "/audits/*",
            [&audits](ServerRequest const&, std::string_view segment) { return show_audit(audits, segment); } },
        { "GET", "/audit-deletions/*",
            [](ServerRequest const&, std::string_view segment) { return page(200, audit_deletion_page(segment)); } },
        { "POST", "/audit-deletions/*",
            [&audits](ServerRequest const&, std::string_view segment) { return remove_audit(audits, segment); } },
        { "DELETE", "/api/audits/*",
            [&audits](ServerRequest const&, std::string_view segment) { return remove_audit(audits, segment); } } };
}

} // namespace convops
