// Does a later change undo an earlier one? Read from the records' own words: task definition revisions, "20 → 2",
// opposite verbs. Pure; only recovery.cpp uses it.
#pragma once

#include "model/recovery.h"

namespace convops {

// One setting that a change names: "DB_POOL_SIZE 20 → 2" or, where the record tells only the new value,
// "DB_POOL_SIZE 2".
struct SettingChange {
    std::string name;
    std::string from; // empty: not told
    std::string to;
    bool operator==(SettingChange const&) const = default;
};
std::vector<SettingChange> settings_in_words(std::string_view what);

// "checkout:41" -> { "checkout", 41 }, as the record of a deploy names it.
std::optional<std::pair<std::string, long>> revision_in(Fact const& fact, ChangeFact const& change);

// rolled_back, reverted or deployed_again when `later` is about the same thing as `cause`; none otherwise.
FixKind undoing(Fact const& cause, ChangeFact const& earlier, Fact const& fact, ChangeFact const& later);

// What a change of the resource does by itself, whatever the cause: capacity, storage, a restart.
FixKind relief_of(ChangeFact const& change);

} // namespace convops
