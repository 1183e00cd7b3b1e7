// Numbers that belong to a person: cards, bank accounts, national ids, telephones. Each is recognised by its own
// check digits or its own way of grouping; what is only a row of digits counts as a telephone where a word before it
// says so.
#pragma once

#include <string_view>

namespace convops {

struct PersonalNumber {
    std::size_t length = 0; // 0: none
    std::string_view kind; // "card", "iban", "id", "phone"
};

// The number that begins exactly at `at`.
PersonalNumber personal_number(std::string_view text, std::size_t at);

} // namespace convops
