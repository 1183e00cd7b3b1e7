#include "conversation/formats.h"

namespace convops {

namespace {

constexpr std::size_t most_fields = 64;

int digit_of(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string decoded(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && digit_of(text[i + 1]) >= 0 && digit_of(text[i + 2]) >= 0) {
            out += static_cast<char>(digit_of(text[i + 1]) * 16 + digit_of(text[i + 2]));
            i += 2;
        } else {
            out += text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
}

} // namespace

std::map<std::string, std::string> form_fields(std::string_view body) {
    std::map<std::string, std::string> fields;
    while (!body.empty() && fields.size() < most_fields) {
        auto const end = std::min(body.find('&'), body.size());
        auto const pair = body.substr(0, end);
        body.remove_prefix(std::min(end + 1, body.size()));
        auto const equals = std::min(pair.find('='), pair.size());
        fields.try_emplace(decoded(pair.substr(0, equals)),
            decoded(equals < pair.size() ? pair.substr(equals + 1) : std::string_view {}));
    }
    return fields;
}

} // namespace convops
