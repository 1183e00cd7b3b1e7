#include "app/watch_settings.h"

#include "base/text.h"

#include <array>
#include <charconv>

namespace convops {

namespace {

constexpr std::array weekday_names
    = std::to_array<std::string_view>({ "mon", "tue", "wed", "thu", "fri", "sat", "sun" });
constexpr std::uint8_t every_day = 0x7F;

// Dimensions are written with commas, so patterns are separated by semicolons.
std::vector<std::string> listed(std::string const& text) {
    std::vector<std::string> parts;
    for (auto const& part : split(text, ';'))
        if (auto trimmed = trim(part); !trimmed.empty())
            parts.push_back(std::move(trimmed));
    return parts;
}

Result<std::uint8_t> weekdays_from(std::string const& text) {
    if (to_lower(trim(text)) == "daily")
        return every_day;
    std::uint8_t days = 0;
    for (auto const& part : split(text, ',')) {
        auto const name = to_lower(trim(part));
        auto const at = std::find(weekday_names.begin(), weekday_names.end(), name);
        if (at == weekday_names.end())
            return Error { ErrorKind::invalid_input,
                "days: \"" + shorten(clean_utf8(name), 20) + "\" is no day; write daily, or mon, tue, ..." };
        days = static_cast<std::uint8_t>(days | 1U << (at - weekday_names.begin()));
    }
    return days;
}

Result<Minutes> clock_from(std::string const& text) {
    auto const parts = split(text, ':');
    auto const number = [](std::string const& digits, int most) {
        int value = -1;
        auto const read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        return read.ec == std::errc {} && read.ptr == digits.data() + digits.size() && value <= most ? value : -1;
    };
    auto const hour = parts.size() == 2 ? number(parts[0], 23) : -1;
    auto const minute = parts.size() == 2 ? number(parts[1], 59) : -1;
    if (hour < 0 || minute < 0)
        return Error { ErrorKind::invalid_input, "start: write a time of the day like 02:00" };
    return Minutes { hour * 60 + minute };
}

Result<MuteRule> rule_from(Settings::Mute const& mute, std::string const& default_zone) {
    MuteRule rule;
    rule.id = mute.name;
    rule.alarm = mute.alarm;
    rule.resource = mute.resource;
    rule.tag = mute.tag;
    rule.why = mute.why;
    rule.also_p1 = mute.also_p1;
    if (mute.days.empty()) {
        if (!mute.from.empty())
            rule.once.from = TRY(parse_time(mute.from).with_context("from"));
        if (!mute.to.empty())
            rule.once.to = TRY(parse_time(mute.to).with_context("to"));
        if (mute.from.empty() || mute.to.empty())
            return Error { ErrorKind::invalid_input, "needs from and to, or days, start, minutes and until" };
        return rule;
    }
    rule.weekdays = TRY(weekdays_from(mute.days));
    rule.start = TRY(clock_from(mute.start));
    rule.length = Minutes { mute.minutes };
    rule.time_zone = mute.time_zone.empty() ? default_zone : mute.time_zone;
    if (!mute.until.empty())
        rule.until
            = TRY(parse_time(mute.until.size() == 10 ? mute.until + "T00:00:00Z" : mute.until).with_context("until"));
    return rule;
}

} // namespace

WatchServiceSettings watch_settings_from(Settings const& settings) {
    auto const& watch = settings.watch;
    WatchServiceSettings made;
    made.watcher.rules.include = listed(watch.include);
    made.watcher.rules.exclude = listed(watch.exclude);
    made.watcher.rules.most_metrics = static_cast<std::size_t>(watch.most_metrics);
    made.watcher.budget.usd_a_month = watch.usd_per_month;
    made.watcher.budget.soonest = Seconds { watch.interval_seconds };
    made.watcher.budget.latest = std::max(made.watcher.budget.latest, made.watcher.budget.soonest);
    made.watcher.patience = Minutes { watch.patience_minutes };
    made.only_tags = listed(watch.only_tags);
    made.without_tags = listed(watch.without_tags);
    made.digest = watch.digest;
    made.digest_hour = watch.digest_hour;
    made.digest_time_zone = watch.digest_time_zone.empty() ? settings.workspace.time_zone : watch.digest_time_zone;
    return made;
}

std::unique_ptr<WatchService> watch_service_from(Settings const& settings, WatchServiceWorld world) {
    if (!settings.watch.enabled && settings.mutes.empty())
        return nullptr;
    if (settings.watch.enabled)
        for (auto const& connection : settings.connections)
            world.connections.emplace_back(ConnectionId { connection.id }, connection.account);
    for (auto const& route : settings.routes)
        world.routes.push_back({ route.channel, route.address, route.name });
    return std::make_unique<WatchService>(std::move(world), watch_settings_from(settings));
}

std::string problem_of(Settings::Mute const& mute) {
    auto const rule = rule_from(mute, "UTC");
    if (!rule)
        return rule.error().message;
    // As if it were read just before its end: whether it is over is no matter of form.
    return problem_of(*rule, (rule->recurs() ? rule->until : rule->once.to) - Seconds { 1 });
}

Result<std::vector<MuteRule>> mute_rules_from(Settings const& settings, Time now) {
    std::vector<MuteRule> rules;
    for (auto const& mute : settings.mutes) {
        auto const context = "[[mute]] \"" + mute.name + "\"";
        auto rule = TRY(rule_from(mute, settings.workspace.time_zone).with_context(context));
        bool const over = rule.recurs() ? rule.until <= now : rule.once.to <= now;
        if (over)
            continue;
        if (auto const problem = problem_of(rule, now); !problem.empty())
            return Error { ErrorKind::invalid_input, context + ": " + problem };
        rules.push_back(std::move(rule));
    }
    return rules;
}

} // namespace convops
