#include "evidence/log_words.h"

#include <algorithm>
#include <array>

namespace convops {

namespace {

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), text) != words.end();
}

} // namespace

std::uint16_t traits_of(Token const& token) {
    auto const text = token.text;
    if (text == wildcard)
        return word_wildcard | word_variable;
    unsigned traits = (token.delimiter ? word_delimiter : 0U) | (token.variable ? word_variable : 0U);
    if (token.delimiter) {
        traits |= text == "=" ? word_assigns : 0U;
        traits |= text == "," || text == ";" ? word_ends_value : 0U;
        return static_cast<std::uint16_t>(traits);
    }
    auto const all
        = [](std::string_view part, auto const& holds) { return std::all_of(part.begin(), part.end(), holds); };
    auto const lower = [](char c) { return c >= 'a' && c <= 'z'; };
    auto const capital = [](char c) { return (c >= 'A' && c <= 'Z') || c == '_'; };
    if (all(text.substr(text.empty() ? 0 : 1), lower))
        traits |= word_lower;
    if (all(text, is_letter))
        traits |= word_letters | word_plain;
    else if (!text.empty() && text.back() >= '0' && text.back() <= '9'
        && all(text.substr(0, text.size() - 1), is_letter))
        traits |= word_plain;
    // The last part of "android.intent.action.SCREEN_ON".
    auto const last = text.substr(text.rfind('.') == std::string_view::npos ? 0 : text.rfind('.') + 1);
    if (last.size() >= 2 && all(last, capital))
        traits |= word_capitals;
    if (is_one_of(text, { "true", "false", "null", "yes", "no", "on", "off", "none", "True", "False", "None" }))
        traits |= word_yes_or_no;
    // After these words stands a name, however few names there are: "session opened for user admin".
    if (is_one_of(text, { "user", "from", "by", "host", "name", "for", "to", "service", "table" }))
        traits |= word_announces_name;
    if (is_one_of(text,
            { "ns", "us", "ms", "s", "sec", "secs", "second", "seconds", "min", "mins", "minute", "minutes", "h",
                "hour", "hours" }))
        traits |= word_unit_of_time;
    return static_cast<std::uint16_t>(traits);
}

} // namespace convops
