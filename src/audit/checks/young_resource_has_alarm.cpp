// 18: young resources without alarms.
#include "audit/also.h"
#include "audit/coverage.h"

#include <algorithm>
#include <array>

namespace convops::audit_checks {

namespace {

constexpr Days young { 30 };

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    std::vector<AuditJudgement> all;
    auto const context = context_of(estate, region);
    for (auto const& thing : watched_things(estate, region)) {
        auto const& made = thing.resource->created_at;
        if (!made || estate.now() - *made > young)
            continue;
        auto judgement = thing.watched
            ? passes(region, name_of(*thing.resource))
            : fails(region, name_of(*thing.resource),
                  thing.resource->resource.display() + " was made " + format_duration(estate.now() - *made)
                      + " ago and has no alarm yet.",
                  { AuditEvidence { "cloudwatch:DescribeAlarms", "created", Json(format_time(*made)) } },
                  first_alarm(*thing.resource, context));
        judgement.weight = weight_of(*thing.resource);
        all.push_back(std::move(judgement));
    }
    return all;
}

} // namespace

Registered make_young_resource_has_alarm() {
    return { .name = "young_resource_has_alarm",
        .number = 18,
        .category = AuditCategory::coverage,
        .severity = AuditSeverity::medium,
        .title = "What was made in the last 30 days has alarms as well",
        .matters = "Alarms are added after the first incident; what is new has had none yet.",
        .needs = every_resource_list,
        .also = also::covered_all,
        .history = AuditHistory::recommended_metrics,

        .judge = judge };
}

} // namespace convops::audit_checks
