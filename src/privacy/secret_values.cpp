#include "privacy/secret_values.h"

#include "base/text.h"
#include "privacy/characters.h"
#include "privacy/secret_shapes.h"

#include <algorithm>
#include <span>

namespace convops {

using namespace characters;

namespace {

constexpr std::size_t most_filler_bytes = 32; // between a name and its value

bool is_one_of(std::string_view text, std::span<std::string_view const> all) {
    return std::find(all.begin(), all.end(), text) != all.end();
}

bool ends_with_one_of(std::string_view text, std::span<std::string_view const> all) {
    return std::any_of(all.begin(), all.end(), [&](std::string_view end) { return text.ends_with(end); });
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

// Where the first byte of a value is and what closes it.
struct Opening {
    std::size_t at = 0; // 0: there is no value
    std::size_t escapes = 0;
    char quote = '\0';
};

Opening opening_at(std::string_view text, std::size_t at) {
    auto const escapes = run_length(text.substr(at), [](char c) { return c == '\\'; });
    auto const here = at + escapes;
    if (here < text.size() && (text[here] == '"' || text[here] == '\'' || text[here] == '`'))
        return { here + 1, escapes, text[here] };
    return { at, 0, '\0' };
}

std::size_t behind_filler(std::string_view text, std::size_t at, std::string_view set) {
    auto const limit = std::min(text.size(), at + most_filler_bytes);
    while (at < limit && set.find(text[at]) != std::string_view::npos)
        ++at;
    return at;
}

// The length of "=", ":", "=>", ":=", "->", "%3D", "\u003d"; 0 when none stands there.
std::size_t separator_length(std::string_view text) {
    for (std::string_view const one : { "=>", ":=", "->", "==", "%3D", "%3d", "%3A", "%3a", "\\u003d", "=", ":" })
        if (text.starts_with(one))
            return one.size();
    return 0;
}

Opening behind_separator(std::string_view text, std::size_t at) {
    at = behind_filler(text, at, "\\\"'` ])");
    auto const separator = separator_length(text.substr(at));
    if (separator == 0)
        return {};
    return opening_at(text, behind_filler(text, at + separator, " \t"));
}

// {"name": "DB_PASSWORD", "value": "..."} as text, and the same in YAML.
Opening behind_value_member(std::string_view text, std::size_t at) {
    at = behind_filler(text, at, "\\\"' ,;\n\r\t-");
    constexpr std::string_view member = "value";
    if (to_lower(text.substr(at, member.size())) != member)
        return {};
    return behind_separator(text, at + member.size());
}

bool is_assignment(std::string_view text) {
    auto const name = run_length(text.substr(0, 64), is_field);
    return name > 0 && name < text.size() && text[name] == '=';
}

// Where an unquoted value ends. A value in the manner of an environment variable may hold any printable byte, so only
// a space, or a separator with something that looks like the next assignment behind it, ends it.
std::size_t end_of_bare(std::string_view text, std::size_t from, bool is_environment) {
    for (auto at = from; at < text.size(); ++at) {
        char const c = text[at];
        if (std::string_view(" \t\r\n\"'<`").find(c) != std::string_view::npos || text.substr(at, 3) == "%26")
            return at;
        if (std::string_view(",;&}])").find(c) == std::string_view::npos)
            continue;
        auto const next = text.substr(at + 1);
        bool const closes = next.empty() || next.front() == ' ' || next.front() == '\n' || is_assignment(next);
        if (!is_environment || closes)
            return at;
    }
    return text.size();
}

// "Bearer abc", "Token abc": the scheme is no secret.
std::size_t scheme_length(std::string_view text) {
    for (std::string_view const scheme : { "bearer ", "basic ", "token ", "apikey ", "digest ", "negotiate ", "ssws ",
             "geniekey ", "aws4-hmac-sha256 " })
        if (text.size() > scheme.size() && to_lower(text.substr(0, scheme.size())) == scheme)
            return scheme.size();
    return 0;
}

Span closed(std::string_view text, Opening const& opening, bool is_environment) {
    if (opening.at == 0)
        return {};
    auto from = opening.at;
    auto const end = opening.quote == '\0' ? end_of_bare(text, from, is_environment)
                                           : end_of_quoted(text, from, opening.quote, opening.escapes);
    return { from, end - from };
}

// Values that say that there is no secret, or where it is kept.
bool says_nothing(std::string_view value) {
    constexpr std::string_view words[] { "null", "none", "nil", "undefined", "true", "false", "(null)", "[secret]",
        "***" };
    return value.empty() || is_one_of(to_lower(value.substr(0, 16)), words) || value.starts_with("[secret");
}

enum class Naming : std::uint8_t {
    none,
    strong, // whatever follows is a secret
    weak // only what looks random is
};

Naming naming_of(std::string_view name) {
    auto const lower = to_lower(name.substr(0, 64));
    constexpr std::string_view short_names[] { "pass", "passwort", "kennwort", "senha", "clave", "cvv", "cvc",
        "otp" };
    if (names_a_secret(name) || is_one_of(lower, short_names) || lower.starts_with("contrase"))
        return Naming::strong;
    constexpr std::string_view weak_ends[] { "sessid", "sessionid", "session_id", "session-id", "_sid", "_key",
        "-key" };
    constexpr std::string_view weak_names[] { "sid", "session", "key", "auth", "sig", "signature", "jwt", "hmac" };
    return is_one_of(lower, weak_names) || ends_with_one_of(lower, weak_ends) ? Naming::weak : Naming::none;
}

// "pass=12 fail=0" counts tests.
bool is_count(std::string_view name, std::string_view value) {
    return to_lower(name) == "pass" && std::all_of(value.begin(), value.end(), is_digit);
}

// "the password is Tr0ub4dor&3": only what no sentence would say.
Span behind_verb(std::string_view text, std::size_t at) {
    for (std::string_view const verb : { " is ", " was ", " to " }) {
        if (!text.substr(at).starts_with(verb))
            continue;
        auto const span = closed(text, opening_at(text, at + verb.size()), true);
        auto const value = text.substr(span.from, span.size);
        bool const is_plain = std::all_of(value.begin(), value.end(), [](char c) { return is_lower(c) || c == '.'; });
        return is_plain ? Span {} : span;
    }
    return {};
}

// PASSWORD 'x' of SQL; --password x of a command line.
Span behind_space(std::string_view text, std::size_t at, bool is_option) {
    auto const spaces = run_length(text.substr(at), [](char c) { return c == ' '; });
    if (spaces == 0 || spaces > most_filler_bytes)
        return {};
    auto const opening = opening_at(text, at + spaces);
    if (opening.quote == '\0' && (!is_option || (opening.at < text.size() && text[opening.at] == '-')))
        return {};
    return closed(text, opening, true);
}

// "SM" and 32 digits names a message of Twilio: https://www.twilio.com/docs/glossary/what-is-a-sid
bool is_twilio_id(std::string_view value) {
    return value.size() == 34 && is_upper(value[0]) && is_upper(value[1])
        && std::all_of(value.begin() + 2, value.end(), is_hex);
}

// "key" is also what tables and buckets call a row and a file, so its value must look more random than a session's.
bool is_key_material(std::string_view name, std::string_view value) {
    if (!to_lower(name).ends_with("key"))
        return looks_random(value) && value.find_first_of("/.") == std::string_view::npos && !is_twilio_id(value);
    constexpr std::size_t least_unbroken = 20;
    for (std::size_t at = 0; at < value.size();) {
        auto const length = run_length(value.substr(at), [](char c) { return is_alphanumeric(c) || c == '+'; });
        if (looks_random(value.substr(at, length), least_unbroken))
            return looks_random(value);
        at += length + 1;
    }
    return false;
}

// IDENTIFIED BY 'x': how MySQL and Oracle write it.
Span behind_identified_by(std::string_view text, std::size_t at) {
    constexpr std::string_view by = " by ";
    if (to_lower(text.substr(at, by.size())) != by)
        return {};
    auto const opening = opening_at(text, at + by.size());
    return opening.quote == '\0' ? Span {} : closed(text, opening, false);
}

// "BearerTokenFilter : rejected ...": the name of a logger.
bool is_logger(std::string_view text, std::size_t end, std::string_view value) {
    return text.substr(end).starts_with(" :") && std::all_of(value.begin(), value.end(), is_lower);
}

bool is_environment_name(std::string_view name) {
    return std::none_of(name.begin(), name.end(), is_lower);
}

} // namespace

bool names_a_secret(std::string_view name) {
    auto const lower = to_lower(name);
    // Whoever knows a role's external ID and name is half-way into the role.
    constexpr std::string_view external_ids[] { "externalid", "external_id", "external-id" };
    if (ends_with_one_of(lower, external_ids))
        return true;
    // NextToken and the like page through lists; ids, ARNs and names of secrets, and what is said about them, are
    // none.
    constexpr std::string_view harmless_ends[] { "nexttoken", "arn", "tokens", "id", "type", "name", "count",
        "expiry", "expires", "expiration", "expires_in", "ttl", "length", "policy", "file", "path", "url", "uri",
        "endpoint", "version", "enabled", "required", "status", "rotation", "lastused", "changed", "algorithm" };
    if (ends_with_one_of(lower, harmless_ends))
        return false;
    constexpr std::string_view parts[] { "password", "passwd", "passphrase", "passcode", "pwd", "_pass", "-pass",
        "dbpass", "amz-signature", "secret", "token", "api_key", "apikey", "api-key", "private_key", "privatekey",
        "credential", "access_key", "accesskey", "authorization", "account_key", "accountkey", "signing_key",
        "signingkey", "encryption_key", "encryptionkey", "license_key", "_key_base" };
    // "secretKey" and "DB_SECRET_1" say secret; "secretsmanager" does not.
    return std::any_of(std::begin(parts), std::end(parts), [&](std::string_view part) {
        auto const at = lower.find(part);
        auto const end = at + part.size();
        return at != std::string::npos && (end == name.size() || !is_lower(name[end]));
    });
}

Span value_of_field(std::string_view text, std::size_t at) {
    return closed(text, behind_separator(text, at), false);
}

Span secret_behind(std::string_view text, std::size_t at, std::size_t length) {
    auto const name = text.substr(at, length);
    if (to_lower(name.substr(0, 11)) == "identified")
        return behind_identified_by(text, at + length);
    auto const naming = naming_of(name);
    if (naming == Naming::none || is_inside_arn(text, at))
        return {};
    auto const end = at + length;
    bool const is_tag = at > 0 && text[at - 1] == '<' && end < text.size() && text[end] == '>';
    auto opening = is_tag ? opening_at(text, end + 1) : behind_separator(text, end);
    if (opening.at == 0)
        opening = behind_value_member(text, end);
    // What is read only to be judged is bounded, so that many such names stay linear.
    constexpr std::size_t most_judged_bytes = 512;
    if (opening.at != 0 && naming == Naming::weak) {
        text = text.substr(0, opening.at + most_judged_bytes);
        text = text.substr(0, text.find_first_of("?#", opening.at));
    }
    if (opening.at != 0 && text.substr(opening.at).starts_with("arn:aws"))
        return {};
    // The scheme stays; what is behind it goes, or has names of its own: "AWS4-HMAC-SHA256 Credential=...,
    // Signature=...".
    if (opening.at != 0)
        opening.at += scheme_length(text.substr(opening.at));
    if (opening.at != 0 && text.substr(opening.at).starts_with("Credential="))
        return {};
    auto span = closed(text, opening, is_environment_name(name));
    if (span.size == 0 && naming == Naming::strong) {
        span = behind_space(text, end, name.starts_with("--"));
        if (span.size == 0)
            span = behind_verb(text, end);
    }
    auto const value = text.substr(span.from, span.size);
    if (says_nothing(value) || is_logger(text, end, value) || is_count(name, value)
        || (naming == Naming::weak && !is_key_material(name, value)))
        return {};
    return span;
}

} // namespace convops
