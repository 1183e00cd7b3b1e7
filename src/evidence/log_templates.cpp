// Two phases. First each line is masked, and equal masked lines are one signature; then signatures of the same shape
// that differ in few words are merged, and a merged position with only two or three plain words ("opened", "closed")
// is split again, because such a word is part of the statement. Masking follows what Drain and its successors found
// to matter most: https://jiemingzhu.github.io/pub/pjhe_icws2017.pdf
#include "evidence/log_templates.h"

#include "base/text.h"

#include <array>
#include <unordered_map>

namespace convops {

namespace {

constexpr std::string_view wildcard = "<*>";
constexpr std::string_view delimiters = "=:,;()[]{}<>|\"";

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
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

struct Token {
    std::string text;
    bool space_before = false;
    bool delimiter = false;
    bool operator==(Token const&) const = default;
};

using Tokens = std::vector<Token>;

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

// One letter for each word, delimiters as they are: only lines of one shape are compared.
std::string shape_of(Tokens const& tokens) {
    std::string shape;
    for (auto const& token : tokens)
        shape += token.delimiter ? token.text : std::string("w");
    return shape;
}

struct Signature {
    Tokens tokens;
    std::int64_t lines = 0;
    std::size_t cluster = 0;
};

struct Cluster {
    Tokens tokens; // constants, and wildcards where members differ
    std::vector<double> learned; // cost paid at each position; 0: not learned
    double paid = 0; // sum of `learned`
    double words = 0; // constants of the first member: what the cost is measured against
    std::vector<std::size_t> members;
};

// What it costs to call a position variable: a plain word is probably part of the statement, an identifier is not.
double difference_cost(std::string_view a, std::string_view b, bool first) {
    auto const plain = [](std::string_view word) {
        return std::all_of(
            word.begin() + (word.empty() ? 0 : 1), word.end(), [](char c) { return c >= 'a' && c <= 'z'; });
    };
    auto const letters = [](std::string_view word) { return std::all_of(word.begin(), word.end(), is_letter); };
    if (first && letters(a) && letters(b)) // "Accepted password for ..." is not "Failed password for ...".
        return 4.0;
    if (!plain(a) || !plain(b))
        return 0.6;
    return 1.0;
}

// Of the statement's words, the share that may differ between two lines of it.
constexpr double most_difference = 0.45;

std::optional<double> cost_to_join(Cluster const& cluster, Tokens const& tokens) {
    double cost = cluster.paid;
    double equal = 0;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        if (tokens[i].delimiter || cluster.learned[i] > 0)
            continue;
        if (tokens[i].text == cluster.tokens[i].text)
            equal += tokens[i].text == wildcard ? 0 : 1;
        else
            cost += difference_cost(tokens[i].text, cluster.tokens[i].text, i == 0);
        if (cost > most_difference * cluster.words)
            return std::nullopt;
    }
    if (equal == 0)
        return std::nullopt;
    return cost;
}

void join(Cluster& cluster, Tokens const& tokens, std::size_t member) {
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        if (tokens[i].delimiter || cluster.learned[i] > 0 || tokens[i].text == cluster.tokens[i].text)
            continue;
        cluster.learned[i] = difference_cost(tokens[i].text, cluster.tokens[i].text, i == 0);
        cluster.paid += cluster.learned[i];
        cluster.tokens[i].text = std::string(wildcard);
    }
    cluster.members.push_back(member);
}

Cluster cluster_of(Tokens const& tokens, std::size_t member) {
    Cluster cluster { tokens, std::vector<double>(tokens.size(), 0), 0, 0, { member } };
    for (auto const& token : tokens)
        cluster.words += !token.delimiter && token.text != wildcard ? 1 : 0;
    return cluster;
}

std::vector<Cluster> clusters_of(std::vector<Signature> const& signatures) {
    std::vector<Cluster> clusters;
    std::unordered_map<std::string, std::vector<std::size_t>> by_shape;
    for (std::size_t s = 0; s < signatures.size(); ++s) {
        auto const& tokens = signatures[s].tokens;
        auto& same_shape = by_shape[shape_of(tokens)];
        Cluster* best = nullptr;
        double best_cost = 0;
        for (auto const index : same_shape) {
            auto const cost = cost_to_join(clusters[index], tokens);
            if (cost && (best == nullptr || *cost < best_cost)) {
                best = &clusters[index];
                best_cost = *cost;
            }
        }
        if (best != nullptr) {
            join(*best, tokens, s);
            continue;
        }
        same_shape.push_back(clusters.size());
        clusters.push_back(cluster_of(tokens, s));
    }
    return clusters;
}

// A position with so few distinct plain words, each seen so often, belongs to the statement.
struct Fewness {
    std::size_t words;
    std::int64_t lines_each;
};
constexpr std::array<Fewness, 2> few { { { 3, 2 }, { 6, 10 } } };

