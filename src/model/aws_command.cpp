#include "model/aws_command.h"

#include "base/text.h"

#include <algorithm>
#include <array>

namespace convops {

namespace {

constexpr std::array<std::string_view, 4> fetched_schemes { "file://", "fileb://", "http://", "https://" };

// Of no command of SQS is it fetched. AWS makes the URL, so that a stranger can not write "file://" there.
// https://github.com/aws/aws-cli/blob/develop/awscli/paramfile.py
constexpr std::string_view queue_url = "queue-url";

std::string text_of(Json const& value) {
    auto const* text = value.if_string();
    return text == nullptr ? to_text(value) : std::string(text->data(), text->size());
}

bool is_seen_whole(std::string_view text) {
    return text.find('\n') == std::string_view::npos && clean_utf8(text) == text;
}

// "http" too: version 1 of the CLI fetches what a URL names.
bool would_be_fetched(std::string_view text) {
    return std::any_of(fetched_schemes.begin(), fetched_schemes.end(),
        [&](std::string_view scheme) { return text.starts_with(scheme); });
}

// As a word of a list: an option, JSON, several lines, or nothing at all.
bool would_be_taken_for_more(std::string_view text) {
    return text.empty() || would_be_fetched(text) || !is_seen_whole(text)
        || std::string_view("-[{ ").find(text.front()) != std::string_view::npos;
}

} // namespace

std::string shell_quoted(std::string_view text) {
    auto const plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
            || std::string_view("-_./:@%+=,").find(c) != std::string_view::npos;
    };
    if (!text.empty() && std::all_of(text.begin(), text.end(), plain))
        return std::string(text);
    return "'" + replace_all(std::string(text), "'", "'\\''") + "'";
}

std::optional<std::string> cli_option(std::string_view name, Json const& value) {
    auto const option = "--" + std::string(name);
    if (value.is_bool())
        return value.get_bool() ? option : "--no-" + std::string(name);
    auto const whole = text_of(value);
    if (!is_seen_whole(whole))
        return std::nullopt;
    if (!value.is_array()) {
        if (would_be_fetched(whole) && name != queue_url)
            return std::nullopt;
        return option + (whole.starts_with('-') ? "=" : " ") + shell_quoted(whole);
    }
    std::string words;
    for (auto const& entry : value.get_array()) {
        auto const text = text_of(entry);
        if (!entry.is_object() && would_be_taken_for_more(text))
            return option + " " + shell_quoted(whole);
        words += " " + shell_quoted(text);
    }
    return option + words;
}

} // namespace convops
