// A header is what nearly every line has at its start, field by field: a value (time, number), a level, something in
// brackets, a component that ends in a colon. A plain word belongs to it when such a field follows soon. Without a
// time there is no header: then what all lines share is part of what they say.
#include "evidence/log_layout.h"

#include "evidence/log_tokens.h"
#include "evidence/log_values.h"

#include <algorithm>
#include <unordered_set>

namespace convops {

namespace {

constexpr std::size_t most_columns = 14;
constexpr std::size_t most_header_bytes = 400;
constexpr std::size_t few_lines = 8; // fewer show no layout
constexpr double most_lines = 0.8; // share of lines in which a field is of its kind
constexpr double enough_lines = 0.5; // share of lines that have a header at all
constexpr std::size_t most_words_between = 3; // between "host component state" and the next sure field

bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

bool is_separator(char c) {
    return is_blank(c) || c == '|';
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_level(std::string_view field) {
    while (!field.empty() && (field.front() == '[' || field.front() == '<' || field.front() == '('))
        field.remove_prefix(1);
    while (!field.empty() && std::string_view("]>):,").find(field.back()) != std::string_view::npos)
        field.remove_suffix(1);
    if (field.size() == 1)
        return std::string_view("VDIWEF").find(field[0]) != std::string_view::npos;
    if (field.size() < 3 || field.size() > 9)
        return false;
    std::string upper(field);
    std::transform(upper.begin(), upper.end(), upper.begin(),
        [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    for (std::string_view const level : { "TRACE", "DEBUG", "INFO", "NOTICE", "WARN", "WARNING", "ERROR", "ERR",
             "SEVERE", "CRITICAL", "CRIT", "FATAL", "FAILURE", "ALERT", "EMERG", "PANIC", "VERBOSE", "LOG" })
        if (upper == level)
            return true;
    return false;
}

// A clock or a date, or a number as long as a date or an epoch: "12:01:01", "2005.06.03", "081109", "1117838570".
bool is_time(std::string_view field) {
    std::size_t run = 0;
    std::size_t longest = 0;
    std::size_t digits = 0;
    std::size_t marks = 0;
    for (char const c : field) {
        if (is_digit(c)) {
            ++digits;
            longest = std::max(longest, ++run);
            continue;
        }
        run = 0;
        marks += c == ':' || c == '-' || c == '/' || c == '.' ? 1 : 0;
    }
    return (marks >= 1 && digits >= 4) || (longest >= 6 && longest <= 19 && longest == digits);
}

bool is_date_word(std::string_view field) {
    if (field.size() != 3)
        return false;
    for (std::string_view const word : { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov",
             "Dec", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" })
        if (field == word)
            return true;
    return false;
}

// Numbers, times, addresses and ids in whole, in brackets or not.
bool is_value(std::string_view field) {
    if (is_date_word(field))
        return true;
    while (!field.empty() && std::string_view("[(,;").find(field.front()) != std::string_view::npos)
        field.remove_prefix(1);
    while (!field.empty() && std::string_view("]),;:").find(field.back()) != std::string_view::npos)
        field.remove_suffix(1);
    if (is_variable_word(field))
        return true;
    bool digits = false;
    for (char const c : field) {
        digits = digits || is_digit(c);
        if (!is_digit(c) && std::string_view("TZ:.-+/,_").find(c) == std::string_view::npos)
            return false;
    }
    return digits;
}

bool has_digit(std::string_view text) {
    return std::any_of(text.begin(), text.end(), is_digit);
}

// The part of a field that names something: "sshd" of "sshd(pam_unix)[19939]:", "hdfs.v2.Node" of "hdfs.v2.Node:". A
// word that is no component ends at its first digit: it is a host more often than a name.
std::string_view name_in(std::string_view field, bool component) {
    std::size_t end = 0;
    while (end < field.size() && (component || !is_digit(field[end])) && field[end] != '[' && field[end] != '(')
        ++end;
    return field.substr(0, end);
}

// "[IPC Server handler 0 on 62270]" is one field. Where the bracket never closes, it is an ordinary byte.
std::size_t end_of_bracket(std::string_view line, std::size_t at) {
    constexpr std::size_t longest = 300;
    int open = 0;
    for (auto i = at; i < std::min(line.size(), at + longest); ++i) {
        open += line[i] == '[' ? 1 : line[i] == ']' ? -1 : 0;
        if (open == 0)
            return i;
    }
    return at;
}

} // namespace

bool LogLayout::next_field(std::string_view line, std::size_t& at, Field& field) {
    while (at < line.size() && is_blank(line[at]))
        ++at;
    if (at >= line.size() || at > most_header_bytes)
        return false;
    auto const start = at;
    if (line[at] == '[')
        at = end_of_bracket(line, at);
    while (at < line.size() && !is_separator(line[at]))
        ++at;
    field.text = line.substr(start, at - start);
    if (at < line.size() && line[at] == '|')
        ++at;
    field.end = at;
    return true;
}

LogLayout::Column LogLayout::column_of(std::string_view field) {
    if (is_level(field))
        return Column::level;
    if (field.starts_with('['))
        return Column::bracketed;
    if (is_value(field))
        return Column::value;
    if (field.ends_with(':'))
        return Column::component;
    return has_digit(field) ? Column::identifier : Column::word;
}

bool LogLayout::fits(Column column, std::string_view field) {
    // Lighter than column_of(): the layout is known, only lines of another one (stack traces) must not fit.
    switch (column) {
    case Column::word:
    case Column::identifier: // A host may have no digit, a process no name.
        return true;
    case Column::value:
        return has_digit(field) || is_date_word(field);
    case Column::level:
        return field.size() <= 11 && !has_digit(field);
    case Column::bracketed:
        return field.starts_with('[');
    case Column::component:
        return field.ends_with(':');
    }
    return false;
}

LogLayout LogLayout::learned_from(std::span<std::string_view const> lines) {
    std::vector<std::vector<Field>> split; // of the lines with a time
    std::size_t latest_time = 6; // Fields before the time: "- 1117838570", a process, a host.
    for (auto const line : lines) {
        std::vector<Field> fields;
        std::size_t at = 0;
        bool timed = false;
        for (Field field; fields.size() < most_columns && next_field(line, at, field);) {
            timed = timed
                || (fields.size() < latest_time && is_time(field.text) && column_of(field.text) != Column::word);
            fields.push_back(field);
        }
        if (timed && !line.starts_with('{'))
            split.push_back(std::move(fields));
    }
    LogLayout layout;
    if (split.size() < few_lines || double(split.size()) < enough_lines * double(lines.size()))
        return layout;
    std::vector<Column> columns;
    std::vector<bool> sure;
    std::vector<bool> time;
    for (std::size_t i = 0; i < most_columns; ++i) {
        std::array<std::size_t, 6> counts {};
        std::size_t times = 0;
        for (auto const& fields : split)
            if (i < fields.size()) {
                ++counts[static_cast<std::size_t>(column_of(fields[i].text))];
                times += is_time(fields[i].text) ? 1 : 0;
            }
        auto const most = std::max_element(counts.begin(), counts.end());
        auto const kind = static_cast<Column>(most - counts.begin());
        bool const nearly_all = double(*most) >= most_lines * double(split.size());
        columns.push_back(nearly_all ? kind : Column::word);
        sure.push_back(nearly_all && kind != Column::word && kind != Column::identifier);
        time.push_back(nearly_all && double(times) >= most_lines * double(split.size()));
    }
    std::size_t end = 0;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (sure[i])
            end = i + 1;
        else if (i >= end + most_words_between)
            break;
    }
    if (std::find(time.begin(), time.begin() + static_cast<std::ptrdiff_t>(end), true)
        != time.begin() + static_cast<std::ptrdiff_t>(end))
        layout.columns_.assign(columns.begin(), columns.begin() + static_cast<std::ptrdiff_t>(end));
    return layout;
}

LogLayout::Split LogLayout::split(std::string_view line) const {
    Split out;
    std::size_t at = 0;
    Field field;
    for (auto const column : columns_) {
        if (!next_field(line, at, field) || !fits(column, field.text))
            break;
        if (column == Column::word || column == Column::level || column == Column::component)
            out.words_hash = hash_of(name_in(field.text, column == Column::component), out.words_hash);
        // A word counts as header only when the sure field behind it is there too.
        if (column != Column::word && column != Column::identifier)
            out.content = field.end;
    }
    return out;
}

std::string LogLayout::masked_header(std::string_view line) const {
    std::string out;
    auto const end = split(line).content;
    std::size_t at = 0;
    Field field;
    for (auto const column : columns_) {
        if (at >= end || !next_field(line, at, field))
            break;
        auto const named = column == Column::word || column == Column::level || column == Column::component;
        auto const name = named ? name_in(field.text, column == Column::component) : std::string_view {};
        std::string text(name);
        if (name.size() < field.text.size())
            text += column == Column::bracketed ? "[<*>]" : column == Column::component ? "<*>:" : wildcard;
        if (!(text == wildcard && out.ends_with(wildcard)))
            out += (out.empty() ? "" : " ") + text;
    }
    return out;
}

} // namespace convops
