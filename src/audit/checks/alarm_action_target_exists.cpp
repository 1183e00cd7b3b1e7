// 25: the topic was deleted, the alarm still sends to it. CloudWatch does not say so anywhere but in the alarm's
// history.
#include "audit/alarm_nature.h"
#include "audit/estate_words.h"
#include "audit/fixes.h"
#include "base/text.h"

#include <algorithm>
#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms", .whole = false } };
constexpr std::array<std::string_view, 3> beside { "sns_topics", "lambda_functions", "auto_scaling_policies" };

struct Target {
    bool gone = false;
    AuditListing const* unread = nullptr; // what would have told
};

bool listed(JsonArray const& items, std::string_view field, std::string_view arn) {
    return std::any_of(items.begin(), items.end(), [&](auto const& item) { return text_at(item, field) == arn; });
}

// "arn:aws:lambda:eu-west-1:111122223333:function:tell:live" without the alias
std::string function_of(std::string const& arn) {
    auto parts = split(arn, ':');
    if (parts.size() > 7)
        parts.resize(7);
    return join(parts, ":");
}

// Only what is in this account and Region can be looked up. Actions on instances, incidents and OpsItems always
// exist.
Target target_of(Estate const& estate, std::string const& region, std::string const& action) {
    if (!is_own(action, estate.account->id, region))
        return {};
    struct Place {
        std::string_view part, reading, field;
    };
    constexpr std::array places { Place { ":sns:", "sns_topics", "TopicArn" },
        Place { ":lambda:", "lambda_functions", "FunctionArn" },
        Place { ":autoscaling:", "auto_scaling_policies", "PolicyARN" } };
    for (auto const& place : places) {
        if (action.find(place.part) == std::string::npos)
            continue;
        // A policy of Application Auto Scaling has an ARN of autoscaling, too, and names its service in it. Those are
        // listed by service only, and their alarms are mostly made together with them.
        // https://docs.aws.amazon.com/autoscaling/application/APIReference/API_ScalingPolicy.html
        if (place.part == ":autoscaling:" && action.find(":resource/") != std::string::npos)
            return {};
        auto const& listing = estate.account->listing(place.reading, region);
        if (listed(listing.items, place.field, place.part == ":lambda:" ? function_of(action) : action))
            return {};
        return listing.whole() ? Target { true, nullptr } : Target { false, &listing };
    }
    return {};
}

// The same actions; a topic that is gone gives way to the topic of the people on call, anything else is left out, but
// an alarm that told somebody goes on to tell somebody.
JsonArray replaced(Json const& item, std::string_view field, std::string const& gone) {
    JsonArray actions;
    for (auto const& action : list_at(item, field))
        if (!action.is_string() || std::string_view(action.as_string()) != gone)
            actions.push_back(action);
        else if (is_topic(gone))
            actions.emplace_back(alarm_topic.text);
    if (actions.empty() && field == "AlarmActions")
        actions.emplace_back(alarm_topic.text);
    return actions;
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    AlarmJudgements judged(region);
    for (auto const& alarm : estate.in(region).alarms) {
        std::string gone;
        std::string_view field;
        AuditListing const* unread = nullptr;
        bool any = false;
        for (auto const& [name, actions] : { std::pair { std::string_view("AlarmActions"), &alarm.alarm_actions },
                 std::pair { std::string_view("OKActions"), &alarm.ok_actions },
                 std::pair { std::string_view("InsufficientDataActions"), &alarm.insufficient_data_actions } })
            for (auto const& action : *actions) {
                any = true;
                auto const target = target_of(estate, region, action);
                if (target.gone && gone.empty()) {
                    gone = action;
                    field = name;
                }
                unread = unread == nullptr ? target.unread : unread;
            }
        if (!any)
            continue;
        if (!gone.empty())
            judged.fail(alarm, "It sends to " + gone + ", which does not exist.", { field },
                changed_alarm_fix(*alarm.item, { { field, replaced(*alarm.item, field, gone) } }, region));
        else if (unread != nullptr)
            judged.unknown(alarm,
                unread->shortfall ? unread->shortfall->why : "not all targets of its kind could be read",
                unread->refused_action());
        else
            judged.pass(alarm);
    }
    return judged.take();
}

} // namespace

Registered make_alarm_action_target_exists() {
    return { .name = "alarm_action_target_exists",
        .number = 25,
        .category = AuditCategory::hygiene,
        .severity = AuditSeverity::high,
        .title = "Every action of an alarm leads to something that exists",
        .matters = "An alarm whose topic, function or scaling policy was deleted fires into nothing.",
        .needs = needs,
        .also = beside,
        .judge = judge };
}

} // namespace convops::audit_checks