// After these words stands a name, however few names there are: "session opened for user admin".
bool names_follow(std::string_view word) {
    for (std::string_view const before :
        { "user", "from", "by", "host", "name", "for", "to", "=", "service", "table" })
        if (word == before)
            return true;
    return false;
}

bool is_part_of_statement(Cluster const& cluster, std::vector<Signature> const& signatures, std::size_t position) {
    if (position > 0 && names_follow(cluster.tokens[position - 1].text))
        return false;
    std::map<std::string, std::int64_t> lines_of;
    for (auto const member : cluster.members) {
        auto const& word = signatures[member].tokens[position].text;
        auto const letters = std::all_of(word.begin(), word.end(), is_letter);
        if (!letters)
            return false;
        lines_of[word] += signatures[member].lines;
        if (lines_of.size() > few.back().words)
            return false;
    }
    auto const rarest = std::min_element(lines_of.begin(), lines_of.end(), [](auto const& a, auto const& b) {
        return a.second < b.second;
    })->second;
    return std::any_of(few.begin(), few.end(),
        [&](Fewness const& row) { return lines_of.size() <= row.words && rarest >= row.lines_each; });
}

// The members of a cluster, apart where a position turned out to be part of the statement.
std::vector<std::vector<std::size_t>> parts_of(Cluster const& cluster, std::vector<Signature> const& signatures) {
    std::vector<std::size_t> kept;
    for (std::size_t i = 0; i < cluster.learned.size(); ++i)
        if (cluster.learned[i] > 0 && is_part_of_statement(cluster, signatures, i))
            kept.push_back(i);
    std::map<std::string, std::vector<std::size_t>> parts;
    for (auto const member : cluster.members) {
        std::string key;
        for (auto const position : kept)
            key += signatures[member].tokens[position].text + '\n';
        parts[key].push_back(member);
    }
    std::vector<std::vector<std::size_t>> out;
    for (auto& [key, members] : parts)
        out.push_back(std::move(members));
    return out;
}

Tokens common_tokens(std::vector<std::size_t> const& members, std::vector<Signature> const& signatures) {
    auto tokens = signatures[members.front()].tokens;
    for (auto const member : members)
        for (std::size_t i = 0; i < tokens.size(); ++i)
            if (tokens[i].text != signatures[member].tokens[i].text)
                tokens[i].text = std::string(wildcard);
    return tokens;
}

} // namespace

std::string mask_line(std::string_view line, TemplateLimits const& limits) {
    return text_of(Tokenizer(line, limits).tokens(), limits.pattern_bytes);
}

MinedLines mine_templates(std::span<std::string const> lines, TemplateLimits const& limits) {
    MinedLines mined;
    std::vector<Signature> signatures;
    std::unordered_map<std::string, std::size_t> known; // masked line -> signature
    std::vector<std::size_t> signature_of;
    signature_of.reserve(lines.size());
    for (auto const& line : lines) {
        auto tokens = Tokenizer(line, limits).tokens();
        std::string key;
        for (auto const& token : tokens)
            key += token.text + '\n';
        auto found = known.find(key);
        if (found == known.end()) {
            if (signatures.size() >= limits.signatures) { // Bounded: the rest is one pattern that says nothing.
                tokens = { Token { std::string(wildcard), false, false } };
                key = std::string(wildcard) + '\n';
            }
            found = known.try_emplace(std::move(key), signatures.size()).first;
            if (found->second == signatures.size())
                signatures.push_back({ std::move(tokens), 0, 0 });
        }
        ++signatures[found->second].lines;
        signature_of.push_back(found->second);
    }

    // Patterns with the same text are one, in whichever shape they were found.
    std::vector<std::string> text_of_signature(signatures.size());
    for (auto const& cluster : clusters_of(signatures))
        for (auto const& part : parts_of(cluster, signatures)) {
            auto const text = text_of(common_tokens(part, signatures), limits.pattern_bytes);
            for (auto const member : part)
                text_of_signature[member] = text;
        }
    std::unordered_map<std::string, std::uint32_t> index;
    mined.pattern_of.reserve(lines.size());
    for (auto const signature : signature_of) {
        auto const& text = text_of_signature[signature];
        auto const [at, added] = index.try_emplace(text, static_cast<std::uint32_t>(mined.patterns.size()));
        if (added)
            mined.patterns.push_back(text);
        mined.pattern_of.push_back(at->second);
    }
    return mined;
}

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
    for (std::string_view const word : { "error", "exception", "fatal", "panic", "failed", "failure", "refused",
             "denied", "timed out", "timeout", "out of memory", "oom", "killed", "no space left", "traceback",
             "deadlock", "unavailable", "exhausted", "too many connections" })
        if (text.find(word) != std::string::npos)
            return LogSeverity::error;
    return text.find("warn") != std::string::npos ? LogSeverity::warning : LogSeverity::info;
}

std::string message_of_line(std::string_view line) {
    auto const text = trim(line);
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
        if (auto const message = text_at(*parsed, key); !message.empty()) {
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
