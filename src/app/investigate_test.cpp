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

// Each call takes as long as it is told to.
class SlowAws final : public Aws {
public:
    SlowAws(SimulatedClock& clock, Seconds takes)
        : clock_(clock)
        , takes_(takes) { }
    Result<Json> call(AwsCall const&) override {
        clock_.advance(takes_);
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

private:
    SimulatedClock& clock_;
    Seconds takes_;
};

constexpr SourceCard metric_card { .name = "alarm_metric", .stage = SourceStage::map };
constexpr SourceCard changes_card { .name = "cloudtrail_changes", .stage = SourceStage::reading };

Answer no_metric(Question const&, Aws&) {
    return {};
}

Answer one_change(Question const&, Aws& aws) {
    (void)aws.call({});
    Fact fact;
    fact.statement = "somebody deployed";
    fact.detail = ChangeFact {};
    Answer answer;
    answer.facts.push_back(fact);
    return answer;
}

std::vector<std::size_t> changes_told(Seconds reading_takes) {
    SimulatedClock clock(*parse_time("2026-11-20T14:30:00Z"));
    SlowAws aws(clock, reading_takes);
    Alarm alarm;
    alarm.name = "shop";
    alarm.changed_at = clock.now();
    alarm.metrics.emplace_back();
    InvestigationOptions options;
    options.sources = { { &metric_card, no_metric }, { &changes_card, one_change } };
    std::vector<std::size_t> told;
    options.first_facts = [&](Evidence const& so_far) { told.push_back(so_far.all<ChangeFact>().size()); };
    (void)investigate(incident_of(alarm), aws, clock, options);
    return told;
}

TEST(Investigate, what_came_in_later_is_told_once_more_when_the_diagnosis_takes_long) {
    EXPECT_EQ(changes_told(Seconds { 6 }), (std::vector<std::size_t> { 0, 1 }));
    EXPECT_EQ(changes_told(Seconds { 2 }), (std::vector<std::size_t> { 0 })); // the diagnosis is the next edit
}

} // namespace
} // namespace convops
