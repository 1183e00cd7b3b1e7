#include "audit/fixes.h"

#include "audit/fix_text.h"
#include "base/text.h"
#include "model/aws_command.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace convops {

namespace {

FixPlaceholder const* placeholder_of(Json const& value) {
    if (!value.is_string())
        return nullptr;
    std::string_view const text(value.as_string().data(), value.as_string().size());
    auto const found = std::find_if(
        fix_placeholders.begin(), fix_placeholders.end(), [&](auto const& one) { return one.text == text; });
    return found == fix_placeholders.end() ? nullptr : &*found;
}

std::string text_of(Json const& value) {
    return value.is_string() ? std::string(value.as_string().c_str(), value.as_string().size()) : to_text(value);
}

// One character beyond ASCII at the front, of well-formed UTF-8.
std::size_t length_of_character(std::string_view text) {
    std::size_t length = 1;
    while (length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U)
        ++length;
    return length;
}

// A character that a reader would not see, or that turns the line around, as an escape; others as they are. Beyond
// the basic plane there are only tags, which have no such escape in all three languages: they are left out.
std::string seen(std::string_view character) {
    if (auto shown = clean_utf8(character); !shown.empty())
        return shown;
    auto code = static_cast<unsigned>(static_cast<unsigned char>(character[0]));
    if (character.size() > 3)
        return {};
    if (character.size() > 1)
        code &= character.size() == 2 ? 0x1FU : 0x0FU;
    for (auto const c : character.substr(1))
        code = code << 6U | (static_cast<unsigned char>(c) & 0x3FU);
    char escape[8];
    std::snprintf(escape, sizeof escape, "\\u%04x", code);
    return escape;
}

} // namespace

// HCL has no \b and no \f.
// https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences
std::string seen_json(Json const& value) {
    auto const text = to_text(value);
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] == '\\' && at + 1 < text.size()) {
            char const escaped = text[at + 1];
            out += escaped == 'b' ? "\\u0008" : escaped == 'f' ? "\\u000c" : text.substr(at, 2);
            at += 2;
            continue;
        }
        auto const length = length_of_character(std::string_view(text).substr(at));
        out += seen(std::string_view(text).substr(at, length));
        at += length;
    }
    return out;
}

