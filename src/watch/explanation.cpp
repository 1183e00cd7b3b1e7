#include "watch/explanation.h"

#include "base/text.h"

#include <array>
#include <cmath>
#include <cstdio>
#include <string_view>

namespace convops {
namespace {

constexpr Milliseconds short_history = Days { 14 };
constexpr auto weekdays = std::to_array<std::string_view>(
    { "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday" });

std::string one_decimal(double value) {
    std::array<char, 32> text {};
    std::snprintf(text.data(), text.size(), "%.1f", value);
    return text.data();
}

std::string whole_hour(Time at) {
    return format_clock(floor_to(at, Hours { 1 })).substr(0, 5);
}

// "7.4 σ above the usual for Monday 14:00 UTC (about 120)"
std::string distance(DetectorReading const& reading) {
    auto const for_when = words_of(reading.usual, reading.at);
    auto const about = format_number(reading.usual.level);
    if (reading.usual.spread == 0 && reading.value != reading.usual.level)
        return "it was always " + about + " (" + for_when + ")";
    auto const spreads = std::fabs(reading.spreads_from_usual);
    if (spreads < 1)
        return "in itself as usual for " + for_when + " (about " + about + ")";
    auto const far = spreads >= 1'000 ? "more than 1000" : one_decimal(spreads);
    auto const side = reading.spreads_from_usual > 0 ? " σ above" : " σ below";
    return far + side + " the usual for " + for_when + " (about " + about + ")";
}

// How rare, and since when. Nothing of a value that is near what is usual.
std::string rarity(DetectorReading const& reading) {
    if (std::fabs(reading.spreads_from_usual) < 1)
        return {};
    auto const days = reading.without.days;
    if (reading.without.ever && days >= 1)
        return "; no such value in " + std::to_string(std::min(days, 30)) + (days == 1 ? " day" : " days");
    if (reading.without.ever)
        return reading.value_is_new ? "; no such value before" : "";
    if (days >= 2)
        return (reading.spreads_from_usual > 0 ? "; not so high for " : "; not so low for ") + std::to_string(days)
            + " days";
    return {};
}

// Which of the other views called it new.
std::string views(DetectorReading const& reading) {
    std::string text;
    if (reading.level_is_new)
        text += "; no such course over the last points before";
    if (reading.envelope_is_new)
        text += "; no such range between lowest and highest before";
    if (reading.roughness_is_new)
        text += "; it never moved like this before";
    return text;
}

std::string explain_silence(Silence const& silence) {
    auto text = "no datapoint for " + format_duration(silence.lasts) + ", where "
        + format_number(std::round(silence.points_missed)) + " were due; ";
    if (silence.as_long_before == 0)
        return text + "it was never silent for so long";
    return text + "so long only "
        + (silence.as_long_before == 1 ? "once" : std::to_string(silence.as_long_before) + " times") + " before";
}

} // namespace

std::string words_of(Usual const& usual, Time at) {
    std::chrono::weekday const weekday { std::chrono::floor<Days>(at) };
    switch (usual.of) {
    case Usual::Of::hour_of_week:
        return std::string { weekdays[weekday.c_encoding()] } + " " + whole_hour(at) + " UTC";
    case Usual::Of::hour_of_day:
        return whole_hour(at) + " UTC on any day";
    case Usual::Of::recent:
        return usual.seen == 0 ? "the first points" : "the last " + std::to_string(usual.seen) + " h";
    case Usual::Of::nothing:
        break;
    }
    return "an unknown time";
}

std::string explain(DetectorReading const& reading) {
    if (reading.state == DetectorState::learning)
        return "still learning what is usual";
    if (reading.score <= 0)
        return "nothing new";
    std::string text;
    if (reading.silence)
        text = explain_silence(*reading.silence);
    else
        text = format_number(reading.value) + (reading.of_counter ? " more within a period: " : ": ")
            + distance(reading) + rarity(reading) + views(reading);
    if (reading.history < short_history)
        text += "; only " + format_duration(reading.history) + " of history";
    return text;
}

} // namespace convops
