// 22: quotas: usage above 80 %.
#include "audit/also.h"
#include "audit/coverage.h"

#include <algorithm>
#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms" } };

constexpr double share = 80;

AuditFix quota_alarm(std::string const& region) {
    JsonArray const dimensions { JsonObject { { "Name", "Type" }, { "Value", "Resource" } },
        JsonObject { { "Name", "Resource" }, { "Value", "vCPU" } },
        JsonObject { { "Name", "Service" }, { "Value", "EC2" } },
        JsonObject { { "Name", "Class" }, { "Value", "Standard/OnDemand" } } };
    AlarmPlan plan;
    plan.name = "EC2: the quota of processors is nearly used up";
    plan.description = "Usage in per cent of the quota. Past it no instance starts.";
    plan.comparison = "GreaterThanThreshold";
    plan.threshold = share;
    plan.treat_missing_data = "notBreaching";
    plan.region = region;
    plan.queries = { JsonObject { { "Id", "used" }, { "Expression", "usage / SERVICE_QUOTA(usage) * 100" },
                         { "Label", "per cent of the quota" }, { "ReturnData", true } },
        JsonObject { { "Id", "usage" },
            { "MetricStat",
                JsonObject { { "Metric",
                                 JsonObject { { "Namespace", "AWS/Usage" }, { "MetricName", "ResourceCount" },
                                     { "Dimensions", dimensions } } },
                    { "Period", 300 }, { "Stat", "Maximum" } } },
            { "ReturnData", false } } };
    return alarm_fix(plan);
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    auto const& here = estate.in(region);
    if (here.resources.empty())
        return {};
    for (auto const& alarm : here.alarms)
        for (auto const& metric : alarm.alarm.metrics)
            if ((metric.metric
                    && (metric.metric->metric_namespace == "AWS/Usage"
                        || metric.metric->metric_namespace == "AWS/TrustedAdvisor"))
                || metric.expression.find("SERVICE_QUOTA") != std::string::npos)
                return { passes(region, "") };
    return { fails(region, "", "No alarm watches the use of any quota (AWS/Usage).",
        { { "cloudwatch:DescribeAlarms", "Namespace AWS/Usage", nullptr } }, quota_alarm(region)) };
}

} // namespace

Registered make_quota_usage_is_watched() {
    return { .name = "quota_usage_is_watched",
        .number = 22,
        .category = AuditCategory::coverage,
        .severity = AuditSeverity::medium,
        .title = "An alarm watches how much of the quotas is used",
        .matters = "A quota that is reached refuses the next instance, task or call, usually under load.",
        .needs = needs,
        .also = also::resources,

        .judge = judge };
}

} // namespace convops::audit_checks
