#include "base/time.h"

#include <cctype>
#include <charconv>
#include <cstdio>

namespace convops {

namespace {

// Reads exactly `digits` decimal digits at `at`; -1 when they are not there.
int digits_at(std::string_view text, std::size_t at, std::size_t digits) {
    if (at + digits > text.size())
        return -1;
    int value = 0;
    for (std::size_t i = at; i < at + digits; ++i) {
        if (std::isdigit(static_cast<unsigned char>(text[i])) == 0)
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

std::optional<Time> from_epoch_text(std::string_view text) {
    double value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc {} || end != text.data() + text.size() || !(value >= 0 && value < 1e14))
        return std::nullopt;
    return time_from_seconds(value > 1e11 ? value / 1000 : value); // Above 1e11 it can only be milliseconds.
}

// "Z", "", "+0000", "-07:30" -> offset east of UTC.
std::optional<Minutes> zone_offset(std::string_view zone) {
    if (zone.empty() || zone == "Z" || zone == "z" || zone == " UTC")
        return Minutes { 0 };
    if ((zone[0] != '+' && zone[0] != '-') || (zone.size() != 5 && zone.size() != 6))
        return std::nullopt;
    int const hours = digits_at(zone, 1, 2);
    int const minutes = digits_at(zone, zone.size() - 2, 2);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || (zone.size() == 6 && zone[3] != ':'))
        return std::nullopt;
    Minutes const offset { hours * 60 + minutes };
    return zone[0] == '-' ? -offset : offset;
}

} // namespace

Result<Time> parse_time(std::string_view text) {
    auto const bad = [&] {
        return Error { ErrorKind::invalid_input, "not a time: \"" + std::string(text.substr(0, 40)) + "\"" };
    };
    if (text.size() < 19 || text[4] != '-') {
        if (auto const epoch = from_epoch_text(text))
            return *epoch;
        return bad();
    }
    int const year = digits_at(text, 0, 4), month = digits_at(text, 5, 2), day = digits_at(text, 8, 2);
    int const hour = digits_at(text, 11, 2), minute = digits_at(text, 14, 2), second = digits_at(text, 17, 2);
    if (year < 1970 || month < 1 || day < 1 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0
        || second > 60)
        return bad();
    if (text[7] != '-' || (text[10] != 'T' && text[10] != 't' && text[10] != ' ') || text[13] != ':'
        || text[16] != ':')
        return bad();
    std::chrono::year_month_day const date { std::chrono::year { year }, std::chrono::month { unsigned(month) },
        std::chrono::day { unsigned(day) } };
    if (!date.ok())
        return bad();

    std::size_t at = 19;
    int milliseconds = 0;
    if (at < text.size() && (text[at] == '.' || text[at] == ',')) {
        ++at;
        int weight = 100;
        for (; at < text.size() && std::isdigit(static_cast<unsigned char>(text[at])) != 0; ++at) {
            milliseconds += weight * (text[at] - '0');
            weight /= 10;
        }
    }
    auto const offset = zone_offset(text.substr(at));
    if (!offset)
        return bad();
    auto const time = Time { std::chrono::sys_days { date } } + Hours { hour } + Minutes { minute }
        + Seconds { second } + Milliseconds { milliseconds } - *offset;
    // The offset may carry it over an edge of what can be written again: 1970 to 9999.
    if (time < Time {} || time >= Time { std::chrono::sys_days { std::chrono::year { 10'000 } / 1 / 1 } })
        return bad();
    return time;
}

std::string format_time(Time time) {
    auto const day = std::chrono::floor<Days>(time);
    std::chrono::year_month_day const date { day };
    auto const rest = (time - day).count();
    char buffer[40];
    int const length = std::snprintf(buffer, sizeof buffer, "%04d-%02u-%02uT%02d:%02d:%02d", int(date.year()),
        unsigned(date.month()), unsigned(date.day()), int(rest / 3'600'000), int(rest / 60'000 % 60),
        int(rest / 1000 % 60));
    std::string text(buffer, static_cast<std::size_t>(length));
    if (rest % 1000 != 0) {
        std::snprintf(buffer, sizeof buffer, ".%03d", int(rest % 1000));
        text += buffer;
    }
    return text + "Z";
}

std::string format_clock(Time time, Minutes utc_offset) {
    auto const local = format_time(time + utc_offset);
    auto const clock = local.substr(11, 8);
    return clock.ends_with(":00") ? clock.substr(0, 5) : clock;
}

std::string format_duration(Milliseconds duration) {
    auto const seconds = std::abs(std::chrono::round<Seconds>(duration).count());
    auto const two = [](long long big, char const* big_unit, long long small, char const* small_unit) {
        auto text = std::to_string(big) + " " + big_unit;
        return small == 0 ? text : text + " " + std::to_string(small) + " " + small_unit;
    };
    if (seconds < 120)
        return std::to_string(seconds) + " s";
    if (seconds < 7200)
        return std::to_string(seconds / 60) + " min";
    if (seconds < 172'800)
        return two(seconds / 3600, "h", seconds / 60 % 60, "min");
    return two(seconds / 86'400, "d", seconds / 3600 % 24, "h");
}

Time floor_to(Time time, Seconds step) {
    auto const step_ms = std::chrono::duration_cast<Milliseconds>(step).count();
    auto count = time.time_since_epoch().count();
    auto const rest = ((count % step_ms) + step_ms) % step_ms;
    return Time { Milliseconds { count - rest } };
}

double seconds_since_epoch(Time time) {
    return double(time.time_since_epoch().count()) / 1000.0;
}

Time time_from_seconds(double seconds) {
    return Time { Milliseconds { std::llround(seconds * 1000.0) } };
}

} // namespace convops
