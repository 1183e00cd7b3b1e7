#include "app/investigate.h"

#include "adapters/memory/simulated_clock.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

// Keeps the alarm names that are asked for and knows nothing else.
class AskedNames final : public Aws {
public:
    Result<Json> call(AwsCall const& call) override {
        Json const params(call.params);
        for (auto const& name : list_at(params, "AlarmNames"))
            asked.push_back(text_at(JsonObject { { "name", name } }, "name"));
        return Json(JsonObject {});
    }
    std::vector<Result<Json>> call_all(std::span<AwsCall const> calls) override {
        std::vector<Result<Json>> answers;
        for (auto const& one : calls)
            answers.push_back(call(one));
        return answers;
    }
    [[nodiscard]] int calls_made() const override { return 0; }
    [[nodiscard]] std::string account() const override { return "111122223333"; }
    [[nodiscard]] std::string region() const override { return "eu-west-1"; }

    std::vector<std::string> asked;
};

TEST(Investigate, an_alarm_known_by_name_only_is_looked_up_by_that_name) {
    AskedNames aws;
    SimulatedClock clock(*parse_time("2026-11-20T14:30:00Z"));
    Alarm alarm;
    alarm.name = "shop-unwell-and-a-name-too-long-for-small-strings";
    alarm.changed_at = clock.now();
    InvestigationOptions options;
    options.sources.clear();
    auto const investigation = investigate(incident_of(alarm), aws, clock, options);
    ASSERT_EQ(aws.asked.size(), 1U);
    EXPECT_EQ(aws.asked[0], alarm.name);
    EXPECT_TRUE(investigation.diagnosis.causes.empty());
}

} // namespace
} // namespace convops
