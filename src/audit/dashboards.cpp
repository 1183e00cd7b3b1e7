#include "audit/dashboards.h"

#include "audit/fixes.h"

#include <algorithm>

namespace convops {

namespace {

constexpr std::size_t most_alarms = 100; // of one alarm widget, as CloudWatch has it
constexpr std::size_t most_graphs = 12, most_rows = 20; // what a person still reads
constexpr int width = 12, height = 6; // of 24 columns

AuditFix dashboard_fix(std::string const& name, Json const& body, std::string const& region, bool exists) {
    auto const text = to_text(body);
    auto const what = "dashboard " + name;
    AuditFix fix;
    fix.cli = cli_command(
        "cloudwatch", "put-dashboard", { { "dashboard-name", name }, { "dashboard-body", text } }, region);
    fix.cloudformation = cloudformation_resource(identifier_of(what, ""), "AWS::CloudWatch::Dashboard",
        { { "DashboardName", name }, { "DashboardBody", text } }, exists);
    auto const id = identifier_of(what, "_");
    fix.terraform = (exists ? terraform_import("aws_cloudwatch_dashboard", id, name) : std::string())
        + terraform_resource(
            "aws_cloudwatch_dashboard", id, { { "dashboard_name", name }, { "dashboard_body", text } });
    return fix;
}

struct Graph {
    std::string metric_namespace, metric, statistic;
    JsonArray rows;
};

// One for each metric whose alarm pages, with a line for each resource.
std::vector<Graph> graphs_of(Estate const& estate, std::string const& region) {
    std::vector<Graph> graphs;
    auto const context = context_of(estate, region);
    for (auto const* resource : resources_alarmed_in(estate, region))
        for (auto const* alarm : recommended_for(*resource)) {
            auto const metric = metric_for(*alarm, *resource);
            if (!metric || alarm->row->urgency != Urgency::page || !applies(*alarm, *resource, context))
                continue;
            auto graph = std::find_if(graphs.begin(), graphs.end(), [&](auto const& one) {
                return one.metric_namespace == metric->metric_namespace && one.metric == metric->name;
            });
            if (graph == graphs.end()) {
                if (graphs.size() == most_graphs)
                    continue;
                graphs.push_back({ metric->metric_namespace, metric->name, std::string(alarm->row->statistic) });
                graph = graphs.end() - 1;
            }
            JsonArray row { metric->metric_namespace, metric->name };
            for (auto const& [name, value] : metric->dimensions) {
                row.emplace_back(name);
                row.emplace_back(value);
            }
            if (graph->rows.size() < most_rows
                && std::find(graph->rows.begin(), graph->rows.end(), Json(row)) == graph->rows.end())
                graph->rows.emplace_back(std::move(row));
        }
    return graphs;
}

bool repeats(Json const& entry) {
    return entry.is_string() && (entry.as_string() == "." || entry.as_string() == "...");
}

bool stands_alone(MetricRow const& row) {
    return std::none_of(row.begin(), row.end(),
        [](auto const& entry) { return repeats(entry) || (entry.is_object() && entry.as_object().contains("id")); });
}

} // namespace

AuditFix first_dashboard(Estate const& estate, std::string const& region) {
    JsonArray alarms;
    for (auto const& alarm : estate.in(region).alarms)
        if (alarms.size() < most_alarms && !alarm.alarm.arn.empty())
            alarms.emplace_back(alarm.alarm.arn);
    JsonArray widgets;
    if (!alarms.empty())
        widgets.push_back({ { "type", "alarm" }, { "width", 2 * width }, { "height", height },
            { "properties", { { "title", "Alarms" }, { "alarms", std::move(alarms) } } } });
    for (auto& graph : graphs_of(estate, region))
        widgets.push_back({ { "type", "metric" }, { "width", width }, { "height", height },
            { "properties",
                { { "title", graph.metric_namespace + " " + graph.metric }, { "region", region },
                    { "stat", graph.statistic }, { "period", 300 }, { "metrics", std::move(graph.rows) } } } });
    if (widgets.empty())
        return {};
    return dashboard_fix("overview", Json { { "widgets", std::move(widgets) } }, region, false);
}

AuditFix dashboard_without(std::string const& name, Json const& body,
    std::function<bool(Json const& widget, MetricRow const& row)> const& is_gone, std::string const& region) {
    auto changed = body;
    JsonArray widgets;
    for (auto const& widget : list_at(body, "widgets")) {
        auto const& rows = list_at(widget, "properties.metrics");
        JsonArray kept;
        bool alone = true;
        for (auto const& row : rows) {
            if (row.is_array() && is_gone(widget, row.as_array()))
                alone = alone && stands_alone(row.as_array());
            else
                kept.push_back(row);
            alone = alone && (!row.is_array() || std::none_of(row.as_array().begin(), row.as_array().end(), repeats));
        }
        if (kept.size() == rows.size()) {
            widgets.push_back(widget);
            continue;
        }
        if (!alone)
            return {};
        if (kept.empty())
            continue;
        widgets.push_back(widget);
        widgets.back().as_object()["properties"].as_object()["metrics"] = std::move(kept);
    }
    if (widgets.empty())
        return {}; // All of it is gone: to remove it is its owner's to decide.
    changed.as_object()["widgets"] = std::move(widgets);
    return dashboard_fix(name, changed, region, true);
}

} // namespace convops
