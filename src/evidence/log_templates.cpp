// Each line is masked; equal masked lines are one entry, found by one hash, so that most lines cost a look at a
// table. When the table is full, entries of one statement are folded into a template, and the rarest of what still
// does not fit are given up: they share the pattern "<*>".
#include "evidence/log_templates.h"

#include "base/text.h"
#include "evidence/log_clusters.h"
#include "evidence/log_words.h"

#include <algorithm>
#include <array>
#include <map>
#include <unordered_map>

namespace convops {

namespace {

constexpr std::uint32_t space_bit = 0x8000'0000U; // in the number of a word: a blank stands before it
constexpr std::uint32_t catch_all = 0; // entry and pattern of what was given up
constexpr std::size_t most_json_bytes = 64 * 1024;
constexpr std::size_t most_headers = 4'096;
constexpr std::size_t most_shapes = 32; // that are kept apart while a pattern is made of them
constexpr std::size_t most_compared = 256; // templates of one shape that a new line is held against

// The headers under which an entry was seen, a few of them.
struct Headers {
    static constexpr std::size_t most = 4;
    std::array<std::uint16_t, most> ids {};
    std::uint8_t count = 0;
    bool many = false;
    void add(std::uint16_t id) {
        for (std::size_t i = 0; i < count; ++i)
            if (ids[i] == id)
                return;
        if (count < most)
            ids[count++] = id;
        else
            many = true;
    }
    void add(Headers const& others) {
        for (std::size_t i = 0; i < others.count; ++i)
            add(others.ids[i]);
        many = many || others.many;
    }
};

struct Entry {
    std::vector<std::uint32_t> words; // numbers, with space_bit
    std::uint64_t lines = 0;
    Headers headers;
    bool is_template = false;
};

std::vector<std::string_view> words_in(std::string_view header) {
    std::vector<std::string_view> out;
    for (std::size_t at = 0; at < header.size();) {
        auto const end = std::min(header.find(' ', at), header.size());
        out.push_back(header.substr(at, end - at));
        at = end + 1;
    }
    return out;
}

} // namespace

class LogMiner::State {
public:
    State(LogLayout layout, TemplateLimits const& limits)
        : limits_(limits)
        , layout_(std::move(layout))
        , tokenizer_(limits)
        , found_(limits.signatures * 4) {
        headers_.emplace_back();
        give_number(); // catch_all
    }

    std::uint32_t add(std::string_view line) {
        std::string message; // of a line of JSON
        if (line.starts_with('{')) {
            message = message_of_line(line.substr(0, most_json_bytes));
            line = message;
        }
        auto const split = layout_.split(line);
        auto const content = line.substr(split.content);
        auto const tokens = tokenizer_.tokens_of(content);
        auto const header = split.content == 0 ? std::uint16_t { 0 } : header_of(line, split);
        auto const hash = tokenizer_.hash();
        if (auto const* found = found_.find(hash)) {
            if (auto const number = *found; number != catch_all) {
                auto& entry = entries_[place_of_[number]];
                ++entry.lines;
                entry.headers.add(header);
            }
            return *found;
        }
        auto const number = entry_of(tokens);
        if (number != catch_all) {
            auto& entry = entries_[place_of_[number]];
            ++entry.lines;
            entry.headers.add(header);
        }
        found_.put(hash, number);
        return number;
    }

    [[nodiscard]] MinedPatterns patterns() const {
        auto const groups = grouped();
        std::vector<std::uint32_t> pattern_at(entries_.size(), catch_all);
        MinedPatterns out;
        std::map<std::vector<std::uint32_t>, std::uint32_t> known; // Groups that say the same are one pattern.
        out.patterns.emplace_back(wildcard);
        known.emplace(std::vector { LogWords::wildcard_word }, catch_all);
        for (auto const& group : groups) {
            auto const words = common_words(group);
            auto plain = words;
            for (auto& word : plain)
                word &= ~space_bit;
            auto const [at, added]
                = known.try_emplace(std::move(plain), static_cast<std::uint32_t>(out.patterns.size()));
            if (added)
                out.patterns.push_back(shown(group, text_of(words)));
            for (auto const index : group)
                pattern_at[index] = at->second;
        }
        out.pattern_of.resize(successor_.size(), catch_all);
        for (std::uint32_t number = 1; number < successor_.size(); ++number) {
            auto const last = last_of(number);
            out.pattern_of[number] = last == catch_all ? catch_all : pattern_at[place_of_[last]];
        }
        return out;
    }

