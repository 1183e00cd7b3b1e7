// {"Records":[...]}: the event of a Lambda function behind SNS ("Sns") or SQS ("body"), forwarded to us.
// https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html
#include "alarm/nesting.h"

namespace convops {

namespace {

constexpr std::size_t most_records = 10; // SNS sends one; SQS at most ten unless a batch window is configured

bool recognises(Json const& document) {
    auto const& records = list_at(document, "Records");
    return !records.empty() && std::all_of(records.begin(), records.end(), [](Json const& record) {
        return find(record, "Sns") != nullptr || text_at(record, "eventSource") == "aws:sqs";
    });
}

Result<Alarm> parse_record(Json const& record) {
    bool const from_sns = find(record, "Sns") != nullptr;
    auto const* inner = find(record, from_sns ? "Sns.Message" : "body");
    auto const* text = inner == nullptr ? nullptr : inner->if_string();
    if (text == nullptr)
        return Error { ErrorKind::invalid_input, from_sns ? "Sns.Message is not a text" : "body is not a text" };
    if (text->empty())
        return Error { ErrorKind::not_found, "an empty message" };
    return parse_inner_alarm({ text->data(), text->size() });
}

// One document is one alarm here. Two alarms in one would lose the second, so they are refused rather than halved.
Result<Alarm> parse(Json const& document) {
    auto const& records = list_at(document, "Records");
    if (records.size() > most_records)
        return Error { ErrorKind::invalid_input,
            "Records has more than " + std::to_string(most_records) + " entries" };
    std::optional<Alarm> found;
    for (std::size_t i = 0; i < records.size(); ++i) {
        auto alarm = parse_record(records[i]);
        if (!alarm && alarm.error().kind == ErrorKind::not_found)
            continue;
        if (!alarm)
            return alarm.error().with_context("Records[" + std::to_string(i) + "]");
        if (found)
            return Error { ErrorKind::invalid_input, "Records holds more than one alarm: forward each on its own" };
        found = *std::move(alarm);
    }
    if (!found)
        return Error { ErrorKind::not_found, "no record holds an alarm" };
    return *std::move(found);
}

} // namespace

AlarmFormat make_lambda_envelope() {
    return { "lambda_envelope", recognises, parse };
}

} // namespace convops
