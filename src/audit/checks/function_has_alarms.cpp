// 5: errors, refused calls, time-outs to come, and the quota that all functions share.
#include "audit/also.h"
#include "audit/coverage.h"

#include <algorithm>
#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms" },
    AuditNeed { .reading = "lambda_functions", .whole = false },
    AuditNeed { .reading = "lambda_account_settings", .whole = false } };

constexpr std::array asked { AskedMetric { "AWS/Lambda", "Errors" }, AskedMetric { "AWS/Lambda", "Throttles" },
    AskedMetric { "AWS/Lambda", "Duration" } };
constexpr double concurrency_share = 0.9;

// One alarm for the account: all functions share its quota.
AuditJudgement concurrency(Estate const& estate, std::string const& region) {
    Watchers const watchers(estate, region);
    AlarmCover cover;
    for (auto const* name :
        { "ClaimedAccountConcurrency", "ConcurrentExecutions", "UnreservedConcurrentExecutions" }) {
        auto const found = watchers.exactly({ "AWS/Lambda", name, {} });
        cover = watchers.cover(found, true);
        if (cover.state == AlarmCover::State::covered)
            return passes(region, "Lambda concurrency");
        if (cover.state != AlarmCover::State::missing)
            break;
    }
    if (cover.state == AlarmCover::State::not_known)
        return not_known(
            region, "Lambda concurrency", "Whether anybody hears its alarm: " + cover.why + ".", cover.iam_action);
    auto const quota = context_of(estate, region).account_concurrency;
    AlarmPlan plan;
    plan.name = "Lambda: the account is about to run out of concurrency";
    plan.description = "All functions of the Region share this quota; past it calls are throttled.";
    plan.metric = { "AWS/Lambda", "ClaimedAccountConcurrency", {} };
    plan.statistic = "Maximum";
    plan.datapoints_to_alarm = plan.evaluation_periods = 10;
    plan.treat_missing_data = "notBreaching";
    plan.region = region;
    plan.threshold = concurrency_share * quota.value_or(0);
    auto const why = cover.state == AlarmCover::State::unheard
        ? "The alarm on the concurrency of the account is not heard: " + cover.why + "."
        : std::string("No alarm compares the concurrency of all functions with the quota of the account.");
    return fails(region, "Lambda concurrency", why,
        { { "lambda:GetAccountSettings", "AccountLimit.ConcurrentExecutions",
            quota ? Json(*quota) : Json(nullptr) } },
        quota && cover.state == AlarmCover::State::missing ? alarm_fix(plan) : AuditFix {});
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    auto all = judge_cover(estate, region, asked);
    if (!all.empty())
        all.push_back(concurrency(estate, region));
    return all;
}

} // namespace

Registered make_function_has_alarms() {
    return { .name = "function_has_alarms",
        .number = 5,
        .category = AuditCategory::coverage,
        .severity = AuditSeverity::high,
        .title = "Every function has alarms on errors, throttles and duration, and the account on its concurrency",
        .matters = "Functions fail one call at a time; without an alarm the errors are read in the log of last week.",
        .needs = needs,
        .also = also::covered,
        .history = AuditHistory::recommended_metrics,

        .judge = judge };
}

} // namespace convops::audit_checks
