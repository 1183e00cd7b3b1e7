#include "base/text.h"
#include "runbook/runbook.h"

#include <array>

namespace convops {

namespace {

constexpr std::array<std::string_view, 4> known_keys { "title", "alarm", "resource", "kind" };

std::vector<std::string> lines_of(std::string_view text) {
    auto lines = split(replace_all(clean_utf8(text), "\r\n", "\n"), '\n');
    if (!lines.empty() && lines.front().starts_with("\xEF\xBB\xBF"))
        lines.front().erase(0, 3);
    return lines;
}

std::string unquoted(std::string text) {
    text = trim(text);
    bool const quoted
        = text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front();
    return quoted ? text.substr(1, text.size() - 2) : text;
}

// "a, b" and "[a, b]": a list of a few words.
std::vector<std::string> values_of(std::string value) {
    value = trim(value);
    if (value.starts_with('[') && value.ends_with(']'))
        value = value.substr(1, value.size() - 2);
    std::vector<std::string> values;
    for (auto const& part : split(value, ','))
        if (auto one = unquoted(part); !one.empty())
            values.push_back(std::move(one));
    return values;
}

class FrontMatter {
public:
    FrontMatter(std::string_view file, Runbook& runbook)
        : file_(file)
        , runbook_(runbook) { }

    Result<> take(std::size_t number, std::string const& line) {
        auto const colon = line.find(':');
        if (colon == std::string::npos)
            return wrong(number, "is no \"key: value\"");
        auto const key = to_lower(trim(line.substr(0, colon)));
        auto const value = line.substr(colon + 1);
        if (key == "title") {
            runbook_.title = shorten(unquoted(value), most_title_bytes);
            return {};
        }
        auto values = values_of(value);
        if (values.size() > most_patterns)
            return wrong(number, "names more than " + std::to_string(most_patterns) + " values");
        for (auto const& each : values)
            if (each.size() > most_pattern_bytes)
                return wrong(number, "names a value of more than " + std::to_string(most_pattern_bytes) + " bytes");
        if (key == "kind")
            return take_kinds(number, values);
        if (key != "alarm" && key != "resource")
            return unknown_key(number, key);
        auto& list = key == "alarm" ? runbook_.alarms : runbook_.resources;
        list.insert(list.end(), values.begin(), values.end());
        return {};
    }

    [[nodiscard]] Error wrong(std::size_t number, std::string const& what) const {
        return { ErrorKind::invalid_input,
            shorten(clean_utf8(file_), 200) + " line " + std::to_string(number) + ": " + what };
    }

private:
    Result<> take_kinds(std::size_t number, std::vector<std::string> const& values) {
        for (auto const& each : values) {
            auto const kind = cause_kind_from(each);
            if (!kind || *kind == CauseKind::unknown)
                return wrong(number, "there is no kind of cause \"" + shorten(each, 40) + "\"" + nearest_kind(each));
            runbook_.kinds.push_back(*kind);
        }
        return {};
    }
    static std::string nearest_kind(std::string const& name) {
        std::vector<std::string> known;
        for (int i = 0; i < static_cast<int>(CauseKind::unknown); ++i)
            known.emplace_back(to_string(static_cast<CauseKind>(i)));
        auto const near = nearest(name, known);
        return near.empty() ? std::string() : ", did you mean \"" + near + "\"?";
    }
    [[nodiscard]] Error unknown_key(std::size_t number, std::string const& key) const {
        std::vector<std::string> const known(known_keys.begin(), known_keys.end());
        auto const near = nearest(key, known);
        return wrong(number,
            "there is no key \"" + shorten(key, 40) + "\""
                + (near.empty() ? "; title, alarm, resource and kind are known"
                                : ", did you mean \"" + near + "\"?"));
    }

    std::string_view file_;
    Runbook& runbook_;
};

// "1. Look" and "- Look" as "Look"; empty: no step.
std::string step_of(std::string const& line) {
    auto const text = trim(line);
    std::size_t at = 0;
    while (at < text.size() && at < 3 && text[at] >= '0' && text[at] <= '9')
        ++at;
    bool const numbered
        = at > 0 && at + 1 < text.size() && (text[at] == '.' || text[at] == ')') && text[at + 1] == ' ';
    bool const bulleted = text.size() > 2 && (text[0] == '-' || text[0] == '*' || text[0] == '+') && text[1] == ' ';
    if (!numbered && !bulleted)
        return {};
    return shorten(trim(text.substr(numbered ? at + 2 : 2)), most_step_bytes);
}

void take_body(Runbook& runbook, std::span<std::string const> lines) {
    bool in_code = false;
    for (auto const& line : lines) {
        if (trim(line).starts_with("```"))
            in_code = !in_code;
        if (in_code)
            continue;
        if (runbook.title.empty() && line.starts_with("# "))
            runbook.title = shorten(trim(line.substr(2)), most_title_bytes);
        if (auto step = step_of(line); !step.empty() && runbook.steps.size() < most_steps)
            runbook.steps.push_back(std::move(step));
    }
}

} // namespace

Result<Runbook> parse_runbook(std::string_view file, std::string_view text) {
    Runbook runbook;
    runbook.file = shorten(clean_utf8(file), 300);
    FrontMatter front(file, runbook);
    if (text.size() > most_runbook_bytes)
        return front.wrong(1, "the file is larger than " + std::to_string(most_runbook_bytes / 1024) + " KiB");
    auto const lines = lines_of(text);
    if (lines.empty() || trim(lines.front()) != "---")
        return front.wrong(1, "must be \"---\": a front matter says when the runbook fits");
    std::size_t at = 1;
    for (; at < lines.size() && trim(lines[at]) != "---"; ++at) {
        if (at > most_front_matter_lines)
            return front.wrong(at + 1, "the front matter has no end: write \"---\"");
        auto const line = trim(lines[at]);
        if (!line.empty() && !line.starts_with('#'))
            TRY(front.take(at + 1, line));
    }
    if (at == lines.size())
        return front.wrong(at, "the front matter has no end: write \"---\"");
    if (runbook.alarms.empty() && runbook.resources.empty() && runbook.kinds.empty())
        return front.wrong(at + 1, "names no alarm, resource or kind, so it would never be cited");
    take_body(runbook, std::span(lines).subspan(at + 1));
    if (runbook.title.empty())
        runbook.title = shorten(runbook.file, most_title_bytes);
    return runbook;
}

} // namespace convops
