// What `./x eval` counts: every golden scenario and every measured recording investigated once, one JSON document on
// stdout. No wall time and no other thing that differs from run to run is in it.
#include "adapters/files/files.h"
#include "adapters/memory/simulated_clock.h"
#include "adapters/recorded/recorded_aws.h"
#include "alarm/formats.h"
#include "base/json.h"
#include "faulty_aws.h"
#include "kept_rules.h"
#include "message/investigation_json.h"

#include <cstdio>

namespace convops {
namespace {

constexpr std::size_t most_bytes = std::size_t { 1 } << 20;

Result<Investigation> investigated(std::shared_ptr<RecordedAccount const> const& account, Fault fault = {},
    std::set<std::string>* operations = nullptr) {
    SimulatedClock clock(account->now);
    RecordedAws recorded(account, clock);
    FaultyAws aws(recorded, std::move(fault));
    auto const alarm = TRY(parse_alarm(to_text(account->alarm_message)));
    auto investigation = investigate(incident_of(alarm), aws, clock);
    investigation.cost.aws_calls = aws.calls_made();
    if (operations != nullptr)
        *operations = aws.operations_seen();
    return investigation;
}

JsonObject row_of(std::string const& name, int difficulty, ScenarioRules const& rules, Investigation const& found) {
    auto const& causes = found.diagnosis.causes;
    JsonArray broken;
    for (auto const& rule : broken_rules(rules, found))
        broken.push_back(JsonObject { { "rule", to_string(rule.kind) }, { "what", rule.what } });
    return { { "name", name }, { "difficulty", difficulty }, { "expects_cause", !rules.must_name.empty() },
        { "must_not", rules.must_not_name.size() }, { "must_admit", rules.must_admit.size() },
        { "broken", std::move(broken) }, { "rank", rank_of_expected(rules, found.diagnosis) },
        { "score", causes.empty() ? Json(nullptr) : Json(causes[0].score) },
        { "first_cause", causes.empty() ? std::string_view() : to_string(causes[0].kind) },
        { "aws_calls", found.cost.aws_calls } };
}

Result<JsonArray> scenario_rows() {
    JsonArray rows;
    for (auto const& folder : scenario_folders("tests/scenarios")) {
        auto const scenario = TRY(load_scenario(folder));
        auto account = TRY(grow(scenario));
        auto const found = TRY(investigated(std::make_shared<RecordedAccount const>(std::move(account))));
        rows.push_back(row_of(scenario.name, scenario.difficulty, scenario.rules, found));
    }
    return rows;
}

// Each scenario with one operation denied after the other: how often the first cause is right when less can be read.
Result<JsonArray> denied_rows() {
    JsonArray rows;
    for (auto const& folder : scenario_folders("tests/scenarios")) {
        auto const scenario = TRY(load_scenario(folder));
        auto const account = std::make_shared<RecordedAccount const>(TRY(grow(scenario)));
        std::set<std::string> operations;
        (void)TRY(investigated(account, {}, &operations));
        for (auto const& operation : operations) {
            auto const found = TRY(investigated(account, { operation, FaultKind::denied }));
            auto const& causes = found.diagnosis.causes;
            if (!causes.empty())
                rows.push_back(
                    JsonObject { { "name", scenario.name }, { "denied", operation }, { "score", causes[0].score },
                        { "right", rank_of_expected(scenario.rules, found.diagnosis) == 1 } });
        }
    }
    return rows;
}

Result<JsonArray> recording_rows() {
    auto const text = TRY(read_file("recordings/expected.json", most_bytes));
    auto const expected = TRY(parse_json(text));
    if (!expected.is_object())
        return Error { ErrorKind::corrupt, "recordings/expected.json is no object" };
    JsonArray rows;
    for (auto const& [name, truth] : expected.get_object()) {
        auto account = TRY(load_recorded_account("recordings/" + std::string(name) + ".account.json.zst"));
        ScenarioRules rules;
        rules.verdict = "incident";
        rules.must_name = { { text_at(truth, "kind"), text_at(truth, "resource") } };
        auto const found = TRY(investigated(std::make_shared<RecordedAccount const>(std::move(account))));
        rows.push_back(row_of(std::string(name), 0, rules, found));
    }
    return rows;
}

// Everything about one scenario, to look into it.
Result<std::string> one_of_them(std::string const& name) {
    auto const scenario = TRY(load_scenario(std::filesystem::path("tests/scenarios") / name));
    auto account = TRY(grow(scenario));
    auto const found = TRY(investigated(std::make_shared<RecordedAccount const>(std::move(account))));
    return to_text(to_json(found, Reader {}));
}

Result<std::string> evaluation() {
    JsonObject all;
    all["scenarios"] = TRY(scenario_rows());
    all["recordings"] = TRY(recording_rows());
    return to_text(all);
}

Result<std::string> denied_evaluation() {
    return to_text(JsonObject { { "denied", TRY(denied_rows()) } });
}

} // namespace
} // namespace convops

// Without an argument: the figures of all. With "--denied": what each first cause was with one operation denied after
// the other, for the calibration of scores (minutes). With a scenario's name: its investigation, as `investigate
// --format json`.
int main(int count, char** arguments) {
    bool const denied = count > 1 && std::string_view(arguments[1]) == "--denied";
    auto const text = denied ? convops::denied_evaluation()
        : count > 1          ? convops::one_of_them(arguments[1])
                             : convops::evaluation();
    if (!text) {
        std::fprintf(stderr, "scenario_evaluation: %s\n", text.error().message.c_str());
        return 3;
    }
    std::printf("%s\n", text->c_str());
    return 0;
}
