#include "evidence/fake_aws.h"

#include <atomic>
#include <condition_variable>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convops {

namespace {

using testing::IsEmpty;
using testing::SizeIs;

constexpr IamAction actions[] = { { "logs:FilterLogEvents", "which errors the service logged" } };

SourceCard card(std::string_view name, SourceStage stage = SourceStage::alone) {
    return { .name = name, .says = "A test.", .iam_actions = actions, .stage = stage };
}

Fact fact(std::string statement, FactDetail detail = {}) {
    Fact made;
    made.statement = std::move(statement);
    made.detail = std::move(detail);
    return made;
}

Resource const shop { "ecs:service", "shop/web", "" };
Resource const orders { "rds:instance", "orders-db", "" };

Question question() {
    Question asked;
    asked.centre = { shop };
    return asked;
}

Answer maps(Question const& asked, Aws&) {
    EXPECT_THAT(asked.nearby, IsEmpty());
    return { { fact("edge", DependencyFact { shop, orders, "DB_HOST", true }) }, {} };
}

Answer reads(Question const& asked, Aws&) {
    Answer answer;
    for (auto const& [resource, distance] : asked.nearby)
        answer.facts.push_back(fact(resource.key() + "@" + std::to_string(distance)));
    answer.facts.push_back(fact("map of " + std::to_string(asked.map.facts.size())));
    return answer;
}

Answer asks_once(Question const&, Aws& aws) {
    auto const answer = aws.call({ "logs", "FilterLogEvents", {} });
    Answer out;
    out.facts.push_back(fact(answer ? "read" : "failed"));
    return out;
}

} // namespace

TEST(Collect, reading_sources_see_the_neighbourhood_that_the_map_sources_found) {
    auto const mapping = card("a_map", SourceStage::map);
    auto const reading = card("b_reading", SourceStage::reading);
    EvidenceSource const sources[] = { { &reading, reads }, { &mapping, maps } };
    FakeAws aws;
    FakeClock clock;
    auto const evidence = collect_evidence(question(), sources, aws, clock);
    ASSERT_THAT(evidence.facts, SizeIs(4));
    EXPECT_EQ(evidence.facts[0].statement, "edge");
    EXPECT_EQ(evidence.facts[0].id, FactId { "F1" });
    EXPECT_EQ(evidence.facts[1].statement, "ecs:service/shop/web@0");
    EXPECT_EQ(evidence.facts[2].statement, "map of 1");
    EXPECT_EQ(evidence.facts[3].statement, "rds:instance/orders-db@1");
    EXPECT_EQ(evidence.facts[3].source, "b_reading");
}

TEST(Collect, reading_sources_start_at_once_when_there_is_nothing_to_map) {
    auto const reading = card("b_reading", SourceStage::reading);
    EvidenceSource const sources[] = { { &reading, reads } };
    FakeAws aws;
    FakeClock clock;
    EXPECT_THAT(collect_evidence(question(), sources, aws, clock).facts, SizeIs(2));
    EXPECT_THAT(collect_evidence(question(), {}, aws, clock).facts, IsEmpty());
}

TEST(Collect, a_late_source_leaves_a_gap_and_its_answer_is_dropped) {
    auto const late = card("late");
    EvidenceSource const sources[] = { { &late, asks_once } };
    FakeClock clock;
    FakeAws aws;
    aws.on("logs:FilterLogEvents", [&](AwsCall const&) {
        clock.wait(Seconds { 21 });
        return Result<Json>(Json(JsonObject {}));
    });
    auto const evidence = collect_evidence(question(), sources, aws, clock);
    EXPECT_THAT(evidence.facts, IsEmpty());
    ASSERT_THAT(evidence.gaps, SizeIs(1));
    EXPECT_EQ(evidence.gaps[0].kind, ErrorKind::timeout);
    EXPECT_EQ(evidence.gaps[0].why, "no answer within 20 s");
    EXPECT_EQ(evidence.gaps[0].iam_action, "");
    EXPECT_EQ(evidence.gaps[0].would_have_told, "which errors the service logged");
}

TEST(Collect, no_call_is_given_more_time_than_the_source_has_left) {
    auto const one = card("one");
    EvidenceSource const sources[] = { { &one, [](Question const&, Aws& aws) {
                                            for (int i = 0; i < 3; ++i)
                                                (void)aws.call({ "logs", "FilterLogEvents", {} });
                                            return Answer {};
                                        } } };
    FakeClock clock;
    FakeAws aws;
    aws.on("logs:FilterLogEvents", [&](AwsCall const&) {
        clock.wait(Seconds { 10 });
        return Result<Json>(Json(JsonObject {}));
    });
    (void)collect_evidence(question(), sources, aws, clock);
    auto const calls = aws.calls("logs:FilterLogEvents");
    ASSERT_THAT(calls, SizeIs(3));
    EXPECT_EQ(calls[0].time_left, Seconds { 19 });
    EXPECT_EQ(calls[1].time_left, Seconds { 9 });
    EXPECT_EQ(calls[2].time_left, Milliseconds { 1 });
}

