// The rules of ports/store.h that need no storage: every implementation applies these, so that all refuse alike.
#pragma once

#include "ports/store.h"

namespace convops {

// invalid_input when a transaction is over a limit, a key is incomplete, or two writes name the same key.
Result<> check_writes(std::vector<Write> const& writes);

// When an item stops existing; nullopt: never.
std::optional<Time> expiry_of(Item const& item);

// conflict, in words that name the key.
Error condition_failed(Write const& write);

} // namespace convops
