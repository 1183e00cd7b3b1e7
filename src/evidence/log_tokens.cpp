#include "evidence/log_tokens.h"

#include "base/text.h"

#include <array>

namespace convops {

namespace {

constexpr std::string_view delimiters = "=:,;()[]{}<>|\"";

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_hex(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool is_delimiter(char c) {
    return delimiters.find(c) != std::string_view::npos;
}

bool has_digit(std::string_view text) {
    return std::any_of(text.begin(), text.end(), is_digit);
}

// Ids made of random letters and digits: hex of 8 and more, UUIDs, base64-like tokens of 16 and more.
bool looks_random(std::string_view text) {
    if (text.size() < 8 || !has_digit(text))
        return false;
    auto const hex = std::all_of(text.begin(), text.end(), [](char c) { return is_hex(c) || c == '-'; });
    if (hex)
        return true;
    if (text.size() < 16)
        return false;
    auto const plain = std::all_of(text.begin(), text.end(),
        [](char c) { return is_digit(c) || is_letter(c) || c == '_' || c == '+' || c == '='; });
    auto const digits = static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_digit));
    return plain && digits * 8 >= text.size();
}

bool is_hex_number(std::string_view text) {
    return text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')
        && std::all_of(text.begin() + 2, text.end(), is_hex);
}

// IPv4 and IPv6 addresses with or without a port or prefix, MAC addresses, clock times and dates: digits (or hex
// digits) and separators only. A word like "dead:beef" has no digit and stays.
bool is_address_or_time(std::string_view text) {
    if (!has_digit(text))
        return false;
    auto const colons = std::count(text.begin(), text.end(), ':');
    if (colons >= 2
        && std::all_of(text.begin(), text.end(), [](char c) { return is_hex(c) || c == ':' || c == '.'; }))
        return true;
    if (std::all_of(text.begin(), text.end(), [](char c) {
            return is_digit(c) || c == '.' || c == ':' || c == '/' || c == '-' || c == '+' || c == ',' || c == '%';
        }))
        return true;
    // 2026-03-06T19:55:38.903Z
    return text.size() >= 16 && is_digit(text[0]) && (text[10] == 'T' || text[10] == 't') && text[4] == '-'
        && std::all_of(text.begin(), text.end(), [](char c) {
               return is_digit(c) || c == 'T' || c == 't' || c == 'Z' || c == '.' || c == ':' || c == '-' || c == '+';
           });
}

// Each run of digits becomes a wildcard, and "<*>.<*>", "<*>-<*>" are one: versions and dotted ids.
std::string mask_digits(std::string_view word) {
    std::string out;
    for (std::size_t i = 0; i < word.size();) {
        if (!is_digit(word[i])) {
            out += word[i++];
            continue;
        }
        while (i < word.size() && is_digit(word[i]))
            ++i;
        auto const sign = !out.empty() && (out.back() == '-' || out.back() == '+')
            && (out.size() == 1 || !(is_letter(out[out.size() - 2]) || out[out.size() - 2] == '>'));
        if (sign)
            out.pop_back();
        bool const joined = out.size() > wildcard.size()
            && std::string_view(".-_:").find(out.back()) != std::string_view::npos
            && std::string_view(out).substr(0, out.size() - 1).ends_with(wildcard);
        if (joined)
            out.pop_back();
        else if (!out.ends_with(wildcard))
            out += wildcard;
    }
    return out;
}

std::string mask_word(std::string_view word) {
    if (word.empty())
        return {};
    if (is_hex_number(word) || is_address_or_time(word) || looks_random(word))
        return std::string(wildcard);
    return has_digit(word) ? mask_digits(word) : std::string(word);
}

// A path or URL is one token, whatever its depth: segments are masked, the query string is dropped.
std::string mask_path(std::string_view path) {
    auto const query = path.find('?');
    std::string out;
    bool first = true;
    for (auto const& segment : split(path.substr(0, query), '/')) {
        auto const masked = mask_word(segment);
        if (!first)
            out += '/';
        first = false;
        out += masked;
    }
    return query == std::string_view::npos ? out : out + "?" + std::string(wildcard);
}

bool is_path(std::string_view word) {
    if (word.find("://") != std::string_view::npos)
        return true;
    word = word.substr(0, word.find('?'));
    auto const slashes = std::count(word.begin(), word.end(), '/');
    return slashes >= 1 && (word.front() == '/' || slashes >= 2) && word.find('=') == std::string_view::npos;
}

// "Fri Jul 15 10:20:15 2005": a month before a number, a weekday before a month or a number.
bool is_part_of_date(std::string_view word, std::string_view rest) {
    constexpr std::string_view months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec";
    constexpr std::string_view weekdays = "Mon Tue Wed Thu Fri Sat Sun";
    if (word.size() != 3 || word[0] < 'A' || word[0] > 'Z')
        return false;
    auto const next = rest.find_first_not_of(" ,");
    if (next == std::string_view::npos || next == 0)
        return false;
    rest.remove_prefix(next);
    if (is_digit(rest[0]))
        return months.find(word) != std::string_view::npos || weekdays.find(word) != std::string_view::npos;
    return weekdays.find(word) != std::string_view::npos && months.find(rest.substr(0, 3)) != std::string_view::npos;
}

class Tokenizer {
public:
    Tokenizer(std::string_view line, TemplateLimits const& limits)
        : line_(line.substr(0, limits.line_bytes))
        , most_(limits.tokens)
        , quotes_hold_values_(!trim(line_).starts_with('{')) { }

