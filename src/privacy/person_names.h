// Names of people, known by what stands around them: `"firstName": "..."`, `user=...`, `customer "..."`, "Dear ...",
// "approved by ...", in several languages. A word alone is never a name: a resource may be called Maria.
#pragma once

#include "privacy/secret_values.h"

namespace convops {

// The name that the word at `at`, `length` bytes long, announces; size 0 when it announces none.
Span name_behind(std::string_view text, std::size_t at, std::size_t length);

// "Maria Schmidt <maria@...": the name at `at`, when an address in angle brackets follows it.
Span name_before_address(std::string_view text, std::size_t at);

} // namespace convops
