// What was given up: listed, and put back to work when an operator asks. Works on the store alone, so the server may
// run or not; versions keep the two apart (docs/decisions/0017-turns-and-dead-letters.md).
#pragma once

#include "app/engine.h"

namespace convops {

inline constexpr std::size_t most_dead_letters_listed = 1'000;

// "deliver first_facts to slack #ops": a kind and a route by its name; an address never, it may be a phone number.
std::string describe(Effect const& effect);

Json to_json(DeadLetter const& letter);

// Puts one dead letter back to work and removes it from the list, in one transaction: asked twice, it happens once.
// A message is composed anew, from what is known by then, and keeps the idempotency key of its earlier tries.
// not_found: no such letter (or resent already). conflict: it can not be taken back now; the reason is the message.
Result<> resend(
    IncidentEngine& engine, Store& store, Clock& clock, WorkspaceId const& workspace, std::string const& effect_id);

} // namespace convops
