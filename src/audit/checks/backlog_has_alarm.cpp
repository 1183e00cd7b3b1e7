// 8: the age of what waits.
#include "audit/also.h"
#include "audit/coverage.h"

#include <algorithm>
#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms" },
    AuditNeed { .reading = "sqs_queues", .whole = false },
    AuditNeed { .reading = "lambda_functions", .whole = false },
    AuditNeed { .reading = "lambda_event_source_mappings", .whole = false },
    AuditNeed { .reading = "kinesis_streams", .whole = false } };

constexpr std::array asked { AskedMetric { "AWS/SQS", "ApproximateAgeOfOldestMessage" },
    AskedMetric { "AWS/Lambda", "IteratorAge" },
    AskedMetric { "AWS/Kinesis", "GetRecords.IteratorAgeMilliseconds" } };

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    return judge_cover(estate, region, asked);
}

} // namespace

Registered make_backlog_has_alarm() {
    return { .name = "backlog_has_alarm",
        .number = 8,
        .category = AuditCategory::coverage,
        .severity = AuditSeverity::medium,
        .title = "Backlogs of queues and streams have alarms on their age",
        .matters = "The age of the oldest message says that consumers stopped, whatever the traffic; past the "
                   "retention messages are lost.",
        .needs = needs,
        .also = also::covered_streams,
        .history = AuditHistory::recommended_metrics,

        .judge = judge };
}

} // namespace convops::audit_checks
