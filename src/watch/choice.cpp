#include "watch/choice.h"

#include "base/text.h"
#include "metrics/choice.h"
#include "metrics/data.h"

#include <algorithm>

namespace convops {

namespace {

bool matches_any(std::vector<std::string> const& patterns, std::string const& text) {
    return std::ranges::any_of(patterns, [&](auto const& pattern) { return glob_matches(pattern, text); });
}

// Where there are more metrics than may be watched: what users feel, before what runs out, before the rest.
int urgency(MetricId const& metric) {
    auto const name = to_lower(metric.name);
    auto const speaks_of = [&](std::initializer_list<std::string_view> words) {
        return std::ranges::any_of(words, [&](auto word) { return name.find(word) != std::string::npos; });
    };
    if (speaks_of({ "5xx", "error", "latency", "responsetime", "duration", "throttl", "fail", "reject" }))
        return 0;
    if (speaks_of({ "utilization", "free", "age", "lag", "unhealthy", "connections", "balance", "percent" }))
        return 1;
    return 2;
}

} // namespace

WatchChoice choose_watched(std::span<MetricId const> listed, WatchRules const& rules) {
    WatchChoice choice;
    choice.listed = listed.size();
    std::map<Resource, std::vector<MetricId>> by_resource;
    for (auto const& metric : listed) {
        auto const text = to_text(metric);
        if (matches_any(rules.exclude, text) || (!rules.include.empty() && !matches_any(rules.include, text))) {
            ++choice.excluded;
            continue;
        }
        if (auto const resource = resource_of(metric))
            by_resource[*resource].push_back(metric);
        else
            ++choice.untelling;
    }
    for (auto const& [resource, metrics] : by_resource) {
        if (rules.admits && !rules.admits(resource)) {
            choice.excluded += metrics.size();
            continue;
        }
        auto const telling = telling_metrics(resource, {}, metrics);
        choice.untelling += metrics.size() - telling.size();
        for (auto const& metric : telling)
            choice.watched.push_back(
                { metric, std::string(statistics_for(metric).front()), std::string(known_unit(metric)), resource });
    }
    std::ranges::sort(choice.watched, {},
        [](WatchedMetric const& watched) { return std::pair(urgency(watched.metric), to_text(watched.metric)); });
    if (choice.watched.size() > rules.most_metrics) {
        choice.over_limit = choice.watched.size() - rules.most_metrics;
        choice.watched.resize(rules.most_metrics);
    }
    return choice;
}

} // namespace convops
