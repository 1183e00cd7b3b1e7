#include "conversation/formats.h"

#include "base/percent.h"

namespace convops {

namespace {

constexpr std::size_t most_fields = 64;

std::string decoded(std::string_view text) {
    return percent_decoded(text, PlusSign::is_a_space);
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