    [[nodiscard]] std::size_t bytes() const {
        std::size_t sum = words_.bytes() + found_.bytes() + entry_bytes_ + place_of_.capacity() * 4
            + successor_.capacity() * 4 + header_bytes_;
        for (auto const& [shape, numbers] : templates_)
            sum += 64 + numbers.capacity() * 4;
        return sum;
    }

private:
    std::uint16_t header_of(std::string_view line, LogLayout::Split const& split) {
        if (last_header_hash_ == split.words_hash)
            return last_header_;
        last_header_hash_ = split.words_hash;
        auto const found = header_ids_.find(split.words_hash);
        if (found != header_ids_.end())
            return last_header_ = found->second;
        if (headers_.size() >= most_headers)
            return last_header_ = 0;
        auto const id = static_cast<std::uint16_t>(headers_.size());
        headers_.push_back(layout_.masked_header(line));
        header_bytes_ += headers_.back().size() + 128;
        header_ids_.emplace(split.words_hash, id);
        return last_header_ = id;
    }

    std::uint32_t give_number() {
        successor_.push_back(static_cast<std::uint32_t>(successor_.size()));
        place_of_.push_back(0);
        return static_cast<std::uint32_t>(successor_.size() - 1);
    }

    [[nodiscard]] std::uint32_t last_of(std::uint32_t number) const {
        while (successor_[number] != number)
            number = successor_[number];
        return number;
    }

    static std::uint64_t shape_of(std::span<Token const> tokens) {
        std::uint64_t hash = tokens.size();
        for (auto const& token : tokens)
            hash = hash_of(token.delimiter ? token.text : std::string_view {}, hash);
        return hash;
    }

    // A line that has not been seen: of a template that is known, or a new entry.
    std::uint32_t entry_of(std::span<Token const> tokens) {
        if (auto const known = template_of(tokens); known != catch_all)
            return known;
        if (successor_.size() >= limits_.entries_ever)
            return catch_all;
        if (entries_.size() >= limits_.signatures || words_.bytes() + entry_bytes_ >= limits_.text_bytes)
            fold();
        auto const number = give_number();
        place_of_[number] = static_cast<std::uint32_t>(entries_.size());
        Entry entry;
        entry.words.reserve(tokens.size());
        for (auto const& token : tokens)
            entry.words.push_back(words_.number_of(token) | (token.space_before ? space_bit : 0));
        keep(std::move(entry), number);
        return number;
    }

    void keep(Entry entry, std::uint32_t number) {
        entry_bytes_ += sizeof(Entry) + entry.words.size() * 4 + 8;
        entries_.push_back(std::move(entry));
        number_at_.push_back(number);
    }

    std::uint32_t template_of(std::span<Token const> tokens) {
        if (templates_.empty())
            return catch_all;
        auto const same_shape = templates_.find(shape_of(tokens));
        if (same_shape == templates_.end())
            return catch_all;
        auto best = catch_all;
        std::size_t most_constants = 0;
        for (auto const number : same_shape->second) {
            auto const& words = entries_[place_of_[number]].words;
            std::size_t constants = 0;
            bool fits = words.size() == tokens.size();
            for (std::size_t i = 0; fits && i < words.size(); ++i) {
                auto const word = words[i] & ~space_bit;
                if (word == LogWords::wildcard_word)
                    continue;
                fits = words_.text(word) == tokens[i].text;
                ++constants;
            }
            if (fits && constants >= most_constants) {
                best = number;
                most_constants = constants;
            }
        }
        return best;
    }

    // Groups of places in `entries_`.
    [[nodiscard]] std::vector<LineGroup> grouped() const {
        // By frequency and text, so that the order in which lines came decides nothing.
        std::vector<std::uint32_t> order(entries_.size());
        for (std::uint32_t i = 0; i < order.size(); ++i)
            order[i] = i;
        std::sort(order.begin(), order.end(),
            [&](std::uint32_t a, std::uint32_t b) { return comes_before(entries_[a], entries_[b]); });
        std::vector<std::vector<std::uint32_t>> plain(order.size());
        std::vector<std::vector<std::uint8_t>> spaces(order.size());
        std::vector<LineWords> lines(order.size());
        for (std::size_t i = 0; i < order.size(); ++i) {
            for (auto const word : entries_[order[i]].words) {
                plain[i].push_back(word & ~space_bit);
                spaces[i].push_back((word & space_bit) != 0 ? 1 : 0);
            }
            lines[i] = { plain[i], spaces[i], entries_[order[i]].lines };
        }
        auto groups = groups_of_lines(lines, words_.traits(), LogWords::wildcard_word);
        for (auto& group : groups)
            for (auto& index : group)
                index = order[index];
        return groups;
    }

    [[nodiscard]] bool comes_before(Entry const& a, Entry const& b) const {
        if (a.lines != b.lines)
            return a.lines > b.lines;
        return std::lexicographical_compare(
            a.words.begin(), a.words.end(), b.words.begin(), b.words.end(), [&](std::uint32_t x, std::uint32_t y) {
                return (x & ~space_bit) != (y & ~space_bit)
                    && words_.text(x & ~space_bit) < words_.text(y & ~space_bit);
            });
    }

