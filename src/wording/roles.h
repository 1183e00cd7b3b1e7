// What a number in a clause is: a level before or since, a threshold, a distance; and how exactly it is meant.
#pragma once

#include "wording/clauses.h"

namespace convops {

// `clause`: [first, second) of the tokens; `at`: the number.
Role role_of(std::vector<SaidToken> const& tokens, std::pair<std::size_t, std::size_t> clause, std::size_t at);
Bound bound_of(std::vector<SaidToken> const& tokens, std::size_t at);

} // namespace convops
