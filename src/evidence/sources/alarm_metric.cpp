// The metric that fired: hours before the alarm up to now, and the same hours yesterday and last week.
//
// The alarm's own period is kept, because its threshold is about that period. Expressions are passed through to
// CloudWatch as they are, so what is shown is what the alarm evaluated.
#include "base/text.h"
#include "evidence/read.h"

namespace convops {

namespace {

constexpr IamAction iam_actions[] = {
    { "cloudwatch:GetMetricData", "how the alarm's metric moved" },
    { "cloudwatch:DescribeAlarms", "which metric the alarm watches" },
};

constexpr SourceCard the_card {
    .name = "alarm_metric",
    .says = "The alarm's metric for the past 6 h and the same time yesterday and last week.",
    .iam_actions = iam_actions,
    .stage = SourceStage::alone,
    .looks_back = Minutes { 360 },
    .settles_after = Minutes { 3 }, // Most AWS metrics arrive a minute or two after the fact.
};

constexpr std::size_t most_children = 20; // of a composite alarm
constexpr std::size_t most_queries_of_alarm = 60;
constexpr int most_evaluation_periods = 1'000;

// What one alarm asks for: a composite alarm has one for each child.
struct Wanted {
    std::string alarm_name;
    std::vector<AlarmMetric> metrics;
    std::optional<double> threshold;
    bool fires_above = true;
    int evaluation_periods = 1;
};

Seconds period_of(Wanted const& wanted) {
    Seconds longest { 0 };
    for (auto const& metric : wanted.metrics)
        longest = std::max(longest, metric.period);
    return longest.count() > 0 ? std::min<Seconds>(longest, Days { 7 }) : Seconds { 60 };
}

// Older than three hours, datapoints are kept by the minute:
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
constexpr Hours by_the_second_until { 3 };
Seconds period_in_the_past(Seconds period) {
    return Seconds { std::max<std::int64_t>(1, (period.count() + 59) / 60) * 60 };
}

bool adds_up(std::string_view statistic) {
    return statistic == "Sum" || statistic == "SampleCount";
}

std::vector<MetricRead> reads_for(Wanted const& wanted, bool past) {
    std::vector<MetricRead> reads;
    for (auto const& metric : wanted.metrics) {
        if (reads.size() == most_queries_of_alarm)
            break;
        MetricRead read { metric.id, metric.metric, metric.expression, metric.statistic, metric.period, metric.label,
            true };
        if (read.id.empty())
            read.id = "m" + std::to_string(reads.size() + 1);
        if (read.expression.empty() && read.statistic.empty())
            read.statistic = "Average";
        if (read.expression.empty() && read.period.count() == 0)
            read.period = period_of(wanted);
        if (past && read.period.count() > 0)
            read.period = period_in_the_past(read.period);
        reads.push_back(std::move(read));
    }
    return reads;
}

bool is_band(AlarmMetric const& metric) {
    return metric.expression.starts_with("ANOMALY_DETECTION_BAND");
}

// The one among the alarm's metrics that its threshold or band is about.
std::size_t watched_of(Wanted const& wanted) {
    for (std::size_t i = 0; i < wanted.metrics.size(); ++i)
        if (wanted.metrics[i].returns_data && !is_band(wanted.metrics[i]))
            return i;
    return 0;
}

// An expression speaks of what its first metric speaks of, under its own name.
MetricId id_of(Wanted const& wanted, AlarmMetric const& metric) {
    if (metric.metric)
        return *metric.metric;
    MetricId id;
    for (auto const& other : wanted.metrics)
        if (other.metric) {
            id = *other.metric;
            break;
        }
    id.name = shown(metric.label.empty() ? metric.expression : metric.label, 200);
    return id;
}

// Namespaces may be missing (a Metrics Insights query names its own): then the alarm is all that is known.
Resource resource_for(Wanted const& wanted, MetricId const& metric) {
    if (!metric.metric_namespace.empty())
        if (auto resource = resource_of(metric))
            return *resource;
    return { "custom:metric", wanted.alarm_name, {} };
}

// The furthest value in the alarm's direction from its evaluation window to the alarm.
std::optional<std::size_t> worst_point(Series const& series, Wanted const& wanted, Time alarm_at) {
    auto const from = alarm_at - series.period * (wanted.evaluation_periods + 2);
    std::optional<std::size_t> worst;
    for (std::size_t i = 0; i < series.at.size(); ++i) {
        if (series.at[i] < from || series.at[i] > alarm_at)
            continue;
        auto const value = series.values[i];
        if (!worst || (wanted.fires_above ? value > series.values[*worst] : value < series.values[*worst]))
            worst = i;
    }
    return worst;
}

std::string day_words(std::vector<Series> const& history, std::string_view unit, Time at) {
    std::string words;
    constexpr std::array<std::string_view, 2> days { "yesterday", "last week" };
    for (std::size_t i = 0; i < std::min(history.size(), days.size()); ++i)
        if (auto const level = middle_of(history[i], { at - Minutes { 30 }, at + Minutes { 30 } }))
            words += (words.empty() ? " The same time " : ", ") + std::string(days[i]) + ": "
                + format_value(*level, unit);
    return words.empty() ? words : words + ".";
}

using Band = std::map<Time, std::pair<double, double>>; // lower and upper edge

// A band's two edges come as two results of one id.
Band band_from(std::vector<MetricResult> const& results, std::string const& id) {
    Band band;
    for (auto const& result : results)
        for (std::size_t i = 0; result.id == id && i < result.at.size(); ++i) {
            auto const value = result.values[i];
            auto& edges = band.try_emplace(result.at[i], value, value).first->second;
            edges = { std::min(edges.first, value), std::max(edges.second, value) };
        }
    return band;
}

// "HTTPCode_Target_5XX_Count of target group shop was 182 (Sum over 10 s) at 20:14:10; usual before 20:13: 0."
std::string statement_of(MetricFact const& fact, Wanted const& wanted, Band const& band, Time alarm_at) {
    auto const& series = fact.series;
    auto const shown_value = [&](double value) { return format_value(value, series.unit); };
    auto statement = shown(series.metric.name, 120) + " of " + shown(fact.resource.display(), 120);
    auto const begin = alarm_at - series.period * (wanted.evaluation_periods + 1);
    auto const usual = middle_of(series, { series.at.front(), begin });
    auto const worst = worst_point(series, wanted, alarm_at);
    if (worst)
        statement += " was " + shown_value(series.values[*worst]) + " (" + statistic_words(series) + ") at "
            + format_clock(series.at[*worst]);
    else
        statement += " has no datapoint (" + statistic_words(series) + ") at the alarm";
    auto const edges = worst ? band.find(series.at[*worst]) : band.end();
    if (edges != band.end())
        statement += "; expected " + shown_value(edges->second.first) + " to " + shown_value(edges->second.second);
    else if (wanted.threshold && fact.closeness == Closeness::alarm)
        statement += std::string("; the alarm fires ") + (wanted.fires_above ? "above " : "below ")
            + shown_value(*wanted.threshold);
    if (usual)
        statement += "; usual before " + format_clock(begin) + ": " + shown_value(*usual);
    else if (worst) // A counter may speak only when something happened; then this is its zero.
        statement += "; no datapoint before " + format_clock(begin);
    if (worst && *worst + 1 < series.at.size())
        statement += "; last " + shown_value(series.values.back()) + " at " + format_clock(series.at.back());
    return statement + "." + day_words(fact.history, series.unit, worst ? series.at[*worst] : alarm_at);
}

// A past day's datapoints at the time of today's. Sums over a longer period are scaled to the period of today's.
Series moved(Series series, Milliseconds by, Seconds period) {
    for (auto& at : series.at)
        at += by;
    double const share = double(period.count()) / double(series.period.count());
    if (adds_up(series.statistic) && share < 1)
        for (auto& value : series.values)
            value *= share;
    return series;
}

struct Asked {
    Wanted wanted;
    std::vector<MetricRead> reads;
    std::vector<std::pair<AwsCall, Milliseconds>> calls; // each with how far its window lies in the past
};

Asked asked_for(Wanted wanted, Question const& question) {
    Asked asked;
    auto const period = period_of(wanted);
    auto const window = window_around_alarm(question, period, wanted.evaluation_periods);
    asked.reads = reads_for(wanted, question.now - window.from > by_the_second_until);
    auto const add = [&](std::vector<MetricRead> const& reads, Window when, Milliseconds back) {
        for (auto& call : metric_data_calls(reads, when))
            asked.calls.emplace_back(std::move(call), back);
    };
    add(asked.reads, window, Milliseconds { 0 });
    if (window.length() <= Hours { 36 }) // A day later is still inside a longer window.
        for (auto const back : { Days { 1 }, Days { 7 } })
            add(reads_for(wanted, true),
                whole_periods({ window.from - back, window.to - back }, period_in_the_past(period)), back);
    asked.wanted = std::move(wanted);
    return asked;
}

MetricResult const* result_with(std::vector<MetricResult> const& results, std::string const& id) {
    for (auto const& result : results)
        if (result.id == id && !result.at.empty())
            return &result;
    return nullptr;
}

// The fact of the alarm's metric number `index`, or nothing when it has no datapoint.
std::optional<MetricFact> metric_fact(
    Asked const& asked, std::size_t index, std::span<std::vector<MetricResult> const> answers) {
    auto const& metric = asked.wanted.metrics[index];
    auto read = asked.reads[index];
    auto const* today = answers.empty() ? nullptr : result_with(answers.front(), read.id);
    if (today == nullptr)
        return std::nullopt;
    read.metric = id_of(asked.wanted, metric);
    if (read.period.count() == 0)
        read.period = period_of(asked.wanted);
    auto const unit = metric.unit.empty() ? std::string(known_unit(*read.metric)) : metric.unit;
    MetricFact fact;
    fact.resource = resource_for(asked.wanted, *read.metric);
    fact.closeness = index == watched_of(asked.wanted) ? Closeness::alarm : Closeness::resource;
    fact.series = series_of(read, *today, unit);
    auto earlier = read;
    earlier.period = period_in_the_past(read.period);
    for (std::size_t i = 1; i < answers.size(); ++i)
        if (auto const* past = result_with(answers[i], read.id); past != nullptr)
            fact.history.push_back(moved(series_of(earlier, *past, unit), asked.calls[i].second, fact.series.period));
    return fact;
}

void add_facts(Answering& answering, Asked const& asked, std::span<std::vector<MetricResult> const> answers) {
    auto const& question = answering.question();
    Band band;
    for (std::size_t i = 0; i < asked.reads.size(); ++i)
        if (is_band(asked.wanted.metrics[i]) && !answers.empty())
            band = band_from(answers.front(), asked.reads[i].id);
    for (std::size_t i = 0; i < asked.reads.size(); ++i) {
        auto detail = is_band(asked.wanted.metrics[i]) ? std::nullopt : metric_fact(asked, i, answers);
        if (!detail)
            continue;
        auto const& series = detail->series;
        auto const watched = detail->closeness == Closeness::alarm;
        auto const point = worst_point(series, asked.wanted, question.alarm_at).value_or(series.at.size() - 1);
        JsonObject value { { "metric", to_text(series.metric) }, { "statistic", series.statistic },
            { "period_seconds", series.period.count() }, { "at", format_time(series.at[point]) },
            { "value", series.values[point] } };
        if (asked.wanted.threshold && watched)
            value["threshold"] = *asked.wanted.threshold;
        auto fact = fact_about(detail->resource, series.at[point],
            statement_of(*detail, asked.wanted, watched ? band : Band {}, question.alarm_at), {}, std::move(value));
        fact.link = asked.wanted.metrics[i].metric
            ? metric_page(series, { series.at.front(), series.at.back() + series.period }, question.region)
            : alarm_page(asked.wanted.alarm_name, question.region);
        fact.detail = *std::move(detail);
        answering.add(std::move(fact), asked.calls.front().first);
    }
}

// What DescribeAlarms says of an alarm's metrics, in either of its two forms.
std::optional<Wanted> wanted_from(Json const& entry) {
    auto const metric_id = [](Json const& json) {
        MetricId id { text_at(json, "Namespace"), text_at(json, "MetricName"), {} };
        for (auto const& dimension : list_at(json, "Dimensions"))
            id.dimensions[text_at(dimension, "Name")] = text_at(dimension, "Value");
        return id;
    };
    auto const seconds_at = [](Json const& json, std::string_view path) {
        return Seconds { std::clamp<std::int64_t>(integer_at(json, path).value_or(0), 0, 604'800) };
    };
    Wanted wanted;
    wanted.alarm_name = text_at(entry, "AlarmName");
    wanted.threshold = number_at(entry, "Threshold");
    wanted.fires_above = !text_at(entry, "ComparisonOperator").starts_with("Less");
    wanted.evaluation_periods = static_cast<int>(
        std::clamp<std::int64_t>(integer_at(entry, "EvaluationPeriods").value_or(1), 1, most_evaluation_periods));
    if (!text_at(entry, "MetricName").empty())
        wanted.metrics.push_back(
            { "", "", metric_id(entry), text_at(entry, "Statistic", text_at(entry, "ExtendedStatistic", "Average")),
                seconds_at(entry, "Period"), "", text_at(entry, "Unit"), true });
    for (auto const& query : list_at(entry, "Metrics")) {
        AlarmMetric metric;
        metric.id = text_at(query, "Id");
        metric.expression = text_at(query, "Expression");
        metric.label = text_at(query, "Label");
        metric.returns_data = flag_at(query, "ReturnData", true);
        metric.period = seconds_at(query, "Period");
        if (auto const* stat = find(query, "MetricStat.Metric"); stat != nullptr) {
            metric.metric = metric_id(*stat);
            metric.statistic = text_at(query, "MetricStat.Stat");
            metric.period = seconds_at(query, "MetricStat.Period");
        }
        wanted.metrics.push_back(std::move(metric));
    }
    return wanted.metrics.empty() ? std::nullopt : std::optional(std::move(wanted));
}

std::vector<Wanted> described(Answering& answering, std::vector<std::string> const& names) {
    std::vector<Wanted> found;
    JsonArray asked;
    for (auto const& name : names)
        if (asked.size() < most_children)
            asked.emplace_back(name);
    // Without AlarmTypes, composite alarms are left out.
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
    auto const answer = answering.read(call_of("monitoring", "DescribeAlarms",
        { { "AlarmNames", std::move(asked) }, { "AlarmTypes", JsonArray { "MetricAlarm", "CompositeAlarm" } } }));
    if (!answer)
        return found;
    for (auto const& entry : list_at(*answer, "MetricAlarms"))
        if (auto wanted = wanted_from(entry); wanted && found.size() < most_children)
            found.push_back(*std::move(wanted));
    return found;
}

std::vector<Wanted> everything_wanted(Answering& answering, Alarm const& alarm) {
    if (!alarm.metrics.empty())
        return { { alarm.name, alarm.metrics, alarm.threshold, alarm.fires_above(),
            std::clamp(alarm.evaluation_periods, 1, most_evaluation_periods) } };
    if (alarm.children.empty())
        return described(answering, { alarm.name });
    if (alarm.children.size() > most_children)
        answering.not_read("only the first " + std::to_string(most_children) + " of "
                + std::to_string(alarm.children.size()) + " alarms of the composite were looked at",
            "how the metrics of the other alarms moved");
    return described(answering, alarm.children);
}

// A metric that says nothing is no healthy metric: an alarm may have fired for that very reason.
void add_silence(Answering& answering, std::vector<Asked> const& all) {
    if (!answering.nothing_so_far())
        return;
    auto const& question = answering.question();
    for (auto const& asked : all) {
        auto const& metric = asked.wanted.metrics[watched_of(asked.wanted)];
        auto const id = id_of(asked.wanted, metric);
        auto const resource = resource_for(asked.wanted, id);
        auto fact = fact_about(resource, question.alarm_at,
            shown(id.name, 120) + " of " + shown(resource.display(), 120) + " has no datapoint in the hours before "
                + format_clock(question.now) + ".",
            {}, { { "metric", to_text(id) }, { "datapoints", 0 } });
        fact.link = alarm_page(asked.wanted.alarm_name, question.region);
        answering.add(std::move(fact), asked.calls.front().first);
    }
}

Answer collect(Question const& question, Aws& aws) {
    Answering answering(the_card, question, aws);
    std::vector<Asked> all;
    std::vector<AwsCall> calls;
    for (auto& wanted : everything_wanted(answering, question.alarm)) {
        all.push_back(asked_for(std::move(wanted), question));
        for (auto const& [call, back] : all.back().calls)
            calls.push_back(call);
    }
    auto const answers = read_metric_data(answering, calls);
    std::size_t next = 0;
    for (auto const& asked : all) {
        add_facts(answering, asked, std::span(answers).subspan(next, asked.calls.size()));
        next += asked.calls.size();
    }
    add_silence(answering, all);
    auto answer = answering.take();
    if (answer.facts.empty() && answer.gaps.empty() && all.empty())
        answer.gaps.push_back({ "alarm_metric", "", ErrorKind::not_found, "the alarm's metric is not known",
            std::string(iam_actions[0].would_have_told) });
    return answer;
}

} // namespace

EvidenceSource make_alarm_metric() {
    return { &the_card, collect };
}

} // namespace convops
