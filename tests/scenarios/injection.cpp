#include "injection.h"

#include "base/text.h"

namespace convops {

namespace {

using boost::json::string_view;

// AlarmName: at most 255 characters.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
constexpr std::size_t most_alarm_name_bytes = 255;

// AWS sends JSON, so a name is UTF-8; control characters are kept: JSON can carry them.
std::string valid_utf8(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        auto const length = std::min<std::size_t>(4, text.size() - at);
        std::size_t taken = 0;
        for (std::size_t size = 1; size <= length && taken == 0; ++size)
            if (parse_json("\"" + std::string(text.substr(at, size)) + "\"") || (size == 1 && text[at] >= 0))
                taken = size;
        out += taken == 0 ? "\xEF\xBF\xBD" : std::string(text.substr(at, taken));
        at += std::max<std::size_t>(taken, 1);
    }
    return out;
}

// At most `bytes` bytes, whole characters.
std::string cut(std::string text, std::size_t bytes) {
    if (text.size() <= bytes)
        return text;
    while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0U) == 0x80U)
        --bytes;
    text.resize(bytes);
    return text;
}

template <typename Change> void each_text(Json& json, std::string_view key, Change const& change) {
    if (auto* object = json.if_object()) {
        for (auto& pair : *object)
            each_text(pair.value(), std::string_view(pair.key().data(), pair.key().size()), change);
    } else if (auto* array = json.if_array()) {
        for (auto& element : *array)
            each_text(element, key, change);
    } else if (auto* text = json.if_string()) {
        if (auto const changed = change(key, std::string(*text)))
            *text = string_view(changed->data(), changed->size());
    }
}

using Changed = std::optional<std::string>;

void rename_alarm(RecordedAccount& account, std::string const& text) {
    auto const old = text_at(account.alarm_message, "AlarmName");
    auto const name = cut(old + " " + text, most_alarm_name_bytes);
    auto const rename = [&](std::string_view, std::string const& value) -> Changed {
        if (value == old)
            return name;
        return value.ends_with(":alarm:" + old) ? Changed(value.substr(0, value.size() - old.size()) + name)
                                                : Changed();
    };
    each_text(account.alarm_message, "", rename);
    each_text(account.ok_message, "", rename);
    for (auto& alarm : account.alarms)
        each_text(alarm, "", rename);
    for (auto& response : account.responses)
        each_text(response.answer, "", rename);
}

void add_log_lines(RecordedAccount& account, std::string_view text) {
    for (auto& [group, events] : account.logs) {
        if (events.empty())
            continue;
        auto const stream = events.back().stream;
        for (auto at = account.now - Minutes { 10 }; at < account.now; at += Seconds { 20 })
            events.push_back({ at, stream, std::string(text) });
        std::stable_sort(events.begin(), events.end(), [](auto const& a, auto const& b) { return a.at < b.at; });
    }
}

void name_actors(RecordedAccount& account, std::string const& text) {
    for (auto& event : account.trail) {
        auto* object = event.if_object();
        auto* who = object == nullptr ? nullptr : object->if_contains("userIdentity");
        if (who == nullptr || !who->is_object())
            continue;
        each_text(*who, "", [&](std::string_view key, std::string const& value) -> Changed {
            bool const is_name = key == "arn" || key == "userName" || key == "principalId";
            return is_name ? Changed(value + text) : Changed();
        });
        (*object)["userAgent"] = text;
        (*object)["sourceIPAddress"] = text;
    }
}

void lengthen_reasons(RecordedAccount& account, std::string const& text) {
    constexpr std::array<std::string_view, 9> keys { "stoppedReason", "reason", "message", "Message",
        "rolloutStateReason", "StatusReason", "StatusMessage", "StateReason", "Cause" };
    for (auto& response : account.responses) {
        // RDS writes its events alone: nobody outside has a word in them.
        if (response.operation == "rds:DescribeEvents")
            continue;
        each_text(response.answer, "", [&](std::string_view key, std::string const& value) -> Changed {
            bool const is_reason = std::find(keys.begin(), keys.end(), key) != keys.end();
            return is_reason ? Changed(value + " " + text) : Changed();
        });
    }
}

// Next to every ARN that is a member's value: tags in both spellings, and a description.
void add_tags(Json& json, std::string const& text) {
    if (auto* array = json.if_array()) {
        for (auto& element : *array)
            add_tags(element, text);
        return;
    }
    auto* object = json.if_object();
    if (object == nullptr)
        return;
    bool is_resource = false;
    for (auto& pair : *object) {
        add_tags(pair.value(), text);
        is_resource |= pair.value().is_string() && pair.value().get_string().starts_with("arn:aws:");
    }
    if (!is_resource)
        return;
    JsonArray tags { JsonObject { { "Key", text }, { "Value", text }, { "key", text }, { "value", text } } };
    for (auto const* key : { "Tags", "tags", "TagList", "TagSet" })
        (*object)[key] = tags;
    for (auto const* key : { "Description", "description" })
        (*object)[key] = text;
}

} // namespace

std::string_view to_string(Place place) {
    constexpr std::array<std::string_view, places> names { "log line", "alarm name", "alarm description", "actor",
        "reason", "tag" };
    return names[static_cast<std::size_t>(place)];
}

RecordedAccount with_text_at(RecordedAccount account, Place place, std::string_view text) {
    auto const valid = valid_utf8(text);
    switch (place) {
    case Place::log_line:
        add_log_lines(account, text);
        break;
    case Place::alarm_name:
        rename_alarm(account, valid);
        break;
    case Place::alarm_description:
        if (auto* alarm = account.alarm_message.if_object()) {
            (*alarm)["AlarmDescription"] = cut(valid, 1024);
            (*alarm)["NewStateReason"] = cut(text_at(account.alarm_message, "NewStateReason") + " " + valid, 1023);
        }
        break;
    case Place::actor:
        name_actors(account, valid);
        break;
    case Place::reason:
        lengthen_reasons(account, valid);
        break;
    case Place::tag:
        for (auto& response : account.responses)
            add_tags(response.answer, valid);
        break;
    }
    return account;
}

} // namespace convops
