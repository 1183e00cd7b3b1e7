#include "adapters/http/url.h"

#include "base/text.h"

#include <charconv>

namespace convops {

namespace {

constexpr std::size_t most_url_bytes = 64 * 1024; // Presigned URLs and long REST queries stay far below.

Error bad(std::string_view why) {
    return { ErrorKind::invalid_input, "bad URL: " + std::string(why) };
}

bool is_host_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

bool is_address_character(char c) {
    return (c >= 'a' && c <= 'f') || (c >= '0' && c <= '9') || c == ':' || c == '.';
}

Result<int> parse_port(std::string_view text) {
    int port = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc {} || end != text.data() + text.size() || port < 1 || port > 65535)
        return bad("the port is not a number between 1 and 65535");
    return port;
}

} // namespace

std::string UrlParts::authority() const {
    auto const shown = host.find(':') == std::string::npos ? host : "[" + host + "]";
    bool const usual = (scheme == "http" && port == 80) || (scheme == "https" && port == 443);
    return usual ? shown : shown + ":" + std::to_string(port);
}

Result<UrlParts> parse_url(std::string_view url) {
    if (url.size() > most_url_bytes)
        return bad("longer than 64 KiB");
    for (char const c : url)
        if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f || c == '\\')
            return bad("a space, control byte or backslash in it");
    UrlParts parts;
    auto const scheme_end = url.find("://");
    if (scheme_end == std::string_view::npos)
        return bad("no scheme");
    parts.scheme = to_lower(url.substr(0, scheme_end));
    if (parts.scheme != "http" && parts.scheme != "https")
        return bad("only http and https are spoken");
    url.remove_prefix(scheme_end + 3);
    url = url.substr(0, url.find('#'));
    auto const authority_end = url.find_first_of("/?");
    auto authority = url.substr(0, authority_end);
    auto const rest = authority_end == std::string_view::npos ? std::string_view {} : url.substr(authority_end);
    if (authority.find('@') != std::string_view::npos)
        return bad("user names are not allowed in it");
    auto const is_bracketed = authority.starts_with('[');
    auto const host_end = is_bracketed ? authority.find(']') : authority.find(':');
    if (is_bracketed && host_end == std::string_view::npos)
        return bad("an unclosed bracket");
    parts.host = to_lower(is_bracketed ? authority.substr(1, host_end - 1) : authority.substr(0, host_end));
    if (parts.host.empty()
        || !std::ranges::all_of(parts.host, is_bracketed ? is_address_character : is_host_character))
        return bad("no usable host name");
    authority = host_end == std::string_view::npos ? std::string_view {}
                                                   : authority.substr(host_end + (is_bracketed ? 1 : 0));
    parts.port = parts.scheme == "https" ? 443 : 80;
    if (!authority.empty()) {
        if (authority.front() != ':')
            return bad("no usable host name");
        parts.port = TRY(parse_port(authority.substr(1)));
    }
    auto const question = rest.find('?');
    auto const path = rest.substr(0, question);
    parts.path = path.empty() ? std::string(1, '/') : std::string(path);
    if (question != std::string_view::npos)
        parts.query = std::string(rest.substr(question + 1));
    return parts;
}

} // namespace convops
