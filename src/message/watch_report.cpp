#include "message/watch_report.h"

#include "base/text.h"
#include "message/escape.h"
#include "message/phrases.h"

#include <cmath>

namespace convops {

namespace {

constexpr std::size_t columns = 80;
constexpr std::size_t spark_columns = 24;
constexpr std::size_t most_rows = 40; // of each part of the table; the rest is counted
constexpr std::size_t most_name_bytes = 120;

std::string fixed(double value, int decimals) {
    std::array<char, 64> text {};
    std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
    return text.data();
}

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
    return std::to_string(count) + " " + std::string(count == 1 ? one : many);
}

std::string row_of(WatchFinding const& finding, Reader const& reader) {
    auto const& anomaly = finding.anomaly;
    auto const name = one_line(anomaly.metric.name, most_name_bytes) + " (" + one_line(anomaly.statistic, 20)
        + ") of " + one_line(anomaly.resource.display(), most_name_bytes);
    std::string row = "  " + sparkline(finding.recent.values, spark_columns) + "  " + fixed(anomaly.sigma(), 1)
        + " σ  since " + format_clock(anomaly.since, reader.utc_offset)
        + (finding.over_at ? ", over at " + format_clock(*finding.over_at, reader.utc_offset) : "") + "\n";
    row += wrap(name + ": " + format_value(anomaly.value, anomaly.unit) + ", usual "
            + format_value(anomaly.usual, anomaly.unit),
        columns, "    ", "    ");
    if (!finding.cause.empty())
        row += wrap("Cause: " + one_line(finding.cause, 400), columns, "    ", "    ");
    row += wrap(one_line(finding.decision.check.empty() ? finding.decision.reason
                                                        : finding.decision.check + ": " + finding.decision.reason,
                    400),
        columns, "    ", "    ");
    return row;
}

void add_part(
    std::string& out, WatchReport const& report, AnomalyFate fate, std::string_view heading, Reader const& reader) {
    std::size_t shown = 0;
    std::size_t all = 0;
    for (auto const& finding : report.findings) {
        if (finding.decision.fate != fate)
            continue;
        if (all++ == 0)
            out += "\n" + std::string(heading) + "\n";
        if (shown < most_rows) {
            ++shown;
            out += row_of(finding, reader);
        }
    }
    if (all > shown)
        out += "  and " + std::to_string(all - shown) + " more (--format json lists all)\n";
}

std::string gap_line(Gap const& gap) {
    return one_line(gap.why, 200) + (gap.iam_action.empty() ? "" : " (" + one_line(gap.iam_action, 80) + ")")
        + "; would have told " + one_line(gap.would_have_told, 120);
}

} // namespace

std::string sparkline(std::span<double const> values, std::size_t most) {
    static constexpr std::array blocks = std::to_array<std::string_view>({ "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" });
    auto const count = std::min(values.size(), most);
    std::vector<double> levels;
    for (std::size_t i = 0; i < count; ++i) {
        auto const from = i * values.size() / count;
        auto const until = std::max(from + 1, (i + 1) * values.size() / count);
        auto part = std::vector<double>(
            values.begin() + static_cast<std::ptrdiff_t>(from), values.begin() + static_cast<std::ptrdiff_t>(until));
        std::erase_if(part, [](double value) { return !std::isfinite(value); });
        std::sort(part.begin(), part.end());
        if (!part.empty())
            levels.push_back(part[part.size() / 2]);
    }
    if (levels.empty())
        return {};
    // What is odd now has begun within the last column: the usual of that column would hide it.
    if (std::isfinite(values.back()))
        levels.back() = values.back();
    auto const [least, most_of_all] = std::minmax_element(levels.begin(), levels.end());
    auto const low = *least;
    auto const range = *most_of_all - low;
    std::string line;
    for (auto const level : levels) {
        auto const share = range > 0 && std::isfinite(range) ? (level - low) / range : 0;
        line += blocks[std::min(blocks.size() - 1, static_cast<std::size_t>(share * 8))];
    }
    return line;
}

