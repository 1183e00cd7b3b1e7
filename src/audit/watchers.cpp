#include "audit/watchers.h"

#include <algorithm>
#include <limits>

namespace convops {

namespace {

constexpr int deepest_composite = 5;

WatchWay way_of(EstateAlarm const& alarm) {
    switch (alarm.alarm.kind) {
    case AlarmKind::anomaly_band:
        return WatchWay::anomaly_band;
    case AlarmKind::metrics_insights:
        return WatchWay::metrics_insights;
    case AlarmKind::metric_math:
        return WatchWay::metric_math;
    default:
        return WatchWay::directly;
    }
}

std::string dimension_key(std::string_view metric_namespace, std::string_view name, std::string_view value) {
    return std::string(metric_namespace) + "\n" + std::string(name) + "\n" + std::string(value);
}

bool has_all(std::map<std::string, std::string> const& dimensions, std::map<std::string, std::string> const& wanted) {
    return std::all_of(wanted.begin(), wanted.end(), [&](auto const& one) {
        auto const found = dimensions.find(one.first);
        return found != dimensions.end() && found->second == one.second;
    });
}

bool fires_on_side(MetricWatcher const& watcher, bool above) {
    bool const plain = watcher.way == WatchWay::directly || watcher.way == WatchWay::metrics_insights;
    return !plain || watcher.alarm->alarm.fires_above() == above;
}

} // namespace

std::string_view to_string(WatchWay way) {
    switch (way) {
    case WatchWay::directly:
        return "directly";
    case WatchWay::metric_math:
        return "in metric math";
    case WatchWay::anomaly_band:
        return "by an anomaly band";
    case WatchWay::metrics_insights:
        return "by a Metrics Insights query";
    }
    return "";
}

Watchers::Watchers(Estate const& estate, std::string const& region)
    : estate_(&estate)
    , region_(region) {
    for (auto const& alarm : estate.in(region).alarms)
        add(alarm);
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        auto const& metric = *entries_[i].metric;
        if (metric.dimensions.empty())
            without_dimension_[metric.metric_namespace].push_back(i);
        for (auto const& [name, value] : metric.dimensions)
            by_dimension_[dimension_key(metric.metric_namespace, name, value)].push_back(i);
    }
}

void Watchers::add(EstateAlarm const& alarm) {
    for (auto const& child : alarm.composite() ? alarm.alarm.children : std::vector<std::string> {})
        composites_of_[child].push_back(&alarm);
    for (auto const& metric : alarm.alarm.metrics) {
        MetricWatcher const watcher { &alarm, &metric, way_of(alarm) };
        if (metric.metric)
            entries_.push_back({ watcher, &*metric.metric });
        else if (auto query = parse_insights_query(metric.expression))
            queries_.emplace_back(std::move(*query), watcher);
    }
}

std::vector<MetricWatcher> Watchers::of(MetricId const& metric) const {
    std::vector<MetricWatcher> found;
    std::vector<std::size_t> const* candidates = nullptr;
    std::size_t fewest = std::numeric_limits<std::size_t>::max();
    if (metric.dimensions.empty()) {
        auto const at = without_dimension_.find(metric.metric_namespace);
        candidates = at == without_dimension_.end() ? nullptr : &at->second;
    }
    for (auto const& [name, value] : metric.dimensions) {
        auto const at = by_dimension_.find(dimension_key(metric.metric_namespace, name, value));
        if (at == by_dimension_.end()) {
            candidates = nullptr;
            break;
        }
        if (at->second.size() < fewest) {
            fewest = at->second.size();
            candidates = &at->second;
        }
    }
    if (candidates != nullptr)
        for (auto const index : *candidates)
            if (entries_[index].metric->name == metric.name
                && has_all(entries_[index].metric->dimensions, metric.dimensions))
                found.push_back(entries_[index].watcher);
    for (auto const& [query, watcher] : queries_)
        if (query.reads(metric.metric_namespace, metric.name, metric.dimensions))
            found.push_back(watcher);
    return found;
}

std::vector<MetricWatcher> Watchers::of(AuditResource const& resource) const {
    std::vector<MetricWatcher> found;
    std::vector<std::size_t> const* candidates = nullptr;
    for (auto const& [name, value] : resource.dimensions) {
        auto const at = by_dimension_.find(dimension_key(resource.metric_namespace, name, value));
        if (at == by_dimension_.end()) {
            candidates = nullptr;
            break;
        }
        if (candidates == nullptr || at->second.size() < candidates->size())
            candidates = &at->second;
    }
    if (candidates != nullptr)
        for (auto const index : *candidates)
            if (has_all(entries_[index].metric->dimensions, resource.dimensions))
                found.push_back(entries_[index].watcher);
    for (auto const& [query, watcher] : queries_)
        if (query.reads(resource.metric_namespace, query.metric, resource.dimensions))
            found.push_back(watcher);
    return found;
}

bool Watchers::heard_through_composite(EstateAlarm const& alarm) const {
    std::vector<EstateAlarm const*> level { &alarm };
    for (int depth = 0; depth < deepest_composite && !level.empty(); ++depth) {
        std::vector<EstateAlarm const*> above;
        for (auto const* child : level)
            if (auto const at = composites_of_.find(child->alarm.name); at != composites_of_.end())
                above.insert(above.end(), at->second.begin(), at->second.end());
        for (auto const* composite : above)
            if (hearing_of(*estate_, region_, *composite).heard)
                return true;
        level = std::move(above);
    }
    return false;
}

AlarmHearing Watchers::heard(EstateAlarm const& alarm) const {
    auto hearing = hearing_of(*estate_, region_, alarm);
    if (!hearing.heard && heard_through_composite(alarm))
        return { true, "" };
    return hearing;
}

std::vector<MetricWatcher> Watchers::exactly(MetricId const& metric) const {
    auto found = of(metric);
    std::erase_if(found, [&](auto const& watcher) {
        return watcher.metric->metric && watcher.metric->metric->dimensions != metric.dimensions;
    });
    return found;
}

AlarmCover Watchers::cover(std::span<MetricWatcher const> watchers, bool above) const {
    AlarmCover cover;
    for (auto const& watcher : watchers) {
        if (!fires_on_side(watcher, above))
            continue;
        auto const hearing = hearing_of(*estate_, region_, *watcher.alarm);
        bool const through_composite = !hearing.heard && heard_through_composite(*watcher.alarm);
        if (hearing.heard || through_composite)
            return { AlarmCover::State::covered, watcher, through_composite, "" };
        // Of those that nobody hears the first is told; one that is not known stands before it.
        if (cover.state == AlarmCover::State::missing
            || (!hearing.known && cover.state == AlarmCover::State::unheard))
            cover = { hearing.known ? AlarmCover::State::unheard : AlarmCover::State::not_known, watcher, false,
                hearing.why_not, hearing.iam_action };
    }
    return cover;
}

} // namespace convops
