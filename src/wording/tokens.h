// A sentence cut into what it says: words, numbers with units, clocks, names, quotes.
#pragma once

#include "wording/lexicon.h"

#include "base/time.h"

#include <optional>

namespace convops {

// For whom it is written.
struct Readership {
    std::string language = "en";
    Minutes utc_offset { 0 }; // of the reader's zone around the incident
    std::string zone_label = "UTC"; // "CET", "UTC+05:30"
};

enum class Measure : std::uint8_t {
    count,
    percent,
    seconds,
    bytes,
    per_second,
    bytes_per_second,
    money,
    ratio,
    ordinal
};

struct SaidToken {
    enum class Kind : std::uint8_t { word, number, clock, date, name, quote, arrow, stop, forbidden };
    Kind kind = Kind::word;
    std::string text; // as written; of a quote what is inside
    std::string lower;
    std::string word_class; // of words: see lexicon.h; empty when not known
    // number: in the base unit of its measure, with half a unit of the last digit shown
    double value = 0;
    double half_unit = 0;
    Measure measure = Measure::count;
    bool spelled = false; // "seven"
    // clock
    int hour = 0, minute = 0, second = -1; // second -1: not given
    bool in_utc = false; // labelled so; otherwise it is the reader's clock
    char separator = 0; // stop: , ; : . (
};

inline constexpr std::size_t most_sentence_bytes = 700; // two lines on a phone; anything longer is not a sentence
inline constexpr std::size_t most_sentence_tokens = 160;

// Hostile or model-written text is fine. Mentions, links, e-mail addresses and commands become `forbidden` tokens.
std::vector<SaidToken> tokens_of(std::string_view sentence, Readership const& reader);

} // namespace convops
