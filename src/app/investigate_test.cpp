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

constexpr SourceCard log_card { .name = "log_patterns", .says = "" };

TEST(Investigate, personal_data_in_log_lines_is_hidden_where_they_are_shown) {
    AskedNames aws;
    SimulatedClock clock(*parse_time("2026-11-20T14:30:00Z"));
    Alarm alarm;
    alarm.name = "shop-unwell";
    alarm.changed_at = clock.now();
    alarm.metrics.push_back({});
    InvestigationOptions options;
    options.sources = { { &log_card, [](Question const& question, Aws&) {
                             Fact fact;
                             fact.at = question.now;
                             fact.statement = "\"order of maria.lopez@example.com failed\" 9 times";
                             fact.value = JsonObject { { "pattern", "order of maria.lopez@example.com failed" },
                                 { "example", "order of maria.lopez@example.com from 203.0.113.77 failed" } };
                             LogPatternFact log;
                             log.group = "/ecs/shop";
                             log.pattern = "order of maria.lopez@example.com failed";
                             log.example = "order of maria.lopez@example.com from 203.0.113.77 failed";
                             log.count = 9;
                             fact.detail = log;
                             return Answer { { fact }, {} };
                         } } };
    auto const investigation = investigate(incident_of(alarm), aws, clock, options);
    ASSERT_EQ(investigation.evidence.facts.size(), 1U);
    auto const& fact = investigation.evidence.facts[0];
    auto const& log = std::get<LogPatternFact>(fact.detail);
    auto const all = fact.statement + to_text(fact.value) + log.pattern + log.example;
    EXPECT_EQ(all.find("maria"), std::string::npos) << all;
    EXPECT_EQ(all.find("203.0.113.77"), std::string::npos) << all;
    EXPECT_EQ(log.pattern, "order of [email-1] failed");
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
