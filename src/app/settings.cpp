#include "app/settings.h"

#include "adapters/files/files.h"
#include "app/settings_checks.h"
#include "base/text.h"

#include <toml++/toml.h>

namespace convops {

Settings::Connection const* Settings::connection(std::string_view id) const {
    for (auto const& each : connections)
        if (each.id == id)
            return &each;
    return nullptr;
}

namespace {

using Check = std::string (*)(std::string const&);
enum class Need : std::uint8_t { optional, required };

constexpr std::size_t most_file_bytes = std::size_t { 1 } << 20;
constexpr std::size_t most_entries = 1000; // of one [[section]]
constexpr std::size_t most_problems = 50; // the rest is counted
constexpr std::size_t most_text_bytes = 2048;

template <class Section> struct Field {
    using Member = std::variant<std::string Section::*, int Section::*, bool Section::*, double Section::*,
        std::map<std::string, std::string> Section::*>;
    std::string_view name;
    Member member;
    std::string_view says;
    Need need = Need::optional;
    Check check = nullptr; // of a text that is not empty, and of each value of a map
    int least = 1;
    int most = 1'000'000;
};

template <class Section> struct Declaration {
    std::string_view name;
    std::string_view says;
    std::vector<Field<Section>> fields;
};

using namespace settings_checks;

Declaration<Settings::Server> const& server_section() {
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

Declaration<Settings::Workspace> const& workspace_section() {
    using S = Settings::Workspace;
    static Declaration<S> const section { "workspace", "Whose installation this is.",
        { { "name", &S::name, "A short name.", Need::optional, identifier },
            { "language", &S::language, "Language of the messages: de, en, es or hi.", Need::optional, language },
            { "time_zone", &S::time_zone, "Time zone of the messages.", Need::optional, time_zone } } };
    return section;
}

Declaration<Settings::Connection> const& connection_section() {
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
            { "endpoint_url", &S::endpoint_url, "Every AWS endpoint, for tests.", Need::optional, web_url },
            { "endpoints", &S::endpoints, "One AWS endpoint per service, for tests.", Need::optional, web_url } } };
    return section;
}

Declaration<Settings::Route> const& route_section() {
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

Declaration<Settings::Slack> const& slack_section() {
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

Declaration<Settings::Whatsapp> const& whatsapp_section() {
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

Declaration<Settings::Eventbridge> const& eventbridge_section() {
    using S = Settings::Eventbridge;
    static Declaration<S> const section { "eventbridge", "EventBridge API destinations at /v1/eventbridge/<id>.",
        { { "secret_env", &S::secret_env, "Variable with the secret that they send as X-Convops-Secret.",
              Need::optional, variable_name },
            { "secret_file", &S::secret_file, "File with that secret.", Need::optional, not_empty } } };
    return section;
}

Declaration<Settings::Sqs> const& sqs_section() {
    using S = Settings::Sqs;
    static Declaration<S> const section {
        "sqs", "A queue to poll for alarms; once for each.",
        { { "queue_url", &S::queue_url, "URL of the queue.", Need::required, queue_url },
            { "connection", &S::connection, "The connection whose alarms it carries.", Need::required, identifier } }
    };
    return section;
}

Declaration<Settings::Sns> const& sns_section() {
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

Declaration<Settings::Model> const& model_section() {
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

Declaration<Settings::Limits> const& limits_section() {
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

// Calls visit(declaration, member, is_list) for every section: the one list of sections.
template <class Visit> void for_each_section(Visit&& visit) {
    visit(server_section(), &Settings::server);
    visit(workspace_section(), &Settings::workspace);
    visit(connection_section(), &Settings::connections);
    visit(route_section(), &Settings::routes);
    visit(slack_section(), &Settings::slack);
    visit(whatsapp_section(), &Settings::whatsapp);
    visit(eventbridge_section(), &Settings::eventbridge);
    visit(sqs_section(), &Settings::sqs);
    visit(sns_section(), &Settings::sns);
    visit(model_section(), &Settings::model);
    visit(limits_section(), &Settings::limits);
}

template <class Section> constexpr bool is_list(std::vector<Section> Settings::*) {
    return true;
}
template <class Section> constexpr bool is_list(Section Settings::*) {
    return false;
}

class Reader {
public:
    SettingsReading reading;

    void problem(toml::source_position const& at, std::string_view where, std::string_view what) {
        add("line " + std::to_string(at.line) + ": " + std::string(where) + " " + std::string(what));
    }
    void add(std::string line) {
        if (reading.problems.size() < most_problems)
            reading.problems.push_back(std::move(line));
        else if (reading.problems.size() == most_problems)
            reading.problems.emplace_back("more problems follow");
    }

    template <class Section>
    void read(toml::node const& node, Declaration<Section> const& declared, Section Settings::* member) {
        auto const where = "[" + std::string(declared.name) + "]";
        if (auto const* table = node.as_table())
            read_table(*table, where, declared, reading.settings.*member);
        else
            problem(node.source().begin, where, "must be one section, written " + where);
    }
    template <class Section>
    void read(toml::node const& node, Declaration<Section> const& declared, std::vector<Section> Settings::* member) {
        auto const where = "[[" + std::string(declared.name) + "]]";
        auto const* list = node.as_array();
        if (list == nullptr || list->size() > most_entries)
            return problem(node.source().begin, where,
                list == nullptr ? "is a list: write " + where
                                : "occurs more than " + std::to_string(most_entries) + " times");
        for (auto const& entry : *list) {
            Section section;
            if (auto const* table = entry.as_table())
                read_table(*table, where, declared, section);
            else
                problem(entry.source().begin, where, "is a list of sections: write " + where);
            (reading.settings.*member).push_back(std::move(section));
        }
    }

private:
    template <class Section>
    void read_table(
        toml::table const& table, std::string const& where, Declaration<Section> const& declared, Section& section) {
        std::vector<std::string> known;
        for (auto const& field : declared.fields)
            known.emplace_back(field.name);
        for (auto const& [key, node] : table) {
            auto const name = clean_utf8(key.str());
            auto const field = std::find_if(declared.fields.begin(), declared.fields.end(),
                [&](Field<Section> const& each) { return each.name == name; });
            if (field == declared.fields.end()) {
                unknown(key.source().begin, where, name, known);
                continue;
            }
            auto const wrong
                = std::visit([&](auto pointer) { return set(node, section.*pointer, *field); }, field->member);
            if (!wrong.empty())
                problem(node.source().begin, where + " " + name, wrong);
        }
        for (auto const& field : declared.fields)
            if (field.need == Need::required && !table.contains(field.name))
                problem(table.source().begin, where + " " + std::string(field.name), "is missing");
    }

public:
    void unknown(toml::source_position const& at, std::string_view where, std::string const& name,
        std::vector<std::string> const& known) {
        // A secret written into the file is the mistake that must be told best.
        auto const by_name = std::find(known.begin(), known.end(), name + "_env");
        if (by_name != known.end())
            return problem(at, where,
                name + " must not be in this file: name its variable with " + *by_name + ", or its file with " + name
                    + "_file");
        auto const near = nearest(name, known);
        problem(at, where,
            "has no key \"" + shorten(name, 60) + "\""
                + (near.empty() ? std::string() : ", did you mean \"" + near + "\"?"));
    }

private:
    template <class Section>
    std::string set(toml::node const& node, std::string& value, Field<Section> const& field) {
        auto const text = node.value_exact<std::string>();
        if (!text)
            return "must be a text in quotes";
        if (text->size() > most_text_bytes || clean_utf8(*text) != *text)
            return "is too long or holds control characters";
        if (field.need == Need::required && text->empty())
            return "is empty";
        if (!text->empty() && field.check != nullptr)
            if (auto wrong = field.check(*text); !wrong.empty())
                return wrong;
        value = *text;
        return {};
    }
    template <class Section> std::string set(toml::node const& node, int& value, Field<Section> const& field) {
        auto const number = node.value_exact<std::int64_t>();
        if (!number || *number < field.least || *number > field.most)
            return "must be a whole number from " + std::to_string(field.least) + " to " + std::to_string(field.most);
        value = static_cast<int>(*number);
        return {};
    }
    template <class Section> std::string set(toml::node const& node, double& value, Field<Section> const& field) {
        auto const number = node.value<double>(); // also a whole number
        if (!number || !(*number >= 0 && *number <= field.most))
            return "must be a number from 0 to " + std::to_string(field.most);
        value = *number;
        return {};
    }
    template <class Section> std::string set(toml::node const& node, bool& value, Field<Section> const&) {
        auto const flag = node.value_exact<bool>();
        if (!flag)
            return "must be true or false";
        value = *flag;
        return {};
    }
    template <class Section>
    std::string set(toml::node const& node, std::map<std::string, std::string>& value, Field<Section> const& field) {
        auto const* table = node.as_table();
        if (table == nullptr || table->size() > most_entries)
            return "must be a table like { monitoring = \"http://127.0.0.1:4566\" }";
        for (auto const& [key, entry] : *table) {
            auto const text = entry.template value_exact<std::string>();
            if (!text)
                return std::string(key.str()) + " must be a text in quotes";
            if (auto wrong = field.check == nullptr ? std::string() : field.check(*text); !wrong.empty())
                return std::string(key.str()) + " " + wrong;
            value[std::string(key.str())] = *text;
        }
        return {};
    }
};

void read_document(Reader& reader, toml::table const& document) {
    std::vector<std::string> sections;
    for_each_section([&](auto const& declared, auto) { sections.emplace_back(declared.name); });
    for (auto const& [key, node] : document) {
        bool found = false;
        for_each_section([&, &the_key = key, &the_node = node](auto const& declared, auto member) {
            if (declared.name != the_key.str())
                return;
            found = true;
            reader.read(the_node, declared, member);
        });
        if (found)
            continue;
        auto const near = nearest(key.str(), sections);
        reader.problem(key.source().begin, "[" + shorten(clean_utf8(key.str()), 60) + "]",
            "is no section" + (near.empty() ? std::string() : ", did you mean [" + near + "]?"));
    }
}

} // namespace

SettingsReading read_settings(std::string_view toml_text) {
    Reader reader;
    if (toml_text.size() > most_file_bytes) {
        reader.add("the file is larger than " + std::to_string(most_file_bytes) + " bytes");
        return std::move(reader.reading);
    }
    try {
        auto const document = toml::parse(toml_text);
        read_document(reader, document);
    } catch (toml::parse_error const& error) { // toml++ reports by exception; it stops at the first.
        auto const what = clean_utf8(error.description());
        reader.problem(error.source().begin, "is not TOML:", replace_all(shorten(what, 200), "\n", " "));
        return std::move(reader.reading);
    }
    for (auto& line : across(reader.reading.settings))
        reader.add(std::move(line));
    return std::move(reader.reading);
}

Result<Settings> check_settings(std::string const& path) {
    auto const text = read_file(path, most_file_bytes);
    if (!text) // A configuration that can not be read can not be used, whatever the cause.
        return Error { text.error().kind == ErrorKind::not_found ? ErrorKind::not_found : ErrorKind::invalid_input,
            "configuration: " + text.error().message };
    auto reading = read_settings(*text);
    if (!reading.problems.empty())
        return Error { ErrorKind::invalid_input, path + ": " + join(reading.problems, "; ") };
    return std::move(reading.settings);
}

namespace {

std::string default_of(std::string const& value) {
    return "\"" + value + "\"";
}
std::string default_of(int value) {
    return std::to_string(value);
}
std::string default_of(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.10g", value);
    std::string_view const shown = text;
    return std::string(shown) + (shown.find('.') == std::string_view::npos ? ".0" : "");
}
std::string default_of(bool value) {
    return value ? "true" : "false";
}
std::string default_of(std::map<std::string, std::string> const&) {
    return "{}";
}

} // namespace

std::string settings_reference() {
    std::string text = "# ConvOps settings. Every key with its default; only keys marked required must be given.\n";
    for_each_section([&]<class Section, class Pointer>(Declaration<Section> const& declared, Pointer member) {
        bool const list = is_list(member);
        text += "\n# " + std::string(declared.says) + "\n";
        text += (list ? "#[[" : "#[") + std::string(declared.name) + (list ? "]]\n" : "]\n");
        Section const defaults {};
        for (auto const& field : declared.fields) {
            auto const value = std::visit([&](auto pointer) { return default_of(defaults.*pointer); }, field.member);
            text += "#" + std::string(field.name) + " = " + value + "  # " + std::string(field.says)
                + (field.need == Need::required ? " Required." : "") + "\n";
        }
    });
    return text;
}

} // namespace convops
