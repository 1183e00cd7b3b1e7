// What CloudWatch says about a state change in prose ("Threshold Crossed: 2 out of the last 3 datapoints [...]") and
// in reasonData. The prose is not a contract, so nothing fails when it reads otherwise: the figures are just absent.
#include "alarm/reading.h"

#include "base/text.h"

#include <charconv>

namespace convops::reading {

namespace {

std::optional<double> leading_number(std::string_view text) {
    double value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc {} || end == text.data() || !std::isfinite(value))
        return std::nullopt;
    return value;
}

std::optional<int> leading_count(std::string_view text) {
    int value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc {} || end == text.data() || value < 1 || value > 100'000)
        return std::nullopt;
    return value;
}

// What follows `mark`, or nothing.
std::optional<std::string_view> after(std::string_view text, std::string_view mark) {
    auto const at = text.find(mark);
    if (at == std::string_view::npos)
        return std::nullopt;
    return text.substr(at + mark.size());
}

std::string comparison_from(std::string_view reason) {
    bool const lower = reason.find("lower threshold") != std::string_view::npos;
    bool const upper = reason.find("upper threshold") != std::string_view::npos;
    if (lower && upper)
        return "LessThanLowerOrGreaterThanUpperThreshold";
    if (upper)
        return "GreaterThanUpperThreshold";
    if (lower)
        return "LessThanLowerThreshold";
    if (reason.find("greater than or equal to the threshold") != std::string_view::npos)
        return "GreaterThanOrEqualToThreshold";
    if (reason.find("greater than the threshold") != std::string_view::npos)
        return "GreaterThanThreshold";
    if (reason.find("less than or equal to the threshold") != std::string_view::npos)
        return "LessThanOrEqualToThreshold";
    if (reason.find("less than the threshold") != std::string_view::npos)
        return "LessThanThreshold";
    return {};
}

// "1.0 (06/03/15 17:43:27), 2.0 (...)" -> 1, 2
std::vector<double> listed_numbers(std::string_view list) {
    std::vector<double> numbers;
    int depth = 0;
    bool fresh = true; // at the start of an entry
    for (std::size_t i = 0; i < list.size() && numbers.size() < most_datapoints; ++i) {
        char const c = list[i];
        if (c == '(')
            ++depth;
        else if (c == ')')
            depth = std::max(0, depth - 1);
        else if (c == ',' && depth == 0)
            fresh = true;
        else if (fresh && c != ' ') {
            if (auto const number = leading_number(list.substr(i)))
                numbers.push_back(*number);
            fresh = false;
        }
    }
    return numbers;
}

} // namespace

ReasonFigures figures_from_reason(std::string_view reason) {
    ReasonFigures figures;
    // An alarm's name or a metric's label may be anywhere in the text; only CloudWatch's own sentence is read.
    if (!reason.starts_with("Threshold Crossed:") && !reason.starts_with("Thresholds Crossed:"))
        return figures;
    figures.comparison = comparison_from(reason);
    if (auto const rest = after(reason, "out of the last "))
        figures.evaluated = leading_count(*rest);
    if (auto const rest = after(reason, "the threshold ("))
        figures.threshold = leading_number(*rest);
    if (auto const rest = after(reason, "(minimum "); rest && rest->find("-> ALARM") != std::string_view::npos)
        figures.needed = leading_count(*rest);
    if (auto const rest = after(reason, "datapoint"); rest) {
        auto const open = rest->find('[');
        auto const close = rest->find(']');
        if (open != std::string_view::npos && close != std::string_view::npos && open < close)
            figures.datapoints = listed_numbers(rest->substr(open + 1, close - open - 1));
    }
    return figures;
}

void fill_from_reason(Alarm& alarm, std::string_view reason_json) {
    auto const figures = figures_from_reason(alarm.reason);
    if (alarm.comparison.empty() && alarm.rule.empty())
        alarm.comparison = figures.comparison;
    // Oldest first, as reasonData lists them and as a chart reads.
    std::vector<double> datapoints(figures.datapoints.rbegin(), figures.datapoints.rend());
    auto threshold = figures.threshold;
    if (!reason_json.empty()) {
        // Machine-written, but carried as text that passed through others: what does not parse is ignored.
        if (auto const data = parse_json(reason_json, { .bytes = 64 * 1024, .depth = 16 })) {
            std::vector<double> recent;
            for (auto const& point : list_at(*data, "recentDatapoints"))
                if (point.is_number() && recent.size() < most_datapoints)
                    recent.push_back(point.to_number<double>());
            if (!recent.empty())
                datapoints = std::move(recent);
            if (auto const value = number_at(*data, "threshold"); value && std::isfinite(*value))
                threshold = value;
        }
    }
    if (alarm.recent_datapoints.empty())
        alarm.recent_datapoints = std::move(datapoints);
    if (!alarm.threshold && alarm.rule.empty())
        alarm.threshold = threshold;
}

} // namespace convops::reading
