// 73: a subscription filter whose destination refuses retries for a day, then drops.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Monitoring-CloudWatch-Metrics.html
#include "audit/alarm_nature.h"
#include "audit/metric_sums.h"
#include "audit/topic_words.h"
#include "base/text.h"

#include <array>
#include <set>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "log_forwarding", .whole = false },
    AuditNeed { .reading = "log_failed_forwarding", .whole = false },
    AuditNeed { .reading = "log_delivery_errors", .whole = false } };

std::string filter_of(Json const& metric) {
    std::string group, filter;
    for (auto const& dimension : list_at(metric, "Dimensions")) {
        if (text_at(dimension, "Name") == "LogGroupName")
            group = text_at(dimension, "Value");
        if (text_at(dimension, "Name") == "FilterName")
            filter = text_at(dimension, "Value");
    }
    return group + ":" + filter;
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    std::vector<AuditJudgement> all;
    std::set<std::string> failing;
    auto const sums = metric_sums(estate, "log_delivery_errors", region);
    auto const& failed = estate.items("log_failed_forwarding", region);
    for (std::size_t i = 0; i < failed.size(); ++i) {
        auto const found = sums.find(i);
        if (found == sums.end() || found->second.sum <= 0)
            continue;
        auto const thing = filter_of(failed[i]);
        failing.insert(thing);
        all.push_back(weighed(
            fails(region, thing,
                "Its destination refused " + format_number(found->second.sum) + " log events in the last 30 days.",
                { { "cloudwatch:GetMetricData", "DeliveryErrors", found->second.sum } }),
            thing));
    }
    for (auto const& metric : estate.items("log_forwarding", region))
        if (auto const thing = filter_of(metric); !failing.contains(thing))
            all.push_back(weighed(passes(region, thing), thing));
    return all;
}

} // namespace

Registered make_log_subscription_delivers() {
    return { .name = "log_subscription_delivers",
        .number = 73,
        .category = AuditCategory::logs,
        .severity = AuditSeverity::medium,
        .title = "Every subscription filter delivers",
        .matters = "What the destination does not take is lost to every tool behind it.",
        .needs = needs,
        .judge = judge };
}

} // namespace convops::audit_checks
