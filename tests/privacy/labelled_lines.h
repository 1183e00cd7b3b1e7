// Log lines that know where their secrets and personal data are: what the redaction is measured against. Written from
// the specification alone, before the redaction was; a line is drawn from a template and filled from a printed seed.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace convops::labelled {

struct Piece {
    std::string text;
    std::string kind; // "email", "jwt"...; empty: text that must stay
};
using Line = std::vector<Piece>;

std::string text_of(Line const&);

class Lines {
public:
    explicit Lines(std::uint64_t seed)
        : dice_(seed) { }
    // One from each template in turn: about two in three hold something to hide, one in three is full of look-alikes.
    std::vector<Line> draw(std::size_t count);

private:
    Line fill(std::string_view form);

    std::mt19937_64 dice_;
};

// The forms that Lines fills: "<!kind>" is to be hidden, "<~kind>" looks alike and must stay.
std::vector<std::string_view> sensitive_forms();
std::vector<std::string_view> clean_forms();
// A value of the kind; empty when there is no such kind.
std::string value_of(std::string_view kind, std::mt19937_64& dice);

} // namespace convops::labelled
