#include "app/settings.h"

#include "adapters/files/files.h"
#include "app/settings_checks.h"
#include "app/settings_sections.h"
#include "base/text.h"

#include <toml++/toml.h>

namespace convops {

Settings::Connection const* Settings::connection(std::string_view id) const {
    for (auto const& each : connections)
        if (each.id == id)
            return &each;
    return nullptr;
}

namespace {

using namespace settings_sections;

constexpr std::size_t most_file_bytes = std::size_t { 1 } << 20;
constexpr std::size_t most_entries = 1000; // of one [[section]]
constexpr std::size_t most_problems = 50; // the rest is counted
constexpr std::size_t most_text_bytes = 2048;

template <class Section> constexpr bool is_list(std::vector<Section> Settings::*) {
    return true;
}
template <class Section> constexpr bool is_list(Section Settings::*) {
    return false;
}

class Reader {
public:
    SettingsReading reading;

    void problem(toml::source_position const& at, std::string_view where, std::string_view what) {
        add("line " + std::to_string(at.line) + ": " + std::string(where) + " " + std::string(what));
    }
    void add(std::string line) {
        if (reading.problems.size() < most_problems)
            reading.problems.push_back(std::move(line));
        else if (reading.problems.size() == most_problems)
            reading.problems.emplace_back("more problems follow");
    }

