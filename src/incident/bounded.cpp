// An alarm as a record keeps it: never larger than most_alarm_bytes, whatever AWS sent.
#include "base/text.h"
#include "incident/step.h"
#include "model/alarm_json.h"

namespace convops {

namespace {

constexpr std::size_t most_text_bytes = 512; // of an alarm's reason and description, as kept
constexpr std::size_t most_metrics = 10; // of an alarm, as kept; metric math may name more than anybody reads

} // namespace

Alarm bounded(Alarm alarm) {
    alarm.reason = shorten(alarm.reason, most_text_bytes);
    alarm.description = shorten(alarm.description, most_text_bytes);
    auto const too_large = [&] { return to_text(to_json(alarm)).size() > most_alarm_bytes; };
    if (alarm.metrics.size() > most_metrics)
        alarm.metrics.resize(most_metrics);
    if (too_large())
        alarm.recent_datapoints.clear();
    while (alarm.metrics.size() > 1 && too_large())
        alarm.metrics.pop_back();
    for (std::size_t keep = 256; keep >= 16 && too_large(); keep /= 2) {
        for (auto* text : { &alarm.reason, &alarm.description, &alarm.rule })
            *text = shorten(*text, keep);
        if (alarm.children.size() > keep / 16)
            alarm.children.resize(keep / 16);
    }
    if (too_large())
        alarm.metrics.clear(); // CloudWatch would never send it: the alarm's name is what remains
    return alarm;
}

} // namespace convops
