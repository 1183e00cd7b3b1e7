#include "evidence/log_clusters.h"

#include "evidence/log_tokens.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <optional>
#include <unordered_map>

namespace convops {

namespace {

// Of the statement's words, the share that may differ between two lines of it.
constexpr double most_difference = 0.45;
constexpr std::size_t fewest_words = 4; // that two groups of different shapes must share
constexpr std::size_t most_compared = 256; // clusters of one shape; later lines of a crowded shape stay alone

struct Cluster {
    std::vector<std::uint32_t> words; // constants, and wildcards where members differ
    std::vector<float> learned; // cost paid at each position; 0: not learned
    double paid = 0; // sum of `learned`
    double constants = 0; // of the first member: what the cost is measured against
    LineGroup members;
};

// Of a cluster, the lines that have the same words where words were told apart.
struct Part {
    std::vector<std::uint32_t> told_apart;
    LineGroup members;
};

class Grouping {
public:
    Grouping(std::span<LineWords const> lines, std::span<std::uint16_t const> traits, std::uint32_t wildcard_word)
        : lines_(lines)
        , traits_(traits)
        , wildcard_(wildcard_word) { }

    std::vector<LineGroup> groups() {
        gather();
        std::vector<Part> parts;
        for (auto const& cluster : clusters_)
            take_apart(cluster, parts);
        auto out = joined(std::move(parts));
        // The numbers of words depend on who came first; nothing that is told may.
        for (auto& group : out)
            std::sort(group.begin(), group.end());
        std::sort(out.begin(), out.end());
        return out;
    }

private:
    [[nodiscard]] bool has(std::uint32_t word, unsigned trait) const { return (traits_[word] & trait) != 0; }

    // What it costs to call a position variable: a plain word is probably part of the statement, an identifier is
    // not.
    [[nodiscard]] float difference_cost(std::uint32_t a, std::uint32_t b, bool first) const {
        if (first && has(a, word_letters) && has(b, word_letters))
            return 4.0F; // "Accepted password for ..." is not "Failed password for ...".
        return has(a, word_lower) && has(b, word_lower) ? 1.0F : 0.6F;
    }

    [[nodiscard]] std::optional<double> cost_to_join(
        Cluster const& cluster, std::span<std::uint32_t const> words) const {
        double cost = cluster.paid;
        double equal = 0;
        auto const most = most_difference * cluster.constants;
        for (std::size_t i = 0; i < words.size(); ++i) {
            if (words[i] == cluster.words[i]) {
                equal += has(words[i], word_delimiter | word_wildcard) ? 0 : 1;
                continue;
            }
            if (cluster.learned[i] > 0)
                continue;
            cost += difference_cost(words[i], cluster.words[i], i == 0);
            if (cost > most)
                return std::nullopt;
        }
        if (equal == 0 || cost > most)
            return std::nullopt;
        return cost;
    }

    void join(Cluster& cluster, std::uint32_t member) {
        auto const words = lines_[member].words;
        for (std::size_t i = 0; i < words.size(); ++i) {
            if (cluster.learned[i] > 0 || words[i] == cluster.words[i])
                continue;
            cluster.learned[i] = difference_cost(words[i], cluster.words[i], i == 0);
            cluster.paid += static_cast<double>(cluster.learned[i]);
            cluster.words[i] = wildcard_;
        }
        cluster.members.push_back(member);
    }

    [[nodiscard]] std::uint64_t shape_of(std::span<std::uint32_t const> words) const {
        constexpr std::uint64_t any = 0xffff'ffff'ffffULL;
        std::uint64_t hash = words.size();
        for (auto const word : words)
            hash = (hash ^ (has(word, word_delimiter) ? word : any)) * 0x9e3779b97f4a7c15ULL + 1;
        return hash;
    }

    void gather() {
        std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> by_shape;
        for (std::uint32_t index = 0; index < lines_.size(); ++index) {
            auto const words = lines_[index].words;
            auto& same_shape = by_shape[shape_of(words)];
            Cluster* best = nullptr;
            double best_cost = 0;
            for (auto const at : same_shape) {
                auto& cluster = clusters_[at];
                if (cluster.words.size() != words.size()) // shapes of one hash
                    continue;
                auto const cost = cost_to_join(cluster, words);
                if (cost && (best == nullptr || *cost < best_cost)) {
                    best = &cluster;
                    best_cost = *cost;
                }
            }
            if (best != nullptr) {
                join(*best, index);
                continue;
            }
            if (same_shape.size() < most_compared)
                same_shape.push_back(static_cast<std::uint32_t>(clusters_.size()));
            clusters_.push_back(
                { { words.begin(), words.end() }, std::vector<float>(words.size(), 0.0F), 0, 0, { index } });
            for (auto const word : words)
                clusters_.back().constants += has(word, word_delimiter | word_wildcard) ? 0 : 1;
        }
    }

