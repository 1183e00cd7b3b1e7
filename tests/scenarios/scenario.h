// A golden scenario: a small description of an account and an alarm, grown into a recorded account. Times are
// relative to the alarm ("-12m"), so that a scenario can be shifted; series are shapes with seeded noise, so that
// they stay readable.
#pragma once

#include "adapters/recorded/account.h"

#include <filesystem>

namespace convops {

struct ScenarioRules { // expected.json
    std::string verdict;
    std::vector<std::pair<std::string, std::string>> must_name; // kind, part of the resource's name; in rank order
    std::vector<std::string> must_not_name; // kinds
    std::vector<std::string> must_cite; // sources that the first cause cites
    std::vector<std::string> must_rule_out; // kinds
    std::vector<std::string> must_admit; // sources with a gap that the message shows
    bool must_abstain = false; // no cause at all
};

struct Scenario {
    std::string name;
    Json description; // inherited parts merged
    ScenarioRules rules;
    int difficulty = 1;
};

// What a folder's scenario.json describes, inherited parts merged: also that of an `after` recording.
Result<Json> description_of(std::filesystem::path const& folder);

Result<Scenario> load_scenario(std::filesystem::path const& folder);

// Names of the folders under `root` that hold a scenario.json, sorted.
std::vector<std::filesystem::path> scenario_folders(std::filesystem::path const& root);

struct ScenarioTwist { // for metamorphic tests
    Milliseconds shift { 0 };
    std::map<std::string, std::string> rename; // every occurrence of a name in the whole description
};

// The account as a recording would hold it.
Result<RecordedAccount> grow(Scenario const& scenario, ScenarioTwist const& twist = {});

} // namespace convops
