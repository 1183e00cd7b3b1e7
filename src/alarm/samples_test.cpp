// Every public AWS sample is either an alarm of a known kind or recognised as no alarm. Never invalid.
#include "alarm/formats.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iostream>
#include <sstream>

namespace convops {
namespace {

std::filesystem::path shared_data() {
    auto const* named = std::getenv("CONVOPS_SHARED_DATA");
    return named != nullptr ? named : "../shared/data";
}

std::string read_file(std::filesystem::path const& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return std::move(text).str();
}

// Those that are alarms; every other file must be not_found.
std::map<std::string, AlarmKind> const alarms {
    { "eventbridge__amazon-cloudwatch__cloudwatch-and-eventbridge__1.json", AlarmKind::metric },
    { "eventbridge__amazon-cloudwatch__cloudwatch-and-eventbridge__2.json", AlarmKind::metric_math },
    { "eventbridge__amazon-cloudwatch__cloudwatch-and-eventbridge__3.json", AlarmKind::anomaly_band },
    { "eventbridge__amazon-cloudwatch__cloudwatch-and-eventbridge__4.json", AlarmKind::composite },
    { "eventbridge__amazon-cloudwatch__cloudwatch-metrics-insights-alarms-partial-data__1.json",
        AlarmKind::metrics_insights },
    { "cloudwatch-alarm-sns-payload-multiple-metrics.json", AlarmKind::metric_math },
    { "cloudwatch-alarm-sns-payload-single-metric.json", AlarmKind::metric },
    { "cloudwatch_alarm.json", AlarmKind::metric },
};

TEST(AwsSamples, each_is_an_alarm_of_the_expected_kind_or_no_alarm) {
    auto const root = shared_data() / "aws-samples";
    if (!std::filesystem::exists(root)) {
        std::cout << "AWS samples not found (CONVOPS_SHARED_DATA): nothing checked\n";
        return;
    }
    std::size_t parsed = 0;
    std::size_t files = 0;
    for (auto const* folder : { "events", "sns-envelopes" })
        for (auto const& entry : std::filesystem::directory_iterator(root / folder)) {
            if (entry.path().extension() != ".json")
                continue;
            ++files;
            auto const name = entry.path().filename().string();
            auto const alarm = parse_alarm(read_file(entry.path()));
            if (auto const expected = alarms.find(name); expected != alarms.end()) {
                ++parsed;
                ASSERT_TRUE(alarm) << name << ": " << alarm.error().message;
                EXPECT_EQ(to_string(alarm->kind), to_string(expected->second)) << name;
                EXPECT_EQ(alarm->state, AlarmState::alarm) << name;
                EXPECT_FALSE(alarm->name.empty()) << name;
                EXPECT_GT(alarm->changed_at, Time {}) << name;
            } else {
                ASSERT_FALSE(alarm) << name;
                EXPECT_EQ(alarm.error().kind, ErrorKind::not_found) << name << ": " << alarm.error().message;
            }
        }
    EXPECT_EQ(parsed, alarms.size());
    EXPECT_GE(files, 40U);
}

TEST(AwsSamples, the_details_of_the_documented_events_are_read) {
    auto const folder = shared_data() / "aws-samples/events";
    if (!std::filesystem::exists(folder)) {
        std::cout << "AWS samples not found (CONVOPS_SHARED_DATA): nothing checked\n";
        return;
    }
    auto const read = [&](std::string_view number) {
        return parse_alarm(read_file(folder
            / ("eventbridge__amazon-cloudwatch__cloudwatch-and-eventbridge__" + std::string(number) + ".json")));
    };
    auto const metric = read("1");
    ASSERT_TRUE(metric);
    EXPECT_EQ(metric->threshold, 50.0);
    EXPECT_EQ(metric->comparison, "GreaterThanThreshold");
    EXPECT_EQ(metric->recent_datapoints, std::vector<double> { 99.50160229693434 });
    EXPECT_EQ(metric->account, "123456789012");
    EXPECT_EQ(metric->region, "us-east-1");
    EXPECT_EQ(metric->resources().at(0).key(), "ec2:instance/i-12345678901234567");
    auto const math = read("2");
    ASSERT_TRUE(math);
    EXPECT_EQ(math->metrics.size(), 3U);
    EXPECT_EQ(math->main_metric()->metric->name, "NetworkIn");
    auto const band = read("3");
    ASSERT_TRUE(band);
    EXPECT_FALSE(band->threshold);
    EXPECT_EQ(band->comparison, "LessThanLowerOrGreaterThanUpperThreshold");
    auto const composite = read("4");
    ASSERT_TRUE(composite);
    EXPECT_TRUE(composite->suppressed);
    EXPECT_EQ(composite->children, (std::vector<std::string> { "ServerCpuTooHigh", "TotalNetworkTrafficTooHigh" }));
}

} // namespace
} // namespace convops