    template <class Section>
    void read(toml::node const& node, Declaration<Section> const& declared, Section Settings::* member) {
        auto const where = "[" + std::string(declared.name) + "]";
        if (auto const* table = node.as_table())
            read_table(*table, where, declared, reading.settings.*member);
        else
            problem(node.source().begin, where, "must be one section, written " + where);
    }
    template <class Section>
    void read(toml::node const& node, Declaration<Section> const& declared, std::vector<Section> Settings::* member) {
        auto const where = "[[" + std::string(declared.name) + "]]";
        auto const* list = node.as_array();
        if (list == nullptr || list->size() > most_entries)
            return problem(node.source().begin, where,
                list == nullptr ? "is a list: write " + where
                                : "occurs more than " + std::to_string(most_entries) + " times");
        for (auto const& entry : *list) {
            Section section;
            if (auto const* table = entry.as_table())
                read_table(*table, where, declared, section);
            else
                problem(entry.source().begin, where, "is a list of sections: write " + where);
            (reading.settings.*member).push_back(std::move(section));
        }
    }

private:
    template <class Section>
    void read_table(
        toml::table const& table, std::string const& where, Declaration<Section> const& declared, Section& section) {
        std::vector<std::string> known;
        for (auto const& field : declared.fields)
            known.emplace_back(field.name);
        for (auto const& [key, node] : table) {
            auto const name = clean_utf8(key.str());
            auto const field = std::find_if(declared.fields.begin(), declared.fields.end(),
                [&](Field<Section> const& each) { return each.name == name; });
            if (field == declared.fields.end()) {
                unknown(key.source().begin, where, name, known);
                continue;
            }
            auto const wrong
                = std::visit([&](auto pointer) { return set(node, section.*pointer, *field); }, field->member);
            if (!wrong.empty())
                problem(node.source().begin, where + " " + name, wrong);
        }
        for (auto const& field : declared.fields)
            if (field.need == Need::required && !table.contains(field.name))
                problem(table.source().begin, where + " " + std::string(field.name), "is missing");
    }

public:
    void unknown(toml::source_position const& at, std::string_view where, std::string const& name,
        std::vector<std::string> const& known) {
        // A secret written into the file is the mistake that must be told best.
        auto const by_name = std::find(known.begin(), known.end(), name + "_env");
        if (by_name != known.end())
            return problem(at, where,
                name + " must not be in this file: name its variable with " + *by_name + ", or its file with " + name
                    + "_file");
        auto const near = nearest(name, known);
        problem(at, where,
            "has no key \"" + shorten(name, 60) + "\""
                + (near.empty() ? std::string() : ", did you mean \"" + near + "\"?"));
    }

private:
    template <class Section>
    std::string set(toml::node const& node, std::string& value, Field<Section> const& field) {
        auto const text = node.value_exact<std::string>();
        if (!text)
            return "must be a text in quotes";
        if (text->size() > most_text_bytes || clean_utf8(*text) != *text)
            return "is too long or holds control characters";
        if (field.need == Need::required && text->empty())
            return "is empty";
        if (!text->empty() && field.check != nullptr)
            if (auto wrong = field.check(*text); !wrong.empty())
                return wrong;
        value = *text;
        return {};
    }
    template <class Section> std::string set(toml::node const& node, int& value, Field<Section> const& field) {
        auto const number = node.value_exact<std::int64_t>();
        if (!number || *number < field.least || *number > field.most)
            return "must be a whole number from " + std::to_string(field.least) + " to " + std::to_string(field.most);
        value = static_cast<int>(*number);
        return {};
    }
    template <class Section> std::string set(toml::node const& node, double& value, Field<Section> const& field) {
        auto const number = node.value<double>(); // also a whole number
        if (!number || !(*number >= 0 && *number <= field.most))
            return "must be a number from 0 to " + std::to_string(field.most);
        value = *number;
        return {};
    }
    template <class Section> std::string set(toml::node const& node, bool& value, Field<Section> const&) {
        auto const flag = node.value_exact<bool>();
        if (!flag)
            return "must be true or false";
        value = *flag;
        return {};
    }
    template <class Section>
    std::string set(toml::node const& node, std::map<std::string, std::string>& value, Field<Section> const& field) {
        auto const* table = node.as_table();
        if (table == nullptr || table->size() > most_entries)
            return "must be a table like { monitoring = \"http://127.0.0.1:4566\" }";
        for (auto const& [key, entry] : *table) {
            auto const text = entry.template value_exact<std::string>();
            if (!text)
                return std::string(key.str()) + " must be a text in quotes";
            if (auto wrong = field.check == nullptr ? std::string() : field.check(*text); !wrong.empty())
                return std::string(key.str()) + " " + wrong;
            value[std::string(key.str())] = *text;
        }
        return {};
    }
};

void read_document(Reader& reader, toml::table const& document) {
    std::vector<std::string> sections;
    for_each_section([&](auto const& declared, auto) { sections.emplace_back(declared.name); });
    for (auto const& [key, node] : document) {
        bool found = false;
        for_each_section([&, &the_key = key, &the_node = node](auto const& declared, auto member) {
            if (declared.name != the_key.str())
                return;
            found = true;
            reader.read(the_node, declared, member);
        });
        if (found)
            continue;
        auto const near = nearest(key.str(), sections);
        reader.problem(key.source().begin, "[" + shorten(clean_utf8(key.str()), 60) + "]",
            "is no section" + (near.empty() ? std::string() : ", did you mean [" + near + "]?"));
    }
}

} // namespace

SettingsReading read_settings(std::string_view toml_text) {
    Reader reader;
    if (toml_text.size() > most_file_bytes) {
        reader.add("the file is larger than " + std::to_string(most_file_bytes) + " bytes");
        return std::move(reader.reading);
    }
    try {
        auto const document = toml::parse(toml_text);
        read_document(reader, document);
    } catch (toml::parse_error const& error) { // toml++ reports by exception; it stops at the first.
        auto const what = clean_utf8(error.description());
        reader.problem(error.source().begin, "is not TOML:", replace_all(shorten(what, 200), "\n", " "));
        return std::move(reader.reading);
    }
    for (auto& line : settings_checks::across(reader.reading.settings))
        reader.add(std::move(line));
    return std::move(reader.reading);
}

Result<Settings> check_settings(std::string const& path) {
    auto const text = read_file(path, most_file_bytes);
    if (!text) // A configuration that can not be read can not be used, whatever the cause.
        return Error { text.error().kind == ErrorKind::not_found ? ErrorKind::not_found : ErrorKind::invalid_input,
            "configuration: " + text.error().message };
    auto reading = read_settings(*text);
    if (!reading.problems.empty())
        return Error { ErrorKind::invalid_input, path + ": " + join(reading.problems, "; ") };
    return std::move(reading.settings);
}

namespace {

std::string default_of(std::string const& value) {
    return "\"" + value + "\"";
}
std::string default_of(int value) {
    return std::to_string(value);
}
std::string default_of(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.10g", value);
    std::string_view const shown = text;
    return std::string(shown) + (shown.find('.') == std::string_view::npos ? ".0" : "");
}
std::string default_of(bool value) {
    return value ? "true" : "false";
}
std::string default_of(std::map<std::string, std::string> const&) {
    return "{}";
}

} // namespace

std::string settings_reference() {
    std::string text = "# ConvOps settings. Every key with its default; only keys marked required must be given.\n";
    for_each_section([&]<class Section, class Pointer>(Declaration<Section> const& declared, Pointer member) {
        bool const list = is_list(member);
        text += "\n# " + std::string(declared.says) + "\n";
        text += (list ? "#[[" : "#[") + std::string(declared.name) + (list ? "]]\n" : "]\n");
        Section const defaults {};
        for (auto const& field : declared.fields) {
            auto const value = std::visit([&](auto pointer) { return default_of(defaults.*pointer); }, field.member);
            text += "#" + std::string(field.name) + " = " + value + "  # " + std::string(field.says)
                + (field.need == Need::required ? " Required." : "") + "\n";
        }
    });
    return text;
}

} // namespace convops
