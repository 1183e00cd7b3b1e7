// The small readers that every outside text passes through: times, dates of HTTP, URLs, JSON. The first byte picks
// one. What is accepted can be written and read again.
#include "target.h"

#include "adapters/aws/errors.h"
#include "adapters/http/url.h"
#include "base/check.h"
#include "base/json.h"
#include "base/text.h"

namespace convops::fuzz {

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
            CHECK(again && *again == *json);
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
