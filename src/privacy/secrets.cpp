#include "privacy/secrets.h"

#include "base/text.h"

#include <array>
#include <cctype>

namespace convops {

namespace {

constexpr std::string_view mark = "[secret]";
constexpr int most_depth = 64;

bool is_word(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}
bool is_base64url(char c) {
    return is_word(c) || c == '-';
}
bool is_token(char c) {
    return is_base64url(c) || c == '.' || c == '/' || c == '+' || c == '=' || c == '~';
}

std::size_t run_length(std::string_view text, bool (*belongs)(char)) {
    std::size_t length = 0;
    while (length < text.size() && belongs(text[length]))
        ++length;
    return length;
}

// AKIA/ASIA + 16: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
std::size_t access_key_length(std::string_view text) {
    if (!text.starts_with("AKIA") && !text.starts_with("ASIA"))
        return 0;
    auto const length = run_length(text, is_word);
    return length >= 16 && length <= 128 ? length : 0;
}

// header.payload.signature, each base64url; a JWT's header begins with {" in base64url.
std::size_t jwt_length(std::string_view text) {
    if (!text.starts_with("eyJ"))
        return 0;
    std::size_t at = 0;
    for (int part = 0; part < 3; ++part) {
        auto const length = run_length(text.substr(at), is_base64url);
        if (length < 8)
            return 0;
        at += length;
        if (part < 2) {
            if (at >= text.size() || text[at] != '.')
                return 0;
            ++at;
        }
    }
    return at;
}

std::size_t prefixed_token_length(std::string_view text) {
    constexpr std::array<std::string_view, 17> prefixes { "xoxa-", "xoxb-", "xoxe-", "xoxp-", "xoxs-", "xapp-",
        "ghp_", "gho_", "ghs_", "ghu_", "github_pat_", "glpat-", "sk-ant-", "sk-proj-", "sk_live_", "rk_live_",
        "whsec_" };
    for (auto const prefix : prefixes)
        if (text.starts_with(prefix)) {
            auto const length = run_length(text, is_base64url);
            return length >= prefix.size() + 8 ? length : 0;
        }
    return 0;
}

// The path of an incoming webhook is its password.
// https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
std::size_t webhook_length(std::string_view text) {
    return text.starts_with("hooks.slack.com/") ? run_length(text, is_token) : 0;
}

std::size_t private_key_length(std::string_view text) {
    if (!text.starts_with("-----BEGIN ") || text.substr(0, 64).find("PRIVATE KEY") == std::string_view::npos)
        return 0;
    constexpr std::string_view end = "-----END ";
    auto const at = text.find(end);
    if (at == std::string_view::npos)
        return text.size();
    auto const close = text.find("-----", at + end.size());
    return close == std::string_view::npos ? text.size() : close + 5;
}

// "scheme://user:password@host": the length of what stands between "://" and the last "@" (a password may hold one
// itself), when it holds a colon.
std::size_t url_password_length(std::string_view after_scheme) {
    auto const authority = after_scheme.substr(0, after_scheme.find_first_of("/ \t\n\"'?#"));
    auto const length = authority.rfind('@');
    if (length == std::string_view::npos)
        return 0;
    return authority.substr(0, length).find(':') == std::string_view::npos ? 0 : length;
}

// Where the quoted text that begins at `from` ends. `escapes` backslashes stand before its opening quote, because
// JSON inside of JSON writes \"; a quote behind more of them belongs to the text.
std::size_t end_of_quoted(std::string_view text, std::size_t from, char quote, std::size_t escapes) {
    std::size_t backslashes = 0;
    for (auto at = from; at < text.size(); ++at) {
        if (text[at] == quote && backslashes <= escapes)
            return at - backslashes;
        backslashes = text[at] == '\\' ? backslashes + 1 : 0;
    }
    return text.size();
}

// "arn:aws:secretsmanager:...:secret:name" names a secret and gives none away.
bool is_inside_arn(std::string_view text, std::size_t at) {
    constexpr std::size_t most_arn_bytes = 256;
    auto from = at;
    while (from > 0 && at - from < most_arn_bytes && (is_token(text[from - 1]) || text[from - 1] == ':'))
        --from;
    return at > 0 && text[at - 1] == ':' && text.substr(from, at - from).find("arn:") != std::string_view::npos;
}

enum class NameKind : std::uint8_t { key, option };

// The value after `name=`, `name: `, `"name": "`, `--name `; `at` stands behind the name. {0, 0} when there is none.
std::pair<std::size_t, std::size_t> value_behind(std::string_view text, std::size_t at, NameKind kind) {
    auto const skip = [&](std::string_view set) {
        while (at < text.size() && set.find(text[at]) != std::string_view::npos)
            ++at;
    };
    bool const spaced = at < text.size() && text[at] == ' ';
    skip("\\\"' ");
    if (at >= text.size())
        return { 0, 0 };
    if (text[at] == '=' || text[at] == ':')
        ++at;
    else if (kind != NameKind::option || !spaced || text[at] == '-')
        return { 0, 0 };
    skip(" ");
    auto const escapes = run_length(text.substr(at), [](char c) { return c == '\\'; });
    auto const opening = at + escapes;
    char const quote
        = opening < text.size() && (text[opening] == '"' || text[opening] == '\'') ? text[opening] : '\0';
    if (quote != '\0')
        return { opening + 1, end_of_quoted(text, opening + 1, quote, escapes) - opening - 1 };
    if (contains_ignoring_case(text.substr(at, 7), "bearer ") || contains_ignoring_case(text.substr(at, 6), "basic "))
        at = text.find(' ', at) + 1;
    auto const end = text.find_first_of(" \t\n,;&\"'}])", at);
    return { at, (end == std::string_view::npos ? text.size() : end) - at };
}

} // namespace

bool names_a_secret(std::string_view name) {
    auto const lower = to_lower(name);
    // Whoever knows a role's external ID and name is half-way into the role.
    for (std::string_view const part : { "externalid", "external_id", "external-id" })
        if (lower.ends_with(part))
            return true;
    constexpr std::array<std::string_view, 16> parts { "password", "passwd", "passphrase", "pwd", "_pass",
        "amz-signature", "secret", "token", "api_key", "apikey", "api-key", "private_key", "credential", "access_key",
        "accesskey", "authorization" };
    // NextToken and the like page through lists; ids and ARNs of secrets are not secrets.
    if (lower.ends_with("nexttoken") || lower.ends_with("arn") || lower.ends_with("tokens") || lower.ends_with("id"))
        return false;
    // "secretKey" and "DB_SECRET_1" say secret; "secretsmanager" does not.
    return std::any_of(parts.begin(), parts.end(), [&](std::string_view part) {
        auto const at = lower.find(part);
        auto const end = at + part.size();
        return at != std::string::npos
            && (end == name.size() || std::islower(static_cast<unsigned char>(name[end])) == 0);
    });
}

std::string without_secrets(std::string_view text) {
    std::string out;
    std::size_t copied = 0;
    auto const hide = [&](std::size_t from, std::size_t length) {
        out += text.substr(copied, from - copied);
        out += mark;
        copied = from + length;
    };
    for (std::size_t at = 0; at < text.size();) {
        auto const rest = text.substr(at);
        if (at > 0 && rest.starts_with("://")) {
            if (auto const length = url_password_length(rest.substr(3)); length > 0) {
                hide(at + 3, length);
                at = copied;
                continue;
            }
        }
        bool const starts_word = at == 0 || !is_word(text[at - 1]);
        if (!starts_word) {
            ++at;
            continue;
        }
        auto length = std::max({ access_key_length(rest), jwt_length(rest), prefixed_token_length(rest),
            private_key_length(rest), webhook_length(rest) });
        if (length > 0) {
            hide(at, length);
            at = copied;
            continue;
        }
        auto const word = run_length(rest, is_base64url);
        constexpr std::size_t most_name_bytes = 256;
        if (word >= 5 && word <= most_name_bytes && names_a_secret(rest.substr(0, word))
            && !is_inside_arn(text, at)) {
            auto const kind = rest.starts_with("--") ? NameKind::option : NameKind::key;
            auto const [from, size] = value_behind(text, at + word, kind);
            if (size > 0 && !text.substr(from).starts_with(mark)) {
                hide(from, size);
                at = copied;
                continue;
            }
        }
        if (word >= 6 && contains_ignoring_case(rest.substr(0, 7), "bearer ")) {
            auto const size = run_length(rest.substr(7), is_token);
            if (size >= 8) {
                hide(at + 7, size);
                at = copied;
                continue;
            }
        }
        at += std::max<std::size_t>(1, word);
    }
    out += text.substr(copied);
    return out;
}

namespace {

void remove_secrets_below(Json& json, int depth) {
    if (depth > most_depth)
        return;
    if (auto* object = json.if_object()) {
        // {"name": "DB_PASSWORD", "value": "..."}: how ECS lists environment variables.
        auto* value = object->if_contains("value");
        auto const* name = object->if_contains("name");
        if (value != nullptr && value->is_string() && name != nullptr && name->is_string()
            && names_a_secret(name->get_string()))
            *value = boost::json::string_view(mark.data(), mark.size());
        for (auto& pair : *object) {
            if (pair.value().is_string() && names_a_secret(pair.key()))
                pair.value() = boost::json::string_view(mark.data(), mark.size());
            else
                remove_secrets_below(pair.value(), depth + 1);
        }
    } else if (auto* array = json.if_array()) {
        bool is_secret = false; // ["--password", "..."]: how containers get their command
        for (auto& element : *array) {
            auto const* text = element.if_string();
            if (is_secret && text != nullptr)
                element = boost::json::string_view(mark.data(), mark.size());
            else
                remove_secrets_below(element, depth + 1);
            text = element.if_string();
            is_secret = text != nullptr && text->starts_with("--") && text->find('=') == boost::json::string::npos
                && text->size() <= 64 && names_a_secret(*text);
        }
    } else if (auto* text = json.if_string()) {
        if (text->size() >= 8) {
            auto cleaned = without_secrets(*text);
            if (cleaned != std::string_view(text->data(), text->size()))
                *text = cleaned;
        }
    }
}

} // namespace

void remove_secrets(Json& json) {
    remove_secrets_below(json, 0);
}

} // namespace convops
