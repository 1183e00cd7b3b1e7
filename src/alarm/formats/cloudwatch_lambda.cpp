// The event of an alarm that invokes a Lambda function directly, forwarded to us by such a function.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html
#include "alarm/formats.h"
#include "alarm/reading.h"

namespace convops {

namespace {

using namespace reading;

bool recognises(Json const& document) {
    return text_at(document, "source") == "aws.cloudwatch" && find(document, "alarmData") != nullptr;
}

Result<Alarm> parse(Json const& document) {
    auto const* block = find(document, "alarmData");
    if (block == nullptr || !block->is_object())
        return Error { ErrorKind::invalid_input, "alarmData is missing or no object" };
    auto alarm = TRY(alarm_from_block(*block, "alarmData"));
    auto const account = TRY(optional_text(document, "accountId", most_name_bytes));
    if (is_account_id(account))
        alarm.account = account;
    alarm.region = region_code(TRY(optional_text(document, "region", most_name_bytes)));
    alarm.arn = TRY(optional_text(document, "alarmArn", most_arn_bytes));
    fill_from_arn(alarm);
    alarm.kind = kind_of(alarm);
    TRY(check_contributor(alarm, find(document, "alarmData.alarmContributor") != nullptr));
    return alarm;
}

} // namespace

AlarmFormat make_cloudwatch_lambda() {
    return { "cloudwatch_lambda", recognises, parse };
}

} // namespace convops
