// What a statement of ours and the typed detail of a fact support, put into the item that is cited.
#pragma once

#include "wording/items.h"

namespace convops {

inline Readership const our_own; // our statements are written in English and UTC

// Hostile text: may be quoted, never spoken.
void quote(Citable& item, std::string_view hostile);
// Everything that our own statement says; hostile text in it gives names and topics only.
void read_statement(Citable& item, std::string_view statement, Time near, std::set<std::string> const& known);
// Words that stand only in hostile fields are not ours to speak.
void take_back(Citable& item, std::string_view hostile);
// What the typed detail adds to the statement.
void read_fact(Citable& item, Fact const& fact, Alarm const& alarm, std::optional<Time> onset);

} // namespace convops
