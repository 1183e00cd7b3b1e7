#include "evidence/log_values.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace convops {

namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_hex(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool is_delimiter(char c) {
    return std::string_view("=:,;()[]{}<>|\"").find(c) != std::string_view::npos;
}

bool is_hex_number(std::string_view text) {
    return text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')
        && std::all_of(text.begin() + 2, text.end(), is_hex);
}

// 1: of numbers and their separators, 2: of hexadecimal addresses, 4: of ISO times.
constexpr std::array<std::uint8_t, 256> kinds_in_addresses() {
    std::array<std::uint8_t, 256> kinds {};
    for (unsigned char const c : std::string_view("0123456789.:/-+,%"))
        kinds[c] |= 1;
    for (unsigned char const c : std::string_view("0123456789abcdefABCDEF:."))
        kinds[c] |= 2;
    for (unsigned char const c : std::string_view("0123456789TtZ.:-+"))
        kinds[c] |= 4;
    return kinds;
}

constexpr auto address_kinds = kinds_in_addresses();

} // namespace

bool looks_random(std::string_view text) {
    constexpr std::size_t shortest = 6;
    if (text.size() < shortest)
        return false;
    bool hex = true;
    bool plain = true;
    std::size_t digits = 0;
    std::size_t turns = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto const c = text[i];
        hex = hex && (is_hex(c) || c == '-');
        plain = plain && (is_digit(c) || is_letter(c) || c == '_' || c == '+' || c == '=');
        digits += is_digit(c) ? 1 : 0;
        turns += i > 0 && is_digit(c) != is_digit(text[i - 1]) ? 1 : 0;
    }
    if (digits == 0)
        return false;
    if (hex && (digits >= 2 || text.size() >= 8))
        return true;
    if (!plain)
        return false;
    return (text.size() >= 16 && digits * 8 >= text.size())
        || (turns >= 3 && text.find('_') == std::string_view::npos);
}

bool is_address_or_time(std::string_view text) {
    bool plain = true;
    bool hex = true;
    std::size_t digits = 0;
    std::size_t colons = 0;
    for (char const c : text) {
        auto const kind = address_kinds[static_cast<unsigned char>(c)];
        if (kind == 0)
            return false;
        digits += is_digit(c) ? 1 : 0;
        colons += c == ':' ? 1 : 0;
        plain = plain && (kind & 1) != 0;
        hex = hex && (kind & 2) != 0;
    }
    if (hex && colons == 5 && text.size() == 17) // a MAC address may have no digit
        return true;
    if (digits == 0)
        return false;
    if (plain || (hex && colons >= 2))
        return true;
    // 2026-03-06T19:55:38.903Z
    return text.size() >= 16 && is_digit(text[0]) && (text[10] == 'T' || text[10] == 't') && text[4] == '-'
        && std::all_of(text.begin(), text.end(), [](char c) {
               return is_digit(c) || c == 'T' || c == 't' || c == 'Z' || c == '.' || c == ':' || c == '-' || c == '+';
           });
}

bool is_host_and_port(std::string_view text) {
    constexpr std::size_t most_port_digits = 5;
    auto const colon = text.find(':');
    if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size())
        return false;
    auto const host = text.substr(0, colon);
    auto const port = text.substr(colon + 1);
    return port.size() <= most_port_digits && std::all_of(port.begin(), port.end(), is_digit)
        && std::count(host.begin(), host.end(), '.') >= 2 && std::all_of(host.begin(), host.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-' || c == '.';
           });
}

bool is_path(std::string_view word) {
    auto const first = word.find('/');
    if (first == std::string_view::npos)
        return false;
    auto const before = word.substr(0, first);
    bool const url = word.substr(first).starts_with("//") && before.ends_with(':');
    for (std::size_t i = 0; i + (url ? 1 : 0) < before.size(); ++i)
        if (is_delimiter(before[i]))
            return false;
    if (url)
        return true;
    word = word.substr(0, word.find('?'));
    auto const slashes = std::count(word.begin(), word.end(), '/');
    return slashes >= 1 && (word.front() == '/' || slashes >= 2) && word.find('=') == std::string_view::npos;
}

bool is_part_of_date(std::string_view word, std::string_view rest) {
    constexpr std::string_view months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec";
    constexpr std::string_view weekdays = "Mon Tue Wed Thu Fri Sat Sun";
    if (word.size() != 3 || word[0] < 'A' || word[0] > 'Z')
        return false;
    auto const next = rest.find_first_not_of(" ,");
    if (next == std::string_view::npos || next == 0)
        return false;
    rest.remove_prefix(next);
    if (is_digit(rest[0]))
        return months.find(word) != std::string_view::npos || weekdays.find(word) != std::string_view::npos;
    return weekdays.find(word) != std::string_view::npos && months.find(rest.substr(0, 3)) != std::string_view::npos;
}

bool is_numbered_name(std::string_view word) {
    constexpr std::size_t shortest = 3;
    return word.size() >= shortest && is_digit(word.back()) && std::all_of(word.begin(), word.end() - 1, is_letter);
}

bool is_known_name(std::string_view word) {
    constexpr std::size_t longest = 7;
    static constexpr auto names = std::to_array<std::string_view>({ "2xx", "3xx", "4xx", "5xx", "amd64", "arm64",
        "base32", "base64", "crc32", "ec2", "float32", "float64", "h2", "h2c", "http1", "http2", "http3", "i18n",
        "i386", "int16", "int32", "int64", "int8", "ipv4", "ipv6", "k8s", "l10n", "log4j", "md5", "oauth2", "route53",
        "s3", "sha1", "sha256", "sha384", "sha512", "slf4j", "tls12", "tls13", "uint16", "uint32", "uint64", "uint8",
        "utf16", "utf32", "utf8", "win32", "win64", "x509", "x64", "x86", "x86_64" });
    if (word.size() < 2 || word.size() > longest)
        return false;
    std::array<char, longest> small {};
    for (std::size_t i = 0; i < word.size(); ++i)
        small[i] = static_cast<char>(word[i] >= 'A' && word[i] <= 'Z' ? word[i] - 'A' + 'a' : word[i]);
    return std::binary_search(names.begin(), names.end(), std::string_view(small.data(), word.size()));
}

bool is_variable_word(std::string_view word) {
    return is_hex_number(word) || is_address_or_time(word) || looks_random(word);
}

} // namespace convops
