#include "diagnosis/blame.h"
#include "diagnosis/diagnose_cases.h"

#include <gtest/gtest.h>

#include <numeric>

namespace convops {
namespace {

Resource const quote { "lambda:function", "quote", {} };
Resource const stock { "lambda:function", "stock", {} };
Resource const prices { "dynamodb:table", "prices", {} };

// A front that calls two functions; the first reads a table. Seconds and milliseconds, as AWS counts them.
EvidenceBuilder shop(Curve front, Curve quoting, Curve stocking, Curve reading) {
    return EvidenceBuilder()
        .alarm_on(balancer, "TargetResponseTime", front, 1, "Average", "Seconds")
        .calls(balancer, quote)
        .calls(balancer, stock)
        .calls(quote, prices)
        .metric(balancer, "RequestCount", { 600, 600 }, "Count", "Sum")
        .metric(quote, "Duration", quoting, "Milliseconds")
        .metric(quote, "Invocations", { 600, 600 }, "Count", "Sum")
        .metric(stock, "Duration", stocking, "Milliseconds")
        .metric(stock, "Invocations", { 600, 600 }, "Count", "Sum")
        .metric(prices, "SuccessfulRequestLatency", reading, "Milliseconds");
}

std::vector<Blame> blamed(EvidenceBuilder const& builder) {
    auto const evidence = builder.evidence();
    return blame_along_calls(Context(builder.alarm(), evidence, minute(122)), Signal::latency);
}

EvidenceBuilder slow_quote() {
    return shop({ 0.2, 2.2, 115 }, { 100, 2100, 115 }, { 80, 80 }, { 5, 9, 115 });
}

} // namespace

TEST(Blame, the_function_that_lost_most_of_its_own_not_the_table_below_it_that_moved_with_it) {
    auto const found = blamed(slow_quote());
    ASSERT_FALSE(found.empty());
    EXPECT_EQ(found[0].resource.key(), quote.key());
    EXPECT_GT(found[0].share, 0.8);
}

TEST(Blame, the_table_where_the_whole_loss_came_from_it) {
    auto const found = blamed(shop({ 0.2, 2.2, 115 }, { 100, 2100, 115 }, { 80, 80 }, { 5, 2005, 115 }));
    ASSERT_FALSE(found.empty());
    EXPECT_EQ(found[0].resource.key(), prices.key());
}

TEST(Blame, nobody_where_nothing_moved_and_nobody_where_only_the_alarm_has_such_a_metric) {
    EXPECT_TRUE(blamed(shop({ 0.2, 0.2 }, { 100, 100 }, { 80, 80 }, { 5, 5 })).empty());
    EXPECT_TRUE(blamed(EvidenceBuilder().alarm_on(balancer, "TargetResponseTime", { 0.2, 2, 115 }, 1)).empty());
}

TEST(Blame, the_same_by_other_names_and_with_the_facts_in_another_order) {
    auto builder = slow_quote();
    auto const expected = blamed(builder);
    std::ranges::reverse(builder.evidence_.facts);
    auto const turned = blamed(builder);
    ASSERT_EQ(turned.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        EXPECT_EQ(turned[i].resource.key(), expected[i].resource.key());
        EXPECT_NEAR(turned[i].share, expected[i].share, 1e-9);
    }
}

// An alarm on averages of two minutes, its neighbours read by the minute.
EvidenceBuilder by_two_minutes(EvidenceBuilder builder) {
    for (auto& fact : builder.evidence_.facts) {
        auto* metric = std::get_if<MetricFact>(&fact.detail);
        if (metric == nullptr || metric->closeness != Closeness::alarm)
            continue;
        auto const fine = metric->series;
        metric->series.period = Seconds { 120 };
        metric->series.at.clear();
        metric->series.values.clear();
        for (std::size_t i = 0; i + 2 <= fine.at.size(); i += 2) {
            metric->series.at.push_back(fine.at[i]);
            metric->series.values.push_back(std::accumulate(fine.values.begin() + std::ptrdiff_t(i),
                                                fine.values.begin() + std::ptrdiff_t(i) + 2, 0.0)
                / 2);
        }
    }
    builder.alarm_.metrics.front().period = Seconds { 120 };
    return builder;
}

TEST(Blame, an_alarm_with_a_longer_period_than_its_neighbours_are_read_by_blames_the_same_one) {
    auto const found = blamed(by_two_minutes(shop({ 0.2, 2.2, 100 }, { 100, 2100, 100 }, { 80, 80 }, { 5, 9, 100 })));
    ASSERT_FALSE(found.empty());
    EXPECT_EQ(found[0].resource.key(), quote.key());
    EXPECT_GT(found[0].share, 0.8);
}

TEST(Blame, of_several_ill_callees_the_diagnosis_names_the_one_that_is_to_blame) {
    auto const diagnosis = slow_quote().diagnose();
    ASSERT_FALSE(diagnosis.causes.empty()) << told(diagnosis);
    EXPECT_EQ(diagnosis.causes[0].resource.key(), quote.key()) << told(diagnosis);
}

} // namespace convops
