#include "message/public_audit_page.h"

#include "base/json.h"
#include "base/text.h"

#include <kainjow/mustache.hpp>

namespace convops {

namespace {

using Fields = kainjow::mustache::data;

constexpr std::string_view frame = R"html(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex, nofollow">
<meta name="color-scheme" content="light dark">
{{#reload}}<meta http-equiv="refresh" content="3">
{{/reload}}<title>{{title}}</title>
<style>
:root { --paper: #fff; --sheet: #f5f7f9; --ink: #1b2430; --soft: #515d6b; --line: #8a96a3; --link: #0b5cad; --bad: #b3201f; }
@media (prefers-color-scheme: dark) { :root { --paper: #12171d; --sheet: #1a2129; --ink: #e6ebf0; --soft: #a3b0bd;
  --line: #6b7885; --link: #7fb8f5; --bad: #ff9d94; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); overflow-wrap: anywhere;
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main { max-width: 42rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
p, ol, ul, pre { margin: 0 0 1rem; }
.soft { color: var(--soft); font-size: .92rem; }
.problem { color: var(--bad); font-weight: 600; }
label { display: block; font-weight: 600; margin: 1rem 0 .3rem; }
input { width: 100%; font: inherit; padding: .6rem .7rem; border: 1px solid var(--line); border-radius: .35rem;
  background: var(--paper); color: var(--ink); }
button { font: inherit; font-weight: 600; margin-top: 1.25rem; padding: .65rem 1.3rem; border: 0; border-radius: .35rem;
  background: var(--link); color: var(--paper); cursor: pointer; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
code, pre { font: .84rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
pre { white-space: pre-wrap; background: var(--sheet); padding: .7rem .9rem; border-radius: .35rem; }
progress { width: 100%; height: 1rem; accent-color: var(--link); }
</style>
</head>
<body><main>
<h1>{{title}}</h1>
)html";

std::string rendered(std::string_view body, Fields& fields, std::string_view title, bool reload = false) {
    fields.set("title", std::string(title));
    fields.set("reload", reload ? Fields::type::bool_true : Fields::type::bool_false);
    kainjow::mustache::mustache form { std::string(frame) + std::string(body) + "</main></body>\n</html>\n" };
    return form.render(fields);
}

void set(Fields& fields, std::string const& name, std::string_view text) {
    fields.set(name, clean_utf8(text));
}

std::string trust_policy(AuditRolePage const& page) {
    Json const policy { { "Version", "2012-10-17" },
        { "Statement",
            JsonArray { JsonObject { { "Effect", "Allow" }, { "Principal", { { "AWS", page.principal } } },
                { "Action", "sts:AssumeRole" },
                { "Condition", { { "StringEquals", { { "sts:ExternalId", page.external_id } } } } } } } } };
    return to_text(policy);
}

} // namespace

std::string audit_sign_up_page() {
    Fields fields;
    return rendered(
        R"html(<p>Who would not have been told? One read-only scan of an AWS account: 80 checks of its alarms, their delivery, its
logs; a grade, and a ready fix for each finding.</p>
<form method="post" action="/api/registrations">
<label for="email">E-mail address</label>
<input id="email" name="email" type="email" autocomplete="email" required maxlength="254">
<button type="submit">Send me the link</button>
</form>
<h2>What we keep</h2>
<p class="soft">Your address, to send the link and the result: 24 hours if you do not go on. The report: 30 days, behind a link
that nobody can guess; you can delete it at any time. Nothing in your account is changed: describe, list and get calls alone.</p>
)html",
        fields, "Observability audit, free");
}

std::string audit_mail_sent_page() {
    Fields fields;
    return rendered(
        "<p>If the address is right, a mail with the next step is on its way. Its link works for 24 hours.</p>\n",
        fields, "Look into your mailbox");
}

std::string audit_role_page(AuditRolePage const& page) {
    Fields fields;
    set(fields, "token", page.token);
    set(fields, "external_id", page.external_id);
    set(fields, "policy", trust_policy(page));
    set(fields, "mail", page.mail);
    set(fields, "role_arn", page.role_arn);
    set(fields, "regions", page.regions);
    if (page.problem.empty())
        fields.set("problem", Fields::type::bool_false);
    else
        set(fields, "problem", page.problem);
    return rendered(R"html({{#problem}}<p class="problem" role="alert">{{problem}}</p>
{{/problem}}<p>Create a role that may only read and that asks for this external ID: <code>{{external_id}}</code>. Without it we could not
assume the role, and neither could anybody who learns its name.</p>
<pre><code>aws iam create-role --role-name convops-audit \
  --assume-role-policy-document '{{policy}}'
aws iam attach-role-policy --role-name convops-audit \
  --policy-arn arn:aws:iam::aws:policy/SecurityAudit
aws iam attach-role-policy --role-name convops-audit \
  --policy-arn arn:aws:iam::aws:policy/CloudWatchReadOnlyAccess</code></pre>
<p class="soft">A new role needs a few seconds until it can be assumed. What its policies do not allow is reported as "not checked", never as
passed.</p>
<form method="post" action="/api/audits">
<input type="hidden" name="token" value="{{token}}">
<input type="hidden" name="external_id" value="{{external_id}}">
<label for="email">E-mail address, the one that this link was sent to</label>
<input id="email" name="email" type="email" autocomplete="email" required maxlength="254" value="{{mail}}">
<label for="role">ARN of the role</label>
<input id="role" name="role_arn" required maxlength="2048" placeholder="arn:aws:iam::111122223333:role/convops-audit" value="{{role_arn}}">
<label for="regions">Regions, one to four, separated by commas</label>
<input id="regions" name="regions" required maxlength="100" placeholder="eu-west-1,us-east-1" value="{{regions}}">
<button type="submit">Start the audit</button>
</form>
)html",
        fields, "Create the read-only role");
}

std::string audit_waiting_page(std::size_t calls_done, std::size_t calls_planned, bool running) {
    Fields fields;
    set(fields, "done", std::to_string(calls_done));
    set(fields, "planned", std::to_string(std::max<std::size_t>(1, calls_planned)));
    fields.set("running", running ? Fields::type::bool_true : Fields::type::bool_false);
    return rendered(
        R"html({{#running}}<p><progress value="{{done}}" max="{{planned}}" aria-label="calls done">{{done}} of {{planned}}</progress></p>
<p role="status">{{done}} of {{planned}} calls so far.</p>{{/running}}{{^running}}<p role="status">Waiting for its turn.</p>{{/running}}
<p class="soft">This page shows the report when it is done, and a mail tells you.</p>
)html",
        fields, "The account is being read", true);
}

std::string audit_message_page(std::string_view title, std::string_view text) {
    Fields fields;
    set(fields, "text", text);
    return rendered("<p>{{text}}</p>\n", fields, title);
}

std::string audit_deletion_page(std::string_view id) {
    Fields fields;
    set(fields, "id", id);
    return rendered(
        R"html(<p>The report and everything that belongs to it are deleted at once and can not be brought back.</p>
<form method="post" action="/audit-deletions/{{id}}"><button type="submit">Delete the report</button></form>
)html",
        fields, "Delete this audit?");
}

} // namespace convops
