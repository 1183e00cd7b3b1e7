#include "base/json.h"

#include <charconv>

namespace convops {

namespace {

// "2e308" is read as infinity, and infinity cannot be written as JSON: a capsule with it could not be read again. A
// number that does not fit says nothing, so it becomes null.
void drop_infinities(Json& json) {
    if (auto* object = json.if_object())
        for (auto& pair : *object)
            drop_infinities(pair.value());
    else if (auto* array = json.if_array())
        for (auto& element : *array)
            drop_infinities(element);
    else if (auto const* number = json.if_double(); number != nullptr && !std::isfinite(*number))
        json = nullptr;
}

} // namespace

Result<Json> parse_json(std::string_view text, JsonLimits limits) {
    if (text.size() > limits.bytes)
        return Error { ErrorKind::invalid_input,
            "JSON of " + std::to_string(text.size()) + " bytes is over the limit of "
                + std::to_string(limits.bytes) };
    boost::json::parse_options options;
    options.max_depth = limits.depth;
    boost::system::error_code error;
    auto value = boost::json::parse(boost::json::string_view(text.data(), text.size()), error, {}, options);
    if (error)
        return Error { ErrorKind::invalid_input, "not JSON: " + error.message() };
    drop_infinities(value);
    return value;
}

std::string to_text(Json const& json) {
    return boost::json::serialize(json);
}

namespace {

void write_canonical(Json const& json, std::string& out) {
    if (auto const* object = json.if_object()) {
        std::vector<std::string_view> keys;
        keys.reserve(object->size());
        for (auto const& pair : *object)
            keys.emplace_back(pair.key().data(), pair.key().size());
        std::sort(keys.begin(), keys.end());
        out += '{';
        for (std::size_t i = 0; i < keys.size(); ++i) {
            if (i != 0)
                out += ',';
            out += boost::json::serialize(boost::json::string_view(keys[i].data(), keys[i].size()));
            out += ':';
            write_canonical(object->at(boost::json::string_view(keys[i].data(), keys[i].size())), out);
        }
        out += '}';
    } else if (auto const* array = json.if_array()) {
        out += '[';
        for (std::size_t i = 0; i < array->size(); ++i) {
            if (i != 0)
                out += ',';
            write_canonical((*array)[i], out);
        }
        out += ']';
    } else {
        out += boost::json::serialize(json);
    }
}

} // namespace

std::string to_canonical_text(Json const& json) {
    std::string out;
    write_canonical(json, out);
    return out;
}

Json const* find(Json const& json, std::string_view path) {
    Json const* at = &json;
    while (!path.empty()) {
        auto const dot = path.find('.');
        auto const key = path.substr(0, dot);
        path = dot == std::string_view::npos ? std::string_view {} : path.substr(dot + 1);
        auto const* object = at->if_object();
        at = object == nullptr ? nullptr : object->if_contains(boost::json::string_view(key.data(), key.size()));
        if (at == nullptr || at->is_null())
            return nullptr;
    }
    return at;
}

std::string text_at(Json const& json, std::string_view path, std::string_view otherwise) {
    auto const* at = find(json, path);
    if (at == nullptr)
        return std::string(otherwise);
    if (auto const* text = at->if_string())
        return std::string(text->data(), text->size());
    if (at->is_object() || at->is_array())
        return std::string(otherwise);
    return to_text(*at);
}

std::optional<double> number_at(Json const& json, std::string_view path) {
    auto const* at = find(json, path);
    if (at == nullptr)
        return std::nullopt;
    double value = 0;
    if (at->is_number()) {
        value = at->to_number<double>();
    } else {
        auto const* text = at->if_string();
        if (text == nullptr)
            return std::nullopt;
        auto const [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
        if (error != std::errc {} || end != text->data() + text->size())
            return std::nullopt;
    }
    // "nan", "inf" and 1e999 are read as such; no reader downstream means them, and casts of them are undefined.
    return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

std::optional<std::int64_t> integer_at(Json const& json, std::string_view path) {
    auto const value = number_at(json, path);
    if (!value || !(std::abs(*value) < 9e15))
        return std::nullopt;
    return static_cast<std::int64_t>(*value);
}

std::optional<Time> time_at(Json const& json, std::string_view path) {
    auto const* at = find(json, path);
    if (at == nullptr)
        return std::nullopt;
    auto const parsed = parse_time(at->is_number() ? to_text(Json(at->to_number<double>())) : text_at(json, path));
    if (!parsed) {
        auto const seconds = number_at(json, path); // Numbers like 1.7e9 do not parse as plain digits.
        if (!seconds || !(*seconds >= 0 && *seconds < 1e14))
            return std::nullopt;
        return time_from_seconds(*seconds > 1e11 ? *seconds / 1000 : *seconds);
    }
    return *parsed;
}

bool flag_at(Json const& json, std::string_view path, bool otherwise) {
    auto const* at = find(json, path);
    if (at == nullptr)
        return otherwise;
    if (at->is_bool())
        return at->get_bool();
    auto const text = text_at(json, path);
    return text == "true" || text == "True" || text == "1";
}

JsonArray const& list_at(Json const& json, std::string_view path) {
    static JsonArray const empty;
    auto const* at = find(json, path);
    auto const* array = at == nullptr ? nullptr : at->if_array();
    return array == nullptr ? empty : *array;
}

} // namespace convops
