// 38: who is woken at three has no time to find out what an alarm is about.
#include "audit/alarm_nature.h"
#include "audit/also.h"
#include "audit/fixes.h"
#include "base/text.h"

#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms", .whole = false } };

bool says_something(EstateAlarm const& alarm) {
    auto const description = trim(alarm.alarm.description);
    if (description.find("://") != std::string::npos)
        return true;
    for (auto const& tag : list_at(*alarm.item, "Tags"))
        if (contains_ignoring_case(text_at(tag, "Key"), "owner")
            || contains_ignoring_case(text_at(tag, "Key"), "team")
            || contains_ignoring_case(text_at(tag, "Key"), "runbook"))
            return true;
    constexpr std::size_t shortest = 10; // "CPU" and "test" are no descriptions.
    return description.size() >= shortest && to_lower(description) != to_lower(alarm.alarm.name);
}

std::string draft_of(EstateAlarm const& alarm) {
    auto const* main = alarm.alarm.main_metric();
    auto const metric = main == nullptr || !main->metric ? std::string("its condition") : to_text(*main->metric);
    return "Fires when " + metric + " is " + (alarm.composite() ? "met" : condition_words(alarm))
        + ". Owner: (team). Runbook: (link).";
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    AlarmJudgements judged(region);
    for (auto const& alarm : estate.in(region).alarms) {
        if (is_managed(alarm) || only_scales(alarm) || alarm.gone)
            continue;
        if (says_something(alarm)) {
            judged.pass(alarm);
            continue;
        }
        judged.fail(alarm,
            trim(alarm.alarm.description).empty() ? "It has no description, no runbook link and no owner."
                                                  : "Its description says nothing that its name does not say.",
            { "AlarmDescription" },
            changed_alarm_fix(*alarm.item, { { "AlarmDescription", draft_of(alarm) } }, region));
    }
    return judged.take();
}

} // namespace

Registered make_alarm_tells_what_to_do() {
    return { .name = "alarm_tells_what_to_do",
        .number = 38,
        .category = AuditCategory::hygiene,
        .severity = AuditSeverity::low,
        .title = "Every alarm has a description, a runbook link or an owner",
        .matters = "Without a word about what it means, whom it belongs to and what to do, each alarm begins with an "
                   "investigation of the alarm.",
        .needs = needs,
        .also = also::existence,
        .judge = judge };
}

} // namespace convops::audit_checks
