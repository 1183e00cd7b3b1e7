#include "base/json.h"

#include <algorithm>
#include <array>
#include <boost/json/basic_parser_impl.hpp>
#include <charconv>
#include <cmath>

namespace convops {

namespace {

// Builds the value, with numbers read to the nearest double: the parser's own handler may be wrong in the last digit,
// and a capsule's numbers must come back as they were written.
// https://www.boost.org/doc/libs/1_81_0/libs/json/doc/html/json/ref/boost__json__basic_parser.html
class Building {
public:
    static constexpr std::size_t max_object_size = SIZE_MAX;
    static constexpr std::size_t max_array_size = SIZE_MAX;
    static constexpr std::size_t max_key_size = SIZE_MAX;
    static constexpr std::size_t max_string_size = SIZE_MAX;

    using Failure = boost::system::error_code;
    using Text = boost::json::string_view;

    bool on_document_begin(Failure&) { return stack_.reset(), true; }
    bool on_document_end(Failure&) { return true; }
    bool on_array_begin(Failure&) { return true; }
    bool on_array_end(std::size_t count, Failure&) { return stack_.push_array(count), true; }
    bool on_object_begin(Failure&) { return true; }
    bool on_object_end(std::size_t count, Failure&) { return stack_.push_object(count), true; }
    bool on_string_part(Text part, std::size_t, Failure&) { return stack_.push_chars(part), true; }
    bool on_string(Text rest, std::size_t, Failure&) { return stack_.push_string(rest), true; }
    bool on_key_part(Text part, std::size_t, Failure&) { return stack_.push_chars(part), true; }
    bool on_key(Text rest, std::size_t, Failure&) { return stack_.push_key(rest), true; }
    bool on_number_part(Text part, Failure&) { return number_.append(part.data(), part.size()), true; }
    bool on_int64(std::int64_t value, Text, Failure&) { return number_.clear(), stack_.push_int64(value), true; }
    bool on_uint64(std::uint64_t value, Text, Failure&) { return number_.clear(), stack_.push_uint64(value), true; }
    bool on_double(double, Text rest, Failure&) {
        number_.append(rest.data(), rest.size());
        double value = 0;
        auto const read = std::from_chars(number_.data(), number_.data() + number_.size(), value);
        // "2e308" does not fit, and infinity could not be written as JSON: a number that says nothing becomes null.
        if (read.ec != std::errc {} && number_.find("e-") == std::string::npos
            && number_.find("E-") == std::string::npos)
            stack_.push_null();
        else
            stack_.push_double(read.ec == std::errc {} ? value : 0); // smaller than every double
        number_.clear();
        return true;
    }
    bool on_bool(bool value, Failure&) { return stack_.push_bool(value), true; }
    bool on_null(Failure&) { return stack_.push_null(), true; }
    bool on_comment_part(Text, Failure&) { return true; }
    bool on_comment(Text, Failure&) { return true; }

    Json take() { return stack_.release(); }

private:
    boost::json::value_stack stack_;
    std::string number_;
};

} // namespace

Result<Json> parse_json(std::string_view text, JsonLimits limits) {
    if (text.size() > limits.bytes)
        return Error { ErrorKind::invalid_input,
            "JSON of " + std::to_string(text.size()) + " bytes is over the limit of "
                + std::to_string(limits.bytes) };
    boost::json::parse_options options;
    options.max_depth = limits.depth;
    boost::system::error_code error;
    boost::json::basic_parser<Building> parser(options);
    auto const read = parser.write_some(false, text.data(), text.size(), error);
    if (!error && read < text.size())
        error = boost::json::error::extra_data;
    if (error)
        return Error { ErrorKind::invalid_input, "not JSON: " + error.message() };
    return parser.handler().take();
}

namespace {

enum class Keys : std::uint8_t { as_inserted, sorted };

void write(Json const& json, Keys order, std::string& out);

void write_object(JsonObject const& object, Keys order, std::string& out) {
    std::vector<boost::json::key_value_pair const*> pairs;
    pairs.reserve(object.size());
    for (auto const& pair : object)
        pairs.push_back(&pair);
    if (order == Keys::sorted)
        std::ranges::sort(pairs, {}, [](auto const* pair) { return std::string_view(pair->key()); });
    out += '{';
    for (auto const* pair : pairs) {
        if (pair != pairs.front())
            out += ',';
        out += boost::json::serialize(pair->key());
        out += ':';
        write(pair->value(), order, out);
    }
    out += '}';
}

void write(Json const& json, Keys order, std::string& out) {
    if (auto const* object = json.if_object()) {
        write_object(*object, order, out);
    } else if (auto const* array = json.if_array()) {
        out += '[';
        for (auto const* element = array->begin(); element != array->end(); ++element) {
            if (element != array->begin())
                out += ',';
            write(*element, order, out);
        }
        out += ']';
    } else if (auto const* number = json.if_double(); number != nullptr && std::isfinite(*number)) {
        // The shortest text that reads as the same number: 0.93, where the library writes 9.3E-1.
        std::array<char, 32> text {};
        auto const end = std::to_chars(text.data(), text.data() + text.size(), *number).ptr;
        std::string_view const shown(text.data(), static_cast<std::size_t>(end - text.data()));
        out += shown;
        if (shown.find_first_of(".e") == std::string_view::npos)
            out += ".0"; // so that it is read as a double again
    } else {
        out += boost::json::serialize(json);
    }
}

} // namespace

std::string to_text(Json const& json) {
    std::string out;
    write(json, Keys::as_inserted, out);
    return out;
}

std::string to_canonical_text(Json const& json) {
    std::string out;
    write(json, Keys::sorted, out);
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
