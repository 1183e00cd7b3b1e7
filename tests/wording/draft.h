// Sentences as a model might write them, with the truth about each. They are built from pieces, so that a style can
// say a number in another unit or a time in another zone, and a lie can change one piece and nothing else.
//
// The truths and the lies were written from the formats of facts and messages, before the checker existed; see
// docs/decisions for how they are kept apart.
#pragma once

#include "model/investigation.h"

#include <random>

namespace convops {

struct Piece {
    enum class Kind : std::uint8_t { words, number, clock, name, metric, verb, quote };
    Kind kind = Kind::words;
    std::string text; // words, name, metric, verb, quote: as written
    double value = 0; // number
    std::string unit; // number: CloudWatch's unit, "%" of a score as "Percent", "count" for things
    Time at {}; // clock
    int direction = 0; // verb: +1 rose, -1 fell
    std::string resource_key; // name: which resource
};

struct Draft {
    std::vector<Piece> pieces;
    std::vector<std::string> cites;
    std::string sort; // of truth: "metric moved", "log pattern", ...
};

// How a draft is put into text.
struct Style {
    Minutes utc_offset { 0 }; // the reader's zone
    std::string zone_label = "UTC";
    int numbers = 0; // 0 as shown, 1 other unit, 2 rounded with "about", 3 small ones in words
    int clocks = 0; // 0 with the reader's label, 1 in UTC, 2 without a label, 3 to the minute
    char decimal = '.';
    bool devanagari = false;
    std::string about = "about ";
};

struct Sentence {
    std::string text;
    std::vector<std::string> cites;
    bool is_true = true;
    std::string sort;
};

class Dice {
public:
    explicit Dice(std::uint64_t seed)
        : engine_(seed) { }
    std::size_t below(std::size_t n) { return n == 0 ? 0 : std::size_t(engine_() % n); }
    bool one_in(std::size_t n) { return below(n) == 0; }
    template <class T> T const& pick(std::vector<T> const& from) { return from[below(from.size())]; }
    std::string pick(std::initializer_list<char const*> from) { return *(from.begin() + below(from.size())); }

private:
    std::mt19937_64 engine_;
};

Piece words(std::string text);
Piece number(double value, std::string unit);
Piece clock_of(Time at);
Piece name_of(Resource const& resource, bool short_form = false);
Piece metric_named(std::string name);
Piece verb(std::string text, int direction);
Piece quote(std::string text);

// A statement of the diagnosis cut into pieces: its numbers, clocks and the resources of the evidence.
std::vector<Piece> pieces_of(std::string const& statement, Investigation const& investigation);

std::string render(std::vector<Piece> const& pieces, Style const& style);

// Every true draft that this author can write about the investigation, in one language.
std::vector<Draft> truths_about(Investigation const& investigation, std::string_view language, Dice& dice);

// A second author's, in English: see truths_in_other_words.cpp.
std::vector<Draft> truths_in_other_words(Investigation const& investigation, Dice& dice);

// A false variant of a true draft; nullopt when this sort of lie does not fit it. `sort` is one of lie_sorts().
std::optional<Draft> lie_about(
    Investigation const& investigation, Draft truth, std::string_view sort, std::string_view language, Dice& dice);
std::vector<std::string> const& lie_sorts();

} // namespace convops
