#include "diagnosis/schedule.h"

#include "base/text.h"

#include <bitset>

namespace convops {

namespace {

constexpr int most_minutes = 24 * 60;

// "0", "*/15", "8-18", "0,30", "0/5"; anything else matches every value.
std::bitset<64> values_of(std::string_view field, int least, int most) {
    std::bitset<64> values;
    for (auto const& part : split(field, ',')) {
        auto const slash = part.find('/');
        auto const range = part.substr(0, slash);
        int step = 1;
        if (slash != std::string::npos)
            step = std::max(1, std::atoi(part.c_str() + slash + 1));
        int from = least;
        int to = most;
        bool const starts_with_digit = !range.empty() && range[0] >= '0' && range[0] <= '9';
        if (starts_with_digit) {
            from = std::atoi(range.c_str());
            auto const dash = range.find('-');
            to = dash != std::string::npos   ? std::atoi(range.c_str() + dash + 1)
                : slash != std::string::npos ? most
                                             : from;
        } else if (range != "*" && range != "?" && !range.empty()) {
            return std::bitset<64>().set();
        }
        for (int value = std::max(from, least); value <= std::min(to, most); value += step)
            values.set(static_cast<std::size_t>(value));
    }
    return values;
}

} // namespace

std::optional<ScheduledRun> last_run(std::string_view expression, Window window) {
    auto const open = expression.find('(');
    if (open == std::string_view::npos || expression.back() != ')')
        return std::nullopt;
    auto const inside = expression.substr(open + 1, expression.size() - open - 2);
    auto const fields = split(trim(inside), ' ');
    if (expression.starts_with("rate(") && fields.size() == 2) {
        int const count = std::atoi(fields[0].c_str());
        int const minutes = count
            * (fields[1].starts_with("hour")       ? 60
                    : fields[1].starts_with("day") ? most_minutes
                                                   : 1);
        if (minutes <= 0 || Minutes { minutes } > window.length())
            return std::nullopt;
        return ScheduledRun { window.to, static_cast<double>(most_minutes) / minutes };
    }
    if (!expression.starts_with("cron(") || fields.size() != 6)
        return std::nullopt;
    auto const minutes = values_of(fields[0], 0, 59);
    auto const hours = values_of(fields[1], 0, 23);
    auto const days = values_of(fields[2], 1, 31);
    auto const months = values_of(fields[3], 1, 12);
    double const per_day = static_cast<double>(minutes.count()) * static_cast<double>(hours.count());
    auto at = floor_to(window.to - Milliseconds { 1 }, Seconds { 60 });
    for (int i = 0; i < most_minutes && at >= window.from; ++i, at -= Minutes { 1 }) {
        auto const day = std::chrono::floor<std::chrono::days>(at);
        auto const date = std::chrono::year_month_day(day);
        auto const minute = static_cast<int>(std::chrono::floor<Minutes>(at - day).count());
        if (minutes[static_cast<std::size_t>(minute % 60)] && hours[static_cast<std::size_t>(minute / 60)]
            && days[static_cast<unsigned>(date.day())] && months[static_cast<unsigned>(date.month())])
            return ScheduledRun { at, per_day };
    }
    return std::nullopt;
}

} // namespace convops
