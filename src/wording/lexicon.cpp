#include "wording/lexicon.h"

#include "base/text.h"

#include <algorithm>
#include <array>

namespace convops {

namespace {

using namespace word_class;

constexpr auto logic = std::to_array<std::string_view>(
    { neutral, rose, fell, stayed, above, below, negation, because, caused, cause_noun, ruled_out, likely, possible,
        first_of_all, another, before, after, then, since, began, until, later, from, to, from_after, to_after, usual,
        yesterday, last_week, now, about, more_than, less_than, times, doubled, tripled, halved, a_third, and_also,
        advice, code_level, whether, readable, threshold, limit, fresh, seen });

} // namespace

bool is_logic(std::string_view the_class) {
    return std::find(logic.begin(), logic.end(), the_class) != logic.end();
}

void Lexicon::read(std::string_view table) {
    for (auto const& line : split(table, '\n')) {
        auto const colon = line.find(':');
        if (colon == std::string::npos)
            continue;
        auto const name = trim(line.substr(0, colon));
        double value = 0;
        for (auto const& entry : split(line.substr(colon + 1), ',')) {
            auto const word = trim(entry);
            if (word.empty())
                continue;
            if (name == "number") // in order: zero, one, two, ...
                numbers_.emplace(word, value++);
            else if (name.starts_with("number "))
                numbers_.emplace(word, std::stod(name.substr(7)));
            else if (name == "order")
                orders_.insert(word);
            else
                words_.emplace(word, name);
            longest_ = std::max(longest_, std::size_t(1 + std::count(word.begin(), word.end(), ' ')));
        }
    }
}

Lexicon const& Lexicon::of(std::string_view language) {
    static auto const built = [] {
        std::map<std::string, Lexicon, std::less<>> all;
        for (auto const& [name, table] : { std::pair { "en", std::string_view() }, std::pair { "de", german_words() },
                 std::pair { "es", spanish_words() }, std::pair { "hi", hindi_words() } }) {
            auto& lexicon = all[name];
            lexicon.read(table); // the reader's language first: its meaning of a shared word wins
            lexicon.read(english_words());
        }
        return all;
    }();
    auto const found = built.find(language);
    return found == built.end() ? built.find("en")->second : found->second;
}

std::pair<std::string_view, std::size_t> Lexicon::class_at(
    std::vector<std::string> const& words, std::size_t at) const {
    for (std::size_t length = std::min(longest_, words.size() - at); length > 0; --length) {
        std::string phrase = words[at];
        for (std::size_t i = 1; i < length; ++i)
            phrase += " " + words[at + i];
        if (auto const found = words_.find(phrase); found != words_.end())
            return { found->second, length };
    }
    return { {}, 0 };
}

std::string_view Lexicon::class_of(std::string const& word) const {
    auto const found = words_.find(word);
    return found == words_.end() ? std::string_view() : std::string_view(found->second);
}

double const* Lexicon::number_of(std::string const& word) const {
    auto const found = numbers_.find(word);
    return found == numbers_.end() ? nullptr : &found->second;
}

} // namespace convops
