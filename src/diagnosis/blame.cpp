#include "diagnosis/blame.h"

#include "diagnosis/suspects.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace convops {

namespace {

constexpr std::size_t quiet_points = 3;
constexpr std::size_t most_points_since = 10;
constexpr std::size_t most_normal_points = 720;
constexpr std::size_t most_nodes = 500;

struct Grid {
    Time first {}; // of `now`
    Seconds period { 60 };
    std::size_t points = 0;
};

// A gateway counts milliseconds, a load balancer seconds: what one lost must be comparable with what the other did.
double seconds_in(std::string_view unit) {
    return unit == "Milliseconds" ? 1e-3 : unit == "Microseconds" ? 1e-6 : 1;
}

// Neighbours are read by the minute, an alarm often looks at five: several datapoints may fall into one cell, and are
// taken together as their statistic says.
std::vector<double> on_grid(Series const& series, Time from, Seconds period, std::size_t points) {
    std::vector<double> values(points, std::nan(""));
    std::vector<std::size_t> count(points, 0);
    double const scale = seconds_in(series.unit);
    bool const adds = series.statistic == "Sum" || series.statistic == "SampleCount";
    for (std::size_t i = 0; i < std::min(series.at.size(), series.values.size()); ++i) {
        auto const since = series.at[i] - from;
        auto const at = since.count() < 0 ? points : std::size_t(since / Milliseconds(period));
        if (at >= points)
            continue;
        double const value = series.values[i] * scale;
        auto& cell = values[at];
        if (count[at]++ == 0)
            cell = value;
        else if (series.statistic == "Maximum")
            cell = std::max(cell, value);
        else if (series.statistic == "Minimum")
            cell = std::min(cell, value);
        else
            cell += value;
    }
    if (!adds && series.statistic != "Maximum" && series.statistic != "Minimum")
        for (std::size_t at = 0; at < points; ++at)
            if (count[at] > 1)
                values[at] /= static_cast<double>(count[at]);
    return values;
}

std::optional<Grid> grid_of(Context const& context) {
    auto const* alarm = context.alarm_reading();
    if (!alarm || !context.onset || alarm->metric->series.empty())
        return std::nullopt;
    Grid grid;
    grid.period = alarm->metric->series.period;
    grid.first = *context.onset - Milliseconds(grid.period) * std::int64_t(quiet_points);
    auto const last = alarm->metric->series.at.back();
    if (grid.period.count() <= 0 || last < *context.onset)
        return std::nullopt;
    auto const since = std::size_t((last - *context.onset) / Milliseconds(grid.period)) + 1;
    grid.points = quiet_points + std::min(since, most_points_since);
    return grid;
}

bool fits(Seconds period, Seconds cell) {
    return period.count() > 0 && cell.count() % period.count() == 0;
}

WatchedNode watched(Context const& context, MetricReading const& reading, Grid const& grid) {
    WatchedNode node;
    auto const& series = reading.metric->series;
    node.now = on_grid(series, grid.first, grid.period, grid.points);
    auto const normal_from = grid.first - Milliseconds(grid.period) * std::int64_t(most_normal_points);
    node.normal = on_grid(series, normal_from, grid.period, most_normal_points);
    // Errors are counted; a mean latency counts as often as there were requests.
    if (reading.signal == Signal::latency)
        for (auto const& other : context.metrics)
            if (other.signal == Signal::requests && other.resource().key() == reading.resource().key()
                && node.requests.empty()) {
                node.requests = on_grid(other.metric->series, grid.first, grid.period, grid.points);
                node.normal_requests = on_grid(other.metric->series, normal_from, grid.period, most_normal_points);
            }
    return node;
}

} // namespace

std::vector<Blame> blame_along_calls(Context const& context, Signal signal) {
    auto const grid = grid_of(context);
    if (!grid)
        return {};
    SuspectQuestion question;
    question.quiet = quiet_points;
    std::map<std::string, std::size_t> index;
    std::vector<Resource> resources;
    std::optional<std::size_t> target;
    for (auto const& reading : context.metrics) {
        auto const relation = reading.position.relation;
        bool const own = relation == Relation::same;
        if (reading.signal != signal || (!own && relation != Relation::callee) || resources.size() >= most_nodes
            || !fits(reading.metric->series.period, grid->period) || index.contains(reading.resource().key()))
            continue;
        index[reading.resource().key()] = resources.size();
        if (own && !target)
            target = resources.size();
        resources.push_back(reading.resource());
        question.nodes.push_back(watched(context, reading, *grid));
    }
    if (!target || resources.size() < 2)
        return {};
    question.target = *target;
    for (auto const& [fact, edge] : context.evidence.all<DependencyFact>()) {
        auto const from = index.find(edge->from.key());
        auto const to = index.find(edge->to.key());
        if (from != index.end() && to != index.end())
            question.calls.push_back({ from->second, to->second });
    }
    // Whose requests nobody counts is taken to be called as often as its caller is.
    for (auto const& call : question.calls)
        if (auto& callee = question.nodes[call.callee]; callee.requests.empty())
            callee.requests = question.nodes[call.caller].requests;
    std::vector<Blame> blamed;
    for (auto const& suspect : rank_suspects(question))
        blamed.push_back({ resources[suspect.node], suspect.score });
    return blamed;
}

} // namespace convops