namespace {

std::string quoted(std::string const& text) {
    return seen_json(Json(text));
}

// YAML 1.1, which CloudFormation reads, takes 1E9 for a text. https://yaml.org/type/float.html
std::string plain_value(Json const& value) {
    auto text = to_text(value);
    if (!value.is_double() || text.find_first_of("eE") == std::string::npos)
        return text;
    std::array<char, 350> digits {};
    auto const written
        = std::to_chars(digits.data(), digits.data() + digits.size(), value.as_double(), std::chars_format::fixed);
    return { digits.data(), written.ptr };
}

std::string yaml_scalar(Json const& value) {
    if (auto const* placeholder = placeholder_of(value))
        return "!Ref " + std::string(placeholder->cloudformation);
    return value.is_string() ? quoted(text_of(value)) : plain_value(value);
}

// Keys of event patterns and policies are strangers' texts as well.
std::string yaml_key(std::string const& key) {
    constexpr std::array<std::string_view, 9> other_values { "y", "n", "yes", "no", "on", "off", "true", "false",
        "null" }; // https://yaml.org/type/bool.html
    bool const plain = !key.empty() && std::isalpha(static_cast<unsigned char>(key.front())) != 0
        && std::all_of(key.begin(), key.end(), [](unsigned char c) { return std::isalnum(c) != 0; })
        && std::find(other_values.begin(), other_values.end(), to_lower(key)) == other_values.end();
    return plain ? key : quoted(key);
}

void write_yaml(std::string& out, Json const& value, std::size_t indent);

void write_yaml_entry(std::string& out, Json const& value, std::size_t indent) {
    if ((value.is_object() && !value.as_object().empty()) || (value.is_array() && !value.as_array().empty())) {
        out += "\n";
        write_yaml(out, value, indent);
        return;
    }
    out += " " + yaml_scalar(value) + "\n";
}

void write_yaml(std::string& out, Json const& value, std::size_t indent) {
    std::string const margin(indent, ' ');
    if (value.is_object()) {
        for (auto const& [key, entry] : value.as_object()) {
            out += margin + yaml_key(std::string(key)) + ":";
            write_yaml_entry(out, entry, indent + 2);
        }
        return;
    }
    for (auto const& entry : value.as_array()) {
        if (entry.is_object() && !entry.as_object().empty()) {
            std::string inner;
            write_yaml(inner, entry, indent + 2);
            out += margin + "- " + inner.substr(indent + 2);
        } else {
            out += margin + "- " + yaml_scalar(entry) + "\n";
        }
    }
}

std::string hcl_string(std::string const& text) {
    return replace_all(replace_all(quoted(text), "${", "$${"), "%{", "%%{");
}

std::string hcl_value(Json const& value, std::size_t indent) {
    if (auto const* placeholder = placeholder_of(value))
        return "var." + std::string(placeholder->terraform);
    if (value.is_string())
        return hcl_string(text_of(value));
    std::string const margin(indent, ' ');
    if (value.is_array()) {
        std::vector<std::string> entries;
        for (auto const& entry : value.as_array())
            entries.push_back(hcl_value(entry, indent));
        return "[" + join(entries, ", ") + "]";
    }
    if (value.is_object()) {
        if (value.as_object().empty())
            return "{}";
        std::size_t widest = 0;
        for (auto const& [key, entry] : value.as_object())
            widest = std::max(widest, hcl_string(std::string(key)).size());
        std::string out = "{\n";
        for (auto const& [key, entry] : value.as_object()) {
            auto const name = hcl_string(std::string(key));
            out += margin + "  " + name + std::string(widest - name.size(), ' ') + " = "
                + hcl_value(entry, indent + 2) + "\n";
        }
        return out + margin + "}";
    }
    return plain_value(value);
}

// Arguments as `terraform fmt` writes them: the signs of neighbours on one line each stand below each other.
void write_hcl(std::string& out, JsonObject const& arguments, std::size_t indent) {
    std::string const margin(indent, ' ');
    std::vector<std::pair<std::string, std::string>> neighbours;
    auto const write_neighbours = [&] {
        std::size_t widest = 0;
        for (auto const& [name, value] : neighbours)
            widest = std::max(widest, name.size());
        for (auto const& [name, value] : neighbours)
            out += margin + name + std::string(widest - name.size(), ' ') + " = " + value + "\n";
        neighbours.clear();
    };
    for (auto const& [key, value] : arguments) {
        std::string name(key);
        if (name.ends_with("{}")) {
            write_neighbours();
            name.resize(name.size() - 2);
            auto const write_block = [&](JsonObject const& block) {
                out += margin + name + " {\n";
                write_hcl(out, block, indent + 2);
                out += margin + "}\n";
            };
            if (value.is_object())
                write_block(value.as_object());
            else
                for (auto const& block : value.as_array())
                    write_block(block.as_object());
            continue;
        }
        auto text = hcl_value(value, indent);
        if (text.find('\n') != std::string::npos) {
            write_neighbours();
            out += margin + name + " = " + text + "\n";
        } else {
            neighbours.emplace_back(std::move(name), std::move(text));
        }
    }
    write_neighbours();
}

constexpr std::size_t one_line = 100;

// CloudFormation puts a secret or a parameter of the reader's account in the place of "{{resolve:...}}", wherever it
// stands, and obeys keys like "Fn::Join". There is no escape for either.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
bool would_be_resolved(Json const& value) {
    auto const in_text = [](std::string_view text) { return text.find("{{resolve:") != std::string_view::npos; };
    if (auto const* text = value.if_string())
        return in_text({ text->data(), text->size() });
    if (auto const* list = value.if_array())
        return std::any_of(list->begin(), list->end(), would_be_resolved);
    auto const* object = value.if_object();
    return object != nullptr && std::any_of(object->begin(), object->end(), [&](auto const& entry) {
        std::string_view const key(entry.key().data(), entry.key().size());
        return key == "Ref" || key.starts_with("Fn::") || in_text(key) || would_be_resolved(entry.value());
    });
}

} // namespace

