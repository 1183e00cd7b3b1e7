// "CloudWatch Alarm State Change" as EventBridge delivers it: metric, math, anomaly band, Metrics Insights, composite
// and log alarms in one shape. Configuration changes of alarms are other events and stay unrecognised.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
#include "alarm/formats.h"
#include "alarm/reading.h"

namespace convops {

namespace {

using namespace reading;

bool recognises(Json const& document) {
    auto const type = text_at(document, "detail-type");
    return text_at(document, "source") == "aws.cloudwatch"
        && (type == "CloudWatch Alarm State Change" || type == "CloudWatch Alarm Contributor State Change");
}

// The configuration of a log alarm carries its query where that of a metric alarm carries metrics.
Result<> read_query(Alarm& alarm, Json const& document) {
    for (auto const* block : { "detail.configuration", "detail.configuration.scheduledQueryConfiguration" }) {
        auto const path = [&](std::string_view field) { return std::string(block) + "." + std::string(field); };
        auto const query = TRY(optional_text(document, path("queryString"), 16 * 1024));
        if (!query.empty())
            alarm.metrics.push_back({ .id = "query",
                .expression = query,
                .statistic = TRY(optional_text(document, path("aggregationExpression"), most_text_bytes)) });
        auto const* groups = TRY(optional_list(document, path("logGroupIdentifiers"), most_log_groups));
        for (auto const& group : *groups)
            if (auto const* text = group.if_string())
                add_log_group(alarm, { text->data(), text->size() });
        if (!query.empty())
            alarm.kind = AlarmKind::log;
    }
    return {};
}

Result<Alarm> parse(Json const& document) {
    auto const* detail = find(document, "detail");
    if (detail == nullptr || !detail->is_object())
        return Error { ErrorKind::invalid_input, "detail is missing or no object" };
    auto alarm = TRY(alarm_from_block(*detail, "detail"));
    auto const account = TRY(optional_text(document, "account", most_name_bytes));
    if (is_account_id(account))
        alarm.account = account;
    alarm.region = region_code(TRY(optional_text(document, "region", most_name_bytes)));
    auto const* resources = TRY(optional_list(document, "resources", most_children));
    for (auto const& resource : *resources) {
        auto const* text = resource.if_string();
        if (text != nullptr && text->size() <= most_arn_bytes && alarm.arn.empty()
            && std::string_view(text->data(), text->size()).find(":alarm:") != std::string_view::npos)
            alarm.arn = std::string(text->data(), text->size());
    }
    fill_from_arn(alarm);
    alarm.kind = kind_of(alarm);
    TRY(read_query(alarm, document));
    TRY(check_contributor(alarm,
        find(document, "detail.alarmContributor") != nullptr
            || text_at(document, "detail-type") == "CloudWatch Alarm Contributor State Change"));
    return alarm;
}

} // namespace

AlarmFormat make_eventbridge_alarm() {
    return { "eventbridge_alarm", recognises, parse };
}

} // namespace convops
