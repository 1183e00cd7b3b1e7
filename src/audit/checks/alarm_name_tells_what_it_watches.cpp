// 39: "test2" on a telephone at night.
#include "audit/alarm_nature.h"
#include "audit/also.h"
#include "audit/fixes.h"
#include "base/text.h"

#include <algorithm>
#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms", .whole = false } };

constexpr std::array<std::string_view, 20> empty_words { "alarm", "alarms", "alert", "alerts", "test", "testing",
    "new", "my", "the", "copy", "untitled", "cloudwatch", "aws", "cw", "foo", "bar", "tmp", "temp", "default",
    "name" };

bool is_hexadecimal(std::string_view word) {
    return std::all_of(word.begin(), word.end(),
        [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == 'x'; });
}

// A word of at least two letters that is neither a number nor one of the empty ones.
bool tells_something(std::string_view name) {
    std::string word;
    auto const is_word = [&] {
        auto bare = word;
        std::erase_if(bare, [](char c) { return c >= '0' && c <= '9'; });
        return bare.size() >= 2 && !is_hexadecimal(word)
            && std::find(empty_words.begin(), empty_words.end(), bare) == empty_words.end();
    };
    char before = ' ';
    for (auto const c : std::string(name) + " ") {
        bool const upper = c >= 'A' && c <= 'Z';
        bool const letter = upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & 0x80) != 0;
        bool const begins = !letter || (upper && before >= 'a' && before <= 'z');
        if (begins) {
            if (is_word())
                return true;
            word.clear();
        }
        if (letter)
            word += upper ? static_cast<char>(c + ('a' - 'A')) : c;
        before = c;
    }
    return false;
}

std::string better_name(EstateAlarm const& alarm) {
    std::string name;
    for (auto const& resource : alarm.alarm.resources())
        name += resource.short_name() + " ";
    auto const* main = alarm.alarm.main_metric();
    name += main != nullptr && main->metric ? main->metric->name : alarm.alarm.name;
    return name + (alarm.alarm.fires_above() ? " high" : " low");
}

// An alarm can not be renamed: the fix is a second one with the name, and the first is silenced, not deleted.
AuditFix copy_under(std::string const& name, EstateAlarm const& alarm, std::string const& region) {
    auto copy = changed_alarm_fix(*alarm.item, { { "AlarmName", name } }, region);
    copy.cli
        += "\n" + silence_fix(alarm, region, "An alarm can not be renamed: the one above replaces this one.").cli;
    copy.terraform.clear(); // it would import what does not exist yet
    return copy;
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    AlarmJudgements judged(region);
    for (auto const& alarm : estate.in(region).alarms) {
        if (is_managed(alarm) || only_scales(alarm))
            continue;
        if (tells_something(alarm.alarm.name)) {
            judged.pass(alarm);
            continue;
        }
        judged.fail(alarm, "Its name says neither what it watches nor what is wrong.", { "AlarmName" },
            copy_under(better_name(alarm), alarm, region));
    }
    return judged.take();
}

} // namespace

Registered make_alarm_name_tells_what_it_watches() {
    return { .name = "alarm_name_tells_what_it_watches",
        .number = 39,
        .category = AuditCategory::hygiene,
        .severity = AuditSeverity::low,
        .title = "Every alarm has a name that tells what it watches",
        .matters = "The name is the first line that anybody reads; on a telephone it is the only one.",
        .needs = needs,
        .also = also::existence,
        .judge = judge };
}

} // namespace convops::audit_checks
