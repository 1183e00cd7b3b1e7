#include "privacy/secret_shapes.h"

#include "base/text.h"
#include "privacy/characters.h"

#include <algorithm>
#include <array>

namespace convops {

using namespace characters;

namespace {

struct Prefix {
    std::string_view text;
    std::size_t least; // bytes behind the prefix
};

// What makers begin their secrets with, so that scanners find them.
// https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns
constexpr std::array prefixes {
    // Slack: https://docs.slack.dev/authentication/tokens
    Prefix { "xoxa-", 8 },
    Prefix { "xoxb-", 8 },
    Prefix { "xoxc-", 8 },
    Prefix { "xoxd-", 8 },
    Prefix { "xoxe-", 8 },
    Prefix { "xoxe.", 8 },
    Prefix { "xoxp-", 8 },
    Prefix { "xoxr-", 8 },
    Prefix { "xoxs-", 8 },
    Prefix { "xapp-", 8 },
    // GitHub, GitLab: https://docs.gitlab.com/security/tokens/
    Prefix { "ghp_", 8 },
    Prefix { "gho_", 8 },
    Prefix { "ghs_", 8 },
    Prefix { "ghu_", 8 },
    Prefix { "ghr_", 8 },
    Prefix { "github_pat_", 8 },
    Prefix { "glpat-", 8 },
    Prefix { "gldt-", 8 },
    Prefix { "glrt-", 8 },
    Prefix { "glcbt-", 8 },
    Prefix { "glptt-", 8 },
    Prefix { "gloas-", 8 },
    // Models
    Prefix { "sk-ant-", 8 },
    Prefix { "sk-proj-", 8 },
    Prefix { "sk-svcacct-", 8 },
    Prefix { "sk-", 32 },
    Prefix { "hf_", 20 },
    Prefix { "gsk_", 20 },
    // Money
    Prefix { "sk_live_", 8 },
    Prefix { "rk_live_", 8 },
    Prefix { "sk_test_", 8 },
    Prefix { "rk_test_", 8 },
    Prefix { "whsec_", 8 },
    Prefix { "sq0atp-", 16 },
    Prefix { "sq0csp-", 16 },
    Prefix { "shpat_", 24 },
    Prefix { "shpss_", 24 },
    Prefix { "shppa_", 24 },
    Prefix { "shpca_", 24 },
    // Google: https://cloud.google.com/docs/authentication/api-keys
    Prefix { "AIza", 30 },
    Prefix { "ya29.", 20 },
    Prefix { "GOCSPX-", 20 },
    // Mail, messages
    Prefix { "SG.", 40 },
    Prefix { "re_", 26 },
    Prefix { "key-", 32 },
    // Packages and machines
    Prefix { "npm_", 30 },
    Prefix { "pypi-", 40 },
    Prefix { "rubygems_", 30 },
    Prefix { "dckr_pat_", 16 },
    Prefix { "dop_v1_", 30 },
    Prefix { "doo_v1_", 30 },
    Prefix { "hvs.", 20 },
    Prefix { "hvb.", 20 },
    Prefix { "glsa_", 20 },
    Prefix { "glc_", 30 },
    Prefix { "NRAK-", 20 },
    Prefix { "dapi", 32 },
    Prefix { "pscale_tkn_", 16 },
    Prefix { "pscale_pw_", 16 },
    Prefix { "phx_", 30 },
    Prefix { "sntrys_", 20 },
    Prefix { "sntryu_", 20 },
    Prefix { "lin_api_", 20 },
    Prefix { "figd_", 20 },
    Prefix { "PMAK-", 30 },
    Prefix { "ATATT3", 40 },
    Prefix { "AGE-SECRET-KEY-", 20 },
    Prefix { "eyJrIjoi", 30 },
    // What STS hands out; it goes on in base64.
    Prefix { "IQoJb3JpZ2lu", 40 },
    Prefix { "FwoGZXIvYXdz", 40 },
    Prefix { "FQoGZXIvYXdz", 40 },
    Prefix { "AQoDYXdz", 40 },
};

// "sk-learn-pipeline" and "npm_config_cache" are ordinary text: behind a short prefix, digits or capitals must mix
// in.
bool is_ordinary(Prefix const& prefix, std::string_view token) {
    if (prefix.text.size() > 4)
        return false;
    auto const rest = token.substr(prefix.text.size());
    auto const digits = std::count_if(rest.begin(), rest.end(), is_digit);
    auto const capitals = std::count_if(rest.begin(), rest.end(), is_upper);
    auto const small = std::count_if(rest.begin(), rest.end(), is_lower);
    return (digits < 2 || small + capitals < 4) && (capitals < 3 || small < 3);
}

// Whether any prefix begins with the byte: most words of a log line end here.
constexpr std::array<bool, 256> first_bytes = [] {
    std::array<bool, 256> firsts {};
    for (auto const& prefix : prefixes)
        firsts[static_cast<unsigned char>(prefix.text[0])] = true;
    return firsts;
}();

std::size_t prefixed_token_length(std::string_view text) {
    if (text.empty() || !first_bytes[static_cast<unsigned char>(text[0])])
        return 0;
    for (auto const& prefix : prefixes) {
        if (!text.starts_with(prefix.text))
            continue;
        // A short prefix may be a word: what is read to judge it is bounded, so that many of them stay linear.
        constexpr std::size_t most_judged_bytes = 256;
        if (prefix.text.size() <= 4)
            text = text.substr(0, most_judged_bytes);
        bool const goes_on = prefix.text.ends_with("=") || prefix.least == 40;
        auto const length = prefix.text.size() + run_length(text.substr(prefix.text.size()), [&](char c) {
            return is_base64url(c) || c == '.' || (goes_on && (is_base64(c) || c == '=' || c == '%'));
        });
        if (length < prefix.text.size() + prefix.least || is_ordinary(prefix, text.substr(0, length)))
            continue;
        return text[length - 1] == '.' ? length - 1 : length;
    }
    return 0;
}

// header.payload.signature, each base64url; a JWT's header begins with {" in base64url. An encrypted one has five.
std::size_t jwt_length(std::string_view text) {
    if (!text.starts_with("eyJ"))
        return 0;
    std::size_t at = 0;
    constexpr int most_parts = 5;
    for (int part = 0; part < most_parts; ++part) {
        auto const length = run_length(text.substr(at), is_base64url);
        if (part < 3 && length < 8 && !(part == 1 && length == 0))
            return 0;
        at += length;
        bool const goes_on = at < text.size() && text[at] == '.';
        if (!goes_on || (part >= 2 && (at + 1 >= text.size() || !is_base64url(text[at + 1]))))
            return part >= 2 ? at : 0;
        ++at;
    }
    return at;
}

// The path of an incoming webhook is its password.
// https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
std::size_t webhook_length(std::string_view text) {
    constexpr std::array<std::string_view, 7> addresses { "hooks.slack.com/", "discord.com/api/webhooks/",
        "discordapp.com/api/webhooks/", "hooks.zapier.com/hooks/", "api.telegram.org/bot",
        "outlook.office.com/webhook/", "hooks.chime.aws/incomingwebhooks/" };
    for (auto const address : addresses)
        if (text.starts_with(address))
            return run_length(text, [](char c) { return is_token(c) || c == ':' || c == '@' || c == '?'; });
    return 0;
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

// A client secret of Microsoft Entra: three characters, a digit, "Q~", 31 to 34 more.
// https://learn.microsoft.com/en-us/purview/sit-defn-azure-ad-client-secret
std::size_t entra_secret_length(std::string_view text) {
    if (text.size() < 37 || text[4] != 'Q' || text[5] != '~' || !is_digit(text[3]))
        return 0;
    auto const length
        = run_length(text.substr(0, 41), [](char c) { return is_base64url(c) || c == '~' || c == '.'; });
    return length >= 37 && length <= 40 ? length : 0;
}

bool is_uuid(std::string_view value) {
    if (value.size() != 36)
        return false;
    for (std::size_t at = 0; at < value.size(); ++at)
        if ((at == 8 || at == 13 || at == 18 || at == 23) ? value[at] != '-' : !is_hex(value[at]))
            return false;
    return true;
}

} // namespace

// AKIA/ASIA + 16: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
std::size_t access_key_length(std::string_view text) {
    if (!text.starts_with("AKIA") && !text.starts_with("ASIA"))
        return 0;
    auto const length = run_length(text, is_word);
    return length >= 16 && length <= 128 ? length : 0;
}

std::size_t secret_length(std::string_view text) {
    return std::max({ access_key_length(text), jwt_length(text), prefixed_token_length(text),
        private_key_length(text), webhook_length(text), entra_secret_length(text) });
}

bool looks_random(std::string_view value, std::size_t least) {
    if (value.size() < least || is_uuid(value) || value.starts_with("arn:"))
        return false;
    std::size_t numbers = 0;
    std::size_t letters = 0;
    for (char const c : value) {
        if (!is_token(c))
            return false;
        numbers += is_digit(c) ? 1U : 0U;
        letters += is_letter(c) ? 1U : 0U;
    }
    return numbers >= 2 && letters >= 4;
}

} // namespace convops
