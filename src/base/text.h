// Small text tools that the standard library lacks.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace convops {

std::vector<std::string> split(std::string_view text, char separator);
std::string join(std::span<std::string const> parts, std::string_view separator);
std::string trim(std::string_view text);
std::string to_lower(std::string_view text);
bool contains_ignoring_case(std::string_view text, std::string_view part);
// '*' stands for any run of characters, '?' for one; everything else for itself, case included. At most
// |pattern| x |text| steps, whatever stands on either side.
bool glob_matches(std::string_view pattern, std::string_view text);
std::string replace_all(std::string text, std::string_view what, std::string_view with);

// At most `bytes` bytes, cut between UTF-8 characters; "…" marks a cut and counts.
std::string shorten(std::string_view text, std::size_t bytes);
// Invalid UTF-8 becomes U+FFFD; control characters but tab and newline are dropped. For anything hostile that is
// shown.
std::string clean_utf8(std::string_view text);

// For people: three significant digits, no exponent below 1e15: "0.0123", "12.3", "1 234 567" -> "1.23 M".
std::string format_number(double value);
// "85.2 %", "1.2 s", "3.4 GB": a number with a CloudWatch unit ("Percent", "Seconds", "Bytes", "Count/Second",
// "None").
std::string format_value(double value, std::string_view unit);

// The nearest of `known` by edit distance; empty when nothing is close. For "unknown key: did you mean".
std::string nearest(std::string_view word, std::span<std::string const> known);

std::string to_hex(std::string_view bytes);

} // namespace convops
