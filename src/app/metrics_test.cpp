#include "app/metrics.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

TEST(Metrics, a_counter_is_printed_with_its_labels_and_help) {
    metrics::count(metrics::Counter::deliveries, { "slack", "delivered" });
    metrics::count(metrics::Counter::deliveries, { "slack", "delivered" }, 2);
    EXPECT_EQ(metrics::counted(metrics::Counter::deliveries, { "slack", "delivered" }), 3);
    auto const text = metrics::as_text();
    EXPECT_NE(text.find("# TYPE convops_deliveries_total counter"), std::string::npos);
    EXPECT_NE(text.find(R"(convops_deliveries_total{channel="slack",outcome="delivered"} 3)"), std::string::npos)
        << text;
}

TEST(Metrics, a_counter_without_labels_shows_zero_before_anything_happened) {
    EXPECT_NE(metrics::as_text().find("convops_dead_letters_resent_total 0"), std::string::npos);
}

TEST(Metrics, a_gauge_is_set_and_moved) {
    metrics::set(metrics::Gauge::investigations_running, 0);
    metrics::add(metrics::Gauge::investigations_running, 2);
    metrics::add(metrics::Gauge::investigations_running, -1);
    EXPECT_NE(metrics::as_text().find("convops_investigations_running 1"), std::string::npos);
}

TEST(Metrics, a_timing_is_a_histogram) {
    metrics::observe(metrics::Timing::acknowledge, 0.02);
    auto const text = metrics::as_text();
    EXPECT_NE(text.find(R"(convops_acknowledge_seconds_bucket{le="0.025"} 1)"), std::string::npos) << text;
    EXPECT_NE(text.find(R"(convops_acknowledge_seconds_bucket{le="0.01"} 0)"), std::string::npos);
}

TEST(Metrics, more_label_values_than_the_bound_are_counted_as_other) {
    for (int i = 0; i < 200; ++i)
        metrics::count(metrics::Counter::claims_dropped, { "reason-" + std::to_string(i) });
    EXPECT_GT(metrics::counted(metrics::Counter::claims_dropped, { "other" }), 100);
}

TEST(Metrics, a_hostile_label_value_can_not_break_the_format) {
    metrics::count(metrics::Counter::requests_turned_away, { "a\"b\nc\\d" });
    EXPECT_NE(metrics::as_text().find(R"({why="a\"b\nc\\d"} 1)"), std::string::npos);
}

} // namespace
} // namespace convops