    [[nodiscard]] std::vector<std::uint32_t> common_words(LineGroup const& group) const {
        // Within a shape by position, then the shapes beside each other.
        std::vector<std::vector<std::uint32_t>> shapes;
        for (auto const index : group) {
            auto const& words = entries_[index].words;
            auto const same = std::find_if(
                shapes.begin(), shapes.end(), [&](auto const& shape) { return of_one_shape(shape, words); });
            if (same == shapes.end()) {
                if (shapes.size() < most_shapes)
                    shapes.push_back(words);
                else
                    shapes.front() = aligned(shapes.front(), words);
                continue;
            }
            for (std::size_t i = 0; i < words.size(); ++i)
                if (((words[i] ^ (*same)[i]) & ~space_bit) != 0)
                    (*same)[i] = LogWords::wildcard_word | ((*same)[i] & space_bit);
        }
        auto words = shapes.front();
        for (std::size_t i = 1; i < shapes.size(); ++i)
            words = aligned(words, shapes[i]);
        return words;
    }

    [[nodiscard]] bool of_one_shape(std::vector<std::uint32_t> const& a, std::vector<std::uint32_t> const& b) const {
        return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](std::uint32_t x, std::uint32_t y) {
            x &= ~space_bit, y &= ~space_bit;
            return x == y || !(words_.is_delimiter(x) || words_.is_delimiter(y));
        });
    }

    // What both say in the same order, with one wildcard for what stands between.
    static std::vector<std::uint32_t> aligned(
        std::vector<std::uint32_t> const& a, std::vector<std::uint32_t> const& b) {
        auto const same = [&](std::size_t i, std::size_t j) { return ((a[i] ^ b[j]) & ~space_bit) == 0; };
        std::vector<std::vector<std::uint16_t>> longest(a.size() + 1, std::vector<std::uint16_t>(b.size() + 1, 0));
        for (std::size_t i = a.size(); i-- > 0;)
            for (std::size_t j = b.size(); j-- > 0;)
                longest[i][j] = same(i, j) ? static_cast<std::uint16_t>(longest[i + 1][j + 1] + 1)
                                           : std::max(longest[i + 1][j], longest[i][j + 1]);
        std::vector<std::uint32_t> out;
        auto const put = [&](std::uint32_t word) {
            if (out.empty() || ((out.back() | word) & ~space_bit) != LogWords::wildcard_word)
                out.push_back(word);
        };
        auto const vary = [&](std::uint32_t word) { put(LogWords::wildcard_word | (word & space_bit)); };
        std::size_t i = 0;
        std::size_t j = 0;
        while (i < a.size() || j < b.size()) {
            if (i < a.size() && j < b.size() && same(i, j)) {
                put(a[i]);
                ++i, ++j;
            } else if (j >= b.size() || (i < a.size() && longest[i + 1][j] >= longest[i][j + 1])) {
                vary(a[i++]);
            } else {
                vary(b[j++]);
            }
        }
        return out;
    }

    [[nodiscard]] std::string text_of(std::vector<std::uint32_t> const& words) const {
        std::string out;
        for (auto const word : words) {
            if ((word & space_bit) != 0 && !out.empty())
                out += ' ';
            out += words_.text(word & ~space_bit);
            if (out.size() > limits_.pattern_bytes)
                break;
        }
        return shorten(out, limits_.pattern_bytes);
    }

    // With the header in front, as far as all lines of the group share it.
    [[nodiscard]] std::string shown(LineGroup const& group, std::string const& text) const {
        Headers seen;
        for (auto const index : group)
            seen.add(entries_[index].headers);
        if (seen.many)
            return layout_.columns() > 0 ? std::string(wildcard) + " " + text : text;
        std::vector<std::string_view> common;
        for (std::size_t i = 0; i < seen.count; ++i) {
            auto const words = words_in(headers_[seen.ids[i]]);
            if (i == 0)
                common = words;
            if (words.size() != common.size()) {
                common = { wildcard };
                break;
            }
            for (std::size_t w = 0; w < words.size(); ++w)
                if (words[w] != common[w])
                    common[w] = wildcard;
        }
        std::string out;
        for (auto const word : common)
            out += std::string(word) + " ";
        return shorten(out + text, limits_.pattern_bytes);
    }

    void fold() {
        auto groups = grouped();
        // What stays: the most frequent ones, at most half of the room, so that folding pays for itself.
        auto const weight = [&](LineGroup const& group) {
            std::uint64_t lines = 0;
            for (auto const index : group)
                lines += entries_[index].lines;
            return lines;
        };
        std::stable_sort(groups.begin(), groups.end(),
            [&](LineGroup const& a, LineGroup const& b) { return weight(a) > weight(b); });
        auto const old_numbers = std::move(number_at_);
        std::vector<Entry> kept;
        std::vector<std::uint32_t> kept_numbers;
        LogWords words;
        std::size_t bytes = 0;
        for (auto const& group : groups) {
            bool const room = kept.size() < limits_.signatures / 2 && words.bytes() + bytes < limits_.text_bytes / 2;
            auto const number = room ? old_numbers[group.front()] : catch_all;
            for (auto const index : group)
                successor_[old_numbers[index]] = number;
            if (!room)
                continue;
            Entry entry;
            for (auto const word : common_words(group)) {
                auto const& text = words_.text(word & ~space_bit);
                entry.words.push_back(words.number_of({ text, false, words_.is_delimiter(word & ~space_bit),
                                          text.find(wildcard) != std::string::npos })
                    | (word & space_bit));
            }
            entry.is_template = group.size() > 1;
            for (auto const index : group) {
                entry.lines += entries_[index].lines;
                entry.headers.add(entries_[index].headers);
                entry.is_template = entry.is_template || entries_[index].is_template;
            }
            bytes += sizeof(Entry) + entry.words.size() * 4 + 8;
            place_of_[number] = static_cast<std::uint32_t>(kept.size());
            kept.push_back(std::move(entry));
            kept_numbers.push_back(number);
        }
        entries_ = std::move(kept);
        number_at_ = std::move(kept_numbers);
        words_ = std::move(words);
        entry_bytes_ = bytes;
        found_.clear();
        list_templates();
    }

    // Those with the most lines first; more than can be compared are not.
    void list_templates() {
        templates_.clear();
        for (std::size_t i = 0; i < entries_.size(); ++i) {
            std::vector<Token> tokens;
            for (auto const word : entries_[i].words)
                tokens.push_back(
                    { words_.text(word & ~space_bit), false, words_.is_delimiter(word & ~space_bit), false });
            auto& same_shape = templates_[shape_of(tokens)];
            if (same_shape.size() < most_compared)
                same_shape.push_back(number_at_[i]);
        }
    }

    TemplateLimits limits_;
    LogLayout layout_;
    LineTokenizer tokenizer_;
    LogWords words_;
    LinesByHash found_;
    std::vector<Entry> entries_;
    std::vector<std::uint32_t> number_at_; // by place in `entries_`
    std::vector<std::uint32_t> place_of_; // by number
    std::vector<std::uint32_t> successor_; // by number: itself, or the entry into which it was folded
    std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> templates_; // numbers by shape, after a fold
    std::vector<std::string> headers_;
    std::unordered_map<std::uint64_t, std::uint16_t> header_ids_;
    std::uint64_t last_header_hash_ = 0;
    std::uint16_t last_header_ = 0;
    std::size_t entry_bytes_ = 0;
    std::size_t header_bytes_ = 0;
};

