#include "app/settings_sections.h"

#include "app/settings_checks.h"

namespace convops::settings_sections {

using namespace settings_checks;

Declaration<Settings::Server> const& server() {
    using S = Settings::Server;
    static Declaration<S> const section { "server", "Where ConvOps listens and keeps its state.",
        { { "listen", &S::listen, "Address and port; port 0 takes a free one.", Need::optional, listen_address },
            { "public_url", &S::public_url, "How AWS, Slack and readers reach this server; empty when they do not.",
                Need::optional, web_url },
            { "state_dir", &S::state_dir, "Folder of the store.", Need::optional, not_empty },
            { "metrics", &S::metrics, "Who reads /metrics: off, loopback, anyone.", Need::optional, metrics_access },
            { "tls_certificate", &S::tls_certificate,
                "PEM file of the chain; empty: plain HTTP. SIGHUP reads it again.", Need::optional, not_empty },
            { "tls_key", &S::tls_key, "PEM file of its key.", Need::optional, not_empty },
            { "tls_minimum", &S::tls_minimum, "Oldest version of TLS: 1.3 or 1.2.", Need::optional, tls_version },
            { "trusted_proxies", &S::trusted_proxies,
                "Addresses whose X-Forwarded-For is believed, separated by commas.", Need::optional, addresses } } };
    return section;
}

Declaration<Settings::Workspace> const& workspace() {
    using S = Settings::Workspace;
    static Declaration<S> const section { "workspace", "Whose installation this is.",
        { { "name", &S::name, "A short name.", Need::optional, identifier },
            { "language", &S::language, "Language of the messages: de, en, es or hi.", Need::optional, language },
            { "time_zone", &S::time_zone, "Time zone of the messages.", Need::optional, time_zone } } };
    return section;
}

Declaration<Settings::Connection> const& connection() {
    using S = Settings::Connection;
    static Declaration<S> const section { "connection", "One AWS account in one Region; once for each.",
        { { "id", &S::id, "Name in URLs: /v1/sns/<id>.", Need::required, identifier },
            { "account", &S::account, "Account id. Alarms of other accounts are refused.", Need::optional,
                account_id },
            { "region", &S::region, "Region.", Need::required, region },
            { "role_arn", &S::role_arn, "Role to assume; empty: the credentials of this process.", Need::optional,
                role_arn },
            { "external_id", &S::external_id, "External ID of that role.", Need::optional, not_empty },
            { "topic_arn", &S::topic_arn, "SNS topic whose messages are accepted at /v1/sns/<id>.", Need::optional,
                topic_arn },
            { "github_token_secret_arn", &S::github_token_secret_arn,
                "Secret with a GitHub token that may read deployments, pull requests and contents.", Need::optional,
                secret_arn },
            { "github_repositories", &S::github_repositories,
                "Repositories, each with the services that it becomes: { \"acme/shop\" = \"checkout\" }.",
                Need::optional, service_names },
            { "github_url", &S::github_url, "API of GitHub Enterprise; empty: https://api.github.com.",
                Need::optional, web_url },
            { "endpoint_url", &S::endpoint_url, "Every AWS endpoint, for tests.", Need::optional, web_url },
            { "endpoints", &S::endpoints, "One AWS endpoint per service, for tests.", Need::optional, web_url } } };
    return section;
}

Declaration<Settings::Route> const& route() {
    using S = Settings::Route;
    static Declaration<S> const section { "route", "Who is told; once for each.",
        { { "channel", &S::channel, "slack, slack_webhook or whatsapp.", Need::required, channel },
            { "address", &S::address, "Slack channel id, or WhatsApp number.", Need::required, not_empty },
            { "name", &S::name, "What people call it.", Need::optional, not_empty },
            { "connection", &S::connection, "Only alarms of this connection; empty: all.", Need::optional,
                identifier },
            { "language", &S::language, "Language of these readers; empty: the workspace's.", Need::optional,
                language },
            { "time_zone", &S::time_zone, "Time zone of these readers; empty: the workspace's.", Need::optional,
                time_zone } } };
    return section;
}

Declaration<Settings::Slack> const& slack() {
    using S = Settings::Slack;
    static Declaration<S> const section { "slack", "Slack. Each secret is named by its variable or its file.",
        { { "bot_token_env", &S::bot_token_env, "Variable with the bot token.", Need::optional, variable_name },
            { "bot_token_file", &S::bot_token_file, "File with the bot token.", Need::optional, not_empty },
            { "webhook_url_env", &S::webhook_url_env,
                "Variable with an incoming webhook's URL, for channel slack_webhook.", Need::optional,
                variable_name },
            { "webhook_url_file", &S::webhook_url_file, "File with the incoming webhook's URL.", Need::optional,
                not_empty },
            { "signing_secret_env", &S::signing_secret_env,
                "Variable with the signing secret; opens /v1/slack/events, interactive and command.", Need::optional,
                variable_name },
            { "signing_secret_file", &S::signing_secret_file, "File with the signing secret.", Need::optional,
                not_empty },
            { "app_token_env", &S::app_token_env,
                "Variable with an app-level token (connections:write), for Socket Mode.", Need::optional,
                variable_name },
            { "app_token_file", &S::app_token_file, "File with the app-level token.", Need::optional, not_empty } } };
    return section;
}

Declaration<Settings::Whatsapp> const& whatsapp() {
    using S = Settings::Whatsapp;
    static Declaration<S> const section { "whatsapp", "WhatsApp Cloud API.",
        { { "phone_number_id", &S::phone_number_id, "Id of the sending number.", Need::optional, identifier },
            { "token_env", &S::token_env, "Variable with the access token.", Need::optional, variable_name },
            { "token_file", &S::token_file, "File with the access token.", Need::optional, not_empty },
            { "app_secret_env", &S::app_secret_env,
                "Variable with the app secret; opens /v1/whatsapp for what people write.", Need::optional,
                variable_name },
            { "app_secret_file", &S::app_secret_file, "File with the app secret.", Need::optional, not_empty },
            { "verify_token_env", &S::verify_token_env,
                "Variable with the verify token that Meta sends when the webhook is set up.", Need::optional,
                variable_name },
            { "verify_token_file", &S::verify_token_file, "File with the verify token.", Need::optional, not_empty },
            { "template_name", &S::template_name, "Template outside of the 24-hour window.", Need::optional,
                identifier },
            { "template_language", &S::template_language, "Its language; empty: the route's.", Need::optional,
                template_language } } };
    return section;
}

Declaration<Settings::Eventbridge> const& eventbridge() {
    using S = Settings::Eventbridge;
    static Declaration<S> const section { "eventbridge", "EventBridge API destinations at /v1/eventbridge/<id>.",
        { { "secret_env", &S::secret_env, "Variable with the secret that they send as X-Convops-Secret.",
              Need::optional, variable_name },
            { "secret_file", &S::secret_file, "File with that secret.", Need::optional, not_empty } } };
    return section;
}

Declaration<Settings::Sqs> const& sqs() {
    using S = Settings::Sqs;
    static Declaration<S> const section {
        "sqs", "A queue to poll for alarms; once for each.",
        { { "queue_url", &S::queue_url, "URL of the queue.", Need::required, queue_url },
            { "connection", &S::connection, "The connection whose alarms it carries.", Need::required, identifier } }
    };
    return section;
}

Declaration<Settings::Sns> const& sns() {
    using S = Settings::Sns;
    static Declaration<S> const section { "sns", "How SNS messages are checked.",
        { { "oldest_minutes", &S::oldest_minutes, "Older messages are refused. SNS retries for an hour.",
              Need::optional, nullptr, 1, 1440 },
            { "future_minutes", &S::future_minutes, "How far ahead the sender's clock may be.", Need::optional,
                nullptr, 0, 60 },
            { "test_certificate", &S::test_certificate, "PEM file for local tests; only when listening on loopback.",
                Need::optional, not_empty },
            { "test_certificate_url", &S::test_certificate_url, "What the URLs that it stands for begin with.",
                Need::optional, web_url } } };
    return section;
}

Declaration<Settings::Model> const& model() {
    using S = Settings::Model;
    static Declaration<S> const section { "model",
        "A language model that words the finished diagnosis; without one, words come from templates.",
        { { "provider", &S::provider, "anthropic, openai_compatible, or empty: no model.", Need::optional,
              model_provider },
            { "model", &S::model, "Name of the model; empty with anthropic: claude-sonnet-5-5.", Need::optional,
                model_name },
            { "api_key_env", &S::api_key_env, "Variable with the API key.", Need::optional, variable_name },
            { "api_key_file", &S::api_key_file, "File with the API key.", Need::optional, not_empty },
            { "base_url", &S::base_url, "Where the API is; with openai_compatible up to and with /v1.",
                Need::optional, model_url },
            { "plain_http_host", &S::plain_http_host,
                "A private host that base_url may reach over http://. This machine itself needs no mention.",
                Need::optional, host_name },
            { "usd_per_million_input", &S::usd_per_million_input,
                "Price of the prompt; all four 0: the built-in price, where one is known.", Need::optional, nullptr,
                0, 10'000 },
            { "usd_per_million_output", &S::usd_per_million_output, "Price of the answer.", Need::optional, nullptr,
                0, 10'000 },
            { "usd_per_million_cache_read", &S::usd_per_million_cache_read, "Price of a prompt read from the cache.",
                Need::optional, nullptr, 0, 10'000 },
            { "usd_per_million_cache_write", &S::usd_per_million_cache_write,
                "Price of a prompt written to the cache.", Need::optional, nullptr, 0, 10'000 },
            { "timeout_seconds", &S::timeout_seconds, "Time for one question, every try together.", Need::optional,
                nullptr, 1, 120 },
            { "usd_per_incident", &S::usd_per_incident, "Budget of one incident; 0: no limit.", Need::optional,
                nullptr, 0, 1'000'000 },
            { "usd_per_day", &S::usd_per_day, "Budget of a day (UTC); 0: no limit.", Need::optional, nullptr, 0,
                1'000'000 },
            { "usd_per_month", &S::usd_per_month, "Budget of a month (UTC); 0: no limit.", Need::optional, nullptr, 0,
                1'000'000 },
            { "tokens_per_incident", &S::tokens_per_incident, "Budget of one incident in tokens; 0: no limit.",
                Need::optional, nullptr, 0, 2'000'000'000 },
            { "tokens_per_day", &S::tokens_per_day, "Budget of a day in tokens; 0: no limit.", Need::optional,
                nullptr, 0, 2'000'000'000 } } };
    return section;
}

Declaration<Settings::Runbooks> const& runbooks() {
    using S = Settings::Runbooks;
    static Declaration<S> const section { "runbooks",
        "Markdown files that say what to do; cited where they fit. SIGHUP reads them again.",
        { { "folder", &S::folder, "Folder with the files; empty: none.", Need::optional, not_empty },
            { "address", &S::address, "What links to the files begin with; empty: their paths are told.",
                Need::optional, web_url } } };
    return section;
}

Declaration<Settings::PublicAudit> const& public_audit() {
    using S = Settings::PublicAudit;
    static Declaration<S> const section { "public_audit", "The free audit for everybody: /audit. Needs public_url.",
        { { "enabled", &S::enabled, "Open the pages." },
            { "principal", &S::principal,
                "ARN of the role or user that this server signs with; the roles of strangers must trust it.",
                Need::optional, role_arn },
            { "mail_from", &S::mail_from, "Sender of the mails: \"ConvOps <audit@example.com>\".", Need::optional,
                not_empty },
            { "resend_key_env", &S::resend_key_env, "Variable with the API key of Resend.", Need::optional,
                variable_name },
            { "resend_key_file", &S::resend_key_file, "File with the API key of Resend.", Need::optional, not_empty },
            { "outbox", &S::outbox, "Without a key, mails are written here; empty: outbox in state_dir.",
                Need::optional, not_empty } } };
    return section;
}

Declaration<Settings::Limits> const& limits() {
    using S = Settings::Limits;
    static Declaration<S> const section { "limits", "Bounds of the HTTP server.",
        { { "connections", &S::connections, "Open connections.", Need::optional, nullptr, 1, 60'000 },
            { "workers", &S::workers, "Threads that answer.", Need::optional, nullptr, 1, 256 },
            { "waiting", &S::waiting, "Requests that wait for a worker; more are told to come back.", Need::optional,
                nullptr, 1, 100'000 },
            { "header_kilobytes", &S::header_kilobytes, "Headers of one request.", Need::optional, nullptr, 1, 1024 },
            { "body_kilobytes", &S::body_kilobytes, "Body of one request. SNS needs 256 and its envelope.",
                Need::optional, nullptr, 1, 16'384 },
            { "header_seconds", &S::header_seconds, "Time for the headers.", Need::optional, nullptr, 1, 600 },
            { "body_seconds", &S::body_seconds, "Time for the body.", Need::optional, nullptr, 1, 600 },
            { "idle_seconds", &S::idle_seconds, "Time between requests.", Need::optional, nullptr, 1, 3600 },
            { "connections_of_address", &S::connections_of_address,
                "Open connections of one address (IPv6: one /64); trusted proxies do not count.", Need::optional,
                nullptr, 1, 60'000 },
            { "requests_per_second_of_address", &S::requests_per_second_of_address,
                "Requests of one address; more are answered 429. 0: no limit.", Need::optional, nullptr, 0 },
            { "alarms_per_second_of_connection", &S::alarms_per_second_of_connection,
                "Genuine deliveries of one connection; more are answered 429. 0: no limit.", Need::optional, nullptr,
                0 },
            { "alarms_per_second_of_workspace", &S::alarms_per_second_of_workspace,
                "Genuine deliveries of all connections; more are answered 429. 0: no limit.", Need::optional, nullptr,
                0 },
            { "burst_seconds", &S::burst_seconds, "So many seconds' worth of each rate may come at once.",
                Need::optional, nullptr, 1, 3600 },
            { "megabytes_in_flight", &S::megabytes_in_flight,
                "Requests that are received or answered, all together; more are answered 503.", Need::optional,
                nullptr, 1, 4096 } } };
    return section;
}

} // namespace convops::settings_sections
