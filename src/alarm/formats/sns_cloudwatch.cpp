// A metric alarm as CloudWatch publishes it to SNS: the "Message" text, or the body where raw delivery is on.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
#include "alarm/formats.h"
#include "alarm/reading.h"

namespace convops {

namespace {

using namespace reading;

bool recognises(Json const& document) {
    if (find(document, "AlarmName") == nullptr || find(document, "AlarmRule") != nullptr
        || find(document, "QueryString") != nullptr || find(document, "ScheduledQueryConfiguration") != nullptr)
        return false;
    // One of these beside the name: an alarm message that lacks another is broken rather than something else.
    return find(document, "NewStateValue") != nullptr || find(document, "NewStateReason") != nullptr
        || find(document, "Trigger") != nullptr;
}

Result<AlarmMetric> single_metric(Json const& trigger) {
    AlarmMetric metric;
    MetricId id;
    id.name = TRY(required_text(trigger, "MetricName", most_name_bytes));
    id.metric_namespace = TRY(required_text(trigger, "Namespace", most_name_bytes));
    id.dimensions = TRY(dimensions_from(find(trigger, "Dimensions"), "Dimensions"));
    metric.metric = std::move(id);
    auto statistic = TRY(optional_text(trigger, "ExtendedStatistic", most_name_bytes));
    if (statistic.empty())
        statistic = TRY(optional_text(trigger, "Statistic", most_name_bytes));
    metric.statistic = statistic_name(statistic);
    metric.unit = TRY(optional_text(trigger, "Unit", most_name_bytes));
    if (auto const period = TRY(optional_count(trigger, "Period", 1, 604'800)))
        metric.period = Seconds { *period };
    return metric;
}

Result<> read_trigger(Alarm& alarm, Json const& trigger) {
    if (!trigger.is_object())
        return Error { ErrorKind::invalid_input, "is not an object" };
    constexpr int most_periods = 100'000;
    auto const* metrics = TRY(optional_list(trigger, "Metrics", most_metrics));
    alarm.metrics = TRY(metrics_from(*metrics, "Metrics"));
    if (find(trigger, "MetricName") != nullptr)
        alarm.metrics.insert(alarm.metrics.begin(), TRY(single_metric(trigger)));
    auto const period = TRY(optional_count(trigger, "Period", 1, 604'800));
    for (auto& metric : alarm.metrics)
        if (metric.period.count() == 0 && period)
            metric.period = Seconds { *period }; // Expressions state theirs only here.
    alarm.comparison = TRY(optional_text(trigger, "ComparisonOperator", most_name_bytes));
    auto const band = TRY(optional_text(trigger, "ThresholdMetricId", most_name_bytes));
    if (band.empty()) // With a band, "Threshold" is 0.0 and means nothing.
        alarm.threshold = TRY(optional_number(trigger, "Threshold"));
    if (auto const count = TRY(optional_count(trigger, "EvaluationPeriods", 1, most_periods)))
        alarm.evaluation_periods = *count;
    // Absent means "as many as are evaluated":
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
    auto const needed = TRY(optional_count(trigger, "DatapointsToAlarm", 1, most_periods));
    alarm.datapoints_to_alarm = needed ? *needed : alarm.evaluation_periods;
    alarm.treat_missing_data = treat_missing(TRY(optional_text(trigger, "TreatMissingData", most_name_bytes)));
    return {};
}

Result<Alarm> parse(Json const& document) {
    auto alarm = TRY(sns_base(document));
    if (auto const* trigger = find(document, "Trigger"))
        TRY(read_trigger(alarm, *trigger).with_context("Trigger"));
    fill_from_reason(alarm, TRY(optional_text(document, "NewStateReasonData", 64 * 1024)));
    alarm.kind = kind_of(alarm);
    TRY(check_contributor(
        alarm, find(document, "AlarmContributorId") != nullptr || find(document, "AlarmContributor") != nullptr));
    return alarm;
}

} // namespace

AlarmFormat make_sns_cloudwatch() {
    return { "sns_cloudwatch", recognises, parse };
}

} // namespace convops
