// Whether one cited item supports all that one clause says.
#pragma once

#include "wording/claims.h"
#include "wording/items.h"

namespace convops {

struct Support {
    DropReason failed = DropReason::none;
    std::string what;
    int passed = 0; // checks: the item that came furthest gives the reason
    [[nodiscard]] bool holds() const { return failed == DropReason::none; }
};

struct StatementNature { // what the clauses of one statement say together
    bool rules_out = false;
    bool advises = false;
    bool admits = false; // says that something could not be read, or asks whether
    bool negates = false;
};

Support supports(Clause const& clause, Citable const& item, StatementNature const& nature, Docket const& docket,
    Readership const& reader);

// How far a number in words may be from the number in a fact: half a unit of its last digit, never more than a
// twentieth; a tenth after "about"; after "more than" it is a bound that must be near. The fact's own rounding is
// added.
bool number_fits(NumberClaim const& claim, CitableNumber const& fact);

} // namespace convops
