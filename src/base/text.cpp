#include "base/text.h"

#include <array>
#include <cctype>
#include <cstdio>

namespace convops {

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    while (true) {
        auto const at = text.find(separator);
        parts.emplace_back(text.substr(0, at));
        if (at == std::string_view::npos)
            return parts;
        text.remove_prefix(at + 1);
    }
}

std::string join(std::span<std::string const> parts, std::string_view separator) {
    std::string out;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i != 0)
            out += separator;
        out += parts[i];
    }
    return out;
}

std::string trim(std::string_view text) {
    auto const blank = [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; };
    while (!text.empty() && blank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && blank(text.back()))
        text.remove_suffix(1);
    return std::string(text);
}

std::string to_lower(std::string_view text) {
    std::string out(text);
    for (auto& c : out)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return out;
}

bool contains_ignoring_case(std::string_view text, std::string_view part) {
    auto const same = [](char a, char b) {
        return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
    };
    return std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

bool glob_matches(std::string_view pattern, std::string_view text) {
    std::size_t p = 0;
    std::size_t at = 0;
    std::size_t star = std::string_view::npos; // the last star, to which a mismatch goes back
    std::size_t star_at = 0;
    while (at < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            star_at = at;
        } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[at])) {
            ++p;
            ++at;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            at = ++star_at;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', std::min(p, pattern.size())) == std::string_view::npos;
}

std::string replace_all(std::string text, std::string_view what, std::string_view with) {
    if (what.empty())
        return text;
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
    return text;
}

std::string shorten(std::string_view text, std::size_t bytes) {
    constexpr std::string_view ellipsis = "…";
    if (text.size() <= bytes)
        return std::string(text);
    if (bytes < ellipsis.size())
        return {};
    auto cut = bytes - ellipsis.size();
    while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U)
        --cut;
    return std::string(text.substr(0, cut)) + std::string(ellipsis);
}

namespace {

// Length of the well-formed UTF-8 sequence at the start of `text`; 0 when there is none (Unicode 15, table 3-7).
std::size_t utf8_length(std::string_view text) {
    auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    unsigned const first = byte(0);
    std::size_t const length = first < 0x80 ? 1
        : first >= 0xC2 && first < 0xE0     ? 2
        : (first & 0xF0U) == 0xE0           ? 3
        : first >= 0xF0 && first < 0xF5     ? 4
                                            : 0;
    if (length == 0 || length > text.size())
        return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte(i) & 0xC0U) != 0x80U)
            return 0;
    if (length >= 3) {
        unsigned const second = byte(1);
        if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second >= 0xA0) || (first == 0xF0 && second < 0x90)
            || (first == 0xF4 && second >= 0x90))
            return 0;
    }
    return length;
}

} // namespace

namespace {

// Characters that nobody sees: directions can make a line read as something else (U+202A..202E, U+2066..2069 and the
// marks), line separators break it, the others hide letters from the eye or speak to a model alone (tags,
// U+E0000..E007F). Joiners (U+200C, U+200D) stay: Hindi and emoji are written with them.
bool is_unseen(std::string_view sequence) {
    if (sequence.size() == 1)
        return false;
    if (sequence.size() == 4)
        return sequence.starts_with("\xF3\xA0\x80") || sequence.starts_with("\xF3\xA0\x81");
    constexpr std::array<std::string_view, 23> unseen { "\u00AD", "\u061C", "\u200B", "\u200E", "\u200F", "\u2028",
        "\u2029", "\u202A", "\u202B", "\u202C", "\u202D", "\u202E", "\u2060", "\u2061", "\u2062", "\u2063", "\u2064",
        "\u2065", "\u2066", "\u2067", "\u2068", "\u2069", "\uFEFF" };
    return std::find(unseen.begin(), unseen.end(), sequence) != unseen.end();
}

} // namespace

std::string clean_utf8(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        auto const length = utf8_length(text);
        if (length == 0) {
            out += "\xEF\xBF\xBD";
            text.remove_prefix(1);
            continue;
        }
        auto const sequence = text.substr(0, length);
        auto const first = static_cast<unsigned char>(sequence[0]);
        bool const c0 = length == 1 && ((first < 0x20 && first != '\t' && first != '\n') || first == 0x7F);
        bool const c1
            = length == 2 && first == 0xC2 && static_cast<unsigned char>(sequence[1]) < 0xA0; // U+0080..U+009F
        if (!c0 && !c1 && !is_unseen(sequence))
            out += sequence;
        text.remove_prefix(length);
    }
    return out;
}

std::string format_number(double value) {
    if (!std::isfinite(value))
        return "not a number";
    double const size = std::abs(value);
    char buffer[64];
    auto const print = [&](char const* format, double number) {
        std::snprintf(buffer, sizeof buffer, format, number);
        std::string text(buffer);
        if (text.find('.') != std::string::npos) {
            text.erase(text.find_last_not_of('0') + 1);
            if (text.ends_with('.'))
                text.pop_back();
        }
        return text == "-0" ? std::string("0") : text;
    };
    if (size >= 1e9)
        return print("%.2f", value / 1e9) + " G";
    if (size >= 1e6)
        return print("%.2f", value / 1e6) + " M";
    if (size >= 100)
        return print("%.0f", value);
    if (size >= 10)
        return print("%.1f", value);
    if (size >= 1)
        return print("%.2f", value);
    if (size >= 0.01)
        return print("%.3f", value);
    return print("%.5f", value);
}

std::string format_value(double value, std::string_view unit) {
    if (unit == "Percent")
        return format_number(value) + " %";
    if (unit == "Seconds")
        return std::abs(value) < 1 ? format_number(value * 1000) + " ms" : format_number(value) + " s";
    if (unit == "Milliseconds")
        return std::abs(value) < 1000 ? format_number(value) + " ms" : format_number(value / 1000) + " s";
    if (unit == "Microseconds")
        return format_number(value / 1000) + " ms";
    if (unit.starts_with("Bytes")) {
        std::string_view const per = unit == "Bytes/Second" ? "/s" : "";
        double const size = std::abs(value);
        if (size >= 1e9)
            return format_number(value / 1e9) + " GB" + std::string(per);
        if (size >= 1e6)
            return format_number(value / 1e6) + " MB" + std::string(per);
        if (size >= 1e3)
            return format_number(value / 1e3) + " kB" + std::string(per);
        return format_number(value) + " bytes" + std::string(per);
    }
    if (unit == "Count/Second")
        return format_number(value) + "/s";
    return format_number(value);
}

namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        auto diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            auto const above = row[j];
            row[j] = std::min({ row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U) });
            diagonal = above;
        }
    }
    return row[b.size()];
}

} // namespace

std::string nearest(std::string_view word, std::span<std::string const> known) {
    std::string best;
    std::size_t best_distance = std::max<std::size_t>(2, word.size() / 3) + 1;
    for (auto const& candidate : known) {
        auto const distance = edit_distance(word, candidate);
        if (distance < best_distance) {
            best_distance = distance;
            best = candidate;
        }
    }
    return best;
}

std::string to_hex(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    out.reserve(bytes.size() * 2);
    for (char c : bytes) {
        auto const byte = static_cast<unsigned char>(c);
        out += digits[byte >> 4U];
        out += digits[byte & 15U];
    }
    return out;
}

} // namespace convops
