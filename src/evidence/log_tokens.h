// A log line as words with what varies masked: numbers, ids, addresses, times, paths, quoted values. Pure.
#pragma once

#include "evidence/log_templates.h"

namespace convops {

inline constexpr std::string_view wildcard = "<*>";

struct Token {
    std::string text;
    bool space_before = false;
    bool delimiter = false;
    bool operator==(Token const&) const = default;
};

using Tokens = std::vector<Token>;

bool is_letter(char c);

Tokens masked_tokens(std::string_view line, TemplateLimits const& limits);

std::string text_of(Tokens const& tokens, std::size_t bytes);
// One letter for each word, delimiters as they are: only lines of one shape are compared.
std::string shape_of(Tokens const& tokens);

} // namespace convops
