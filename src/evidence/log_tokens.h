// A log line as words with what varies masked: numbers, ids, addresses, times, paths, quoted values. Pure, and fast:
// a line is read once, into memory that is used again for the next line.
#pragma once

#include "evidence/log_limits.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace convops {

inline constexpr std::string_view wildcard = "<*>";

struct Token {
    std::string_view text; // valid until the next line is read
    bool space_before = false;
    bool delimiter = false;
    bool variable = false; // holds a wildcard
};

class LineTokenizer {
public:
    explicit LineTokenizer(TemplateLimits const& limits = {});
    // Masked words and delimiters, at most `limits.tokens` and one wildcard for the rest.
    std::span<Token const> tokens_of(std::string_view line);
    // The hash of the tokens' texts of the last line; blanks between them do not count.
    [[nodiscard]] std::uint64_t hash() const { return hash_; }

private:
    void take_word();
    void take_masked(std::string_view word, unsigned kinds);
    bool take_quoted();
    bool take_json_value();
    void skip_escape();
    void write(std::string_view text);
    void write_masked_digits(std::string_view word);
    void write_masked(std::string_view word, unsigned kinds);
    void write_masked_path(std::string_view path);
    void push_written(char const* from, bool delimiter, bool variable);
    void push(std::string_view text, bool delimiter, bool variable);

    TemplateLimits limits_;
    std::unique_ptr<char[]> room_; // what is written of one line
    char* end_ = nullptr; // of what is written
    std::vector<Token> tokens_;
    std::string_view line_;
    std::size_t at_ = 0;
    std::size_t word_end_ = 0; // of the word at or before at_
    unsigned word_kinds_ = 0; // what kinds of bytes it holds
    bool space_ = false;
    bool json_ = false;
    std::uint64_t hash_ = 0;
};

bool is_letter(char c);

std::uint64_t hash_of(std::string_view text, std::uint64_t seed);

} // namespace convops