    [[nodiscard]] bool is_part_of_statement(Cluster const& cluster, std::size_t position) const {
        std::map<std::uint32_t, std::uint64_t> lines_of;
        unsigned all = 0xffff;
        for (auto const member : cluster.members) {
            auto const word = lines_[member].words[position];
            all &= traits_[word];
            if (has(word, word_variable | word_wildcard))
                return false;
            lines_of[word] += lines_[member].lines;
            constexpr std::size_t most_words = 24;
            if (lines_of.size() > most_words)
                return false;
        }
        constexpr std::size_t most_states = 16;
        if ((all & word_yes_or_no) != 0 || ((all & word_capitals) != 0 && lines_of.size() <= most_states))
            return true;
        if (position > 0 && has(cluster.words[position - 1], word_announces_name))
            return false;
        std::uint64_t rarest = std::numeric_limits<std::uint64_t>::max();
        for (auto const& [word, lines] : lines_of)
            rarest = std::min(rarest, lines);
        // A position with so few distinct plain words, each seen so often, belongs to the statement.
        struct Fewness {
            std::size_t words;
            std::uint64_t lines_each;
        };
        static constexpr std::array<Fewness, 2> few { { { 2, 1 }, { 3, 2 } } };
        return (all & word_plain) != 0 && std::any_of(few.begin(), few.end(), [&](Fewness const& row) {
            return lines_of.size() <= row.words && rarest >= row.lines_each;
        });
    }

    // The members of a cluster, apart where a position turned out to be part of the statement.
    void take_apart(Cluster const& cluster, std::vector<Part>& out) const {
        std::vector<std::size_t> kept;
        for (std::size_t i = 0; i < cluster.learned.size(); ++i)
            if (cluster.learned[i] > 0 && is_part_of_statement(cluster, i))
                kept.push_back(i);
        std::map<std::vector<std::uint32_t>, LineGroup> parts;
        for (auto const member : cluster.members) {
            std::vector<std::uint32_t> told_apart;
            for (auto const position : kept)
                told_apart.push_back(lines_[member].words[position]);
            parts[std::move(told_apart)].push_back(member);
        }
        for (auto& [told_apart, members] : parts)
            out.push_back({ told_apart, std::move(members) });
    }

    // The words that make a statement: no values, nothing behind "=", no names with dots or digits.
    [[nodiscard]] std::vector<std::uint32_t> skeleton_of(LineGroup const& group) const {
        auto const first = lines_[group.front()].words;
        auto const spaces = lines_[group.front()].spaces;
        std::vector<std::uint32_t> out;
        bool in_value = false;
        for (std::size_t i = 0; i < first.size(); ++i) {
            auto const word = first[i];
            if (has(word, word_delimiter)) {
                in_value = has(word, word_assigns) || (in_value && !has(word, word_ends_value));
                // A value that is not there does not vary: "rhost=" says something else than "rhost=a.b".
                if (has(word, word_assigns) && (i + 1 == first.size() || spaces[i + 1] != 0))
                    out.push_back(word);
                continue;
            }
            if (spaces[i] != 0 && !(i > 0 && has(first[i - 1], word_assigns)))
                in_value = false;
            bool const duration = i > 0 && has(word, word_unit_of_time) && has(first[i - 1], word_wildcard);
            bool constant = !in_value && !duration && has(word, word_letters);
            for (std::size_t m = 1; constant && m < group.size(); ++m)
                constant = lines_[group[m]].words[i] == word;
            if (constant)
                out.push_back(word);
        }
        return out;
    }

    // Parts that say the same words are one statement: their values are written in different ways, "ws=null" and
    // "ws=WorkSource{1}", or their names have too little in common. What was told apart stays apart.
    [[nodiscard]] std::vector<LineGroup> joined(std::vector<Part> parts) const {
        std::map<std::vector<std::uint32_t>, std::vector<std::size_t>> by_skeleton;
        std::vector<LineGroup> out;
        for (std::size_t i = 0; i < parts.size(); ++i) {
            auto key = skeleton_of(parts[i].members);
            if (key.size() < fewest_words) {
                out.push_back(std::move(parts[i].members));
                continue;
            }
            key.insert(key.end(), parts[i].told_apart.begin(), parts[i].told_apart.end());
            by_skeleton[std::move(key)].push_back(i);
        }
        for (auto const& [skeleton, same] : by_skeleton) {
            LineGroup all;
            for (auto const i : same)
                all.insert(all.end(), parts[i].members.begin(), parts[i].members.end());
            out.push_back(std::move(all));
        }
        return out;
    }

    std::span<LineWords const> lines_;
    std::span<std::uint16_t const> traits_;
    std::uint32_t wildcard_;
    std::vector<Cluster> clusters_;
};

} // namespace

std::vector<LineGroup> groups_of_lines(
    std::span<LineWords const> lines, std::span<std::uint16_t const> traits, std::uint32_t wildcard_word) {
    return Grouping(lines, traits, wildcard_word).groups();
}

} // namespace convops
