// What words claim. The checker knows a closed vocabulary: a word is grammar, a piece of logic (rose, because, not),
// a topic (memory, deploy), or it must stand in what is cited. A word that is none of these is not understood, and
// what is not understood is not shown.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace convops {

// Classes of logic, which the judge verifies; every other class is a topic that the cited item must have.
namespace word_class {
inline constexpr std::string_view neutral = "~"; // grammar
inline constexpr std::string_view rose = "up";
inline constexpr std::string_view fell = "down";
inline constexpr std::string_view stayed = "steady";
inline constexpr std::string_view above = "above";
inline constexpr std::string_view below = "below";
inline constexpr std::string_view negation = "not";
inline constexpr std::string_view because = "because"; // effect, then cause
inline constexpr std::string_view caused = "caused"; // cause, then effect
inline constexpr std::string_view cause_noun = "cause";
inline constexpr std::string_view ruled_out = "ruled-out";
inline constexpr std::string_view likely = "likely";
inline constexpr std::string_view possible = "possible";
inline constexpr std::string_view first_of_all = "foremost"; // "most likely", "root", "main"
inline constexpr std::string_view another = "another";
inline constexpr std::string_view before = "before";
inline constexpr std::string_view after = "after";
inline constexpr std::string_view then = "then";
inline constexpr std::string_view since = "since";
inline constexpr std::string_view began = "began";
inline constexpr std::string_view until = "until";
inline constexpr std::string_view later = "later";
inline constexpr std::string_view from = "from";
inline constexpr std::string_view to = "to";
inline constexpr std::string_view from_after = "from-after"; // a postposition: the number stands before it
inline constexpr std::string_view to_after = "to-after";
inline constexpr std::string_view usual = "usual";
inline constexpr std::string_view yesterday = "yesterday";
inline constexpr std::string_view last_week = "last-week";
inline constexpr std::string_view now = "now";
inline constexpr std::string_view about = "about"; // "roughly"
inline constexpr std::string_view more_than = "more-than";
inline constexpr std::string_view less_than = "less-than";
inline constexpr std::string_view times = "times";
inline constexpr std::string_view doubled = "doubled";
inline constexpr std::string_view tripled = "tripled";
inline constexpr std::string_view halved = "halved";
inline constexpr std::string_view a_third = "a-third";
inline constexpr std::string_view and_also = "and"; // separates clauses
inline constexpr std::string_view advice = "advice"; // only what the diagnosis suggests may be advised
inline constexpr std::string_view code_level = "code-level"; // a cause in somebody's code: never ours to claim
inline constexpr std::string_view whether = "whether";
inline constexpr std::string_view readable = "readable"; // "read", "look at": what was or was not read
inline constexpr std::string_view threshold = "threshold";
inline constexpr std::string_view limit = "limit";
inline constexpr std::string_view fresh = "new";
inline constexpr std::string_view seen = "seen";
} // namespace word_class

class Lexicon {
public:
    // The words of a language ("en", "de", "es", "hi") and those of English, which technical text always holds.
    static Lexicon const& of(std::string_view language);

    // The class of the longest phrase that starts at `at` in `words` (lower case), and how many words it has; "" and
    // 0 when the word is not known.
    [[nodiscard]] std::pair<std::string_view, std::size_t> class_at(
        std::vector<std::string> const& words, std::size_t at) const;
    [[nodiscard]] std::string_view class_of(std::string const& word) const; // "" when not known
    // Verbs in the form of an order: at the start of a clause they advise.
    [[nodiscard]] bool is_order(std::string const& word) const { return orders_.contains(word); }
    // "seven" -> 7; nullptr when it is no number.
    [[nodiscard]] double const* number_of(std::string const& word) const;

private:
    void read(std::string_view table);

    std::map<std::string, std::string, std::less<>> words_; // word or phrase -> class
    std::map<std::string, double, std::less<>> numbers_;
    std::set<std::string, std::less<>> orders_;
    std::size_t longest_ = 1; // words in the longest phrase
};

bool is_logic(std::string_view word_class); // not a topic

// The tables: a line is "class: word, phrase of words, ...".
std::string_view english_words();
std::string_view german_words();
std::string_view spanish_words();
std::string_view hindi_words();

} // namespace convops
