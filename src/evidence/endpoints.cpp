#include "evidence/endpoints.h"

#include "base/text.h"

#include <array>

namespace convops {

namespace {

bool all_of(std::string_view text, std::string_view allowed) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
            || allowed.find(c) != std::string_view::npos;
    });
}

bool is_host_name(std::string_view text) {
    return text.size() <= 253 && all_of(text, ".-") && text.front() != '-' && text.front() != '.';
}

// "postgres://user:pass@host:5432/db" -> "host"; "host:5432" -> "host".
std::string host_of(std::string_view value) {
    if (auto const scheme = value.find("://"); scheme != std::string_view::npos)
        value.remove_prefix(scheme + 3);
    value = value.substr(0, value.find_first_of("/?#"));
    if (auto const user = value.rfind('@'); user != std::string_view::npos)
        value.remove_prefix(user + 1);
    value = value.substr(0, value.find_first_of(":,"));
    return to_lower(value);
}

bool is_this_machine(std::string_view host) {
    return host == "localhost" || host.starts_with("127.") || host == "0.0.0.0" || host.starts_with("169.254.");
}

// orders-db.c9akciq32.eu-west-1.rds.amazonaws.com; a cluster's second label starts with "cluster-":
// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Endpoints.Cluster.html
Resource database_of(std::string const& host, std::vector<std::string> const& labels) {
    if (labels[1].starts_with("cluster-"))
        return { "rds:cluster", labels[0], {} };
    if (labels[1].starts_with("proxy-"))
        return { "external:host", host, {} };
    return { "rds:instance", labels[0], {} };
}

// sessions.abc.0001.euw1.cache.amazonaws.com, master.sessions.abc.euw1..., clustercfg.sessions.abc...:
// https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Endpoints.html
Resource cache_of(std::vector<std::string> const& labels) {
    bool const prefixed = labels[0] == "master" || labels[0] == "replica" || labels[0] == "clustercfg";
    return { "elasticache:cluster", labels[prefixed ? 1 : 0], {} };
}

std::optional<Resource> aws_resource_of(std::string const& host, std::string_view value) {
    auto const labels = split(host, '.');
    if (labels.size() < 4)
        return std::nullopt;
    auto const has
        = [&](std::string_view label) { return std::find(labels.begin(), labels.end(), label) != labels.end(); };
    if (has("rds"))
        return database_of(host, labels);
    if (has("cache"))
        return cache_of(labels);
    if (has("sqs") || labels[1] == "queue") { // https://sqs.eu-west-1.amazonaws.com/111122223333/orders
        auto const parts = split(value, '/');
        return parts.size() >= 5 && !parts.back().empty() ? std::optional(Resource { "sqs:queue", parts.back(), {} })
                                                          : std::nullopt;
    }
    if (has("execute-api"))
        return Resource { "apigateway:api", labels[0], {} };
    if (labels[1] == "s3")
        return Resource { "s3:bucket", labels[0], {} };
    // A load balancer's DNS name does not hold its id: elb_health ties this host to the load balancer.
    if (has("elb"))
        return Resource { "external:host", host, {} };
    return std::nullopt;
}

bool name_has(std::string_view upper_name, std::string_view word) {
    return upper_name.find(word) != std::string_view::npos;
}

std::string upper(std::string_view text) {
    std::string out(text);
    for (auto& c : out)
        c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return out;
}

} // namespace

std::optional<Resource> resource_of_endpoint(std::string_view value) {
    if (value.empty() || value.size() > 2'000)
        return std::nullopt;
    if (value.starts_with("arn:"))
        return resource_from_arn(value);
    auto const host = host_of(value);
    if (!is_host_name(host) || is_this_machine(host))
        return std::nullopt;
    if (host.ends_with(".amazonaws.com") || host.ends_with(".amazonaws.com.cn"))
        return aws_resource_of(host, value);
    return Resource { "external:host", host, {} };
}

std::optional<Resource> resource_of_variable(std::string_view name, std::string_view value) {
    if (value.starts_with("arn:") || value.find("://") != std::string_view::npos
        || value.find(".amazonaws.com") != std::string_view::npos)
        return resource_of_endpoint(value);
    auto const key = upper(name);
    bool const plain = value.size() <= 255 && all_of(value, "_.-");
    constexpr std::array<std::pair<std::string_view, std::string_view>, 5> named { {
        { "TABLE", "dynamodb:table" },
        { "QUEUE_NAME", "sqs:queue" },
        { "FUNCTION_NAME", "lambda:function" },
        { "BUCKET", "s3:bucket" },
        { "STREAM_NAME", "kinesis:stream" },
    } };
    for (auto const& [word, type] : named)
        if (plain && name_has(key, word) && !key.starts_with("AWS_"))
            return Resource { std::string(type), std::string(value), {} };
    for (std::string_view const word : { "HOST", "ENDPOINT", "ADDR", "SERVER", "BROKER" })
        // Without a dot or a port "HOST" is as often a mode or a port number as a name: a letter is needed.
        if (name_has(key, word) && !key.starts_with("AWS_")
            && std::any_of(value.begin(), value.end(), [](char c) { return c >= 'a' && c <= 'z'; }))
            return resource_of_endpoint(value);
    return std::nullopt;
}

bool may_be_shown(std::string_view name, std::string_view value) {
    auto const key = upper(name);
    for (std::string_view const word : { "SECRET", "TOKEN", "PASS", "PWD", "KEY", "CREDENTIAL", "AUTH", "PRIVATE",
             "CERT", "SIGNATURE", "SALT", "DSN", "PIN", "OTP" })
        if (name_has(key, word))
            return false;
    if (value.empty() || value.size() > 100)
        return false;
    auto const lower = to_lower(value);
    for (std::string_view const word : { "true", "false", "on", "off", "yes", "no", "enabled", "disabled" })
        if (lower == word)
            return true;
    // A number with at most three letters of unit: "20", "0.5", "512m", "5Gi", "30s". Long digit strings can be ids.
    auto const digits = value.find_first_not_of("0123456789.-");
    auto const unit = digits == std::string_view::npos ? std::string_view {} : value.substr(digits);
    if (value.size() <= 12 && digits != 0 && unit.size() <= 3 && (unit.empty() || all_of(unit, "%")))
        return true;
    bool const host_name = is_host_name(value) && value.find('.') != std::string_view::npos;
    return host_name && (name_has(key, "HOST") || name_has(key, "ENDPOINT") || name_has(key, "ADDR"));
}

std::vector<std::string> environment_difference(
    Environment const& before, Environment const& after, std::size_t most) {
    std::set<std::string> names;
    for (auto const& [name, value] : before)
        names.insert(name);
    for (auto const& [name, value] : after)
        names.insert(name);
    std::vector<std::string> out;
    for (auto const& name : names) {
        auto const old = before.find(name);
        auto const now = after.find(name);
        if (old != before.end() && now != after.end() && old->second == now->second)
            continue;
        auto const label = shorten(clean_utf8(name), 80);
        auto const shows = [&](auto const& at) { return may_be_shown(name, at->second); };
        if (out.size() == most) {
            out.emplace_back("and more");
            break;
        }
        if (now == after.end())
            out.push_back(label + " removed");
        else if (old == before.end())
            out.push_back(label + " added" + (shows(now) ? " = " + now->second : ""));
        else if (shows(old) && shows(now))
            out.push_back(label + " " + old->second + " → " + now->second);
        else
            out.push_back(label + " changed");
    }
    return out;
}

} // namespace convops
