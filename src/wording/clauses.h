// A sentence as clauses, each with what it claims: topics, names, numbers in their roles, times, directions, and how
// it stands to the other clauses (caused by, after). The same reading serves the model's sentences and the statements
// of facts, so that both mean the same by the same words.
#pragma once

#include "wording/tokens.h"

namespace convops {

enum class Role : std::uint8_t {
    plain,
    before,
    since,
    threshold,
    limit,
    yesterday,
    last_week,
    later,
    score,
    times,
    difference
};
enum class Bound : std::uint8_t { exact, about, more, less };
enum class Side : std::uint8_t { none, cause, effect };
enum class Order : std::uint8_t { none, before, after }; // of this clause towards the one before it

struct NumberClaim {
    double value = 0;
    double half_unit = 0;
    Measure measure = Measure::count;
    Role role = Role::plain;
    Bound bound = Bound::exact;
    bool spelled = false; // "zero"
    std::string of; // the name right before it: "desiredCapacity 2", "DB_POOL_SIZE 20 → 2"
    std::string text;
};

struct ClockClaim {
    SaidToken token;
    bool begins = false; // "since 20:11", "began at 20:11"
    bool about = false;
};

struct Clause {
    std::set<std::string> topics;
    std::vector<std::string> names; // lower case
    std::vector<std::string> unknown; // lower-case words that the lexicon does not know
    std::vector<std::string> quotes;
    std::vector<std::string> dates;
    std::vector<NumberClaim> numbers;
    std::vector<ClockClaim> clocks;
    std::set<std::string> logic; // classes of logic that occur
    std::string first_order; // the verb, when the clause is an order
    std::string order_object; // what is named right behind it: "restart checkout"
    Side side = Side::none;
    Order order = Order::none;
    bool by = false; // "is used by": who acts stands last
    std::size_t statement = 0; // clauses between two full stops or semicolons share it
    bool comma_before = false; // only a comma, a colon or "and" parts it from the clause before it

    [[nodiscard]] bool has(std::string_view word_class) const { return logic.contains(std::string(word_class)); }
    [[nodiscard]] bool says_what() const {
        return !topics.empty() || !names.empty() || !unknown.empty() || !quotes.empty();
    }
    [[nodiscard]] bool names_more_than_resources() const; // a topic beyond "service", "database"
    [[nodiscard]] bool says_only(std::string_view topic) const; // of some sort of resource
    // Whether anything is said of what is named.
    [[nodiscard]] bool tells() const;
    [[nodiscard]] bool empty() const { return !says_what() && numbers.empty() && clocks.empty() && dates.empty(); }
};

// `known_names`: lower-case names of resources; a word that is one names that resource, whatever else it means.
std::vector<Clause> clauses_of(
    std::vector<SaidToken> const& tokens, Lexicon const& lexicon, std::set<std::string> const& known_names);

// Clauses that name nothing belong to the clause beside them: "at 20:11, | M of R was 3", "M of R: | 61 before".
std::vector<Clause> with_subjects(std::vector<Clause> clauses);

} // namespace convops