std::string watch_plan_text(WatchReport const& report) {
    auto const& cost = report.cost;
    std::string text
        = std::to_string(cost.metrics) + " of " + counted(cost.listed, "metric", "metrics") + " are watched";
    std::vector<std::string> left_out;
    if (cost.excluded > 0)
        left_out.push_back(std::to_string(cost.excluded) + " excluded");
    if (cost.untelling > 0)
        left_out.push_back(std::to_string(cost.untelling) + " that say nothing of their own");
    if (cost.over_limit > 0)
        left_out.push_back(std::to_string(cost.over_limit) + " over the limit");
    if (cost.cut)
        left_out.push_back("some that the budget does not reach");
    if (!left_out.empty())
        text += " (left out: " + join(left_out, ", ") + ")";
    text += ". Watched all the time, every " + format_duration(cost.every) + ": "
        + std::to_string(std::llround(cost.calls_a_month)) + " calls and $" + fixed(cost.usd_a_month, 2)
        + " a month, budget $" + fixed(cost.budget_usd_a_month, 2) + ".";
    return wrap(text, columns, "", "");
}

std::string watch_report_text(WatchReport const& report, Reader const& reader) {
    auto const told = static_cast<std::size_t>(std::count_if(report.findings.begin(), report.findings.end(),
        [](auto const& each) { return each.decision.fate == AnomalyFate::told; }));
    std::string out;
    if (report.read == 0)
        out += "Nothing is known: no series could be read.\n";
    else if (report.findings.empty())
        out += "Nothing odd in " + counted(report.read, "series", "series") + " of " + one_line(report.region, 40)
            + ".\n";
    else
        out += counted(report.findings.size(), "series is", "series are") + " odd in " + one_line(report.region, 40)
            + "; " + std::to_string(told) + " of them " + (told == 1 ? "is" : "are") + " worth telling.\n";
    add_part(out, report, AnomalyFate::told, "Odd now", reader);
    add_part(out, report, AnomalyFate::digest, "Chronic: for the daily digest", reader);
    add_part(out, report, AnomalyFate::suppressed, "Held back", reader);
    std::set<std::string> gaps;
    for (auto const& gap : report.gaps)
        gaps.insert(gap_line(gap));
    for (auto const& finding : report.findings)
        for (auto const& gap : finding.gaps)
            gaps.insert(gap_line(gap));
    if (!gaps.empty())
        out += "\nCould not be read\n";
    std::size_t shown = 0;
    for (auto const& gap : gaps)
        if (shown++ < most_rows)
            out += wrap(gap, columns, "  - ", "    ");
    out += "\n" + watch_plan_text(report);
    auto const& spent = report.spent;
    out += wrap("Read: " + counted(report.read, "series", "series") + " over "
            + format_duration(report.history.length()) + " by " + format_duration(report.period)
            + (report.learning > 0 ? ", " + std::to_string(report.learning) + " of them too young to judge" : "")
            + ". " + std::to_string(spent.list_calls) + " ListMetrics, " + std::to_string(spent.data_calls)
            + " GetMetricData ($" + fixed(spent.usd, 4) + "), " + std::to_string(spent.check_calls)
            + " calls of the checks, " + fixed(spent.seconds, 1) + " s.",
        columns, "", "");
    return out;
}

// --- JSON: the shape is described in docs/watch.md ---

