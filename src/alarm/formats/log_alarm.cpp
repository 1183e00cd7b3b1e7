// A log alarm: an alarm on the result of a scheduled Logs Insights query, without a metric in between.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-log.html
// AWS documents the parameters of PutLogAlarm but no schema of the message, so the query is looked for in each place
// where the parameters' names may stand; a message without it is still an alarm, with nothing known about its query.
#include "alarm/formats.h"
#include "alarm/reading.h"

#include <array>

namespace convops {

namespace {

using namespace reading;

constexpr std::array<std::string_view, 5> blocks { "", "Trigger.", "ScheduledQueryConfiguration.",
    "Trigger.ScheduledQueryConfiguration.", "Configuration." };

std::string path_of(std::string_view block, std::string_view field) {
    return std::string(block) + std::string(field);
}

bool recognises(Json const& document) {
    if (find(document, "AlarmName") == nullptr || find(document, "AlarmRule") != nullptr)
        return false;
    return std::any_of(blocks.begin(), blocks.end(), [&](std::string_view block) {
        return find(document, path_of(block, "QueryString")) != nullptr
            || find(document, path_of(block, "LogGroupIdentifiers")) != nullptr;
    });
}

Result<> read_block(Alarm& alarm, AlarmMetric& query, Json const& document, std::string_view block) {
    for (auto const* field : { "LogGroupIdentifiers", "LogGroups", "LogGroupNames" }) {
        auto const* list = TRY(optional_list(document, path_of(block, field), most_log_groups));
        for (auto const& entry : *list) {
            auto const* text = entry.if_string();
            if (text == nullptr)
                return Error { ErrorKind::invalid_input, path_of(block, field) + " holds something that is no text" };
            add_log_group(alarm, { text->data(), text->size() });
        }
    }
    auto const text = TRY(optional_text(document, path_of(block, "QueryString"), 16 * 1024));
    if (query.expression.empty())
        query.expression = text;
    auto const aggregation = TRY(optional_text(document, path_of(block, "AggregationExpression"), most_text_bytes));
    if (query.statistic.empty())
        query.statistic = aggregation;
    if (alarm.comparison.empty())
        alarm.comparison = TRY(optional_text(document, path_of(block, "ComparisonOperator"), most_name_bytes));
    if (!alarm.threshold)
        alarm.threshold = TRY(optional_number(document, path_of(block, "Threshold")));
    if (auto const count = TRY(optional_count(document, path_of(block, "QueryResultsToEvaluate"), 1, 100'000)))
        alarm.evaluation_periods = *count;
    if (auto const count = TRY(optional_count(document, path_of(block, "QueryResultsToAlarm"), 1, 100'000)))
        alarm.datapoints_to_alarm = *count;
    auto const missing = TRY(optional_text(document, path_of(block, "TreatMissingData"), most_name_bytes));
    if (alarm.treat_missing_data.empty())
        alarm.treat_missing_data = treat_missing(missing);
    return {};
}

Result<Alarm> parse(Json const& document) {
    auto alarm = TRY(sns_base(document));
    AlarmMetric query;
    query.id = "query";
    for (auto const block : blocks)
        TRY(read_block(alarm, query, document, block));
    if (!query.expression.empty())
        alarm.metrics.push_back(std::move(query));
    fill_from_reason(alarm, "");
    alarm.kind = AlarmKind::log;
    TRY(check_contributor(alarm, find(document, "AlarmContributorId") != nullptr));
    return alarm;
}

} // namespace

AlarmFormat make_log_alarm() {
    return { "log_alarm", recognises, parse };
}

} // namespace convops
