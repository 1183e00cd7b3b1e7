// spdlog is included here alone: it costs seconds in each unit that sees it.
#include "app/log.h"

#include "adapters/server/address.h"
#include "base/json.h"
#include "base/text.h"
#include "privacy/secrets.h"

#include <array>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace convops {

namespace {

constexpr std::size_t most_value_bytes = 512;

spdlog::logger& logger() {
    static auto const the_logger = [] {
        auto made = std::make_shared<spdlog::logger>("convops", std::make_shared<spdlog::sinks::stderr_sink_mt>());
        // Our line is a JSON object without its opening brace; the time comes first.
        made->set_pattern(R"({"at":"%Y-%m-%dT%H:%M:%S.%eZ",%v)", spdlog::pattern_time_type::utc);
        made->flush_on(spdlog::level::warn);
        return made;
    }();
    return *the_logger;
}

spdlog::level::level_enum level_of(LogLevel level) {
    switch (level) {
    case LogLevel::debug:
        return spdlog::level::debug;
    case LogLevel::info:
        return spdlog::level::info;
    case LogLevel::warning:
        return spdlog::level::warn;
    case LogLevel::error:
        return spdlog::level::err;
    }
    return spdlog::level::info;
}

std::string_view name_of(LogLevel level) {
    constexpr std::array<std::string_view, 4> names { "debug", "info", "warning", "error" };
    return names[static_cast<std::size_t>(level)];
}

bool is_word(char c) {
    auto const byte = static_cast<unsigned char>(c);
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || c == '.'
        || c == '_' || c == '-' || c == '+' || c == '@' || byte >= 0x80;
}

// "192.0.2.7", also at the end of a sentence.
bool is_ipv4(std::string_view word) {
    while (word.ends_with('.'))
        word.remove_suffix(1);
    return std::count(word.begin(), word.end(), '.') == 3 && !plain_address(word).empty();
}

// An IPv6 address that begins at `start` of `text`, or nothing. Its colons part words, so it is looked for in the
// text.
std::string_view ipv6_at(std::string_view text, std::size_t start) {
    auto const belongs
        = [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0 || c == ':' || c == '.'; };
    auto end = start;
    while (end < text.size() && belongs(text[end]))
        ++end;
    auto found = text.substr(start, end - start);
    while (found.ends_with('.') || (found.ends_with(':') && !found.ends_with("::")))
        found.remove_suffix(1);
    bool const looks_like = std::count(found.begin(), found.end(), ':') >= 2 && !plain_address(found).empty();
    return looks_like ? found : std::string_view();
}

// "a@b.c", "+4912345678", "xoxb-...", "AKIA...": what a word of a text may give away.
bool gives_away(std::string_view word) {
    auto const at = word.find('@');
    if (at != std::string_view::npos && at > 0 && at + 1 < word.size())
        return true;
    constexpr std::array<std::string_view, 9> prefixes { "xoxb-", "xoxp-", "xoxa-", "xapp-", "AKIA", "ASIA", "sk-",
        "ghp_", "github_pat_" };
    if (is_ipv4(word))
        return true;
    if (word.size() >= 12)
        for (auto const prefix : prefixes)
            if (word.starts_with(prefix))
                return true;
    return word.size() >= 9 && word.front() == '+'
        && std::all_of(word.begin() + 1, word.end(), [](char c) { return (c >= '0' && c <= '9') || c == '-'; });
}

void write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
    if (!logger().should_log(level_of(level)))
        return;
    logger().log(level_of(level), spdlog::string_view_t(log_line(level, event, fields)));
}

} // namespace

std::string without_personal_data(std::string_view text) {
    auto const clean = replace_all(replace_all(clean_utf8(text), "\n", " "), "\t", " ");
    std::string out;
    for (std::size_t i = 0; i < clean.size();) {
        bool const begins = i == 0 || !is_word(clean[i - 1]);
        if (auto const address = begins ? ipv6_at(clean, i) : std::string_view(); !address.empty()) {
            out += "***";
            i += address.size();
            continue;
        }
        auto end = i;
        while (end < clean.size() && is_word(clean[end]))
            ++end;
        if (end == i) {
            out += clean[i++];
            continue;
        }
        auto const word = std::string_view(clean).substr(i, end - i);
        out += gives_away(word) ? std::string_view("***") : word;
        i = end;
    }
    return shorten(without_secrets(out), most_value_bytes);
}

std::string log_line(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
    JsonObject object;
    object["level"] = boost::json::string_view(name_of(level).data(), name_of(level).size());
    object["event"] = boost::json::string_view(event.data(), event.size());
    for (auto const& field : fields)
        object[boost::json::string_view(field.name.data(), field.name.size())] = without_personal_data(field.value);
    return to_text(object).substr(1);
}

void log_debug(std::string_view event, std::initializer_list<LogField> fields) {
    write(LogLevel::debug, event, fields);
}
void log_info(std::string_view event, std::initializer_list<LogField> fields) {
    write(LogLevel::info, event, fields);
}
void log_warning(std::string_view event, std::initializer_list<LogField> fields) {
    write(LogLevel::warning, event, fields);
}
void log_error(std::string_view event, std::initializer_list<LogField> fields) {
    write(LogLevel::error, event, fields);
}

void set_log_level(LogLevel least) {
    logger().set_level(level_of(least));
}

} // namespace convops
