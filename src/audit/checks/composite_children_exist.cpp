// 47: a composite that waits for an alarm that was deleted.
#include "audit/alarm_nature.h"
#include "audit/fixes.h"
#include "base/text.h"

#include <algorithm>
#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms" } };

// FALSE in the place of a state that can never come.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
std::string rule_without(std::string const& rule, std::vector<std::string> const& missing) {
    std::string out;
    std::size_t at = 0;
    while (at < rule.size()) {
        auto const open = rule.find('(', at);
        auto const close = open == std::string::npos ? open : rule.find(')', open);
        if (close == std::string::npos)
            break;
        auto name = rule.substr(open + 1, close - open - 1);
        std::erase_if(name, [](char c) { return c == '"' || c == '\''; });
        if (auto const arn = name.find(":alarm:"); arn != std::string::npos)
            name = name.substr(arn + 7);
        auto word = open;
        while (word > at && (rule[word - 1] == '_' || (rule[word - 1] >= 'A' && rule[word - 1] <= 'Z')))
            --word;
        bool const gone = std::find(missing.begin(), missing.end(), name) != missing.end() && word < open;
        if (gone) {
            out += rule.substr(at, word - at) + "FALSE";
            at = close + 1;
        } else {
            out += rule.substr(at, open + 1 - at);
            at = open + 1;
        }
    }
    return out + rule.substr(std::min(at, rule.size()));
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    AlarmJudgements judged(region);
    auto const& here = estate.in(region);
    for (auto const& alarm : here.alarms) {
        if (!alarm.composite())
            continue;
        std::vector<std::string> missing;
        for (auto const& name : alarm.alarm.children)
            if (here.alarm_named(name) == nullptr)
                missing.push_back(name);
        if (missing.empty()) {
            judged.pass(alarm);
            continue;
        }
        judged.fail(alarm,
            "Its rule names " + join(missing, ", ") + ", which " + (missing.size() == 1 ? "does" : "do")
                + " not exist.",
            { "AlarmRule" },
            changed_alarm_fix(*alarm.item, { { "AlarmRule", rule_without(alarm.alarm.rule, missing) } }, region));
    }
    return judged.take();
}

} // namespace

Registered make_composite_children_exist() {
    return { .name = "composite_children_exist",
        .number = 47,
        .category = AuditCategory::hygiene,
        .severity = AuditSeverity::medium,
        .title = "Every alarm that a composite names exists",
        .matters = "A deleted alarm never fires; a rule that needs it never does either.",
        .needs = needs,
        .judge = judge };
}

} // namespace convops::audit_checks
