#include "diagnosis/log_meaning.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace convops {

namespace {

constexpr std::size_t most_text = 2'000;
constexpr std::size_t most_hosts = 4;

struct Phrase {
    std::string_view words; // lower case
    LogTopic topic;
};

constexpr auto phrases = std::to_array<Phrase>({
    { "out of memory", LogTopic::out_of_memory },
    { "outofmemory", LogTopic::out_of_memory },
    { "oom-kill", LogTopic::out_of_memory },
    { "oomkill", LogTopic::out_of_memory },
    { "oom killer", LogTopic::out_of_memory },
    { "memoryerror", LogTopic::out_of_memory },
    { "cannot allocate memory", LogTopic::out_of_memory },
    { "java heap space", LogTopic::out_of_memory },
    { "gc overhead limit", LogTopic::out_of_memory },
    { "signal: killed", LogTopic::out_of_memory },
    { "code 137", LogTopic::out_of_memory },
    { "bad_alloc", LogTopic::out_of_memory },
    { "oom command not allowed", LogTopic::out_of_memory },
    { "no space left", LogTopic::disk_full },
    { "disk full", LogTopic::disk_full },
    { "disk is full", LogTopic::disk_full },
    { "enospc", LogTopic::disk_full },
    { "could not extend file", LogTopic::disk_full },
    { "disk quota exceeded", LogTopic::disk_full },
    { "storage-full", LogTopic::disk_full },
    { "storage full", LogTopic::disk_full },
    { "too many connections", LogTopic::pool_exhausted },
    { "too many clients", LogTopic::pool_exhausted },
    { "remaining connection slots", LogTopic::pool_exhausted },
    { "pool exhausted", LogTopic::pool_exhausted },
    { "pool is exhausted", LogTopic::pool_exhausted },
    { "pool timeout", LogTopic::pool_exhausted },
    { "queuepool limit", LogTopic::pool_exhausted },
    { "pool limit", LogTopic::pool_exhausted },
    { "pool is full", LogTopic::pool_exhausted },
    { "no free connection", LogTopic::pool_exhausted },
    { "no available connection", LogTopic::pool_exhausted },
    { "connection is not available", LogTopic::pool_exhausted },
    { "waiting for connection", LogTopic::pool_exhausted },
    { "waiting for a connection", LogTopic::pool_exhausted },
    { "acquire connection", LogTopic::pool_exhausted },
    { "acquire a connection", LogTopic::pool_exhausted },
    { "acquiring connection", LogTopic::pool_exhausted },
    { "acquiring a connection", LogTopic::pool_exhausted },
    { "connection from pool", LogTopic::pool_exhausted },
    { "connection from the pool", LogTopic::pool_exhausted },
    { "couldn't get a connection", LogTopic::pool_exhausted },
    { "could not get a connection", LogTopic::pool_exhausted },
    { "could not obtain a connection", LogTopic::pool_exhausted },
    { "could not obtain a database connection", LogTopic::pool_exhausted },
    { "unable to obtain connection", LogTopic::pool_exhausted },
    { "connection limit", LogTopic::pool_exhausted },
    { "max number of clients reached", LogTopic::pool_exhausted },
    { "throttlingexception", LogTopic::throttled },
    { "throttled", LogTopic::throttled },
    { "throttling", LogTopic::throttled },
    { "rate exceeded", LogTopic::throttled },
    { "rate limit", LogTopic::throttled },
    { "too many requests", LogTopic::throttled },
    { "toomanyrequests", LogTopic::throttled },
    { "throughputexceeded", LogTopic::throttled },
    { "slowdown", LogTopic::throttled },
    { "reduce your request rate", LogTopic::throttled },
    { "requestlimitexceeded", LogTopic::throttled },
    { " 429", LogTopic::throttled },
    { "=429", LogTopic::throttled },
    { "task timed out after", LogTopic::function_timeout },
    { "timed out", LogTopic::timed_out },
    { "timeout", LogTopic::timed_out },
    { "time-out", LogTopic::timed_out },
    { "time out", LogTopic::timed_out },
    { "deadline exceeded", LogTopic::timed_out },
    { "etimedout", LogTopic::timed_out },
    { "connection refused", LogTopic::connection_failed },
    { "econnrefused", LogTopic::connection_failed },
    { "connection reset", LogTopic::connection_failed },
    { "econnreset", LogTopic::connection_failed },
    { "connection terminated", LogTopic::connection_failed },
    { "connection closed", LogTopic::connection_failed },
    { "broken pipe", LogTopic::connection_failed },
    { "no route to host", LogTopic::connection_failed },
    { "ehostunreach", LogTopic::connection_failed },
    { "unreachable", LogTopic::connection_failed },
    { "could not connect", LogTopic::connection_failed },
    { "failed to connect", LogTopic::connection_failed },
    { "can't connect", LogTopic::connection_failed },
    { "server closed the connection", LogTopic::connection_failed },
    { "socket hang up", LogTopic::connection_failed },
    { "enotfound", LogTopic::name_not_resolved },
    { "eai_again", LogTopic::name_not_resolved },
    { "name or service not known", LogTopic::name_not_resolved },
    { "name resolution", LogTopic::name_not_resolved },
    { "no such host", LogTopic::name_not_resolved },
    { "nxdomain", LogTopic::name_not_resolved },
    { "unknownhost", LogTopic::name_not_resolved },
    { "could not resolve", LogTopic::name_not_resolved },
    { "getaddrinfo", LogTopic::name_not_resolved },
    { "certificate", LogTopic::certificate },
    { "x509", LogTopic::certificate },
    { "cert_", LogTopic::certificate },
    { "tls handshake", LogTopic::certificate },
    { "ssl handshake", LogTopic::certificate },
    { "cert_has_expired", LogTopic::certificate_expired },
    { "certificate has expired", LogTopic::certificate_expired },
    { "certificate expired", LogTopic::certificate_expired },
    { "certificate_expired", LogTopic::certificate_expired },
    { "expired certificate", LogTopic::certificate_expired },
    { "certificate is not yet valid or has expired", LogTopic::certificate_expired },
    { "certificate has expired or is not yet valid", LogTopic::certificate_expired },
    { "accessdenied", LogTopic::denied },
    { "access denied", LogTopic::denied },
    { "not authorized", LogTopic::denied },
    { "unauthorizedoperation", LogTopic::denied },
    { "permission denied", LogTopic::denied },
    { "no identity-based policy allows", LogTopic::denied },
    { "explicit deny", LogTopic::denied },
    { "password authentication failed", LogTopic::login_failed },
    { "authentication failed", LogTopic::login_failed },
    { "access denied for user", LogTopic::login_failed },
    { "invalid credentials", LogTopic::login_failed },
    { "wrongpass", LogTopic::login_failed },
    { "noauth", LogTopic::login_failed },
    { "expiredtoken", LogTopic::login_failed },
    { "limitexceeded", LogTopic::quota },
    { "quota", LogTopic::quota },
    { "bad gateway", LogTopic::upstream_error },
    { "service unavailable", LogTopic::upstream_error },
    { "gateway timeout", LogTopic::upstream_error },
    { "upstream", LogTopic::upstream_error },
    { "circuit breaker", LogTopic::upstream_error },
    { " 502", LogTopic::upstream_error },
    { " 503", LogTopic::upstream_error },
    { " 504", LogTopic::upstream_error },
    { "=502", LogTopic::upstream_error },
    { "=503", LogTopic::upstream_error },
    { "=504", LogTopic::upstream_error },
    { "environment variable", LogTopic::bad_configuration },
    { "missing config", LogTopic::bad_configuration },
    { "invalid config", LogTopic::bad_configuration },
    { "keyerror", LogTopic::bad_configuration },
    { "module not found", LogTopic::bad_configuration },
    { "modulenotfound", LogTopic::bad_configuration },
    { "importmoduleerror", LogTopic::bad_configuration },
    { "cannot find module", LogTopic::bad_configuration },
    { "unable to import", LogTopic::bad_configuration },
    { "no such table", LogTopic::bad_configuration },
    { "does not exist", LogTopic::bad_configuration },
    { "unknown column", LogTopic::bad_configuration },
    { "parameternotfound", LogTopic::bad_configuration },
    { "resourcenotfoundexception", LogTopic::bad_configuration },
    { "deadlock", LogTopic::lock_wait },
    { "lock wait timeout", LogTopic::lock_wait },
    { "lock timeout", LogTopic::lock_wait },
    { "waiting for lock", LogTopic::lock_wait },
    { "read-only", LogTopic::read_only },
    { "read only", LogTopic::read_only },
    { "readonly", LogTopic::read_only },
    { "unhandled", LogTopic::crashed },
    { "uncaught", LogTopic::crashed },
    { "panic", LogTopic::crashed },
    { "traceback", LogTopic::crashed },
    { "segmentation fault", LogTopic::crashed },
    { "fatal error", LogTopic::crashed },
    { "nullpointerexception", LogTopic::crashed },
    { "typeerror", LogTopic::crashed },
});

bool is_word(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_';
}

bool is_host_character(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-' || c == '_';
}

// "api.example.com" and "10.0.3.17", but not "checkout.py", "1.2" or "java.lang.Error".
bool looks_like_host(std::string_view word) {
    if (word.size() < 4 || word.size() > 253 || word.find('.') == std::string_view::npos || word.front() == '.'
        || word.find("..") != word.npos)
        return false;
    auto const last = word.substr(word.rfind('.') + 1);
    auto const dots = std::count(word.begin(), word.end(), '.');
    bool const numeric
        = std::all_of(word.begin(), word.end(), [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
    if (numeric)
        return dots == 3;
    static constexpr auto endings = std::to_array<std::string_view>(
        { "com", "net", "org", "io", "dev", "app", "cloud", "internal", "local", "example", "test", "eu", "de", "uk",
            "fr", "us", "co", "ai", "aws", "svc", "cluster", "invalid", "ch", "nl" });
    return std::find(endings.begin(), endings.end(), last) != endings.end();
}

} // namespace

bool mentions_word(std::string_view text, std::string_view part) {
    for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) {
        auto const end = at + part.size();
        if ((at == 0 || !is_word(text[at - 1])) && (end == text.size() || !is_word(text[end])))
            return true;
    }
    return false;
}

LogTopics topics_of(std::string_view text) {
    LogTopics topics;
    auto const lower = to_lower(text.substr(0, most_text));
    for (auto const& phrase : phrases)
        if (!topics.has(phrase.topic) && lower.find(phrase.words) != std::string::npos)
            topics.add(phrase.topic);
    if (lower.find("certificate") != std::string::npos && lower.find("expired") != std::string::npos)
        topics.add(LogTopic::certificate_expired);
    return topics;
}

std::vector<std::string> hosts_in(std::string_view text) {
    std::vector<std::string> found;
    text = text.substr(0, most_text);
    std::size_t at = 0;
    while (at < text.size() && found.size() < most_hosts) {
        if (!is_host_character(text[at])) {
            ++at;
            continue;
        }
        auto end = at;
        while (end < text.size() && is_host_character(text[end]))
            ++end;
        auto word = text.substr(at, end - at);
        while (!word.empty() && (word.back() == '.' || word.back() == '-'))
            word.remove_suffix(1);
        bool const cut = at > 0 && text[at - 1] == '>'; // "partner-<*>.example": what a mask left is no name
        bool const after_scheme = at >= 3 && text.substr(at - 3, 3) == "://";
        auto host = to_lower(word);
        if (!cut && (looks_like_host(host) || (after_scheme && host.size() >= 3))
            && std::find(found.begin(), found.end(), host) == found.end())
            found.push_back(std::move(host));
        at = end;
    }
    return found;
}

} // namespace convops
