// The common word (letters only) is copied and nothing else; only words with digits, slashes or delimiters are looked
// at closely. What is a value follows what Drain and its successors found to matter most:
// https://jiemingzhu.github.io/pub/pjhe_icws2017.pdf
#include "evidence/log_tokens.h"

#include "evidence/log_values.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace convops {

namespace {

enum Kind : unsigned {
    blank = 1,
    digit = 2,
    letter = 4,
    delimiter = 8,
    slash = 16,
    quote = 32,
    dot = 64,
    other = 128
};

constexpr std::array<std::uint8_t, 256> kinds_of_bytes() {
    std::array<std::uint8_t, 256> kinds {};
    for (std::size_t c = 0; c < 256; ++c) {
        bool const letters = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        kinds[c] = letters ? letter : c >= '0' && c <= '9' ? digit : other;
    }
    for (char const c : std::string_view(" \t\n\r\x1b"))
        kinds[static_cast<unsigned char>(c)] = blank;
    for (char const c : std::string_view("=:,;()[]{}<>|\""))
        kinds[static_cast<unsigned char>(c)] = delimiter;
    kinds['"'] |= quote;
    kinds['\''] = quote;
    kinds['/'] = slash;
    kinds['.'] = dot;
    return kinds;
}

constexpr auto kind_table = kinds_of_bytes();

unsigned kind_of(char c) {
    return kind_table[static_cast<unsigned char>(c)];
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_blank(char c) {
    return kind_of(c) == blank;
}

bool is_delimiter(char c) {
    return (kind_of(c) & delimiter) != 0;
}

bool has_digit(std::string_view text) {
    return std::any_of(text.begin(), text.end(), is_digit);
}

std::string_view without_full_stops(std::string_view word) {
    auto const end = word.find_last_not_of('.');
    return end == std::string_view::npos ? word : word.substr(0, end + 1);
}

std::uint64_t mixed(std::uint64_t value) {
    value ^= value >> 32;
    value *= 0xd6e8feb86659fd93ULL;
    return value ^ (value >> 29);
}

template <typename Word> Word loaded(char const* from) {
    Word word;
    std::memcpy(&word, from, sizeof word);
    return word;
}

} // namespace

bool is_letter(char c) {
    return (kind_of(c) & letter) != 0;
}

std::uint64_t hash_of(std::string_view text, std::uint64_t seed) {
    constexpr std::uint64_t odd = 0x9e3779b97f4a7c15ULL;
    auto hash = seed ^ (text.size() * odd);
    auto const* at = text.data();
    auto left = text.size();
    for (; left > 8; left -= 8, at += 8)
        hash = mixed(hash ^ loaded<std::uint64_t>(at)) * odd;
    std::uint64_t rest = 0; // the last bytes; some may be read twice
    if (left >= 4)
        rest = loaded<std::uint32_t>(at) | (std::uint64_t { loaded<std::uint32_t>(at + left - 4) } << 32);
    else if (left > 0)
        rest = std::uint64_t { static_cast<unsigned char>(at[0]) }
            | (std::uint64_t { static_cast<unsigned char>(at[left / 2]) } << 8)
            | (std::uint64_t { static_cast<unsigned char>(at[left - 1]) } << 16);
    return mixed((hash ^ rest) * odd);
}

// Masked, a byte grows to three at most ("1" to "<*>"), and "()" gains a wildcard.
LineTokenizer::LineTokenizer(TemplateLimits const& limits)
    : limits_(limits)
    , room_(std::make_unique<char[]>(limits.line_bytes * 4 + 64)) {
    tokens_.reserve(limits.tokens + 4);
}

std::span<Token const> LineTokenizer::tokens_of(std::string_view line) {
    line_ = line.substr(0, limits_.line_bytes);
    auto const start = line_.find_first_not_of(" \t\r\n");
    json_ = start != std::string_view::npos && line_[start] == '{';
    at_ = 0;
    word_end_ = 0;
    space_ = false;
    end_ = room_.get();
    tokens_.clear();
    while (at_ < line_.size() && tokens_.size() < limits_.tokens) {
        auto const c = line_[at_];
        if (c == '\x1b') {
            skip_escape();
        } else if (is_blank(c)) {
            space_ = true;
            ++at_;
        } else if (!((kind_of(c) & quote) != 0 && (json_ ? take_json_value() : take_quoted()))) {
            take_word();
        }
    }
    if (at_ < line_.size())
        push(wildcard, false, true);
    hash_ = tokens_.size();
    for (auto const& token : tokens_)
        hash_ = hash_of(token.text, hash_);
    return tokens_;
}

// Terminal colours: ESC [ ... letter.
void LineTokenizer::skip_escape() {
    ++at_;
    if (at_ < line_.size() && line_[at_] == '[')
        ++at_;
    while (at_ < line_.size() && (is_digit(line_[at_]) || line_[at_] == ';'))
        ++at_;
    if (at_ < line_.size() && is_letter(line_[at_]))
        ++at_;
}

// 'value' or "value" at the start of a word, of at most 64 bytes and closed before a blank, a delimiter or the end. A
// JSON key (followed by a colon) is not a value.
bool LineTokenizer::take_quoted() {
    constexpr std::size_t longest = 65;
    auto const mark = line_[at_];
    auto const end = line_.substr(0, at_ + 1 + longest).find(mark, at_ + 1);
    if (end == std::string_view::npos || end == at_ + 1)
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
    push(mark == '"' ? "\"<*>\"" : "'<*>'", false, true);
    at_ = end + 1;
    return true;
}

// In a line of JSON a text with blanks or digits is one value; a key, and a word such as "warn", are read as words.
bool LineTokenizer::take_json_value() {
    if (line_[at_] != '"')
        return false;
    auto end = at_ + 1;
    bool value = false;
    for (; end < line_.size() && line_[end] != '"'; ++end) {
        value = value || is_blank(line_[end]) || is_digit(line_[end]);
        end += line_[end] == '\\' ? 1 : 0;
    }
    if (!value || end >= line_.size())
        return false;
    auto const next = line_.find_first_not_of(" \t", end + 1);
    if (next != std::string_view::npos && line_[next] == ':')
        return false;
    push("\"<*>\"", false, true);
    at_ = end + 1;
    return true;
}

void LineTokenizer::take_word() {
    if (at_ >= word_end_) { // else within a word that was looked through already
        word_kinds_ = 0;
        word_end_ = at_;
        for (unsigned kind = 0; word_end_ < line_.size() && (kind = kind_of(line_[word_end_])) != blank; ++word_end_)
            word_kinds_ |= kind;
    }
    auto const stop = word_end_;
    auto const kinds = word_kinds_;
    auto const word = line_.substr(at_, stop - at_);
    if ((kinds & (digit | delimiter | slash)) == 0) {
        // "Sun", "Jun" before a number.
        bool const date = word.size() == 3 && is_part_of_date(word, line_.substr(stop));
        auto const ellipsis = (kinds & dot) != 0 ? word.find("..") : std::string_view::npos;
        if (ellipsis == std::string_view::npos || ellipsis == 0)
            push(date ? wildcard : without_full_stops(word), false, date);
        else
            push(word.substr(0, ellipsis), false, false);
        at_ = stop;
        return;
    }
    take_masked(word, kinds);
}

void LineTokenizer::take_masked(std::string_view word, unsigned kinds) {
    if (is_delimiter(word[0])) {
        push(word.substr(0, 1), true, false);
        ++at_;
        return;
    }
    auto const core_end = word.find_last_not_of(",;:.)]}>\"'");
    auto const core = core_end == std::string_view::npos ? std::string_view {} : word.substr(0, core_end + 1);
    if (!core.empty()) {
        // "0000:00:1d.0[A]" is an address before a bracket.
        auto const address = core.substr(0, core.find_first_of("=;()[]{}<>|\""));
        if (!address.empty() && (is_address_or_time(address) || is_host_and_port(address))) {
            push(wildcard, false, true);
            at_ += address.size();
            return;
        }
        if ((kinds & slash) != 0 && is_path(core)) {
            auto* const from = end_;
            write_masked_path(core);
            push_written(from, false,
                std::string_view(from, static_cast<std::size_t>(end_ - from)).find(wildcard)
                    != std::string_view::npos);
            at_ += core.size();
            return;
        }
        if (core.size() == 3 && is_part_of_date(core, line_.substr(at_ + word.size()))) {
            push(wildcard, false, true);
            at_ += core.size();
            return;
        }
    }
    auto length = std::size_t { 1 };
    kinds = kind_of(word[0]);
    while (length < word.size() && !is_delimiter(word[length]))
        kinds |= kind_of(word[length++]);
    // "enabled.....1" is a word and a value.
    auto const dots = (kinds & dot) != 0 ? word.substr(0, length).find("..") : std::string_view::npos;
    if (dots != std::string_view::npos && dots > 0) {
        auto end = word.substr(0, length).find_first_not_of('.', dots);
        if (end != std::string_view::npos && end < length) {
            auto* const from = end_;
            write_masked(word.substr(0, dots), kinds);
            push_written(from, false, (kinds & digit) != 0 && has_digit(word.substr(0, dots)));
            push("...", true, false);
            at_ += end;
            return;
        }
    }
    auto const part = without_full_stops(word.substr(0, length));
    if ((kinds & digit) == 0 || is_numbered_name(part) || is_known_name(part)) {
        push(part, false, false);
    } else {
        auto* const from = end_;
        write_masked(part, kinds);
        push_written(from, false, has_digit(part));
    }
    at_ += length;
}

void LineTokenizer::write(std::string_view text) {
    std::memcpy(end_, text.data(), text.size());
    end_ += text.size();
}

// Each run of digits becomes a wildcard, and "<*>.<*>", "<*>-<*>" are one: versions and dotted ids.
void LineTokenizer::write_masked_digits(std::string_view word) {
    auto* const start = end_;
    auto const ends_with_wildcard
        = [&](char const* end) { return end - start >= 3 && std::memcmp(end - 3, wildcard.data(), 3) == 0; };
    auto const mask = [&] {
        auto const written = end_ - start;
        auto const last = written > 0 ? end_[-1] : ' ';
        if ((last == '-' || last == '+') && (written == 1 || !(is_letter(end_[-2]) || end_[-2] == '>')))
            --end_;
        bool const joined = end_ - start > 3 && std::string_view(".-_:").find(end_[-1]) != std::string_view::npos
            && ends_with_wildcard(end_ - 1);
        if (joined)
            --end_;
        else if (!ends_with_wildcard(end_))
            write(wildcard);
    };
    for (std::size_t i = 0; i < word.size();) {
        auto stop = i;
        while (stop < word.size() && (is_digit(word[stop]) || is_letter(word[stop])))
            ++stop;
        if (stop > i && is_known_name(word.substr(i, stop - i))) { // "s3.amazonaws.com", "boto3-s3"
            write(word.substr(i, stop - i));
            i = stop;
            continue;
        }
        // "eni-0a1b2c3d", "PgConnection@5f2a8e11": an id within a word.
        if (stop - i < word.size() && looks_random(word.substr(i, stop - i))) {
            mask();
            i = stop;
            continue;
        }
        for (stop = std::max(stop, i + 1); i < stop;) {
            if (!is_digit(word[i])) {
                *end_++ = word[i++];
                continue;
            }
            while (i < word.size() && is_digit(word[i]))
                ++i;
            mask();
        }
    }
}

void LineTokenizer::write_masked(std::string_view word, unsigned kinds) {
    if ((kinds & digit) == 0)
        write(word);
    else if (is_variable_word(word))
        write(wildcard);
    else
        write_masked_digits(word);
}

// A path or URL is one token, whatever its depth: segments are masked, the query string is dropped.
void LineTokenizer::write_masked_path(std::string_view path) {
    auto const query = path.find('?');
    auto rest = path.substr(0, query);
    for (;;) {
        auto const at = rest.find('/');
        write_masked(rest.substr(0, at), digit);
        if (at == std::string_view::npos)
            break;
        write("/");
        rest.remove_prefix(at + 1);
    }
    if (query != std::string_view::npos)
        write("?<*>");
}

void LineTokenizer::push_written(char const* from, bool is_delimiter, bool variable) {
    std::string_view const text(from, static_cast<std::size_t>(end_ - from));
    push(text, is_delimiter, variable);
}

// "<*> <*>", "<*>, <*>" and "an<*> an<*>" are one: lists of any length are one statement. An empty "()" after a blank
// is a value that was not there.
void LineTokenizer::push(std::string_view text, bool is_delimiter, bool variable) {
    if (text.starts_with("..") && text.find_first_not_of('.') == std::string_view::npos) {
        text = "..."; // However many dots: one text is always of one kind.
        is_delimiter = true;
    }
    if (variable && !tokens_.empty()) {
        if (tokens_.back().text == text) {
            space_ = false;
            return;
        }
        if (tokens_.size() >= 2 && tokens_.back().text == "," && tokens_[tokens_.size() - 2].text == text) {
            tokens_.pop_back();
            space_ = false;
            return;
        }
    }
    if (is_delimiter && text == ")" && !tokens_.empty() && tokens_.back().text == "(" && tokens_.back().space_before)
        tokens_.push_back({ wildcard, false, false, true });
    tokens_.push_back({ text, space_, is_delimiter, variable });
    space_ = false;
}

} // namespace convops