LogMiner::LogMiner(LogLayout layout, TemplateLimits const& limits)
    : state_(std::make_unique<State>(std::move(layout), limits)) { }
LogMiner::~LogMiner() = default;
LogMiner::LogMiner(LogMiner&&) noexcept = default;
LogMiner& LogMiner::operator=(LogMiner&&) noexcept = default;

std::uint32_t LogMiner::add(std::string_view line) {
    return state_->add(line);
}

MinedPatterns LogMiner::patterns() const {
    return state_->patterns();
}

std::size_t LogMiner::bytes() const {
    return state_->bytes();
}

MinedLines mine_templates(std::span<std::string const> lines, TemplateLimits const& limits) {
    std::vector<std::string_view> first;
    for (auto const& line : lines.first(std::min(lines.size(), layout_lines)))
        first.emplace_back(line);
    LogMiner miner(LogLayout::learned_from(first), limits);
    std::vector<std::uint32_t> entry_of;
    entry_of.reserve(lines.size());
    for (auto const& line : lines)
        entry_of.push_back(miner.add(line));
    auto const mined = miner.patterns();
    MinedLines out;
    out.pattern_of.reserve(lines.size());
    std::unordered_map<std::uint32_t, std::uint32_t> index;
    for (auto const entry : entry_of) {
        auto const pattern = mined.pattern_of[entry];
        auto const [at, added] = index.try_emplace(pattern, static_cast<std::uint32_t>(out.patterns.size()));
        if (added)
            out.patterns.push_back(mined.patterns[pattern]);
        out.pattern_of.push_back(at->second);
    }
    return out;
}

std::string mask_line(std::string_view line, TemplateLimits const& limits) {
    LineTokenizer tokenizer(limits);
    std::string out;
    for (auto const& token : tokenizer.tokens_of(line)) {
        if (token.space_before && !out.empty())
            out += ' ';
        out += token.text;
        if (out.size() > limits.pattern_bytes)
            break;
    }
    return shorten(out, limits.pattern_bytes);
}

} // namespace convops
