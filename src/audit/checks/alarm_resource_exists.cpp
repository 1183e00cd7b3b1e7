// 28: a resource is replaced and its alarm stays with the old name. It is green or grey for ever.
#include "audit/alarm_nature.h"
#include "audit/also.h"
#include "audit/fixes.h"
#include "audit/gone_resources.h"

#include <algorithm>
#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms", .whole = false } };

bool names_a_known_kind(EstateAlarm const& alarm) {
    return std::any_of(alarm.alarm.metrics.begin(), alarm.alarm.metrics.end(), [](auto const& metric) {
        auto const named = metric.metric ? resource_named_by(*metric.metric) : std::nullopt;
        return named && !readings_of_kind(named->resource.type).empty();
    });
}

// The list that would tell whether the alarm's resource exists, when it is not whole.
AuditListing const* unread_kind(Estate const& estate, std::string const& region, EstateAlarm const& alarm) {
    for (auto const& metric : alarm.alarm.metrics) {
        auto const named = metric.metric ? resource_named_by(*metric.metric) : std::nullopt;
        if (!named)
            continue;
        for (auto const reading : readings_of_kind(named->resource.type))
            if (auto const& listing = estate.account->listing(reading, region); !listing.whole())
                return &listing;
    }
    return nullptr;
}

std::string words_of(GoneResource const& gone) {
    auto const words = "It watches " + gone.resource.display() + ", which does not exist: it can never fire.";
    return gone.nearest.empty() ? words : words + " There is one named " + gone.nearest + ".";
}

// One plain metric can be pointed at the name that was probably meant; anything else is silenced.
AuditFix fix_of(EstateAlarm const& alarm, std::string const& region) {
    auto const& gone = *alarm.gone;
    if (gone.nearest.empty() || !alarm.item->as_object().contains("Dimensions"))
        return silence_fix(alarm, region,
            "If the resource was replaced, put the name of the new one into the alarm's dimension " + gone.dimension
                + ". Otherwise:");
    JsonArray dimensions;
    for (auto const& entry : list_at(*alarm.item, "Dimensions")) {
        auto const name = text_at(entry, "Name");
        dimensions.push_back(
            { { "Name", name }, { "Value", name == gone.dimension ? gone.nearest : text_at(entry, "Value") } });
    }
    return changed_alarm_fix(*alarm.item, { { "Dimensions", std::move(dimensions) } }, region);
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    AlarmJudgements judged(region);
    for (auto const& alarm : estate.in(region).alarms) {
        if (alarm.composite() || watches_other_account(alarm, estate.account->id))
            continue;
        if (alarm.gone) {
            judged.fail(alarm, words_of(*alarm.gone),
                { alarm_field(alarm, alarm.item->as_object().contains("Dimensions") ? "Dimensions" : "Metrics"),
                    { "cloudwatch:DescribeAlarms", alarm.gone->dimension, Json(alarm.gone->resource.name) } },
                fix_of(alarm, region));
            continue;
        }
        if (auto const* unread = unread_kind(estate, region, alarm)) {
            judged.unknown(alarm,
                unread->shortfall ? unread->shortfall->why : "not all resources of its kind could be read",
                unread->refused_action());
            continue;
        }
        if (names_a_known_kind(alarm))
            judged.pass(alarm);
    }
    return judged.take();
}

} // namespace

Registered make_alarm_resource_exists() {
    return { .name = "alarm_resource_exists",
        .number = 28,
        .category = AuditCategory::hygiene,
        .severity = AuditSeverity::high,
        .title = "Every alarm watches something that exists",
        .matters = "An alarm on a resource that was deleted can never fire; whoever replaced the resource believes "
                   "it is watched.",
        .needs = needs,
        .also = also::existence,
        .judge = judge };
}

} // namespace convops::audit_checks
