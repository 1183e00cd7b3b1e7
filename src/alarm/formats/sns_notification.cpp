// An SNS notification with the alarm in its "Message": what an SQS queue subscribed without raw delivery receives.
// Whether the sender is to be believed is decided before this (sns_envelope), not here.
// https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
#include "alarm/nesting.h"

namespace convops {

namespace {

bool recognises(Json const& document) {
    return text_at(document, "Type") == "Notification" && find(document, "TopicArn") != nullptr
        && find(document, "Message") != nullptr;
}

Result<Alarm> parse(Json const& document) {
    auto const* message = find(document, "Message");
    auto const* text = message == nullptr ? nullptr : message->if_string();
    if (text == nullptr)
        return Error { ErrorKind::invalid_input, "Message is not a text" };
    return parse_inner_alarm({ text->data(), text->size() });
}

} // namespace

AlarmFormat make_sns_notification() {
    return { "sns_notification", recognises, parse };
}

} // namespace convops
