// Secrets known by the name that stands before them: `password=...`, "apiKey": "...", --token ..., Cookie: sid=...
#pragma once

#include <cstdint>
#include <string_view>

namespace convops {

// A name that usually holds a secret: "DB_PASSWORD", "apiKey", "auth-token".
bool names_a_secret(std::string_view name);

struct Span {
    std::size_t from = 0;
    std::size_t size = 0; // 0: nothing
};

// The secret that the name at `at`, `length` bytes long, announces somewhere behind it; size 0 when it announces
// none.
Span secret_behind(std::string_view text, std::size_t at, std::size_t length);

// Where the value begins that follows the name which ends at `at`, behind `=`, `:`, `=>`, quotes of any depth.
// Shared with names of people, whose fields are written in the same ways.
Span value_of_field(std::string_view text, std::size_t at);

} // namespace convops
