#include "evidence/read.h"

#include "base/text.h"

#include <numeric>

namespace convops {

namespace {

constexpr int most_pages = 5; // of one GetMetricData call

// The console writes its state as "jsurl": "*2f" for a byte and "**20ac" for a wider character.
std::string console_text(std::string_view text) {
    std::string out = "~'";
    for (char const c : text) {
        bool const plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'
            || c == '_' || c == '.';
        out += plain ? std::string(1, c) : "*" + to_hex(std::string_view(&c, 1));
    }
    return out;
}

std::string percent_escaped(std::string_view text) {
    std::string out;
    for (char const c : text) {
        bool const plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
            || std::string_view("-_.~").find(c) != std::string_view::npos;
        out += plain ? std::string(1, c) : "%" + to_hex(std::string_view(&c, 1));
    }
    return out;
}

std::string console(std::string_view region, std::string_view service) {
    return "https://" + std::string(region) + ".console.aws.amazon.com/" + std::string(service)
        + "/home?region=" + std::string(region);
}

// A region is put into host names: nothing but AWS's own alphabet may pass.
bool is_region(std::string_view region) {
    return !region.empty() && region.size() <= 32 && std::all_of(region.begin(), region.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

} // namespace

Gap gap_from(SourceCard const& card, AwsCall const& call, Error const& error) {
    Gap gap;
    gap.source = std::string(card.name);
    gap.kind = error.kind;
    gap.iam_action = call.service + ":" + call.operation;
    auto const service_of = [](std::string_view action) { return action.substr(0, action.find(':')); };
    for (auto const& action : card.iam_actions) {
        // IAM calls CloudWatch "cloudwatch" where the endpoint says "monitoring", so the operation's name decides.
        if (action.action.substr(action.action.find(':') + 1) != call.operation && action.operation != call.operation)
            continue;
        gap.iam_action = std::string(action.action);
        gap.would_have_told = std::string(action.would_have_told);
        break;
    }
    // apigateway:GET is the action of every read of both versions of API Gateway.
    if (gap.would_have_told.empty())
        for (auto const& action : card.iam_actions)
            if (call.service.starts_with(service_of(action.action))) {
                gap.iam_action = std::string(action.action);
                gap.would_have_told = std::string(action.would_have_told);
                break;
            }
    if (gap.would_have_told.empty() && !card.iam_actions.empty())
        gap.would_have_told = std::string(card.iam_actions.front().would_have_told);
    switch (error.kind) {
    case ErrorKind::access_denied:
        gap.why = "access denied";
        break;
    case ErrorKind::throttled:
        gap.why = call.operation + ": throttled by AWS";
        break;
    case ErrorKind::timeout:
        gap.why = call.operation + ": no answer in time";
        break;
    default:
        gap.why = call.operation + ": " + shown(error.message, 160);
    }
    return gap;
}

std::vector<std::vector<MetricResult>> read_metric_data(Answering& answering, std::span<AwsCall const> calls) {
    std::vector<std::vector<MetricResult>> all(calls.size());
    std::vector<AwsCall> open(calls.begin(), calls.end());
    std::vector<std::size_t> owner(calls.size());
    std::iota(owner.begin(), owner.end(), std::size_t { 0 });
    for (int page = 0; page < most_pages && !open.empty(); ++page) {
        auto const answers = answering.read_all(open);
        std::vector<AwsCall> next;
        std::vector<std::size_t> next_owner;
        for (std::size_t i = 0; i < answers.size(); ++i) {
            if (!answers[i])
                continue;
            merge_results(all[owner[i]], metric_results_from(*answers[i]));
            auto const token = text_at(*answers[i], "NextToken");
            if (token.empty())
                continue;
            next.push_back(open[i]);
            next.back().params["NextToken"] = token;
            next_owner.push_back(owner[i]);
        }
        open = std::move(next);
        owner = std::move(next_owner);
    }
    if (!open.empty())
        answering.not_read("GetMetricData: more than " + std::to_string(most_pages) + " pages; the rest was not read",
            "the rest of the datapoints");
    return all;
}

Window window_around_alarm(Question const& question, Seconds period, int evaluation_periods) {
    constexpr std::int64_t most_points_before = 480;
    constexpr std::int64_t most_points_after = 1'440;
    constexpr Seconds most_look_back = Days { 14 };
    auto const before = std::max<Seconds>(std::min<Seconds>(Hours { 6 }, period * most_points_before),
        std::min(period * (evaluation_periods + 24), most_look_back));
    auto const to
        = std::max(question.alarm_at, std::min<Time>(question.now, question.alarm_at + period * most_points_after));
    return whole_periods({ question.alarm_at - before, to }, period);
}

std::optional<double> middle_of(Series const& series, Window window) {
    std::vector<double> values;
    for (std::size_t i = 0; i < series.at.size(); ++i)
        if (window.contains(series.at[i]))
            values.push_back(series.values[i]);
    if (values.empty())
        return std::nullopt;
    auto const middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

std::string statistic_words(Series const& series) {
    return series.statistic.empty() ? format_duration(series.period) + " each"
                                    : shown(series.statistic, 40) + " over " + format_duration(series.period);
}

std::string metric_page(Series const& series, Window window, std::string_view region) {
    if (!is_region(region))
        return {};
    auto metric = "~(" + console_text(series.metric.metric_namespace) + console_text(series.metric.name);
    for (auto const& [name, value] : series.metric.dimensions)
        metric += console_text(name) + console_text(value);
    metric += "~(stat" + console_text(series.statistic) + "))";
    return console(region, "cloudwatch") + "#metricsV2:graph=~(metrics~(" + metric + ")~region" + console_text(region)
        + "~start" + console_text(format_time(window.from)) + "~end" + console_text(format_time(window.to))
        + "~period~" + std::to_string(series.period.count()) + "~view~'timeSeries)";
}

std::string alarm_page(std::string_view alarm_name, std::string_view region) {
    return is_region(region) ? console(region, "cloudwatch") + "#alarmsV2:alarm/" + percent_escaped(alarm_name) : "";
}

std::string trail_event_page(std::string_view event_id, std::string_view region) {
    return is_region(region) ? console(region, "cloudtrailv2") + "#/events/" + percent_escaped(event_id) : "";
}

} // namespace convops
