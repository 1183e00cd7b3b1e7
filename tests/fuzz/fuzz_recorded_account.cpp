// Bytes of a recorded account: refused with a reason, or an account whose every metric and log line is bounded.
#include "target.h"

#include "adapters/recorded/account.h"
#include "base/check.h"

namespace convops::fuzz {

void one(std::string_view bytes) {
    auto const document = parse_json(bytes, { .bytes = std::size_t { 256 } * 1024, .depth = 64 });
    if (!document)
        return;
    auto const account = recorded_account_from(*document);
    if (!account) {
        CHECK(account.error().kind == ErrorKind::invalid_input && !account.error().message.empty());
        return;
    }
    CHECK(!account->account.empty() && !account->region.empty());
    for (auto const& metric : account->metrics) {
        CHECK(metric.period.count() >= 1);
        for (auto const& value : metric.values)
            CHECK(!value || std::isfinite(*value));
        // The time of the last value: overflows nothing.
        static_cast<void>(metric.start + metric.period * static_cast<std::int64_t>(metric.values.size()));
    }
    for (auto const& [group, events] : account->logs)
        for (auto const& event : events)
            CHECK(!format_time(event.at).empty());
}

} // namespace convops::fuzz
