#include "adapters/aws/protocols.h"

#include "adapters/aws/xml.h"
#include "base/text.h"

#include <charconv>

namespace convops {

namespace {

bool is_time_name(std::string_view names, std::string_view name) {
    while (!names.empty()) {
        auto const space = names.find(' ');
        if (names.substr(0, space) == name)
            return true;
        names = space == std::string_view::npos ? std::string_view {} : names.substr(space + 1);
    }
    return false;
}

void convert_time(Json& value, Protocol protocol) {
    bool const wants_number
        = protocol == Protocol::json_1_0 || protocol == Protocol::json_1_1 || protocol == Protocol::rest_json;
    if (auto const* text = value.if_string(); text != nullptr && wants_number) {
        auto const time = parse_time(std::string_view(text->data(), text->size()));
        if (!time)
            return; // AWS will say what is wrong with it.
        auto const count = time->time_since_epoch().count();
        if (count % 1000 == 0)
            value = count / 1000;
        else
            value = static_cast<double>(count) / 1000;
    } else if (value.is_number() && !wants_number) {
        value = format_time(time_from_seconds(value.to_number<double>()));
    }
}

void convert_times_in(Json& json, std::string_view names, Protocol protocol, int depth) {
    constexpr int deepest = 16; // The deepest AWS input with a time in it has four levels.
    if (depth > deepest)
        return;
    if (auto* object = json.if_object()) {
        for (auto& pair : *object) {
            if (is_time_name(names, std::string_view(pair.key().data(), pair.key().size())))
                convert_time(pair.value(), protocol);
            convert_times_in(pair.value(), names, protocol, depth + 1);
        }
    } else if (auto* array = json.if_array()) {
        for (auto& element : *array)
            convert_times_in(element, names, protocol, depth + 1);
    }
}

bool is_xml_protocol(Protocol protocol) {
    return protocol == Protocol::query || protocol == Protocol::ec2 || protocol == Protocol::rest_xml;
}

// What the body is, by its Content-Type, else by its first byte: an endpoint may answer JSON to a query call.
bool is_xml_answer(Protocol protocol, HttpResponse const& response) {
    auto const type = to_lower(response.header("content-type"));
    if (type.find("json") != std::string::npos)
        return false;
    if (type.find("xml") != std::string::npos)
        return true;
    auto const first = response.body.find_first_not_of(" \t\r\n");
    if (first != std::string::npos && (response.body[first] == '<' || response.body[first] == '{'))
        return response.body[first] == '<';
    return is_xml_protocol(protocol);
}

// {"DescribeAlarmsResponse":{"DescribeAlarmsResult":{...}}} is how query services answer when they choose JSON.
Json unwrapped(Json json, std::string_view operation) {
    for (auto const* suffix : { "Response", "Result" }) {
        auto const name = std::string(operation) + suffix;
        auto* object = json.if_object();
        auto* inner = object == nullptr ? nullptr : object->if_contains(name);
        if (inner == nullptr || !inner->is_object())
            continue;
        Json taken = std::move(*inner); // Not in place: the inside must not be destroyed while it is moved out.
        json = std::move(taken);
    }
    return json;
}

} // namespace

void convert_times(JsonObject& params, std::string_view names, Protocol protocol) {
    if (names.empty())
        return;
    Json json(std::move(params));
    convert_times_in(json, names, protocol, 0);
    params = std::move(json.get_object());
}

std::string scalar_text(Json const& json) {
    if (auto const* text = json.if_string())
        return { text->data(), text->size() };
    if (auto const* number = json.if_double()) {
        // The shortest text that reads back, never an exponent: 5e-1 would be read as text by some services.
        char buffer[64];
        auto const end = std::to_chars(buffer, buffer + sizeof buffer, *number, std::chars_format::fixed);
        return end.ec == std::errc {} ? std::string(buffer, end.ptr) : to_text(json);
    }
    if (json.is_null() || json.is_object() || json.is_array())
        return {};
    return to_text(json);
}

Result<WireRequest> write_request(AwsService const& service, AwsOperation const& operation, JsonObject params) {
    convert_times(params, operation.times, service.protocol);
    switch (service.protocol) {
    case Protocol::query:
    case Protocol::ec2:
        return write_query(service, operation, params);
    case Protocol::json_1_0:
    case Protocol::json_1_1:
        return write_json(service, operation, params);
    case Protocol::rest_json:
    case Protocol::rest_xml:
        return write_rest(service, operation, std::move(params));
    }
    return Error { ErrorKind::invalid_input, "unknown protocol" };
}

Result<Json> read_answer(AwsService const& service, AwsOperation const& operation, HttpResponse const& response) {
    if (response.body.find_first_not_of(" \t\r\n") == std::string::npos)
        return Json(JsonObject {});
    if (is_xml_answer(service.protocol, response)) {
        auto json = xml_to_json(response.body, service.answer_lists, XmlLimits {});
        if (!json)
            return Error { ErrorKind::corrupt, json.error().message };
        return unwrapped(*std::move(json), operation.name);
    }
    auto json = parse_json(response.body);
    if (!json)
        return Error { ErrorKind::corrupt, "the answer is " + json.error().message };
    if (!json->is_object())
        return Error { ErrorKind::corrupt, "the answer is JSON, but not an object" };
    return is_xml_protocol(service.protocol) ? unwrapped(*std::move(json), operation.name) : *std::move(json);
}

} // namespace convops
