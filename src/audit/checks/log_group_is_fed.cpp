// 69: the program runs and its log is silent: the agent died, the role lost its right, the group was renamed.
#include "audit/alarm_nature.h"
#include "audit/log_groups.h"
#include "audit/metric_sums.h"
#include "audit/topic_words.h"
#include "base/text.h"

#include <array>
#include <map>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "log_groups", .whole = false },
    AuditNeed { .reading = "log_incoming_bytes", .whole = false },
    AuditNeed { .reading = "lambda_functions", .whole = false },
    AuditNeed { .reading = "lambda_invocations", .whole = false },
    AuditNeed { .reading = "eks_clusters", .whole = false },
    AuditNeed { .reading = "cloudtrail_trails", .whole = false },
    AuditNeed { .reading = "cloudtrail_trail_status", .whole = false } };

// Log groups that something which runs should write to, with the words for it.
std::map<std::string, std::string> writers_in(Estate const& estate, std::string const& region) {
    std::map<std::string, std::string> writers;
    auto const invocations = metric_sums(estate, "lambda_invocations", region);
    auto const& functions = estate.items("lambda_functions", region);
    for (std::size_t i = 0; i < functions.size(); ++i)
        if (auto const runs = invocations.find(i); runs != invocations.end() && runs->second.sum > 0)
            writers[log_group_of_function(functions[i])] = "Function " + text_at(functions[i], "FunctionName")
                + " ran " + format_number(runs->second.sum) + " times in the last 30 days";
    for (auto const& item : estate.items("eks_clusters", region))
        for (auto const& setting : list_at(item, "cluster.logging.clusterLogging"))
            if (flag_at(setting, "enabled") && !list_at(setting, "types").empty())
                writers["/aws/eks/" + text_at(item, "cluster.name") + "/cluster"]
                    = "Cluster " + text_at(item, "cluster.name") + " runs and is to log its control plane";
    auto const& trails = estate.items("cloudtrail_trails", region);
    for (auto const& status : estate.items("cloudtrail_trail_status", region)) {
        auto const of = integer_at(status, "@of");
        if (!of || static_cast<std::size_t>(*of) >= trails.size() || !flag_at(status, "IsLogging"))
            continue;
        auto const& trail = trails[static_cast<std::size_t>(*of)];
        if (text_at(trail, "HomeRegion", region) == region)
            if (auto const group = log_group_of_arn(text_at(trail, "CloudWatchLogsLogGroupArn")); !group.empty())
                writers[group] = "Trail " + text_at(trail, "Name") + " is logging";
    }
    return writers;
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    std::vector<AuditJudgement> all;
    auto const fed = metric_sums(estate, "log_incoming_bytes", region);
    auto const& unread = estate.account->listing("log_incoming_bytes", region).failed_for;
    auto const writers = writers_in(estate, region);
    for (auto const& group : log_groups_in(estate, region)) {
        auto const writer = writers.find(group.name);
        if (writer == writers.end() || unread.contains(group.index))
            continue;
        auto const found = fed.find(group.index);
        if (found != fed.end() && found->second.sum > 0) {
            all.push_back(weighed(passes(region, group.name), group.name));
            continue;
        }
        all.push_back(weighed(
            fails(region, group.name, writer->second + ", and its log group took in nothing in the last 30 days.",
                { { "cloudwatch:GetMetricData", "IncomingBytes", 0 } }),
            group.name));
    }
    return all;
}

} // namespace

Registered make_log_group_is_fed() {
    return { .name = "log_group_is_fed",
        .number = 69,
        .category = AuditCategory::logs,
        .severity = AuditSeverity::medium,
        .title = "What runs also logs",
        .matters = "A silent log of a running program is missing exactly when it is needed.",
        .needs = needs,
        .judge = judge };
}

} // namespace convops::audit_checks