namespace {

double finite(double number) {
    return std::isfinite(number) ? number : 0;
}

Json text_or_null(std::string const& text) {
    return text.empty() ? Json(nullptr) : Json(clean_utf8(text));
}

JsonArray gaps_json(std::vector<Gap> const& gaps) {
    JsonArray out;
    for (auto const& gap : gaps)
        out.push_back(JsonObject { { "source", clean_utf8(gap.source) },
            { "iam_action", text_or_null(gap.iam_action) }, { "kind", to_string(gap.kind) },
            { "why", clean_utf8(gap.why) }, { "would_have_told", clean_utf8(gap.would_have_told) } });
    return out;
}

JsonArray checks_json(std::vector<Finding> const& findings) {
    JsonArray out;
    for (auto const& finding : findings) {
        JsonArray facts;
        for (auto const& id : finding.facts)
            facts.emplace_back(id.text);
        out.push_back(JsonObject { { "name", finding.check }, { "verdict", to_string(finding.verdict) },
            { "effect", to_string(finding.effect) }, { "why", clean_utf8(finding.why) },
            { "facts", std::move(facts) } });
    }
    return out;
}

JsonObject series_json(Anomaly const& anomaly) {
    JsonObject dimensions;
    for (auto const& [name, value] : anomaly.metric.dimensions)
        dimensions[clean_utf8(name)] = clean_utf8(value);
    return { { "namespace", clean_utf8(anomaly.metric.metric_namespace) },
        { "name", clean_utf8(anomaly.metric.name) }, { "dimensions", std::move(dimensions) },
        { "statistic", anomaly.statistic }, { "unit", anomaly.unit }, { "period_seconds", anomaly.period.count() } };
}

JsonObject finding_json(WatchFinding const& finding) {
    auto const& anomaly = finding.anomaly;
    JsonArray facts;
    for (auto const& fact : finding.facts)
        facts.push_back(JsonObject { { "id", fact.id.text }, { "source", fact.source },
            { "at", fact.at == Time {} ? Json(nullptr) : Json(format_time(fact.at)) },
            { "statement", clean_utf8(fact.statement) }, { "link", text_or_null(fact.link) } });
    JsonArray recent;
    for (std::size_t i = 0; i < finding.recent.at.size(); ++i)
        recent.push_back(JsonArray { format_time(finding.recent.at[i]), finite(finding.recent.values[i]) });
    return { { "series", series_json(anomaly) }, { "resource", clean_utf8(anomaly.resource.arn_or_name()) },
        { "since", format_time(anomaly.since) }, { "noticed_at", format_time(anomaly.at) },
        { "over_at", finding.over_at ? Json(format_time(*finding.over_at)) : Json(nullptr) },
        { "value", finite(anomaly.value) }, { "usual", finite(anomaly.usual) }, { "spread", finite(anomaly.spread) },
        { "sigma", finite(anomaly.sigma()) }, { "score", finite(anomaly.score) },
        { "explanation", clean_utf8(anomaly.explanation) }, { "decision", to_string(finding.decision.fate) },
        { "decided_by", text_or_null(finding.decision.check) }, { "reason", clean_utf8(finding.decision.reason) },
        { "cause", text_or_null(finding.cause) }, { "checks", checks_json(finding.checks) },
        { "facts", std::move(facts) }, { "gaps", gaps_json(finding.gaps) }, { "recent", std::move(recent) } };
}

} // namespace

JsonObject to_json(WatchReport const& report) {
    JsonArray findings;
    for (auto const& finding : report.findings)
        findings.push_back(finding_json(finding));
    auto const& cost = report.cost;
    auto const& spent = report.spent;
    return { { "account", clean_utf8(report.account) }, { "region", clean_utf8(report.region) },
        { "at", format_time(report.at) },
        { "history",
            JsonObject { { "from", format_time(report.history.from) }, { "to", format_time(report.history.to) },
                { "period_seconds", report.period.count() }, { "series_read", report.read },
                { "series_learning", report.learning } } },
        { "plan",
            JsonObject { { "listed", cost.listed }, { "excluded", cost.excluded }, { "untelling", cost.untelling },
                { "over_limit", cost.over_limit }, { "watched", cost.metrics }, { "cut_by_budget", cost.cut },
                { "every_seconds", cost.every.count() }, { "calls_a_month", finite(cost.calls_a_month) },
                { "usd_a_month", finite(cost.usd_a_month) },
                { "budget_usd_a_month", finite(cost.budget_usd_a_month) } } },
        { "findings", std::move(findings) }, { "gaps", gaps_json(report.gaps) },
        { "cost",
            JsonObject { { "aws_calls", spent.list_calls + spent.data_calls + spent.check_calls },
                { "list_calls", spent.list_calls }, { "data_calls", spent.data_calls },
                { "check_calls", spent.check_calls }, { "metrics_requested", spent.metrics_requested },
                { "usd", finite(spent.usd) }, { "seconds", finite(spent.seconds) } } } };
}

} // namespace convops
