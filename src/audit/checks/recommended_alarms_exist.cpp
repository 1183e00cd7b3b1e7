// 2: alarms that AWS recommends and practice adds, weighted by how badly it ends without them.
#include "audit/also.h"
#include "audit/coverage.h"

#include <algorithm>
#include <array>

namespace convops::audit_checks {

namespace {

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    std::vector<AuditJudgement> all;
    auto const context = context_of(estate, region);
    Watchers const watchers(estate, region);
    for (auto const& question : cover_questions(estate, region, context)) {
        auto const& row = *question.alarm->row;
        // Checks 3 to 12 ask for those: nothing is told twice.
        if (row.applies == Applies::dead_letter_queue
            || asked_elsewhere({ question.alarm->metric_namespace, row.metric }))
            continue;
        all.push_back(judged_cover(question, watchers, context));
    }
    return all;
}

} // namespace

Registered make_recommended_alarms_exist() {
    return { .name = "recommended_alarms_exist",
        .number = 2,
        .category = AuditCategory::coverage,
        .severity = AuditSeverity::high,
        .title = "The recommended alarms exist for each resource",
        .matters = "Each of these alarms stands for a way in which the service is known to fail.",
        .needs = every_resource_list,
        .also = also::covered_all,
        .history = AuditHistory::recommended_metrics,

        .judge = judge };
}

} // namespace convops::audit_checks
