#include "adapters/recorded/account.h"

#include "adapters/files/files.h"

namespace convops {

namespace {

constexpr std::int64_t most_period_seconds = 604'800; // so that a time never overflows, however many values follow
constexpr std::int64_t most_milliseconds = 253'402'300'799'999; // the year 9999
constexpr JsonLimits account_limits { .bytes = std::size_t { 64 } << 20, .depth = 64 };

std::vector<std::optional<double>> numbers_from(Json const& json) {
    std::vector<std::optional<double>> numbers;
    if (auto const* array = json.if_array()) {
        numbers.reserve(array->size());
        for (auto const& value : *array)
            numbers.push_back(value.is_number() ? number_at(value, "") : std::nullopt);
    }
    return numbers;
}

Result<RecordedMetric> metric_from(Json const& json) {
    RecordedMetric metric;
    metric.metric.metric_namespace = text_at(json, "namespace");
    metric.metric.name = text_at(json, "name");
    if (auto const* dimensions = find(json, "dimensions"); dimensions != nullptr && dimensions->is_object())
        for (auto const& [name, value] : dimensions->get_object())
            metric.metric.dimensions[std::string(name)]
                = value.is_string() ? std::string(value.get_string()) : to_text(value);
    metric.unit = text_at(json, "unit", "None");
    metric.period = Seconds { integer_at(json, "period").value_or(0) };
    metric.counter = flag_at(json, "counter");
    auto const start = time_at(json, "start");
    if (metric.metric.metric_namespace.empty() || metric.metric.name.empty() || metric.period.count() < 1
        || metric.period.count() > most_period_seconds || !start)
        return Error { ErrorKind::invalid_input,
            "metric " + to_text(metric.metric) + " needs namespace, name, period and start" };
    metric.start = *start;
    if (auto const* values = find(json, "values"))
        metric.values = numbers_from(*values);
    for (auto const& [name, value] : json.get_object())
        if (name == "samples" || name == "maximum" || name == "minimum" || name.starts_with("p5")
            || name.starts_with("p9"))
            if (auto numbers = numbers_from(value); numbers.size() == metric.values.size())
                metric.statistics[std::string(name)] = std::move(numbers);
    return metric;
}

Result<RecordedResponse> response_from(Json const& json) {
    RecordedResponse response;
    response.operation = text_at(json, "operation");
    if (response.operation.find(':') == std::string::npos)
        return Error { ErrorKind::invalid_input, "a response needs an operation such as \"ecs:DescribeServices\"" };
    if (auto const* when = find(json, "when"); when != nullptr && when->is_object())
        response.when = when->get_object();
    if (auto const* answer = find(json, "answer"))
        response.answer = *answer;
    if (find(json, "error") != nullptr) {
        auto const kind = error_kind_from(text_at(json, "error.kind"));
        if (!kind)
            return Error { ErrorKind::invalid_input,
                response.operation + ": unknown error kind \"" + text_at(json, "error.kind") + "\"" };
        response.error = Error { *kind, text_at(json, "error.message") };
    }
    return response;
}

void read_logs(Json const& document, RecordedAccount& account) {
    for (auto const& log : list_at(document, "logs")) {
        auto& events = account.logs[text_at(log, "group")];
        for (auto const& event : list_at(log, "events")) {
            auto const* pair = event.if_array();
            if (pair == nullptr || pair->size() != 2 || !(*pair)[1].is_string())
                continue;
            auto const at = integer_at((*pair)[0], "");
            if (!at || std::abs(*at) > most_milliseconds)
                continue;
            events.push_back(
                { Time { Milliseconds { *at } }, text_at(log, "stream"), std::string((*pair)[1].get_string()) });
        }
    }
    for (auto& [group, events] : account.logs)
        std::stable_sort(events.begin(), events.end(), [](auto const& a, auto const& b) { return a.at < b.at; });
}

} // namespace

Result<RecordedAccount> recorded_account_from(Json const& document) {
    if (text_at(document, "format") != "convops-account/1")
        return Error { ErrorKind::invalid_input, "not a recorded account: \"format\" must be \"convops-account/1\"" };
    RecordedAccount account;
    account.account = text_at(document, "account");
    account.region = text_at(document, "region");
    auto const now = time_at(document, "now");
    if (account.account.empty() || account.region.empty() || !now)
        return Error { ErrorKind::invalid_input, "a recorded account needs account, region and now" };
    account.now = *now;
    if (auto const* message = find(document, "alarm_message"))
        account.alarm_message = *message;
    if (auto const* message = find(document, "ok_message"))
        account.ok_message = *message;
    account.alarms = list_at(document, "alarms");
    for (auto const& metric : list_at(document, "metrics"))
        account.metrics.push_back(TRY(metric_from(metric)));
    read_logs(document, account);
    account.trail = list_at(document, "trail");
    for (auto const& response : list_at(document, "responses"))
        account.responses.push_back(TRY(response_from(response)));
    return account;
}

Result<RecordedAccount> load_recorded_account(std::filesystem::path const& file) {
    auto const bytes = TRY(read_file_unpacked(file, account_limits.bytes));
    auto const document = TRY(parse_json(bytes, account_limits).with_context(file.string()));
    return recorded_account_from(document).with_context(file.string());
}

} // namespace convops
