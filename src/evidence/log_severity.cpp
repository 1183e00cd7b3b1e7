// How grave a log line is, and what of it a person wrote.
#include "evidence/log_templates.h"

#include "base/text.h"

#include <array>

namespace convops {

namespace {

// A level written as a word of its own ("ERROR", "[warn]", "level=error") within the head of the line.
std::optional<LogSeverity> stated_level(std::string_view line) {
    constexpr std::size_t head_bytes = 120;
    auto const head = to_lower(line.substr(0, head_bytes));
    constexpr std::array<std::pair<std::string_view, LogSeverity>, 12> levels { {
        { "error", LogSeverity::error }, { "fatal", LogSeverity::error }, { "critical", LogSeverity::error },
        { "panic", LogSeverity::error }, { "severe", LogSeverity::error }, { "warning", LogSeverity::warning },
        { "warn", LogSeverity::warning }, { "info", LogSeverity::info }, { "debug", LogSeverity::info },
        { "trace", LogSeverity::info }, { "notice", LogSeverity::info },
        { "log", LogSeverity::info }, // PostgreSQL: "LOG:  checkpoint starting"
    } };
    std::size_t best = std::string::npos;
    std::optional<LogSeverity> level;
    for (auto const& [word, severity] : levels) {
        auto const at = head.find(word);
        if (at == std::string::npos || at >= best)
            continue;
        auto const end = at + word.size();
        bool const whole = (at == 0 || !is_letter(head[at - 1])) && (end == head.size() || !is_letter(head[end]));
        // In running text a level is written in capitals, in brackets or after "level".
        bool const marked = line[at] >= 'A' && line[at] <= 'Z' && line[at + 1] >= 'A' && line[at + 1] <= 'Z';
        bool const bracketed = at > 0 && (head[at - 1] == '[' || head[at - 1] == '=' || head[at - 1] == '"');
        if (whole && (marked || bracketed)) {
            best = at;
            level = severity;
        }
    }
    return level;
}

} // namespace

LogSeverity severity_of(std::string_view line) {
    if (auto const level = stated_level(line))
        return *level;
    auto const text = to_lower(line.substr(0, 1'000));
    // "KeyError" says error; "onerror", an attribute of HTML, and "room" do not.
    auto const says = [&](std::string_view word) {
        for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1))
            if (at == 0 || !is_letter(text[at - 1]) || (line[at] >= 'A' && line[at] <= 'Z'))
                return true;
        return false;
    };
    for (std::string_view const word : { "error", "exception", "fatal", "panic", "failed", "failure", "refused",
             "denied", "timed out", "timeout", "out of memory", "oom", "killed", "no space left", "traceback",
             "deadlock", "unavailable", "exhausted", "too many connections" })
        if (says(word))
            return LogSeverity::error;
    return text.find("warn") != std::string::npos ? LogSeverity::warning : LogSeverity::info;
}

std::string message_of_line(std::string_view line) {
    auto text = trim(line);
    if (!text.starts_with('{'))
        return text;
    auto const parsed = parse_json(text, { .bytes = 64 * 1024, .depth = 16 });
    if (!parsed || !parsed->is_object())
        return text;
    std::string level;
    for (std::string_view const key : { "level", "severity", "levelname", "log_level" })
        if (level.empty())
            level = text_at(*parsed, key);
    for (std::string_view const key :
        { "message", "msg", "error", "errorMessage", "error.message", "err.message", "log", "event" })
        if (auto message = text_at(*parsed, key); !message.empty()) {
            bool const stated = level.empty() || contains_ignoring_case(message, level);
            if (stated)
                return message;
            std::transform(level.begin(), level.end(), level.begin(),
                [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
            return level + " " + message;
        }
    return text;
}

} // namespace convops
