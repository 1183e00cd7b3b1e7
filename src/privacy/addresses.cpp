#include "privacy/addresses.h"

#include "base/text.h"
#include "privacy/characters.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace convops {

using namespace characters;

namespace {

// RFC 5321, section 4.5.3.1: 64 bytes before the "@", 255 behind it.
constexpr std::size_t most_local_bytes = 64;
constexpr std::size_t most_domain_bytes = 255;

bool is_local(char c) {
    return is_alphanumeric(c) || is_foreign(c) || c == '.' || c == '_' || c == '+' || c == '-';
}
bool is_domain(char c) {
    return is_alphanumeric(c) || is_foreign(c) || c == '.' || c == '-';
}

// Hosts inside of a network, and files: "deploy@build-7.internal", "icon@2x.png", "getty@tty1.service".
bool is_no_mail_domain(std::string_view domain) {
    constexpr std::array<std::string_view, 21> ends { "internal", "local", "localdomain", "lan", "cluster", "png",
        "jpg", "jpeg", "gif", "svg", "webp", "js", "css", "json", "service", "socket", "timer", "mount", "slice",
        "target", "jar" };
    auto const lower = to_lower(domain);
    auto const last = std::string_view(lower).substr(lower.rfind('.') + 1);
    return std::find(ends.begin(), ends.end(), last) != ends.end() || lower.ends_with("amazonaws.com");
}

std::size_t domain_length(std::string_view text) {
    auto length = run_length(text.substr(0, most_domain_bytes), is_domain);
    while (length > 0 && (text[length - 1] == '.' || text[length - 1] == '-'))
        --length;
    auto const domain = text.substr(0, length);
    auto const dot = domain.rfind('.');
    if (dot == std::string_view::npos || dot == 0 || domain.find("..") != std::string_view::npos)
        return 0;
    auto const last = domain.substr(dot + 1);
    bool const is_name = std::all_of(last.begin(), last.end(), [](char c) { return is_letter(c) || is_foreign(c); })
        || last.starts_with("xn--");
    return last.size() >= 2 && is_name && !is_no_mail_domain(domain) ? length : 0;
}

struct Ip4 {
    std::array<unsigned, 4> octets {};
    std::size_t length = 0; // 0: none
};

Ip4 read_ip4(std::string_view text) {
    Ip4 ip;
    std::size_t at = 0;
    for (std::size_t part = 0; part < 4; ++part) {
        auto const length = run_length(text.substr(at, 4), is_digit);
        if (length == 0 || length > 3 || (length > 1 && text[at] == '0'))
            return {};
        for (std::size_t i = 0; i < length; ++i)
            ip.octets[part] = ip.octets[part] * 10 + static_cast<unsigned>(text[at + i] - '0');
        at += length;
        if (ip.octets[part] > 255)
            return {};
        if (part == 3)
            break;
        if (at >= text.size() || text[at] != '.')
            return {};
        ++at;
    }
    ip.length = at;
    return ip;
}

// Ranges that lead to nobody: https://www.iana.org/assignments/iana-ipv4-special-registry
bool is_private(Ip4 const& ip) {
    auto const [a, b, c, d] = ip.octets;
    static_cast<void>(c);
    static_cast<void>(d);
    return a == 0 || a == 10 || a == 127 || a >= 224 || (a == 172 && b >= 16 && b < 32) || (a == 192 && b == 168)
        || (a == 169 && b == 254) || (a == 100 && b >= 64 && b < 128);
}

bool is_network(Ip4 const& ip, std::string_view behind) {
    if (behind.empty() || behind[0] != '/')
        return false;
    auto const length = run_length(behind.substr(1, 3), is_digit);
    if (length == 0 || length > 2)
        return false;
    auto const bits = length == 1 ? behind[1] - '0' : (behind[1] - '0') * 10 + (behind[2] - '0');
    if (bits >= 32)
        return false;
    std::uint32_t value = 0;
    for (auto const octet : ip.octets)
        value = value << 8U | octet;
    return bits == 0 || (value & (0xffffffffU >> static_cast<unsigned>(bits))) == 0;
}

// "Chrome/120.0.0.0", "engine 15.4.0.1 -> 15.5.0.2": four numbers, no address.
bool is_version(std::string_view text, std::size_t at, std::size_t end) {
    if (end + 1 < text.size() && text[end] == '-' && is_letter(text[end + 1]))
        return true;
    if (at >= 2 && text[at - 1] == '/' && is_alphanumeric(text[at - 2])) {
        std::size_t word = 0;
        constexpr std::size_t most_product_bytes = 32;
        while (word < most_product_bytes && at >= word + 2 && is_base64url(text[at - word - 2]))
            ++word;
        bool const is_host = at >= word + 2 && text[at - word - 2] == '.';
        return !is_host && (end >= text.size() || text[end] != ':');
    }
    constexpr std::size_t looks_back = 32;
    auto const before = to_lower(text.substr(at - std::min(at, looks_back), std::min(at, looks_back)));
    for (std::string_view const other : { "ip", "addr", "client", "host", "from", "peer" })
        if (before.find(other) != std::string::npos)
            return false;
    for (std::string_view const word : { "version", "engine", "release", "build", "upgrade", "firmware", "driver" })
        if (before.find(word) != std::string::npos)
            return true;
    return false;
}

// The length of an IPv6 address of the public range, 2000::/3: https://www.iana.org/assignments/ipv6-address-space
std::size_t ip6_length(std::string_view text) {
    if (text.size() < 6 || (text[0] != '2' && text[0] != '3'))
        return 0;
    constexpr std::size_t most_bytes = 45;
    auto length = run_length(text.substr(0, most_bytes), [](char c) { return is_hex(c) || c == ':'; });
    if (length > 0 && text[length - 1] == ':' && !text.substr(0, length).ends_with("::"))
        --length;
    int groups = 0;
    int gaps = 0;
    for (std::size_t at = 0; at < length;) {
        auto const digits = run_length(text.substr(at, length - at), is_hex);
        if (digits > 4 || (groups == 0 && digits != 4))
            return 0;
        groups += digits > 0 ? 1 : 0;
        at += digits;
        auto const colons = run_length(text.substr(at, length - at), [](char c) { return c == ':'; });
        if (colons > 2)
            return 0;
        gaps += colons == 2 ? 1 : 0;
        at += colons;
    }
    bool const is_whole = gaps == 0 ? groups == 8 : gaps == 1 && groups <= 7;
    return is_whole ? length : 0;
}

} // namespace

