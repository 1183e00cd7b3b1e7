#include "audit/costs.h"

#include "audit/recommended.h"

#include <cmath>
#include <set>

namespace convops {

namespace {

// https://aws.amazon.com/cloudwatch/pricing/ (us-east-1, read 2026-11)
constexpr double usd_per_alarm_metric = 0.10;
constexpr double usd_per_fine_alarm_metric = 0.30; // periods of 10 and 30 s
constexpr double usd_per_composite = 0.50;
constexpr double usd_per_dashboard = 3;
constexpr std::size_t free_dashboards = 3;
constexpr double usd_per_custom_metric = 0.30;
constexpr double usd_per_stored_gigabyte = 0.03;
constexpr double gigabyte = 1024.0 * 1024 * 1024;
constexpr Days orphaned_after { 7 };

double price_of(EstateAlarm const& alarm) {
    if (alarm.composite())
        return usd_per_composite;
    double metrics = 0;
    bool fine = false;
    for (auto const& metric : alarm.alarm.metrics) {
        metrics += metric.metric || metric.expression.starts_with("SELECT") ? 1 : 0;
        fine = fine || (metric.period.count() > 0 && metric.period < Seconds { 60 });
    }
    // A band costs as the metric and its two edges.
    if (alarm.alarm.kind == AlarmKind::anomaly_band)
        metrics += 2;
    return std::max(1.0, metrics) * (fine ? usd_per_fine_alarm_metric : usd_per_alarm_metric);
}

std::string likeness(EstateAlarm const& alarm) {
    std::string key = alarm.alarm.rule + "\n" + alarm.alarm.comparison + "\n"
        + number_words(alarm.alarm.threshold.value_or(0)) + "\n" + std::to_string(alarm.alarm.evaluation_periods);
    for (auto const& metric : alarm.alarm.metrics)
        key += "\n" + metric.expression + "\n" + metric.statistic + "\n" + std::to_string(metric.period.count())
            + "\n" + (metric.metric ? to_text(*metric.metric) : "");
    return key;
}

std::string dollars(double usd) {
    return number_words(std::round(usd * 100) / 100);
}

AuditCost alarms(Estate const& estate, std::string const& region) {
    AuditCost cost { "alarms" };
    std::set<std::string> seen;
    std::size_t orphaned = 0;
    std::size_t twice = 0;
    for (auto const& alarm : estate.in(region).alarms) {
        auto const price = price_of(alarm);
        cost.usd += price;
        bool const again = !seen.insert(likeness(alarm)).second;
        bool const orphan = alarm.alarm.state == AlarmState::insufficient_data && alarm.state_since
            && estate.now() - *alarm.state_since > orphaned_after;
        twice += again ? 1 : 0;
        orphaned += orphan && !again ? 1 : 0;
        cost.wasted_usd += again || orphan ? price : 0;
    }
    cost.basis = std::to_string(estate.in(region).alarms.size()) + " alarms; " + std::to_string(orphaned)
        + " without data for a week, " + std::to_string(twice) + " twice";
    return cost;
}

AuditCost dashboards(Estate const& estate, std::string const& region) {
    auto const count = estate.items("cloudwatch_dashboards", region).size();
    auto const paid = count > free_dashboards ? count - free_dashboards : 0;
    return { "dashboards", static_cast<double>(paid) * usd_per_dashboard, 0,
        std::to_string(count) + " dashboards, the first three are free" };
}

// Custom metrics that no alarm and no dashboard names.
std::size_t count_unused(std::vector<MetricId> const& custom, Estate const& estate, std::string const& region) {
    std::set<std::pair<std::string, std::string>> alarmed;
    std::string texts; // of queries and dashboards
    for (auto const& alarm : estate.in(region).alarms)
        for (auto const& one : alarm.alarm.metrics) {
            texts += one.expression + "\n";
            if (one.metric)
                alarmed.emplace(one.metric->metric_namespace, one.metric->name);
        }
    for (auto const& body : estate.items("cloudwatch_dashboard_bodies", region))
        texts += text_at(body, "DashboardBody") + "\n";
    std::map<std::pair<std::string, std::string>, std::size_t> by_name;
    for (auto const& metric : custom)
        ++by_name[{ metric.metric_namespace, metric.name }];
    std::size_t unused = 0;
    for (auto const& [name, count] : by_name)
        if (!alarmed.contains(name) && texts.find(name.second) == std::string::npos)
            unused += count;
    return unused;
}

AuditCost metrics(Estate const& estate, std::string const& region) {
    auto const custom = custom_metrics_in(estate, region);
    auto const unused = count_unused(custom, estate, region);
    return { "custom metrics", static_cast<double>(custom.size()) * usd_per_custom_metric,
        static_cast<double>(unused) * usd_per_custom_metric,
        std::to_string(custom.size()) + " x " + dollars(usd_per_custom_metric) + " USD; " + std::to_string(unused)
            + " that no alarm and no dashboard uses" };
}

AuditCost logs(Estate const& estate, std::string const& region) {
    double stored = 0;
    double forever = 0;
    for (auto const& group : estate.items("log_groups", region)) {
        auto const bytes = number_at(group, "storedBytes").value_or(0);
        stored += bytes;
        forever += number_at(group, "retentionInDays") ? 0 : bytes;
    }
    return { "log storage", stored / gigabyte * usd_per_stored_gigabyte, forever / gigabyte * usd_per_stored_gigabyte,
        number_words(std::round(stored / gigabyte)) + " GB x " + dollars(usd_per_stored_gigabyte) + " USD; "
            + number_words(std::round(forever / gigabyte)) + " GB in groups that keep forever" };
}

} // namespace

bool is_custom(std::string_view metric_namespace) {
    return !metric_namespace.starts_with("AWS/");
}

std::vector<MetricId> custom_metrics_in(Estate const& estate, std::string const& region) {
    std::vector<MetricId> all;
    std::set<std::string> seen; // A list that grows while its pages are read can name a metric twice.
    for (auto const& item : estate.items("cloudwatch_recent_metrics", region)) {
        MetricId metric { text_at(item, "Namespace"), text_at(item, "MetricName"), {} };
        if (metric.metric_namespace.empty() || !is_custom(metric.metric_namespace))
            continue;
        for (auto const& dimension : list_at(item, "Dimensions"))
            metric.dimensions[text_at(dimension, "Name")] = text_at(dimension, "Value");
        if (seen.insert(metric.name + "\n" + resource_key(metric.metric_namespace, metric.dimensions)).second)
            all.push_back(std::move(metric));
    }
    return all;
}

std::vector<AuditCost> costs_in(Estate const& estate, std::string const& region) {
    std::vector<AuditCost> all { alarms(estate, region), dashboards(estate, region), metrics(estate, region),
        logs(estate, region) };
    std::erase_if(all, [](auto const& cost) { return cost.usd <= 0; });
    return all;
}

std::vector<AuditCost> costs_of(Estate const& estate) {
    std::vector<AuditCost> all;
    for (auto const& region : estate.account->regions)
        for (auto& cost : costs_in(estate, region)) {
            auto const known
                = std::find_if(all.begin(), all.end(), [&](auto const& other) { return other.item == cost.item; });
            if (known == all.end()) {
                cost.basis = region + ": " + cost.basis;
                all.push_back(std::move(cost));
                continue;
            }
            known->usd += cost.usd;
            known->wasted_usd += cost.wasted_usd;
            known->basis += "; " + region + ": " + cost.basis;
        }
    return all;
}

} // namespace convops
