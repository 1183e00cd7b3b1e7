// Secrets that give themselves away by how they look, wherever they stand: access keys, JWTs, tokens with the prefix
// of their maker, private keys, webhook addresses.
#pragma once

#include <string_view>

namespace convops {

// How many bytes of `text`, from its begin, are such a secret; 0 when none begins there.
std::size_t secret_length(std::string_view text);

// An AWS access key: its secret often follows it.
std::size_t access_key_length(std::string_view text);

// No word of a language, no path, no UUID: letters and digits mixed over at least `least` bytes.
bool looks_random(std::string_view value, std::size_t least = 16);

} // namespace convops
