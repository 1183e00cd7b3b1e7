// Which masked lines are one statement. Two steps: lines of one shape that differ in few words are brought together;
// then a group is taken apart again where the word that differs belongs to the statement ("opened", "closed").
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace convops {

// What is known of a word, apart from its text.
enum WordTrait : unsigned {
    word_delimiter = 1,
    word_wildcard = 2, // nothing but "<*>"
    word_variable = 4, // holds a wildcard
    word_lower = 8, // lower-case letters after the first
    word_letters = 16, // letters only
    word_capitals = 32, // a name of a state: "SCREEN_ON"
    word_yes_or_no = 64, // "true", "null": what a line says depends on it
    word_announces_name = 128, // "user", "from": behind it stands a name
    word_assigns = 256, // "="
    word_ends_value = 512, // "," and ";"
    word_unit_of_time = 1024, // "5003 ms" is one value
    word_plain = 2048, // letters, or letters and one digit: "tty2"
};

struct LineWords {
    std::span<std::uint32_t const> words; // numbers of words
    std::span<std::uint8_t const> spaces; // 1 where a blank stands before the word
    std::uint64_t lines = 0;
};

using LineGroup = std::vector<std::uint32_t>; // indexes

// `lines` in an order that does not depend on the order in which they came; `traits` by number of word.
std::vector<LineGroup> groups_of_lines(
    std::span<LineWords const> lines, std::span<std::uint16_t const> traits, std::uint32_t wildcard_word);

} // namespace convops
