// 63: errors are written every day and nobody hears of them.
#include "audit/alarm_nature.h"
#include "audit/error_lines.h"
#include "audit/fixes.h"
#include "audit/log_groups.h"
#include "audit/metric_filters.h"
#include "audit/topic_words.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "log_groups", .whole = false },
    AuditNeed { .reading = "log_metric_filters" } };
constexpr std::array<std::string_view, 1> beside { "log_error_lines" };

struct Errors {
    std::size_t lines = 0; // that were read; there may be more
    std::string word;
};

std::map<std::size_t, Errors> errors_by_group(AuditListing const& lines) {
    std::map<std::size_t, Errors> found;
    for (auto const& line : lines.items) {
        auto const of = integer_at(line, "@of");
        auto const word = error_word_in(text_at(line, "message"));
        if (!of || word.empty())
            continue;
        auto& errors = found[static_cast<std::size_t>(*of)];
        ++errors.lines;
        errors.word = word;
    }
    return found;
}

// What a line says stays in the account: only the word that marks it as an error is told.
AuditJudgement failing(std::string const& group, Errors const& errors, std::string const& region) {
    FilterMetric filter;
    filter.group = group;
    filter.name = "errors";
    filter.pattern = "?ERROR ?Error ?Exception ?FATAL";
    filter.metric = { "LogErrors", "Errors of " + group, {} };
    AlarmPlan alarm;
    alarm.name = "errors in " + group;
    alarm.description = "Error lines in the log group " + group + ".";
    alarm.metric = filter.metric;
    alarm.statistic = "Sum";
    alarm.period = Seconds { 300 };
    alarm.evaluation_periods = 3;
    alarm.datapoints_to_alarm = 2;
    alarm.treat_missing_data = "notBreaching";
    alarm.region = region;
    return fails(region, group,
        "It wrote at least " + std::to_string(errors.lines) + (errors.lines == 1 ? " line" : " lines") + " with \""
            + errors.word + "\" in the last 7 days, and no metric filter counts them.",
        { { "logs:FilterLogEvents", "events", static_cast<std::int64_t>(errors.lines) },
            { "logs:DescribeMetricFilters", "metricFilters", JsonArray {} } },
        both(metric_filter_fix(filter, region, false), alarm_fix(alarm)));
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    std::vector<AuditJudgement> all;
    auto const& lines = estate.account->listing("log_error_lines", region);
    auto const& groups = estate.items("log_groups", region);
    if (lines.shortfall)
        return { not_known(
            region, "", "log lines could not be searched: " + lines.shortfall->why, lines.shortfall->iam_action) };
    std::set<std::string> counted;
    for (auto const& filter : filter_metrics(estate, region))
        counted.insert(filter.group);
    auto const found = errors_by_group(lines);
    auto const searched = groups_to_search(groups);
    for (auto const index : searched) {
        auto const name = text_at(groups[index], "logGroupName");
        auto const errors = found.find(index);
        if (counted.contains(name))
            all.push_back(weighed(passes(region, name), name));
        else if (errors != found.end())
            all.push_back(weighed(failing(name, errors->second, region), name));
        else if (auto const failed = lines.failed_for.find(index); failed != lines.failed_for.end())
            all.push_back(not_known(region, name, failed->second.why, failed->second.iam_action));
        else if (lines.cut_for.contains(index))
            all.push_back(not_known(region, name, "it is too large to be searched from outside"));
        else
            all.push_back(weighed(passes(region, name), name));
    }
    auto const unsearched
        = std::count_if(groups.begin(), groups.end(), is_searched) - static_cast<std::ptrdiff_t>(searched.size());
    if (unsearched > 0) {
        all.push_back(not_known(region, "",
            std::to_string(unsearched) + " smaller log groups without a metric filter were not searched"));
        all.back().weight = static_cast<double>(unsearched);
    }
    return all;
}

} // namespace

Registered make_errors_in_logs_are_counted() {
    return { .name = "errors_in_logs_are_counted",
        .number = 63,
        .category = AuditCategory::logs,
        .severity = AuditSeverity::high,
        .title = "Log groups with errors have a metric filter",
        .matters = "An error that only a log knows of is found by a customer.",
        .needs = needs,
        .also = beside,
        .judge = judge };
}

} // namespace convops::audit_checks
