#include "app/settings_checks.h"

#include "adapters/server/server.h"
#include "app/metrics_route.h"
#include "app/time_zone.h"
#include "base/text.h"
#include "message/words.h"

#include <array>
#include <set>

namespace convops::settings_checks {

namespace {

bool all_of(std::string_view text, std::string_view more, bool upper = true) {
    return std::all_of(text.begin(), text.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (upper && c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
            || more.find(c) != std::string_view::npos;
    });
}

bool digits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// "host" of "scheme://host:port/path".
std::string_view host_of(std::string_view url) {
    auto const scheme = url.find("://");
    auto rest = scheme == std::string_view::npos ? url : url.substr(scheme + 3);
    rest = rest.substr(0, rest.find_first_of("/?#"));
    if (rest.starts_with('['))
        return rest.substr(0, rest.find(']') + 1);
    return rest.substr(0, rest.find(':'));
}

std::string arn(std::string const& value, std::string_view service, std::string_view example) {
    auto const parts = split(value, ':');
    if (parts.size() >= 6 && parts[0] == "arn" && parts[1].starts_with("aws") && parts[2] == service
        && parts[4].size() == 12 && digits(parts[4]) && !parts[5].empty() && all_of(value, ":/+=,.@-_"))
        return {};
    return "is not an ARN like " + std::string(example);
}

} // namespace

std::string listen_address(std::string const& value) {
    auto const address = parse_listen_address(value);
    return address ? "" : "is not an address and a port, like 127.0.0.1:8080";
}

std::string web_url(std::string const& value) {
    auto const host = host_of(value);
    for (char c : value)
        if (static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) >= 0x7F || c == '@')
            return "is not a plain URL";
    if (value.starts_with("https://") && !host.empty())
        return {};
    bool const loopback = host == "localhost" || host == "[::1]" || host.starts_with("127.");
    if (value.starts_with("http://") && loopback)
        return {};
    return value.starts_with("http://") ? "must be https (http only for this machine itself)"
                                        : "is not a URL like https://convops.example.com";
}

std::string account_id(std::string const& value) {
    return value.size() == 12 && digits(value) ? "" : "is not an AWS account id of twelve digits";
}

std::string region(std::string const& value) {
    auto const dash = value.rfind('-');
    bool const good = dash != std::string::npos && value.size() <= 32
        && std::count(value.begin(), value.end(), '-') >= 2 && digits(value.substr(dash + 1))
        && all_of(value, "-", false);
    return good ? "" : "is not an AWS Region like eu-west-1";
}

std::string role_arn(std::string const& value) {
    return arn(value, "iam", "arn:aws:iam::111122223333:role/ConvOps");
}

std::string topic_arn(std::string const& value) {
    return arn(value, "sns", "arn:aws:sns:eu-west-1:111122223333:alarms");
}

