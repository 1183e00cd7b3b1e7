// The configuration file (TOML): typed, with every key declared once (settings.cpp), from which reading, checking,
// "did you mean" and the reference text all come. Secrets are never in the file: it names an environment variable or
// a file for each.
#pragma once

#include "base/result.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace convops {

struct Settings {
    struct Server {
        std::string listen = "127.0.0.1:8080";
        std::string public_url; // how the outside reaches us; empty when nothing does
        std::string state_dir = "convops-state";
        std::string metrics = "loopback"; // who may read /metrics
        std::string tls_certificate, tls_key; // files; both empty: plain HTTP
        std::string tls_minimum = "1.3";
        std::string trusted_proxies; // "127.0.0.1, 10.0.0.7"
    } server;
    struct Workspace {
        std::string name = "default";
        std::string language = "en";
        std::string time_zone = "UTC";
    } workspace;
    struct Connection {
        std::string id;
        std::string account;
        std::string region;
        std::string role_arn; // empty: the credentials of the process
        std::string external_id;
        std::string topic_arn;
        std::string github_token_secret_arn; // Secrets Manager; the token itself is never configured or stored
        std::map<std::string, std::string> github_repositories; // "owner/name" -> services that it becomes
        std::string github_url; // API of GitHub Enterprise; empty: github.com's
        std::string endpoint_url; // for tests: every service
        std::map<std::string, std::string> endpoints; // for tests: one service
    };
    std::vector<Connection> connections;
    struct Route {
        std::string channel;
        std::string address;
        std::string name;
        std::string connection; // empty: all
        std::string language; // empty: the workspace's
        std::string time_zone; // empty: the workspace's
    };
    std::vector<Route> routes;
    struct Slack {
        std::string bot_token_env, bot_token_file;
        std::string webhook_url_env, webhook_url_file; // incoming webhook: the small option
        std::string signing_secret_env, signing_secret_file; // what people write to us is believed with it
        std::string app_token_env, app_token_file; // Socket Mode: what people write, without a public address
    } slack;
    struct Whatsapp {
        std::string phone_number_id;
        std::string token_env, token_file;
        std::string app_secret_env, app_secret_file;
        std::string verify_token_env, verify_token_file;
        std::string template_name;
        std::string template_language; // empty: the route's language
    } whatsapp;
    struct Eventbridge {
        std::string secret_env, secret_file;
    } eventbridge;
    struct Sqs {
        std::string queue_url;
        std::string connection;
    };
    std::vector<Sqs> sqs;
    struct Sns {
        int oldest_minutes = 65;
        int future_minutes = 5;
        std::string test_certificate; // path of a PEM file
        std::string test_certificate_url; // prefix of the URLs that it stands for
    } sns;
    struct Model {
        std::string provider; // "" : no model, words come from templates
        std::string model; // empty: the default of the provider
        std::string api_key_env, api_key_file;
        std::string base_url; // empty: the provider's own
        std::string plain_http_host; // may be asked over http://, beside this machine itself
        double usd_per_million_input = 0; // all four 0: the built-in prices, or none
        double usd_per_million_output = 0;
        double usd_per_million_cache_read = 0;
        double usd_per_million_cache_write = 0;
        int timeout_seconds = 20;
        double usd_per_incident = 0.5;
        double usd_per_day = 5;
        double usd_per_month = 0;
        int tokens_per_incident = 200'000;
        int tokens_per_day = 2'000'000;
    } model;
    struct Runbooks {
        std::string folder; // "": none
        std::string address; // what links to them begin with; empty: paths are told
    } runbooks;
    struct PublicAudit { // the free audit for everybody
        bool enabled = false;
        std::string principal; // ARN that strangers' roles must trust: the one that this server signs with
        std::string mail_from;
        std::string resend_key_env, resend_key_file; // neither: mails go into the outbox folder
        std::string outbox; // empty: state_dir/outbox
    } public_audit;
    struct Limits {
        int connections = 512;
        int workers = 16; // they mostly wait for the disk, together
        int waiting = 256;
        int header_kilobytes = 16;
        int body_kilobytes = 320;
        int header_seconds = 10;
        int body_seconds = 20;
        int idle_seconds = 60;
        int connections_of_address = 128;
        int requests_per_second_of_address = 500;
        int alarms_per_second_of_connection = 300;
        int alarms_per_second_of_workspace = 1'000;
        int burst_seconds = 10;
        int megabytes_in_flight = 64;
    } limits;

    [[nodiscard]] Connection const* connection(std::string_view id) const;
};

// What was read, and everything that is wrong with it, each with its line: "line 3: [server] lisen: ...".
struct SettingsReading {
    Settings settings;
    std::vector<std::string> problems;
};
SettingsReading read_settings(std::string_view toml);

// Reads and checks a file. invalid_input lists all problems in one line; not_found when the file can not be read.
Result<Settings> check_settings(std::string const& path);

// Every section and key with its meaning and default, as a commented TOML file.
std::string settings_reference();

// A secret from the named variable or file; "" when neither is named. not_found names what is missing, never a value.
using EnvironmentLookup = std::function<std::optional<std::string>(std::string const& name)>;
Result<std::string> read_secret(
    std::string const& env, std::string const& file, EnvironmentLookup const& environment);
EnvironmentLookup process_environment();

} // namespace convops
