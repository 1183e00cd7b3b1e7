// Two phases. First each line is masked, and equal masked lines are one signature; then signatures of the same shape
// that differ in few words are merged, and a merged position with only two or three plain words ("opened", "closed")
// is split again, because such a word is part of the statement. Masking follows what Drain and its successors found
// to matter most: https://jiemingzhu.github.io/pub/pjhe_icws2017.pdf
#include "evidence/log_templates.h"

#include "base/text.h"
#include "evidence/log_tokens.h"

#include <array>
#include <unordered_map>

namespace convops {

namespace {

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
    return text_of(masked_tokens(line, limits), limits.pattern_bytes);
}

MinedLines mine_templates(std::span<std::string const> lines, TemplateLimits const& limits) {
    MinedLines mined;
    std::vector<Signature> signatures;
    std::unordered_map<std::string, std::size_t> known; // masked line -> signature
    std::vector<std::size_t> signature_of;
    signature_of.reserve(lines.size());
    for (auto const& line : lines) {
        auto tokens = masked_tokens(line, limits);
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
    // "KeyError" says error; "onerror", an attribute of HTML, and "room" do not.
    auto const says = [&](std::string_view word) {
        for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1))
            if (at == 0 || !is_letter(text[at - 1]) || (line[at] >= 'A' && line[at] <= 'Z'))
                return true;
        return false;
    };
    for (std::string_view const word : { "error", "exception", "fatal", "panic", "failed", "failure", "refused",
             "denied", "timed out", "timeout", "out of memory", "oom", "killed", "no space left", "traceback",
             "deadlock", "unavailable", "exhausted", "too many connections" })
        if (says(word))
            return LogSeverity::error;
    return text.find("warn") != std::string::npos ? LogSeverity::warning : LogSeverity::info;
}

std::string message_of_line(std::string_view line) {
    auto text = trim(line);
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
        if (auto message = text_at(*parsed, key); !message.empty()) {
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
