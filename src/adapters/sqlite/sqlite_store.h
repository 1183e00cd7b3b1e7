// The embedded store: one SQLite file in WAL mode. A commit that returned is on disk (synchronous = FULL), whatever
// happens to the process or the machine afterwards. Thread-safe: one connection writes, another reads meanwhile.
#pragma once

#include "ports/store.h"

#include <memory>

namespace convops {

// Opens or creates the file (mode 0600, its directory must exist) and checks it.
// access_denied, not_found (no such directory), corrupt (not ours, damaged, or written by a newer version).
Result<std::unique_ptr<Store>> open_sqlite_store(std::string const& path);

} // namespace convops
