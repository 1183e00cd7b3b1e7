// 1: a production resource without any alarm.
#include "audit/also.h"
#include "audit/coverage.h"

#include <algorithm>
#include <array>

namespace convops::audit_checks {

namespace {

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    std::vector<AuditJudgement> all;
    auto const context = context_of(estate, region);
    for (auto const& thing : watched_things(estate, region)) {
        if (!is_production(*thing.resource))
            continue;
        if (thing.heard)
            all.push_back(passes(region, name_of(*thing.resource)));
        else
            all.push_back(fails(region, name_of(*thing.resource),
                thing.watched ? thing.resource->resource.display() + " has alarms, but nobody hears any of them."
                              : thing.resource->resource.display() + " has no alarm at all.",
                { { "cloudwatch:DescribeAlarms",
                    resource_key(thing.resource->metric_namespace, thing.resource->dimensions), nullptr } },
                thing.watched ? AuditFix {} : first_alarm(*thing.resource, context)));
    }
    return all;
}

} // namespace

Registered make_production_resource_has_alarm() {
    return { .name = "production_resource_has_alarm",
        .number = 1,
        .category = AuditCategory::coverage,
        .severity = AuditSeverity::high,
        .title = "Every production resource has an alarm that somebody hears",
        .matters = "What has no alarm fails in silence: users tell you, or nobody does.",
        .needs = every_resource_list,
        .also = also::covered_all,
        .history = AuditHistory::recommended_metrics,

        .judge = judge };
}

} // namespace convops::audit_checks
