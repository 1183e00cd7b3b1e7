// 7: queues that others name as the place for what failed.
#include "audit/also.h"
#include "audit/coverage.h"

#include <algorithm>
#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms" }, AuditNeed { .reading = "sqs_queues" },
    AuditNeed { .reading = "lambda_functions", .whole = false } };

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    std::vector<AuditJudgement> all;
    auto const context = context_of(estate, region);
    Watchers const watchers(estate, region);
    for (auto const& question : cover_questions(estate, region, context))
        if (question.alarm->row->applies == Applies::dead_letter_queue)
            all.push_back(judged_cover(question, watchers, context));
    return all;
}

} // namespace

Registered make_dead_letter_queue_has_alarm() {
    return { .name = "dead_letter_queue_has_alarm",
        .number = 7,
        .category = AuditCategory::coverage,
        .severity = AuditSeverity::high,
        .title = "Every dead-letter queue has an alarm on its depth",
        .matters = "A message in a dead-letter queue is work that failed for good and that nobody will do.",
        .needs = needs,
        .also = also::covered,
        .history = AuditHistory::recommended_metrics,

        .judge = judge };
}

} // namespace convops::audit_checks
