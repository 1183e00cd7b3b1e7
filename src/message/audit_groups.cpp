#include "message/audit_groups.h"

#include "base/text.h"

#include <algorithm>
#include <cmath>

namespace convops {

namespace {

std::vector<AuditGroup> groups_of(AuditReport const& report, AuditResult result) {
    std::map<int, AuditGroup> by_number;
    for (auto const& finding : report.findings)
        if (finding.judgement.result == result)
            by_number[finding.number].findings.push_back(&finding);
    std::vector<AuditGroup> groups;
    for (auto& [number, group] : by_number) {
        auto const found = std::find_if(
            report.checks.begin(), report.checks.end(), [&](auto const& one) { return one.number == number; });
        if (found != report.checks.end()) {
            group.summary = *found;
        } else { // a report that was read back has no summaries
            auto const& first = *group.findings.front();
            group.summary = { first.check, first.check, first.number, first.category, first.severity };
        }
        groups.push_back(std::move(group));
    }
    std::stable_sort(groups.begin(), groups.end(),
        [](auto const& a, auto const& b) { return a.summary.severity < b.summary.severity; });
    return groups;
}

std::string times(int count, std::string_view one, std::string_view many) {
    return std::to_string(count) + " " + std::string(count == 1 ? one : many);
}

} // namespace

std::vector<AuditGroup> failed_groups(AuditReport const& report) {
    return groups_of(report, AuditResult::fail);
}

std::vector<AuditGroup> unknown_groups(AuditReport const& report) {
    return groups_of(report, AuditResult::unknown);
}

std::string short_resource(std::string_view resource) {
    if (!resource.starts_with("arn:"))
        return std::string(resource);
    auto const parts = split(resource, ':');
    if (parts.size() < 6)
        return std::string(resource);
    std::vector<std::string> const tail(parts.begin() + 5, parts.end());
    auto name = join(tail, ":");
    for (auto const* type : { "alarm:", "function:", "log-group:", "db:", "cluster:", "rule/", "loadbalancer/",
             "instance/", "volume/", "table/", "stateMachine:", "trail/" })
        if (name.starts_with(type) && name.size() > std::string_view(type).size())
            return name.substr(std::string_view(type).size());
    return name;
}

std::string severity_word(AuditSeverity severity) {
    switch (severity) {
    case AuditSeverity::high:
        return "High";
    case AuditSeverity::medium:
        return "Medium";
    case AuditSeverity::low:
        return "Low";
    case AuditSeverity::information:
        return "Note";
    }
    return "Note";
}

std::string category_word(AuditCategory category) {
    switch (category) {
    case AuditCategory::coverage:
        return "Alarm coverage";
    case AuditCategory::hygiene:
        return "Alarm hygiene";
    case AuditCategory::delivery:
        return "Delivery path";
    case AuditCategory::logs:
        return "Logs";
    case AuditCategory::depth:
        return "Depth";
    case AuditCategory::cost:
        return "Cost";
    }
    return "";
}

std::string date_and_clock(Time at) {
    auto const text = format_time(at); // "2026-11-28T09:23:12Z"
    return text.substr(0, 10) + " " + text.substr(11, 5) + " UTC";
}

std::string percent(double share) {
    auto const value = 100 * share;
    if (value > 0 && value < 1)
        return "under 1 %";
    return std::to_string(std::lround(value)) + " %";
}

std::string checked_words(AuditReport const& report) {
    auto const could_not = " could not be checked";
    if (report.only.empty())
        return percent(report.unchecked_share) + could_not;
    return "only " + std::to_string(report.only.size()) + " of " + std::to_string(report.checks.size())
        + " checks were asked for: of these " + percent(report.unknown_share) + could_not
        + ", the others were not looked at";
}

std::string since_words(AuditComparison const& comparison) {
    return "Since " + date_and_clock(comparison.earlier_at) + " (grade " + std::string(1, comparison.earlier_grade)
        + ", " + std::to_string(std::lround(comparison.earlier_score))
        + (comparison.same_checks ? ")" : ", of other checks: the grades are not of the same)");
}

std::string held_by(AuditReport const& report) {
    for (auto const& check : report.checks)
        if (check.check == report.grade_capped_by)
            return check.title;
    return report.grade_capped_by;
}

std::string untold_words(UntoldMoment const& moment) {
    return moment.resource.display() + ": " + moment.metric.name + " was " + format_value(moment.worst, moment.unit)
        + ", usually " + format_value(moment.usual, moment.unit) + ".";
}

std::string no_moment_words(AuditReport const& report) {
    if (!report.only.empty())
        return "Not looked at: " + report.untold_gap + ".";
    std::string const found
        = report.untold.empty() ? "No moment of the last 14 days was found that nobody would have heard of." : "";
    if (report.untold_gap.empty())
        return found;
    return (found.empty() ? "" : found + " ") + "Not all was looked at: " + report.untold_gap + ".";
}

std::string would_have_told(UntoldMoment const& moment) {
    if (moment.alarm.empty())
        return {};
    return moment.alarm + " would have told; "
        + (moment.false_alarms == 0 ? std::string("no false alarm")
                                    : times(moment.false_alarms, "false alarm", "false alarms"))
        + " in 14 days.";
}

std::string tuning_words(AlarmTuning const& tuning) {
    return "14 days: " + times(tuning.fired_now, "alarm", "alarms") + ", " + std::to_string(tuning.real_now)
        + " real. With " + tuning.would_say + ": " + std::to_string(tuning.fired_then) + ", "
        + std::to_string(tuning.real_then) + " real.";
}

} // namespace convops
