#include "verification/judging.h"

#include "model/metric_evidence.h"

namespace convops {

namespace {

std::optional<bool> beyond_now(Alarm const& alarm, MetricFact const& metric) {
    auto const* main = alarm.main_metric();
    bool const plain = alarm.kind == AlarmKind::metric && main != nullptr && main->expression.empty();
    if (!plain || !alarm.threshold || metric.series.empty() || metric.series.metric != *main->metric
        || (!main->statistic.empty() && main->statistic != metric.series.statistic))
        return std::nullopt;
    double scale = 1; // a sum over another period is another number
    if (metric.series.statistic == "Sum" || metric.series.statistic == "SampleCount")
        scale = static_cast<double>(metric.series.period.count()) / static_cast<double>(alarm.period().count());
    auto const& values = metric.series.values;
    auto const count = std::min<std::size_t>(3, values.size());
    auto const crossed = std::count_if(values.end() - static_cast<std::ptrdiff_t>(count), values.end(),
        [&](double value) { return exceeds(value, *alarm.threshold * scale, alarm.comparison); });
    return crossed > 0 && 2 * static_cast<std::size_t>(crossed) >= count;
}

} // namespace

SeriesReading read_metric(Alarm const& alarm, Evidence const& evidence, Fact const& fact, MetricFact const& metric) {
    SeriesQuestion question;
    question.series = { metric.series.at, metric.series.values, metric.series.period };
    for (auto const& day : metric.history)
        question.history.push_back({ day.at, day.values, day.period });
    question.statistic = metric.series.statistic;
    question.unit = metric.series.unit;
    question.frame = frame_of(evidence, fact.source);
    question.alarm_at = alarm.changed_at;
    return read_series(question);
}

std::optional<JudgedMetric> read_alarm(Alarm const& alarm, Evidence const& evidence) {
    auto const* main = alarm.main_metric();
    std::optional<JudgedMetric> best;
    int best_rank = -1;
    for (auto const& [fact, metric] : evidence.all<MetricFact>()) {
        if (metric->closeness != Closeness::alarm || metric->series.empty())
            continue;
        int rank = 0;
        if (main != nullptr && metric->series.metric == *main->metric)
            rank += 2 + (metric->series.statistic == main->statistic ? 1 : 0);
        if (rank <= best_rank)
            continue;
        best_rank = rank;
        best
            = JudgedMetric { fact, metric, read_metric(alarm, evidence, *fact, *metric), beyond_now(alarm, *metric) };
    }
    return best;
}

Time onset_or_window(Alarm const& alarm, Evidence const& evidence) {
    if (auto const reading = read_alarm(alarm, evidence))
        if (auto const onset = reading->onset())
            return *onset;
    return alarm.changed_at - alarm.period() * std::max(1, alarm.evaluation_periods);
}

std::optional<Finding> cannot_tell(Evidence const& evidence, std::initializer_list<std::string_view> sources) {
    for (auto const source : sources)
        if (auto const* gap = evidence.gap_in(source))
            return found(CheckVerdict::cannot_tell,
                "Could not read " + gap->source + ": " + gap->why
                    + (gap->iam_action.empty() ? "." : " (" + gap->iam_action + ")."));
    return std::nullopt;
}

Finding found(CheckVerdict verdict, std::string why, std::vector<FactId> facts) {
    constexpr std::size_t most_facts = 12;
    if (facts.size() > most_facts)
        facts.resize(most_facts);
    Finding finding;
    finding.verdict = verdict;
    finding.why = std::move(why);
    finding.facts = std::move(facts);
    return finding;
}

} // namespace convops
