// Metric filters: which metric each makes, which alarms watch it, and the fifteen that the CIS benchmark asks of a
// trail's log group.
#pragma once

#include "audit/alarm_nature.h"

namespace convops {

struct FilterMetric {
    Json const* filter = nullptr;
    std::string group, name, pattern; // name of the filter
    MetricId metric; // without dimensions
    std::string value = "1", unit; // what a match adds
    bool has_dimensions = false;
    bool has_default = false;
};
std::vector<FilterMetric> filter_metrics(Estate const& estate, std::string const& region);

// Alarms on this metric, whatever their dimensions; a Metrics Insights query that reads its namespace counts.
bool is_alarmed(EstateRegion const& here, MetricId const& metric);

// A new filter, or one that replaces the filter of that name.
AuditFix metric_filter_fix(FilterMetric const& filter, std::string_view region, bool exists);
AuditFix both(AuditFix first, AuditFix const& second);

struct CisFilter {
    std::string_view number; // of the CIS AWS Foundations Benchmark: "4.5"
    std::string_view says; // "changes of CloudTrail's configuration"
    std::string_view metric; // name for a new metric
    std::string_view pattern; // a filter that satisfies it
    // Words that a pattern must compare with (after "="), separated by spaces: event names, values.
    std::string_view compared;
    std::string_view fields; // fields that it must name
};
std::span<CisFilter const> cis_filters();

// By what it compares, not by its bytes: order, spaces, quotation marks and further events do not matter.
bool satisfies(CisFilter const& wanted, std::string_view pattern);

// Names of this Region's log groups that a trail of this account writes to.
std::set<std::string> trail_groups(Estate const& estate, std::string const& region);

} // namespace convops
