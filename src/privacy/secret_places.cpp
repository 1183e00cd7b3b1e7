#include "privacy/secret_places.h"

#include "base/text.h"
#include "privacy/characters.h"
#include "privacy/secret_shapes.h"

#include <algorithm>
#include <array>

namespace convops {

using namespace characters;

namespace {

constexpr std::size_t most_option_distance = 256; // between a program and its option

// The first bytes of a base64 text; empty when it is none.
std::string decoded(std::string_view text) {
    constexpr std::size_t most_bytes = 512;
    std::string out;
    unsigned bits = 0;
    int filled = 0;
    for (char const c : text.substr(0, most_bytes)) {
        unsigned value = 0;
        if (is_upper(c))
            value = static_cast<unsigned>(c - 'A');
        else if (is_lower(c))
            value = static_cast<unsigned>(c - 'a') + 26;
        else if (is_digit(c))
            value = static_cast<unsigned>(c - '0') + 52;
        else if (c == '+' || c == '-' || c == '/' || c == '_')
            value = c == '+' || c == '-' ? 62 : 63;
        else
            break;
        bits = (bits << 6U | value) & 0xffffffU;
        filled += 6;
        if (filled >= 8) {
            filled -= 8;
            out += static_cast<char>(bits >> static_cast<unsigned>(filled) & 0xffU);
        }
    }
    return out;
}

bool is_user_and_password(std::string_view text) {
    auto const colon = text.find(':');
    return colon != std::string_view::npos && colon + 1 < text.size()
        && std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(colon),
            [](char c) { return static_cast<unsigned char>(c) >= 0x20; });
}

bool is_attribute(std::string_view name) {
    constexpr std::array<std::string_view, 8> attributes { "path", "domain", "expires", "max-age", "samesite",
        "version", "priority", "comment" };
    auto const lower = to_lower(name.substr(0, 16));
    return std::find(attributes.begin(), attributes.end(), lower) != attributes.end();
}

} // namespace

Span oracle_credentials(std::string_view text, std::size_t at) {
    constexpr std::size_t most_bytes = 256;
    auto const rest = text.substr(at, most_bytes);
    auto const whole = rest.substr(0, rest.find_first_of(" \t\n\"'"));
    auto const end = whole.rfind('@');
    bool const is_pair = end != std::string_view::npos && whole.substr(0, end).find('/') != std::string_view::npos;
    return is_pair ? Span { at, end } : Span {};
}

Span url_credentials(std::string_view text, std::size_t at) {
    auto const rest = text.substr(at);
    auto const authority = rest.substr(0, rest.find_first_of("/ \t\n\"'?#<>"));
    // A password may hold an "@" itself, so the last one ends it.
    auto const length = authority.rfind('@');
    if (length == std::string_view::npos)
        return {};
    auto const user = authority.substr(0, length);
    // A user without a password is a secret where it looks like one: the key of an error tracker.
    return user.find(':') != std::string_view::npos || looks_random(user) ? Span { at, length } : Span {};
}

Span scheme_credentials(std::string_view text, std::size_t at) {
    auto const rest = text.substr(at);
    auto const scheme = to_lower(rest.substr(0, 7));
    if (scheme == "bearer ") {
        auto const size = run_length(rest.substr(7), is_token);
        return size >= 8 ? Span { at + 7, size } : Span {};
    }
    if (scheme.starts_with("basic ")) {
        auto const size
            = run_length(rest.substr(6), [](char c) { return is_base64(c) || is_base64url(c) || c == '='; });
        return size >= 8 && is_user_and_password(decoded(rest.substr(6, size))) ? Span { at + 6, size } : Span {};
    }
    return {};
}

Cookie next_cookie(std::string_view text, std::size_t at) {
    constexpr std::size_t least_value_bytes = 8; // "theme=dark" is no secret
    while (at < text.size() && (text[at] == ' ' || text[at] == ';'))
        ++at;
    auto const name = run_length(text.substr(at, 128), [](char c) { return is_token(c) && c != '='; });
    if (name == 0 || at + name >= text.size())
        return {};
    auto const equals = at + name;
    if (text[equals] == ';')
        return { {}, equals };
    if (text[equals] != '=')
        return {};
    auto const from = equals + 1;
    auto const end = std::min(text.find_first_of("; \t\r\n\"',)}", from), text.size());
    bool const is_last = end >= text.size() || text[end] != ';';
    bool const is_secret = end - from >= least_value_bytes && !is_attribute(text.substr(at, name));
    return { is_secret ? Span { from, end - from } : Span {}, is_last ? 0 : end };
}

Span CommandLine::word(std::string_view text, std::size_t at, std::size_t length) {
    auto const word = text.substr(at, length);
    struct Option {
        std::string_view program;
        std::string_view option;
        bool is_joined; // -pSECRET, not -p SECRET
        bool is_pair; // user:password
    };
    constexpr std::array options { Option { "mysql", "-p", true, false }, Option { "mysqldump", "-p", true, false },
        Option { "mysqladmin", "-p", true, false }, Option { "mariadb", "-p", true, false },
        Option { "sshpass", "-p", false, false }, Option { "redis-cli", "-a", false, false },
        Option { "mongo", "-p", false, false }, Option { "mongosh", "-p", false, false },
        Option { "mongodump", "-p", false, false }, Option { "login", "-p", false, false },
        Option { "ldapsearch", "-w", false, false }, Option { "sqlcmd", "-P", false, false },
        Option { "curl", "-u", false, true }, Option { "curl", "--user", false, true },
        Option { "curl", "--proxy-user", false, true } };
    for (auto const& option : options)
        if (word == option.program) {
            program_ = option.program;
            program_at_ = at;
            return {};
        }
    if (program_.empty() || !word.starts_with('-') || at - program_at_ > most_option_distance)
        return {};
    for (auto const& option : options) {
        if (option.program != program_
            || !(option.is_joined ? word.starts_with(option.option) : word == option.option))
            continue;
        auto const from = at + option.option.size() + (option.is_joined ? 0 : 1);
        if (from >= text.size() || (!option.is_joined && text[from - 1] != ' '))
            return {};
        auto const end = std::min(text.find_first_of(" \t\n\"'", from), text.size());
        auto const value = text.substr(from, end - from);
        if (option.is_pair
            && (value.find(':') == std::string_view::npos || value.find("//") != std::string_view::npos))
            return {};
        return { from, value.size() };
    }
    return {};
}

} // namespace convops
