// The small readers that every outside text passes through: times, dates of HTTP, URLs, JSON. The first byte picks
// one. What is accepted can be written and read again.
#include "target.h"

#include "adapters/aws/errors.h"
#include "adapters/http/url.h"
#include "base/check.h"
#include "base/json.h"
#include "base/text.h"

#include <algorithm>
#include <cmath>

namespace convops::fuzz {

namespace {

// Boost.JSON 1.81 reads decimal numbers to within a last digit or two (it reads "3.1E24" as 3.0999999999999996E24, as
// seen here); all else must be the same.
bool alike(Json const& a, Json const& b) {
    if (a.is_double() && b.is_number())
        return std::abs(a.as_double() - b.to_number<double>()) <= 1e-14 * std::abs(a.as_double());
    if (a.kind() != b.kind())
        return false;
    if (auto const* array = a.if_array())
        return std::ranges::equal(*array, b.as_array(), alike);
    if (auto const* object = a.if_object())
        return object->size() == b.as_object().size() && std::ranges::all_of(*object, [&](auto const& member) {
            auto const* other = b.as_object().if_contains(member.key());
            return other != nullptr && alike(member.value(), *other);
        });
    return a == b;
}

} // namespace

void one(std::string_view bytes) {
    if (bytes.empty())
        return;
    auto const text = bytes.substr(1);
    switch (bytes[0] & 3) {
    case 0:
        if (auto const time = parse_time(text))
            CHECK(parse_time(format_time(*time)).value_or(Time {}) == *time);
        static_cast<void>(parse_http_date(text));
        break;
    case 1:
        if (auto const url = parse_url(text)) {
            CHECK(!url->host.empty() && url->port > 0 && url->port < 65536 && url->path.starts_with('/'));
            CHECK(url->authority().find_first_of("\r\n @") == std::string::npos);
        }
        break;
    case 2:
        if (auto const json = parse_json(text)) {
            auto const again = parse_json(to_text(*json));
            CHECK(again && alike(*json, *again));
            static_cast<void>(to_canonical_text(*json));
            static_cast<void>(time_at(*json, "a"));
            static_cast<void>(integer_at(*json, "a.b"));
        }
        break;
    default: {
        auto const clean = clean_utf8(text);
        CHECK(clean_utf8(clean) == clean);
        constexpr std::size_t most = 24;
        CHECK(shorten(clean, most).size() <= most);
    }
    }
}

} // namespace convops::fuzz
