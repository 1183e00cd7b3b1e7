#include "adapters/llm/answer.h"

#include "base/text.h"

namespace convops {

namespace {

constexpr int most_schema_depth = 16;
constexpr int most_openings = 64; // "{" tried as the start of the object
constexpr std::size_t most_words_bytes = 200;
constexpr double most_tokens_reported = 1e8;

// Parts of the request that are not ours: roles, the provider's words around a schema.
constexpr std::int64_t tokens_around = 1'000;
constexpr std::int64_t likely_bytes_per_token = 3; // JSON and English together, the newer tokenizers

Error corrupt(std::string what) {
    return { ErrorKind::corrupt, std::move(what) };
}

std::size_t bytes_of(LlmRequest const& request) {
    return request.instructions.size() + request.material.size() + to_text(request.answer_schema).size();
}

bool is_of_type(Json const& json, std::string_view type) {
    if (type == "object")
        return json.is_object();
    if (type == "array")
        return json.is_array();
    if (type == "string")
        return json.is_string();
    if (type == "integer")
        return json.is_int64() || json.is_uint64();
    if (type == "number")
        return json.is_number();
    if (type == "boolean")
        return json.is_bool();
    return type == "null" && json.is_null();
}

bool allows_type(Json const& types, Json const& json) {
    if (types.is_string())
        return is_of_type(json, types.as_string());
    return types.is_array() && std::ranges::any_of(types.as_array(), [&](Json const& type) {
        return type.is_string() && is_of_type(json, type.as_string());
    });
}

std::string misfit_at(Json const& json, JsonObject const& schema, std::string const& where, int depth);

std::string misfit_of_object(
    JsonObject const& object, JsonObject const& schema, std::string const& where, int depth) {
    auto const* properties = schema.if_contains("properties");
    if (auto const* required = schema.if_contains("required"); required != nullptr && required->is_array())
        for (auto const& name : required->as_array())
            if (name.is_string() && !object.contains(name.as_string()))
                return where + " lacks " + std::string(name.as_string());
    auto const* more = schema.if_contains("additionalProperties");
    bool const closed = more != nullptr && more->is_bool() && !more->as_bool();
    for (auto const& [key, value] : object) {
        auto const* property
            = properties != nullptr && properties->is_object() ? properties->as_object().if_contains(key) : nullptr;
        if (property == nullptr && closed)
            return where + " has more than was asked for";
        if (property == nullptr || !property->is_object())
            continue;
        if (auto wrong = misfit_at(value, property->as_object(), where + "/" + std::string(key), depth + 1);
            !wrong.empty())
            return wrong;
    }
    return {};
}

std::string misfit_at(Json const& json, JsonObject const& schema, std::string const& where, int depth) {
    if (depth > most_schema_depth)
        return where + " is nested too deeply";
    if (auto const* types = schema.if_contains("type"); types != nullptr && !allows_type(*types, json))
        return (where.empty() ? std::string("the answer") : where) + " is not of the type asked for";
    if (auto const* values = schema.if_contains("enum"); values != nullptr && values->is_array())
        if (std::ranges::find(values->as_array(), json) == values->as_array().end())
            return where + " is none of the values asked for";
    if (json.is_object())
        return misfit_of_object(json.as_object(), schema, where, depth);
    auto const* items = schema.if_contains("items");
    if (!json.is_array() || items == nullptr || !items->is_object())
        return {};
    for (std::size_t i = 0; i < json.as_array().size(); ++i)
        if (auto wrong
            = misfit_at(json.as_array()[i], items->as_object(), where + "/" + std::to_string(i), depth + 1);
            !wrong.empty())
            return wrong;
    return {};
}

// Where the object that opens at `from` closes, or npos.
std::size_t end_of_object(std::string_view text, std::size_t from) {
    int depth = 0;
    bool in_string = false;
    for (auto at = from; at < text.size(); ++at) {
        if (in_string) {
            if (text[at] == '\\')
                ++at;
            else if (text[at] == '"')
                in_string = false;
        } else if (text[at] == '"') {
            in_string = true;
        } else if (text[at] == '{') {
            ++depth;
        } else if (text[at] == '}' && --depth == 0) {
            return at + 1;
        }
    }
    return std::string_view::npos;
}

Result<Json> one_object(std::string_view text) {
    return parse_json(text, { .bytes = most_answer_bytes, .depth = most_schema_depth });
}

// The one object in the text that has the right shape. Two different ones would leave us to guess.
Result<Json> unwrapped(std::string_view text, JsonObject const& schema) {
    if (auto const thought = text.rfind("</think>"); thought != std::string_view::npos)
        text.remove_prefix(thought); // Own models think aloud, drafts included.
    std::optional<Json> found;
    auto from = text.find('{');
    for (int tried = 0; from != std::string_view::npos && tried < most_openings; ++tried) {
        auto const end = end_of_object(text, from);
        if (end == std::string_view::npos)
            break;
        auto const part = one_object(text.substr(from, end - from));
        if (part && part->is_object() && misfit(*part, schema).empty()) {
            if (found && *found != *part)
                return corrupt("the model gave two different answers");
            found = *part;
        }
        from = text.find('{', part ? end : from + 1);
    }
    if (found)
        return *std::move(found);
    return corrupt("the model's answer holds no JSON object of the shape asked for");
}

} // namespace

std::string misfit(Json const& json, JsonObject const& schema) {
    return misfit_at(json, schema, {}, 0);
}

Result<Json> answer_from(std::string_view text, JsonObject const& schema, Wrapping wrapping) {
    if (text.size() > most_answer_bytes)
        return corrupt("the model's answer is over the limit");
    auto whole = one_object(text);
    if (whole && whole->is_object()) {
        auto wrong = misfit(*whole, schema);
        if (wrong.empty())
            return whole;
        return corrupt("the model's answer has the wrong shape: " + shorten(clean_utf8(wrong), most_words_bytes));
    }
    if (wrapping == Wrapping::tolerated)
        return unwrapped(text, schema);
    return corrupt("the model's answer is not the JSON object that was asked for");
}

namespace {

Json closed_schema(Json const& schema, int depth) {
    // Keywords that the providers' grammars know. Anything else is an error 400 there, so it stays with us.
    static constexpr std::array<std::string_view, 11> known { "type", "properties", "required", "items", "enum",
        "const", "description", "anyOf", "title", "additionalProperties", "default" };
    if (!schema.is_object() || depth > most_schema_depth)
        return schema;
    JsonObject out;
    for (auto const& [key, value] : schema.as_object()) {
        if (std::ranges::find(known, std::string_view(key)) == known.end())
            continue;
        if (key == "properties" && value.is_object()) {
            JsonObject properties;
            for (auto const& [name, property] : value.as_object())
                properties[name] = closed_schema(property, depth + 1);
            out[key] = std::move(properties);
        } else if (key == "items") {
            out[key] = closed_schema(value, depth + 1);
        } else {
            out[key] = value;
        }
    }
    if (auto const* type = out.if_contains("type"); type != nullptr && type->is_string() && *type == "object")
        out["additionalProperties"] = false;
    return out;
}

} // namespace

JsonObject schema_for_provider(JsonObject const& schema) {
    return closed_schema(schema, 0).as_object();
}

std::string words_of_provider(std::string_view text, std::string_view secret) {
    auto line = replace_all(replace_all(clean_utf8(text.substr(0, 4096)), "\n", " "), "\t", " ");
    if (!secret.empty())
        line = replace_all(std::move(line), secret, "[secret]");
    return shorten(trim(line), most_words_bytes);
}

std::int64_t reported_tokens(Json const& json, std::string_view path) {
    auto const claimed = number_at(json, path).value_or(0);
    return claimed > 0 ? static_cast<std::int64_t>(std::min(claimed, most_tokens_reported)) : 0;
}

std::int64_t most_tokens_of(LlmRequest const& request) {
    return static_cast<std::int64_t>(bytes_of(request)) + tokens_around;
}

std::int64_t likely_tokens_of(std::size_t bytes) {
    return static_cast<std::int64_t>(bytes) / likely_bytes_per_token + 1;
}

std::int64_t likely_tokens_of(LlmRequest const& request) {
    return likely_tokens_of(bytes_of(request));
}

} // namespace convops