std::string secret_arn(std::string const& value) {
    return arn(value, "secretsmanager", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:github-AbCdEf");
}

std::string service_names(std::string const& value) {
    return value.size() <= 500 && all_of(value, "-_/., ") ? "" : "must be names of services, separated by commas";
}

std::string queue_url(std::string const& value) {
    return web_url(value).empty() && value.size() > host_of(value).size() + 10
        ? ""
        : "is not a queue URL like https://sqs.eu-west-1.amazonaws.com/111122223333/alarms";
}

std::string identifier(std::string const& value) {
    return !value.empty() && value.size() <= 64 && all_of(value, "-_") ? ""
                                                                       : "may hold only letters, digits, - and _";
}

std::string channel(std::string const& value) {
    constexpr std::array<std::string_view, 3> known { "slack", "slack_webhook", "whatsapp" };
    return std::find(known.begin(), known.end(), value) != known.end() ? ""
                                                                       : "is none of slack, slack_webhook, whatsapp";
}

std::string language(std::string const& value) {
    auto const known = language_codes();
    return std::find(known.begin(), known.end(), value) != known.end() ? "" : "is none of " + join(known, ", ");
}

// WhatsApp has languages that we have no words in: a template may be registered as "en_GB".
std::string template_language(std::string const& value) {
    return value.size() >= 2 && value.size() <= 10 && all_of(value, "-_") ? "" : "is not a language like en or de";
}

std::string time_zone(std::string const& value) {
    return !value.empty() && value.size() <= 64 && all_of(value, "/_+-") && value.front() != '/'
            && is_known_time_zone(value)
        ? ""
        : "is not a time zone of this system, like Europe/Berlin";
}

std::string metrics_access(std::string const& value) {
    return metrics_access_from(value) ? "" : "is not off, loopback or anyone";
}

std::string tls_version(std::string const& value) {
    return value == "1.3" || value == "1.2" ? "" : "is not 1.3 or 1.2";
}

std::string addresses(std::string const& value) {
    auto const parsed = parse_addresses(value);
    return parsed ? "" : parsed.error().message;
}

std::string variable_name(std::string const& value) {
    // A token in place of the variable's name is the likely mistake; the message must not repeat it.
    bool const good = !value.empty() && value.size() <= 128 && all_of(value, "_") && !digits(value.substr(0, 1))
        && !value.starts_with("xox");
    return good ? "" : "is not the name of an environment variable (the secret itself does not belong here)";
}

std::string not_empty(std::string const& value) {
    return trim(value).empty() ? "is empty" : "";
}

std::string model_provider(std::string const& value) {
    return value == "anthropic" || value == "openai_compatible" ? "" : "is not anthropic or openai_compatible";
}

std::string model_name(std::string const& value) {
    // ollama writes "llama3.2:3b", vLLM "Qwen/Qwen3-8B".
    return value.size() <= 200 && all_of(value, "-_.:/@") ? "" : "is not the name of a model";
}

std::string model_url(std::string const& value) {
    if (value.find_first_of("?#") != std::string::npos)
        return "is not a plain URL";
    return value.starts_with("http://") && !host_of(value).empty()
        ? web_url("https://" + value.substr(std::string_view("http://").size()))
        : web_url(value);
}

std::string host_name(std::string const& value) {
    return value.size() <= 253 && all_of(value, ".-_", false) && value.find("..") == std::string::npos
        ? ""
        : "is not the name of a host, in small letters";
}

namespace {

// A key, a name and a way that is safe: what each provider needs.
std::vector<std::string> model_problems(Settings::Model const& model) {
    std::vector<std::string> problems;
    bool const has_key = !model.api_key_env.empty() || !model.api_key_file.empty();
    if (model.provider == "anthropic" && !has_key)
        problems.emplace_back("[model] anthropic needs a key: name its variable with api_key_env");
    if (model.provider == "openai_compatible" && (model.model.empty() || model.base_url.empty()))
        problems.emplace_back("[model] openai_compatible needs model and base_url");
    if (model.provider.empty() && (has_key || !model.base_url.empty() || !model.model.empty()))
        problems.emplace_back("[model] has no provider, so nothing would use the rest of it");
    if (model.base_url.starts_with("http://") && host_of(model.base_url) != model.plain_http_host
        && !web_url(model.base_url).empty())
        problems.emplace_back("[model] base_url must be https, or its host be named by plain_http_host");
    return problems;
}

} // namespace

namespace {

// The name becomes part of a URL: https://docs.github.com/en/repositories/creating-and-managing-repositories
bool is_repository(std::string const& name) {
    auto const slash = name.find('/');
    return slash != std::string::npos && slash > 0 && slash + 1 < name.size() && name.size() <= 140
        && name.find('/', slash + 1) == std::string::npos && all_of(name, "-_./")
        && name.find("..") == std::string::npos;
}

std::vector<std::string> github_problems(Settings::Connection const& connection) {
    constexpr std::size_t most_repositories = 10;
    std::vector<std::string> problems;
    if (connection.github_repositories.empty() != connection.github_token_secret_arn.empty())
        problems.emplace_back("github_repositories and github_token_secret_arn belong together");
    if (connection.github_repositories.size() > most_repositories)
        problems.push_back("github_repositories names more than " + std::to_string(most_repositories));
    for (auto const& [name, services] : connection.github_repositories)
        if (!is_repository(name))
            problems.push_back(
                "github_repositories: \"" + shorten(clean_utf8(name), 60) + "\" is not a repository like acme/shop");
    return problems;
}

} // namespace

std::vector<std::string> across(Settings const& settings) {
    std::vector<std::string> problems = model_problems(settings.model);
    std::set<std::string> ids;
    for (auto const& connection : settings.connections)
        if (!ids.insert(connection.id).second)
            problems.push_back("[[connection]] id \"" + connection.id + "\" occurs twice");
    auto const check_name = [&](std::string_view section, std::string const& id) {
        if (id.empty() || ids.contains(id))
            return;
        std::vector<std::string> const known(ids.begin(), ids.end());
        auto const near = nearest(id, known);
        problems.push_back(std::string(section) + " connection \"" + id + "\" does not exist"
            + (near.empty() ? "" : ", did you mean \"" + near + "\"?"));
    };
    for (auto const& route : settings.routes)
        check_name("[[route]]", route.connection);
    for (auto const& queue : settings.sqs)
        check_name("[[sqs]]", queue.connection);
    for (auto const& connection : settings.connections)
        if (!connection.role_arn.empty() && connection.external_id.empty())
            problems.push_back("[[connection]] \"" + connection.id
                + "\" has a role_arn but no external_id: without one, others could have us use this role");
    for (auto const& connection : settings.connections)
        for (auto& problem : github_problems(connection))
            problems.push_back("[[connection]] \"" + connection.id + "\" " + problem);
    if (settings.server.tls_certificate.empty() != settings.server.tls_key.empty())
        problems.emplace_back("[server] tls_certificate and tls_key belong together");
    auto const& audit = settings.public_audit;
    if (audit.enabled && (audit.principal.empty() || audit.mail_from.empty() || settings.server.public_url.empty()))
        problems.emplace_back("[public_audit] needs principal and mail_from, and [server] public_url");
    auto const& sns = settings.sns;
    if (sns.test_certificate.empty() != sns.test_certificate_url.empty())
        problems.emplace_back("[sns] test_certificate and test_certificate_url belong together");
    if (!sns.test_certificate.empty()) {
        // Whoever holds its key can make alarms: never where others can reach the server.
        auto const address = parse_listen_address(settings.server.listen);
        if (!address || !is_loopback(*address))
            problems.emplace_back("[sns] test_certificate is only for a server that listens on loopback");
    }
    return problems;
}

} // namespace convops::settings_checks
