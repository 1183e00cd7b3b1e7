// What became of a storm, counted in the store that the server left behind.
#pragma once

#include "app/bench_storm_load.h"
#include "app/engine.h"

namespace convops::storm {

struct Audit {
    int lost = 0;
    int incidents = 0;
    int investigated = 0;
    std::vector<std::string> losses; // the first few, in words
};

// Every acknowledged alarm must be in exactly one incident that is not a joined one, or recorded without one (an OK
// whose ALARM never came); and every incident must have been told, or what tells it must wait in the outbox.
Result<Audit> audit(std::string const& store_file, WorkspaceId const& workspace, std::span<Delivery const> load,
    std::span<Posted const> posted, std::vector<Settings::Connection> const& connections, Time now);

} // namespace convops::storm
