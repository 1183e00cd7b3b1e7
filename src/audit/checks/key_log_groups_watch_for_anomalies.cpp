// 72: CloudWatch can tell when a log says something it never said.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/LogsAnomalyDetection.html
#include "audit/alarm_nature.h"
#include "audit/fixes.h"
#include "audit/log_groups.h"
#include "audit/metric_sums.h"
#include "audit/topic_words.h"
#include "base/text.h"

#include <array>
#include <set>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "log_groups", .whole = false },
    AuditNeed { .reading = "log_incoming_bytes", .whole = false }, AuditNeed { .reading = "log_anomaly_detectors" } };

AuditFix detector_fix(AuditLogGroup const& group, std::string const& region) {
    AuditFix fix;
    fix.cli = cli_command("logs", "create-log-anomaly-detector",
        { { "log-group-arn-list", JsonArray { group.arn } }, { "detector-name", group.name },
            { "evaluation-frequency", "FIFTEEN_MIN" } },
        region);
    auto const what = "detector of " + group.name;
    fix.cloudformation = cloudformation_resource(identifier_of(what, ""), "AWS::Logs::LogAnomalyDetector",
        { { "DetectorName", group.name }, { "LogGroupArnList", JsonArray { group.arn } },
            { "EvaluationFrequency", "FIFTEEN_MIN" } });
    fix.terraform = terraform_resource("aws_cloudwatch_log_anomaly_detector", identifier_of(what, "_"),
        { { "detector_name", group.name }, { "log_group_arn_list", JsonArray { group.arn } },
            { "evaluation_frequency", "FIFTEEN_MIN" }, { "enabled", true } });
    return fix;
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    constexpr std::size_t most_groups = 10;
    constexpr double least_gigabytes = 1; // a month: less than that a person can read
    std::set<std::string> watched;
    for (auto const& detector : estate.items("log_anomaly_detectors", region))
        for (auto const& arn : list_at(detector, "logGroupArnList"))
            if (arn.is_string())
                watched.insert(log_group_of_arn(arn.as_string()));
    auto const fed = metric_sums(estate, "log_incoming_bytes", region);
    std::vector<std::pair<double, AuditLogGroup>> busiest;
    for (auto const& group : log_groups_in(estate, region))
        if (auto const found = fed.find(group.index);
            found != fed.end() && group.is_standard && gigabytes(found->second.sum) >= least_gigabytes)
            busiest.emplace_back(found->second.sum, group);
    std::stable_sort(busiest.begin(), busiest.end(), [](auto const& a, auto const& b) { return a.first > b.first; });
    if (busiest.size() > most_groups)
        busiest.resize(most_groups);
    std::vector<AuditJudgement> all;
    for (auto const& [bytes, group] : busiest)
        all.push_back(weighed(watched.contains(group.name)
                ? passes(region, group.name)
                : fails(region, group.name,
                      "It takes in " + format_number(gigabytes(bytes)) + " GB a month and has no anomaly detector.",
                      { { "logs:ListLogAnomalyDetectors", "logGroupArnList", nullptr } },
                      detector_fix(group, region)),
            group.name));
    return all;
}

} // namespace

Registered make_key_log_groups_watch_for_anomalies() {
    return { .name = "key_log_groups_watch_for_anomalies",
        .number = 72,
        .category = AuditCategory::logs,
        .severity = AuditSeverity::low,
        .title = "The busiest log groups have an anomaly detector",
        .matters = "A line that never stood there before is often the first sign of a fault; the detector itself "
                   "costs nothing.",
        .needs = needs,
        .judge = judge };
}

} // namespace convops::audit_checks
