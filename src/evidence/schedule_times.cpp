#include "evidence/schedule_times.h"

#include "base/text.h"

#include <array>
#include <charconv>
#include <vector>

namespace convops {

namespace {

std::optional<int> integer_of(std::string_view text) {
    int value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc {} || end != text.data() + text.size() || text.empty())
        return std::nullopt;
    return value;
}

constexpr std::array<std::string_view, 12> months { "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP",
    "OCT", "NOV", "DEC" };
constexpr std::array<std::string_view, 7> weekdays { "SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT" };

// A number or a name ("MON" is 2: EventBridge counts from Sunday = 1).
std::optional<int> point_of(std::string_view text, std::span<std::string_view const> names) {
    for (std::size_t i = 0; i < names.size(); ++i)
        if (to_lower(names[i]) == to_lower(text))
            return static_cast<int>(i) + 1;
    return integer_of(text);
}

struct Field {
    int low = 0;
    int high = 0;
    std::span<std::string_view const> names {};
};

// "*", "5", "1,2", "1-5", "0/15", "*/5", "1-10/2". nullopt: not readable.
std::optional<bool> matches(std::string_view text, int value, Field const& field) {
    bool any = false;
    for (auto const& item : split(text, ',')) {
        auto const slash = item.find('/');
        auto const range = std::string_view(item).substr(0, slash);
        auto const step
            = slash == std::string::npos ? std::optional(1) : integer_of(std::string_view(item).substr(slash + 1));
        if (!step || *step < 1)
            return std::nullopt;
        auto from = std::optional(field.low);
        auto to = std::optional(field.high);
        if (range != "*" && range != "?") {
            auto const dash = range.find('-');
            from = point_of(range.substr(0, dash), field.names);
            if (dash != std::string_view::npos)
                to = point_of(range.substr(dash + 1), field.names);
            else if (slash == std::string::npos)
                to = from;
        }
        if (!from || !to)
            return std::nullopt;
        any = any || (value >= *from && value <= *to && (value - *from) % *step == 0);
    }
    return any;
}

struct Calendar {
    int minute = 0;
    int hour = 0;
    std::chrono::year_month_day day;
    int weekday = 1; // Sunday = 1
};

Calendar calendar_of(Time time) {
    auto const day = std::chrono::floor<Days>(time);
    auto const minutes = std::chrono::floor<Minutes>(time - day).count();
    return { static_cast<int>(minutes % 60), static_cast<int>(minutes / 60), std::chrono::year_month_day { day },
        static_cast<int>(std::chrono::weekday { day }.c_encoding()) + 1 };
}

// "L" is the last day, "15W" the weekday nearest to the 15th.
std::optional<bool> day_of_month_matches(std::string_view text, std::chrono::year_month_day day) {
    auto const number = static_cast<int>(static_cast<unsigned>(day.day()));
    auto const last = static_cast<int>(static_cast<unsigned>((day.year() / day.month() / std::chrono::last).day()));
    if (text == "L")
        return number == last;
    if (text.ends_with('W')) {
        auto const wanted = integer_of(text.substr(0, text.size() - 1));
        if (!wanted || *wanted < 1 || *wanted > last)
            return std::nullopt;
        auto const date = std::chrono::sys_days { day.year() / day.month() / *wanted };
        auto const weekday = std::chrono::weekday { date };
        int shift = 0;
        if (weekday == std::chrono::Saturday)
            shift = *wanted > 1 ? -1 : 2;
        else if (weekday == std::chrono::Sunday)
            shift = *wanted < last ? 1 : -2;
        return number == *wanted + shift;
    }
    return matches(text, number, { 1, 31 });
}

// "3#2" is the second Tuesday, "6L" the last Friday.
std::optional<bool> day_of_week_matches(std::string_view text, Calendar const& calendar) {
    auto const number = static_cast<int>(static_cast<unsigned>(calendar.day.day()));
    if (auto const hash = text.find('#'); hash != std::string_view::npos) {
        auto const weekday = point_of(text.substr(0, hash), weekdays);
        auto const which = integer_of(text.substr(hash + 1));
        if (!weekday || !which)
            return std::nullopt;
        return calendar.weekday == *weekday && (number - 1) / 7 + 1 == *which;
    }
    if (text.ends_with('L') && text != "L") {
        auto const weekday = point_of(text.substr(0, text.size() - 1), weekdays);
        auto const last = static_cast<int>(
            static_cast<unsigned>((calendar.day.year() / calendar.day.month() / std::chrono::last).day()));
        if (!weekday)
            return std::nullopt;
        return calendar.weekday == *weekday && number + 7 > last;
    }
    return matches(text == "L" ? "7" : text, calendar.weekday, { 1, 7, weekdays });
}

std::optional<std::string_view> inside(std::string_view expression, std::string_view name) {
    if (!expression.starts_with(name) || !expression.ends_with(')') || expression.size() > 200)
        return std::nullopt;
    auto const text = expression.substr(name.size());
    return text.starts_with('(') ? std::optional(text.substr(1, text.size() - 2)) : std::nullopt;
}

} // namespace

std::optional<Time> last_run(std::string_view expression, Time before, Hours most) {
    auto const body = inside(expression, "cron");
    if (!body)
        return std::nullopt;
    std::vector<std::string> fields;
    for (auto& field : split(*body, ' '))
        if (!field.empty())
            fields.push_back(std::move(field));
    if (fields.size() != 6)
        return std::nullopt;
    auto const minute = std::chrono::floor<Minutes>(before);
    std::optional<Days> checked; // Day fields are the same for all minutes of a day.
    bool day_matches = false;
    for (auto at = Time { minute }; at >= minute - most; at -= Minutes { 1 }) {
        auto const calendar = calendar_of(at);
        auto const day = std::chrono::floor<Days>(at).time_since_epoch();
        if (checked != day) {
            auto const in_month = day_of_month_matches(fields[2], calendar.day);
            auto const month = matches(
                fields[3], static_cast<int>(static_cast<unsigned>(calendar.day.month())), { 1, 12, months });
            auto const in_week = day_of_week_matches(fields[4], calendar);
            auto const year = matches(fields[5], static_cast<int>(calendar.day.year()), { 1970, 2199 });
            if (!in_month || !month || !in_week || !year)
                return std::nullopt;
            day_matches = *in_month && *month && *in_week && *year;
            checked = day;
        }
        if (!day_matches)
            continue;
        auto const hour = matches(fields[1], calendar.hour, { 0, 23 });
        auto const in_hour = matches(fields[0], calendar.minute, { 0, 59 });
        if (!hour || !in_hour)
            return std::nullopt;
        if (*hour && *in_hour)
            return at;
    }
    return std::nullopt;
}

std::optional<Minutes> rate_of(std::string_view expression) {
    auto const body = inside(expression, "rate");
    if (!body)
        return std::nullopt;
    auto const blank = body->find(' ');
    if (blank == std::string_view::npos)
        return std::nullopt;
    auto const count = integer_of(body->substr(0, blank));
    auto const unit = body->substr(blank + 1);
    if (!count || *count < 1 || *count > 1'000'000)
        return std::nullopt;
    if (unit.starts_with("minute"))
        return Minutes { *count };
    if (unit.starts_with("hour"))
        return Minutes { *count * 60 };
    if (unit.starts_with("day"))
        return Minutes { *count * 60 * 24 };
    return std::nullopt;
}

} // namespace convops
