#include "message/chart.h"

#include "message/chart_axes.h"
#include "message/samples_test.h"

#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>

namespace convops {
namespace {

Reader berlin() {
    Reader reader;
    reader.time_zone = "Europe/Berlin";
    reader.utc_offset = Minutes { 60 };
    reader.zone_label = "CET";
    return reader;
}

void keep_for_people(std::string const& name, std::string const& bytes) {
    if (auto const* folder = std::getenv("CONVOPS_KEEP_CHARTS"))
        std::ofstream(std::string(folder) + "/" + name, std::ios::binary) << bytes;
}

TEST(Chart, shows_metric_threshold_onset_and_the_change) {
    auto const spec = chart_from(samples::pool_shrunk(), berlin());
    ASSERT_TRUE(spec.has_value());
    EXPECT_EQ(spec->title, "HTTPCode_Target_5XX_Count of load balancer shop");
    EXPECT_EQ(spec->threshold, 5);
    EXPECT_EQ(spec->onset_label, "onset 20:58");
    ASSERT_EQ(spec->changes.size(), 1U);
    EXPECT_EQ(spec->changes[0].label, "deploy checkout");
    EXPECT_FALSE(spec->usual.empty());
    EXPECT_NE(spec->alt_text.find("CET"), std::string::npos);
}

TEST(Chart, is_a_png_with_equal_bytes_for_equal_specs) {
    auto const spec = chart_from(samples::pool_shrunk(), berlin());
    auto const first = render_chart(*spec);
    auto const second = render_chart(*spec);
    ASSERT_TRUE(first.has_value());
    EXPECT_TRUE(first->starts_with("\x89PNG\r\n\x1a\n"));
    EXPECT_EQ(*first, *second);
    EXPECT_LT(first->size(), 200'000U);
    keep_for_people("pool.png", *first);
}

TEST(Chart, is_an_svg_from_the_same_routine) {
    auto const svg = render_chart(*chart_from(samples::pool_shrunk(), berlin()), ChartFormat::svg);
    ASSERT_TRUE(svg.has_value());
    EXPECT_NE(svg->find("<svg"), std::string::npos);
}

TEST(Chart, is_absent_when_the_metric_was_not_read) {
    auto investigation = samples::pool_shrunk();
    investigation.evidence.facts.clear();
    EXPECT_FALSE(chart_from(investigation, berlin()).has_value());
}

TEST(Chart, survives_hostile_names_and_extreme_values) {
    auto investigation = samples::pool_shrunk();
    for (auto& fact : investigation.evidence.facts) {
        if (auto* metric = std::get_if<MetricFact>(&fact.detail)) {
            metric->resource.name = std::string(10'000, 'x') + "<b>\xff\x1b[31m";
            metric->series.values = { 1e308, -1e308 };
            metric->series.values.resize(metric->series.at.size(), std::nan(""));
            metric->series.at.back() = samples::at("20:08");
            metric->series.values.back() = 0;
        }
        if (auto* change = std::get_if<ChangeFact>(&fact.detail))
            change->touched[0].name = std::string(10'000, 'y');
    }
    auto const spec = chart_from(investigation, berlin());
    if (spec) {
        EXPECT_TRUE(render_chart(*spec).has_value());
    }
    ChartSpec two;
    two.window = { samples::at("19:00"), samples::at("20:00") };
    two.points = { { samples::at("19:10"), 1e308 }, { samples::at("19:20"), -1e308 } };
    two.title = std::string(10'000, 'z') + "\xff<span>";
    EXPECT_TRUE(render_chart(two).has_value());
    EXPECT_FALSE(render_chart(ChartSpec {}).has_value());
}

TEST(Chart, of_a_flat_or_high_metric_keeps_readable_ticks) {
    ChartSpec spec;
    spec.unit = "Percent";
    spec.window = { samples::at("17:00"), samples::at("20:10") };
    for (int minute = 0; minute < 190; minute += 5)
        spec.points.push_back({ samples::at("17:00") + Minutes { minute }, 40 + minute * 0.3 });
    spec.threshold = 90;
    spec.threshold_label = "threshold 90 %";
    spec.title = "CPUUtilization of RDS instance orders-db";
    spec.subtitle = "orders-db-cpu · Average per 5 min";
    spec.onset = samples::at("18:41");
    spec.onset_label = "onset 18:41";
    spec.changes = { { samples::at("18:30"), "deploy reports" }, { samples::at("18:38"), "config orders-db" },
        { samples::at("19:40"), "scaling api" }, { samples::at("20:05"), "deploy checkout-frontend" } };
    spec.period = Seconds { 300 };
    auto const axis = value_axis_of(spec);
    EXPECT_GE(axis.ticks.size(), 3U);
    EXPECT_LE(axis.ticks.size(), 8U);
    EXPECT_EQ(axis.low, 0);
    auto const png = render_chart(spec);
    ASSERT_TRUE(png.has_value());
    keep_for_people("cpu.png", *png);

    for (auto& point : spec.points)
        point.value = 96.2;
    spec.threshold.reset();
    EXPECT_GE(value_axis_of(spec).ticks.size(), 2U);
}

TEST(ChartAxes, have_time_ticks_that_are_round_for_the_reader) {
    ChartSpec spec;
    spec.window = { samples::at("18:10"), samples::at("19:40") };
    spec.utc_offset = Minutes { 330 }; // India: half an hour off
    auto const ticks = time_ticks_of(spec);
    ASSERT_FALSE(ticks.empty());
    EXPECT_EQ(ticks.front().label, "23:45");
    EXPECT_EQ(ticks[1].label, "Nov 24"); // midnight shows the day
}

} // namespace
} // namespace convops
