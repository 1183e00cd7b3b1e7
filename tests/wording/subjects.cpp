#include "subjects.h"

#include "adapters/memory/simulated_clock.h"
#include "adapters/recorded/recorded_aws.h"
#include "alarm/formats.h"
#include "app/investigate.h"
#include "scenario.h"

namespace convops {

namespace {

Result<Subject> investigated(std::string name, RecordedAccount recorded) {
    auto const account = std::make_shared<RecordedAccount const>(std::move(recorded));
    SimulatedClock clock(account->now);
    RecordedAws aws(account, clock);
    auto const alarm = TRY(parse_alarm(to_text(account->alarm_message)).with_context(name));
    return Subject { std::move(name), investigate(incident_of(alarm), aws, clock) };
}

} // namespace

Result<std::vector<Subject>> all_subjects() {
    std::vector<Subject> subjects;
    for (auto const& folder : scenario_folders("tests/scenarios")) {
        auto const scenario = TRY(load_scenario(folder).with_context(folder.string()));
        auto account = TRY(grow(scenario));
        subjects.push_back(TRY(investigated("scenario " + scenario.name, std::move(account))));
    }
    for (auto const* recording : { "a1", "a2", "a3", "a4", "a5" }) {
        auto account = TRY(load_recorded_account("recordings/" + std::string(recording) + ".account.json.zst"));
        subjects.push_back(TRY(investigated("recording " + std::string(recording), std::move(account))));
    }
    return subjects;
}

} // namespace convops