TEST(Collect, a_source_that_throws_leaves_a_gap_and_spares_the_others) {
    auto const broken = card("broken");
    auto const sound = card("sound");
    EvidenceSource const sources[]
        = { { &broken, [](Question const&, Aws&) -> Answer { throw std::runtime_error("not an object"); } },
              { &sound, asks_once } };
    FakeClock clock;
    FakeAws aws;
    auto const evidence = collect_evidence(question(), sources, aws, clock);
    EXPECT_THAT(evidence.facts, SizeIs(1));
    ASSERT_THAT(evidence.gaps, SizeIs(1));
    EXPECT_EQ(evidence.gaps[0].source, "broken");
    EXPECT_EQ(evidence.gaps[0].kind, ErrorKind::corrupt);
}

TEST(Collect, identical_gaps_are_told_once_and_hostile_text_is_cleaned) {
    auto const one = card("one");
    EvidenceSource const sources[]
        = { { &one, [](Question const&, Aws&) {
                 Gap const gap { "one", "a:B", ErrorKind::access_denied, "denied", "x" };
                 Answer answer { { fact("a\x1b[31m\xff" + std::string(5000, 'x')) }, { gap, gap } };
                 return answer;
             } } };
    FakeClock clock;
    FakeAws aws;
    auto const evidence = collect_evidence(question(), sources, aws, clock);
    EXPECT_THAT(evidence.gaps, SizeIs(1));
    ASSERT_THAT(evidence.facts, SizeIs(1));
    EXPECT_EQ(evidence.facts[0].statement.find('\x1b'), std::string::npos);
    EXPECT_LE(evidence.facts[0].statement.size(), 1000U);
}

TEST(Collect, sources_run_at_the_same_time_and_the_observer_is_called_one_at_a_time) {
    // Every source waits inside its call for all the others: one after the other, this would never end.
    constexpr int count = 20;
    std::mutex mutex;
    std::condition_variable all_there;
    int inside = 0;
    FakeAws aws;
    aws.on("logs:FilterLogEvents", [&](AwsCall const&) {
        std::unique_lock lock(mutex);
        if (++inside == count)
            all_there.notify_all();
        all_there.wait(lock, [&] { return inside == count; });
        return Result<Json>(Json(JsonObject {}));
    });
    FakeClock clock;
    auto const one = card("one");
    std::vector<EvidenceSource> const sources(count, { &one, asks_once });
    std::atomic<int> observing = 0;
    int ended = 0;
    auto const evidence = collect_evidence(question(), sources, aws, clock, [&](SourceProgress const& progress) {
        EXPECT_EQ(++observing, 1);
        ended += progress.ended ? 1 : 0;
        EXPECT_EQ(progress.answer != nullptr, progress.ended);
        --observing;
    });
    EXPECT_THAT(evidence.facts, SizeIs(count));
    EXPECT_EQ(ended, count);
}

TEST(Collect, a_failed_call_names_the_action_that_the_card_gives_it) {
    static constexpr IamAction named[] = { { "cloudwatch:GetMetricData", "how the metric moved" },
        { "cloudwatch:ListMetrics", "which metrics there are" }, { "apigateway:GET", "how the API is set up" } };
    SourceCard const asked { .name = "related_metrics", .says = "", .iam_actions = named };
    auto const denied
        = gap_from(asked, { "monitoring", "ListMetrics", {} }, { ErrorKind::access_denied, "User: x is not..." });
    EXPECT_EQ(denied.iam_action, "cloudwatch:ListMetrics");
    EXPECT_EQ(denied.would_have_told, "which metrics there are");
    EXPECT_EQ(denied.why, "access denied");
    EXPECT_EQ(gap_from(asked, { "apigateway", "GetStages", {} }, { ErrorKind::throttled, "" }).iam_action,
        "apigateway:GET");
    auto const other = gap_from(asked, { "ecs", "ListTasks", {} }, { ErrorKind::unavailable, "a\nb" });
    EXPECT_EQ(other.iam_action, "ecs:ListTasks");
    EXPECT_EQ(other.why, "ListTasks: a b");
}

} // namespace convops