    Tokens tokens() {
        while (at_ < line_.size() && tokens_.size() < most_) {
            if (is_blank(line_[at_])) {
                space_ = true;
                ++at_;
            } else if (line_[at_] == '\x1b') {
                skip_escape();
            } else if (quotes_hold_values_ && (line_[at_] == '"' || line_[at_] == '\'') && take_quoted()) {
                continue;
            } else {
                take_word();
            }
        }
        if (at_ < line_.size())
            push(std::string(wildcard), false);
        return std::move(tokens_);
    }

private:
    // Terminal colours: ESC [ ... letter.
    void skip_escape() {
        ++at_;
        if (at_ < line_.size() && line_[at_] == '[')
            ++at_;
        while (at_ < line_.size() && (is_digit(line_[at_]) || line_[at_] == ';'))
            ++at_;
        if (at_ < line_.size() && is_letter(line_[at_]))
            ++at_;
    }

    // 'value' or "value" at the start of a word, of at most 64 bytes and closed before a blank, a delimiter or the
    // end. A JSON key (followed by a colon) is not a value.
    bool take_quoted() {
        auto const quote = line_[at_];
        auto const end = line_.find(quote, at_ + 1);
        if (end == std::string_view::npos || end - at_ > 65 || end == at_ + 1)
            return false;
        if (at_ > 0 && !is_blank(line_[at_ - 1]) && !is_delimiter(line_[at_ - 1]))
            return false;
        if (end + 1 < line_.size()) {
            auto const next = line_[end + 1];
            if (next == ':' || !(is_blank(next) || is_delimiter(next) || next == '.'))
                return false;
        }
        auto const value = line_.substr(at_ + 1, end - at_ - 1);
        for (std::string_view const method : { "GET ", "POST ", "PUT ", "DELETE ", "HEAD ", "PATCH ", "OPTIONS " })
            if (value.starts_with(method)) // An access log's request line says more than "a value".
                return false;
        push(std::string(1, quote) + std::string(wildcard) + quote, false);
        at_ = end + 1;
        return true;
    }

    void take_word() {
        auto end = at_;
        while (end < line_.size() && !is_blank(line_[end]) && line_[end] != '\x1b')
            ++end;
        auto word = line_.substr(at_, end - at_);
        auto const core_end = word.find_last_not_of(",;:.)]}>\"'");
        auto const core = core_end == std::string_view::npos ? std::string_view {} : word.substr(0, core_end + 1);
        if (!core.empty() && !is_delimiter(core[0]) && (is_path(core) || is_address_or_time(core))) {
            push(is_path(core) && !is_address_or_time(core) ? mask_path(core) : std::string(wildcard), false);
            at_ += core.size();
            return;
        }
        if (is_delimiter(word[0])) {
            push(std::string(1, word[0]), true);
            ++at_;
            return;
        }
        if (is_part_of_date(core, line_.substr(at_ + word.size()))) {
            push(std::string(wildcard), false);
            at_ += core.size();
            return;
        }
        auto const stop = std::min(word.find_first_of(delimiters), word.size());
        push(mask_word(trim_full_stop(word.substr(0, stop))), false);
        at_ += stop;
    }

    static std::string_view trim_full_stop(std::string_view word) {
        while (word.size() > 1 && word.back() == '.')
            word.remove_suffix(1);
        return word;
    }

    // "<*> <*>", "<*>, <*>" and "an<*> an<*>" are one: lists of any length are one statement. An empty "()" after a
    // blank is a value that was not there.
    void push(std::string text, bool delimiter) {
        bool const variable = text.find(wildcard) != std::string::npos;
        if (variable && !tokens_.empty() && tokens_.back().text == text) {
            space_ = false;
            return;
        }
        if (variable && tokens_.size() >= 2 && tokens_.back().text == ","
            && tokens_[tokens_.size() - 2].text == text) {
            tokens_.pop_back();
            space_ = false;
            return;
        }
        if (text == ")" && !tokens_.empty() && tokens_.back().text == "(" && tokens_.back().space_before)
            tokens_.push_back({ std::string(wildcard), false, false });
        tokens_.push_back({ std::move(text), space_, delimiter });
        space_ = false;
    }

    std::string_view line_;
    std::size_t most_;
    bool quotes_hold_values_;
    std::size_t at_ = 0;
    bool space_ = false;
    Tokens tokens_;
};

} // namespace

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

Tokens masked_tokens(std::string_view line, TemplateLimits const& limits) {
    return Tokenizer(line, limits).tokens();
}

std::string text_of(Tokens const& tokens, std::size_t bytes) {
    std::string out;
    for (auto const& token : tokens) {
        if (token.space_before && !out.empty())
            out += ' ';
        out += token.text;
        if (out.size() > bytes)
            break;
    }
    return shorten(out, bytes);
}

std::string shape_of(Tokens const& tokens) {
    std::string shape;
    for (auto const& token : tokens)
        shape += token.delimiter ? token.text : std::string("w");
    return shape;
}

} // namespace convops
