// What the daily digest tells, gathered from the store.
#pragma once

#include "app/engine.h"
#include "app/mute_book.h"
#include "model/digest.h"

namespace convops {

// Of the 24 hours up to `now`. `mutes` may be nullptr.
Result<Digest> digest_of(
    IncidentEngine& engine, Store& store, MuteBook* mutes, WorkspaceId const& workspace, Time now);

// What became of one anomaly, in a few lines for a person: `convops watch --explain ID`.
Result<std::string> explain_anomaly(
    IncidentEngine& engine, Store& store, WorkspaceId const& workspace, std::string const& id, Time now);

} // namespace convops
