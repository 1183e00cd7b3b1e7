// The log: one JSON object per line on stderr. No personal data and no secrets: fields are ids, counts and words of
// ours; e-mail addresses, phone numbers and tokens that slip into a text are masked here as well.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace convops {

enum class LogLevel : std::uint8_t { debug, info, warning, error };

struct LogField {
    std::string_view name;
    std::string value;
};

// `event` is a fixed word ("sns_unsubscribed"), never text from outside.
void log_info(std::string_view event, std::initializer_list<LogField> fields = {});
void log_warning(std::string_view event, std::initializer_list<LogField> fields = {});
void log_error(std::string_view event, std::initializer_list<LogField> fields = {});
void log_debug(std::string_view event, std::initializer_list<LogField> fields = {});

void set_log_level(LogLevel least);

// The line that would be written, without its time: for tests.
std::string log_line(LogLevel level, std::string_view event, std::initializer_list<LogField> fields);
// Masks e-mail and IP addresses, international phone numbers, AWS access keys and bearer-like tokens; one line,
// bounded.
std::string without_personal_data(std::string_view text);

} // namespace convops
