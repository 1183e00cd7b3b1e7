// A composite alarm as CloudWatch publishes it to SNS: a rule over other alarms instead of a trigger.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
#include "alarm/formats.h"
#include "alarm/reading.h"

#include "base/text.h"

namespace convops {

namespace {

using namespace reading;

bool recognises(Json const& document) {
    return find(document, "AlarmName") != nullptr && find(document, "AlarmRule") != nullptr;
}

// TriggeringChildren are texts in the documentation's schema, and objects with "Arn" and "State" in real messages.
Result<> add_triggering(Alarm& alarm, Json const& document) {
    auto const* list = TRY(optional_list(document, "TriggeringChildren", most_children));
    for (auto const& child : *list) {
        auto const* text = child.if_string();
        auto const named = text != nullptr ? std::string(text->data(), text->size())
                                           : TRY(required_text(child, "Arn", most_arn_bytes));
        auto const name = clean_utf8(alarm_name_from(named));
        if (!name.empty() && name.size() <= most_name_bytes
            && std::find(alarm.children.begin(), alarm.children.end(), name) == alarm.children.end())
            alarm.children.push_back(name);
    }
    return {};
}

Result<Alarm> parse(Json const& document) {
    auto alarm = TRY(sns_base(document));
    alarm.rule = TRY(required_text(document, "AlarmRule", 16 * 1024));
    alarm.children = children_of_rule(alarm.rule);
    TRY(add_triggering(alarm, document).with_context("TriggeringChildren"));
    alarm.kind = AlarmKind::composite;
    return alarm;
}

} // namespace

AlarmFormat make_composite() {
    return { "composite", recognises, parse };
}

} // namespace convops
