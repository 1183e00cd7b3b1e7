#include "audit/fixes.h"

#include "base/text.h"

#include <algorithm>

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

std::string shell_quoted(std::string_view text) {
    auto const plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
            || std::string_view("-_./:@%+=,").find(c) != std::string_view::npos;
    };
    if (!text.empty() && std::all_of(text.begin(), text.end(), plain))
        return std::string(text);
    return "'" + replace_all(std::string(text), "'", "'\\''") + "'";
}

std::string text_of(Json const& value) {
    return value.is_string() ? std::string(value.as_string().c_str(), value.as_string().size()) : to_text(value);
}

std::string shell_word(Json const& value) {
    if (auto const* placeholder = placeholder_of(value))
        return "\"$" + std::string(placeholder->shell) + "\"";
    return shell_quoted(clean_utf8(text_of(value)));
}

// JSON strings are YAML strings and, but for "${" and "%{", HCL strings.
std::string quoted(std::string const& text) {
    return to_text(Json(clean_utf8(text)));
}

std::string yaml_scalar(Json const& value) {
    if (auto const* placeholder = placeholder_of(value))
        return "!Ref " + std::string(placeholder->cloudformation);
    return value.is_string() ? quoted(text_of(value)) : to_text(value);
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
            out += margin + std::string(key) + ":";
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
    return to_text(value);
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

} // namespace

std::string cli_command(
    std::string_view service, std::string_view operation, JsonObject const& options, std::string_view region) {
    std::vector<std::string> words;
    for (auto const& [key, value] : options) {
        std::string word = "--" + std::string(key);
        if (value.is_bool()) {
            words.push_back(value.as_bool() ? word : "--no-" + std::string(key));
            continue;
        }
        if (value.is_array())
            for (auto const& entry : value.as_array())
                word += " " + shell_word(entry);
        else
            word += " " + shell_word(value);
        words.push_back(std::move(word));
    }
    if (!region.empty())
        words.push_back("--region " + shell_quoted(region));
    auto const start = "aws " + std::string(service) + " " + std::string(operation);
    auto const short_form = start + " " + join(words, " ");
    return short_form.size() <= one_line ? short_form : start + " \\\n  " + join(words, " \\\n  ");
}

std::string cloudformation_resource(
    std::string_view logical_id, std::string_view type, JsonObject const& properties, bool exists) {
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