bool has_placeholder(Json const& value) {
    if (auto const* list = value.if_array())
        return std::any_of(list->begin(), list->end(), [](Json const& entry) { return has_placeholder(entry); });
    return placeholder_of(value) != nullptr;
}

namespace {

std::optional<std::string> option_of(std::string const& name, Json const& value) {
    if (!has_placeholder(value))
        return cli_option(name, value);
    auto const in_double_quotes = [](FixPlaceholder const& one) { return "\"$" + std::string(one.shell) + "\""; };
    if (auto const* placeholder = placeholder_of(value))
        return "--" + name + " " + in_double_quotes(*placeholder);
    JsonArray texts;
    std::string placeholders;
    for (auto const& entry : value.as_array())
        if (auto const* placeholder = placeholder_of(entry))
            placeholders += " " + in_double_quotes(*placeholder);
        else
            texts.push_back(entry);
    auto const option = cli_option(name, texts);
    if (!option || option->starts_with("--" + name + " '[")) // as JSON, in which a variable would be text
        return std::nullopt;
    return *option + placeholders;
}

} // namespace

// A comment that says so when the AWS CLI can not be made to take a value as it is.
std::string cli_command(
    std::string_view service, std::string_view operation, JsonObject const& options, std::string_view region) {
    auto const call = std::string(service) + " " + std::string(operation);
    std::vector<std::string> words;
    for (auto const& [key, value] : options) {
        auto word = option_of(std::string(key), value);
        if (!word)
            return "# " + call
                + ": do it in the console. The AWS CLI would take a name here for a file, a page or an option, or it "
                  "holds characters that do not show.";
        words.push_back(std::move(*word));
    }
    if (!region.empty())
        words.push_back("--region " + shell_quoted(region));
    auto const start = "aws " + call;
    auto const short_form = start + " " + join(words, " ");
    return short_form.size() <= one_line ? short_form : start + " \\\n  " + join(words, " \\\n  ");
}

// Empty when CloudFormation would resolve what a stranger wrote.
std::string cloudformation_resource(
    std::string_view logical_id, std::string_view type, JsonObject const& properties, bool exists) {
    if (would_be_resolved(properties))
        return {};
    std::string out = "  " + std::string(logical_id) + ":\n    Type: " + std::string(type) + "\n";
    if (exists)
        out += "    DeletionPolicy: Retain\n    UpdateReplacePolicy: Retain\n";
    if (properties.empty())
        return out;
    out += "    Properties:\n";
    write_yaml(out, properties, 6);
    return out;
}

std::string terraform_resource(std::string_view type, std::string_view name, JsonObject const& arguments) {
    std::string out = "resource \"" + std::string(type) + "\" \"" + std::string(name) + "\" {\n";
    write_hcl(out, arguments, 2);
    return out + "}\n";
}

std::string terraform_import(std::string_view type, std::string_view name, std::string_view id) {
    return "import {\n  to = " + std::string(type) + "." + std::string(name)
        + "\n  id = " + hcl_string(std::string(id)) + "\n}\n";
}

std::string identifier_of(std::string_view text, std::string_view separator) {
    constexpr std::size_t longest = 48;
    std::uint32_t hash = 2166136261U; // FNV-1a: distinguishes names, protects nothing.
    for (unsigned char const c : text)
        hash = (hash ^ c) * 16777619U;
    std::string out;
    bool starts_word = true;
    for (unsigned char const c : text) {
        bool const letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        bool const digit = c >= '0' && c <= '9';
        if (!letter && !digit) {
            starts_word = true;
            continue;
        }
        if (out.size() >= longest)
            break;
        if (out.empty() && digit)
            out = separator.empty() ? "R" : "r";
        if (starts_word && !out.empty())
            out += separator;
        auto const lower = static_cast<char>(letter ? (c | 0x20) : c);
        out += separator.empty() && starts_word && letter ? static_cast<char>(lower - 0x20) : lower;
        starts_word = false;
    }
    constexpr std::string_view digits = "0123456789abcdef";
    std::string tail;
    for (int i = 0; i < 6; ++i, hash >>= 4)
        tail += digits[hash & 15U];
    return (out.empty() ? std::string(separator.empty() ? "R" : "r") : out) + std::string(separator) + tail;
}

} // namespace convops
