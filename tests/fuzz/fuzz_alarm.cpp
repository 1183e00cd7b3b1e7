// Bytes of a notification -> alarm: never a crash, and whatever is accepted keeps its bounds.
#include "target.h"

#include "alarm/formats.h"
#include "alarm/reading.h"
#include "base/check.h"

namespace convops::fuzz {

void one(std::string_view bytes) {
    auto const alarm = parse_alarm(bytes);
    if (!alarm) {
        CHECK(alarm.error().kind == ErrorKind::invalid_input || alarm.error().kind == ErrorKind::not_found);
        return;
    }
    CHECK(!alarm->name.empty() && alarm->name.size() <= reading::most_name_bytes);
    CHECK(alarm->metrics.size() <= reading::most_metrics + 1);
    CHECK(alarm->children.size() <= reading::most_children);
    CHECK(alarm->recent_datapoints.size() <= reading::most_datapoints);
    CHECK(alarm->region.empty() || reading::is_region_code(alarm->region));
    CHECK(alarm->account.empty() || reading::is_account_id(alarm->account));
    CHECK(alarm->evaluation_periods >= 1 && alarm->datapoints_to_alarm >= 1);
    CHECK(!alarm->threshold || std::isfinite(*alarm->threshold));
    static_cast<void>(alarm->resources());
    CHECK(!alarm->transition_key().empty());
}

} // namespace convops::fuzz