std::size_t email_length(std::string_view text, std::size_t at) {
    if (at > 0 && is_local(text[at - 1]))
        return 0;
    auto const local = run_length(text.substr(at, most_local_bytes + 1), is_local);
    if (local == 0 || local > most_local_bytes)
        return 0;
    auto const rest = text.substr(at + local);
    // "alice%40example.org" is how a query string writes it.
    std::size_t const sign = rest.starts_with("@") ? 1 : rest.starts_with("%40") ? 3 : 0;
    if (sign == 0 || text.substr(at, local) == "git")
        return 0;
    auto const domain = domain_length(rest.substr(sign));
    return domain == 0 ? 0 : local + sign + domain;
}

std::size_t ip_address_length(std::string_view text, std::size_t at) {
    if (at > 0 && (is_word(text[at - 1]) || text[at - 1] == '.' || text[at - 1] == '-'))
        return 0;
    auto const rest = text.substr(at);
    auto const six = ip6_length(rest);
    bool const continues = six < rest.size() && (is_word(rest[six]) || rest[six] == '-');
    if (six > 0 && !continues && (at == 0 || text[at - 1] != ':'))
        return six;
    auto const four = read_ip4(rest);
    if (four.length == 0)
        return 0;
    auto const behind = rest.substr(four.length);
    if (!behind.empty() && (is_word(behind[0]) || (behind[0] == '.' && behind.size() > 1 && is_digit(behind[1]))))
        return 0;
    bool const stays = is_private(four) || is_network(four, behind) || is_version(text, at, at + four.length);
    return stays ? 0 : four.length;
}

} // namespace convops
