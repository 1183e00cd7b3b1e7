#include "evidence/fake_aws.h"
#include "evidence/read.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convops {

namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Time at(std::string_view text) {
    return *parse_time(text);
}

MetricId const errors { "AWS/ApplicationELB", "HTTPCode_Target_5XX_Count",
    { { "TargetGroup", "targetgroup/shop/01" } } };

Question question() {
    Question asked;
    asked.alarm.name = "shop-5xx";
    asked.alarm.metrics = { { "", "", errors, "Sum", Seconds { 60 }, "", "", true } };
    asked.alarm.threshold = 50;
    asked.alarm.comparison = "GreaterThanThreshold";
    asked.alarm_at = at("2026-11-20T20:14:30Z");
    asked.now = at("2026-11-20T20:16:20Z");
    asked.region = "eu-west-1";
    return asked;
}

// One value a minute over the asked window: `after` from 20:13 on that day, `before` otherwise.
FakeAws::Respond minutes(double before, double after) {
    return [=](AwsCall const& call) -> Result<Json> {
        Json const params(call.params);
        JsonArray results;
        for (auto const& query : list_at(params, "MetricDataQueries")) {
            JsonArray times;
            JsonArray values;
            for (auto time = *time_at(params, "StartTime"); time < *time_at(params, "EndTime");
                time += Minutes { 1 }) {
                times.insert(times.begin(), Json(format_time(time)));
                values.insert(values.begin(), Json(time >= at("2026-11-20T20:13:00Z") ? after : before));
            }
            results.push_back(JsonObject { { "Id", text_at(query, "Id") }, { "Timestamps", times },
                { "Values", values }, { "StatusCode", "Complete" } });
        }
        return Json(JsonObject { { "MetricDataResults", results } });
    };
}

} // namespace

TEST(AlarmMetric, it_tells_the_worst_value_its_time_and_what_was_usual) {
    FakeAws aws;
    aws.on("monitoring:GetMetricData", minutes(2, 182));
    auto const answer = ask("alarm_metric", question(), aws);
    EXPECT_THAT(answer.gaps, IsEmpty());
    ASSERT_THAT(answer.facts, SizeIs(1));
    auto const& fact = answer.facts[0];
    EXPECT_EQ(fact.statement,
        "HTTPCode_Target_5XX_Count of target group shop was 182 (Sum over 60 s) at 20:13; the alarm fires above 50; "
        "usual before 20:12:30: 2; last 182 at 20:15. The same time yesterday: 2, last week: 2.");
    auto const& metric = std::get<MetricFact>(fact.detail);
    EXPECT_EQ(metric.closeness, Closeness::alarm);
    EXPECT_EQ(metric.series.at.front(), at("2026-11-20T14:14:00Z"));
    EXPECT_EQ(metric.series.at.back(), at("2026-11-20T20:15:00Z")); // not the running minute
    ASSERT_THAT(metric.history, SizeIs(2));
    EXPECT_EQ(metric.history[0].at.front(), metric.series.at.front());
    EXPECT_THAT(
        fact.link, HasSubstr("https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#metricsV2"));
    EXPECT_THAT(fact.cli, HasSubstr("aws cloudwatch get-metric-data --metric-data-queries '{\"Id\":\"m1\""));
    EXPECT_THAT(aws.calls("monitoring:GetMetricData"), SizeIs(3));
}

TEST(AlarmMetric, a_high_resolution_alarm_is_read_at_its_own_period_and_its_past_by_the_minute) {
    auto asked = question();
    asked.alarm.metrics[0].period = Seconds { 10 };
    FakeAws aws;
    aws.on("monitoring:GetMetricData", minutes(60, 60));
    auto const answer = ask("alarm_metric", asked, aws);
    auto const calls = aws.calls("monitoring:GetMetricData");
    ASSERT_THAT(calls, SizeIs(3));
    EXPECT_THAT(to_text(Json(calls[0].params)), HasSubstr("\"Period\":10"));
    EXPECT_THAT(to_text(Json(calls[1].params)), HasSubstr("\"Period\":60"));
    // One datapoint a minute came back, so the series is one of minutes, whatever was asked.
    ASSERT_THAT(answer.facts, SizeIs(1));
    EXPECT_EQ(std::get<MetricFact>(answer.facts[0].detail).series.period, Seconds { 60 });
}

TEST(AlarmMetric, expressions_are_passed_through_and_their_parts_are_no_alarm) {
    auto asked = question();
    asked.alarm.metrics[0].id = "e";
    asked.alarm.metrics[0].returns_data = false;
    asked.alarm.metrics.push_back({ "rate", "e * 2", std::nullopt, "", Seconds { 0 }, "Error rate", "", true });
    FakeAws aws;
    aws.on("monitoring:GetMetricData", minutes(1, 9));
    auto const answer = ask("alarm_metric", asked, aws);
    EXPECT_THAT(
        to_text(Json(aws.calls("monitoring:GetMetricData").at(0).params)), HasSubstr("\"Expression\":\"e * 2\""));
    ASSERT_THAT(answer.facts, SizeIs(2));
    EXPECT_EQ(std::get<MetricFact>(answer.facts[0].detail).closeness, Closeness::resource);
    EXPECT_EQ(std::get<MetricFact>(answer.facts[1].detail).closeness, Closeness::alarm);
    EXPECT_EQ(std::get<MetricFact>(answer.facts[1].detail).resource.key(), "elb:target_group/targetgroup/shop/01");
    EXPECT_THAT(answer.facts[1].statement, HasSubstr("Error rate of target group shop was 9"));
}

TEST(AlarmMetric, an_anomaly_band_is_told_beside_the_value) {
    auto asked = question();
    asked.alarm.threshold.reset();
    asked.alarm.metrics[0].id = "m1";
    asked.alarm.metrics.push_back(
        { "ad1", "ANOMALY_DETECTION_BAND(m1, 2)", std::nullopt, "", Seconds { 0 }, "", "", true });
    FakeAws aws;
    aws.on("monitoring:GetMetricData", R"({"MetricDataResults": [
        {"Id": "m1", "Label": "x", "Timestamps": ["2026-11-20T20:13:00Z", "2026-11-20T20:12:00Z"], "Values": [9, "1"]},
        {"Id": "ad1", "Label": "x High", "Timestamps": ["2026-11-20T20:13:00Z"], "Values": [3]},
        {"Id": "ad1", "Label": "x Low", "Timestamps": ["2026-11-20T20:13:00Z"], "Values": [0.5]}]})");
    auto const answer = ask("alarm_metric", asked, aws);
    ASSERT_THAT(answer.facts, SizeIs(1));
    EXPECT_THAT(answer.facts[0].statement, HasSubstr("was 9 (Sum over 60 s) at 20:13; expected 0.5 to 3"));
}

TEST(AlarmMetric, a_composite_alarm_is_read_through_its_children) {
    auto asked = question();
    asked.alarm.metrics.clear();
    asked.alarm.children = { "db-cpu", "shop-5xx" };
    FakeAws aws;
    aws.on("monitoring:GetMetricData", minutes(1, 9));
    aws.on("monitoring:DescribeAlarms", R"({"MetricAlarms": [{"AlarmName": "db-cpu", "Namespace": "AWS/RDS",
        "MetricName": "CPUUtilization", "Dimensions": [{"Name": "DBInstanceIdentifier", "Value": "orders-db"}],
        "Statistic": "Average", "Period": 60, "Threshold": 5, "ComparisonOperator": "GreaterThanThreshold",
        "EvaluationPeriods": 2}]})");
    auto const answer = ask("alarm_metric", asked, aws);
    ASSERT_THAT(answer.facts, SizeIs(1));
    EXPECT_THAT(answer.facts[0].statement, HasSubstr("CPUUtilization of RDS instance orders-db was 9 %"));
}

TEST(AlarmMetric, denied_throttled_and_late_calls_are_gaps_with_their_action) {
    for (auto const kind : { ErrorKind::access_denied, ErrorKind::throttled, ErrorKind::timeout }) {
        FakeAws aws;
        aws.fail("monitoring:GetMetricData", kind);
        auto const answer = ask("alarm_metric", question(), aws);
        EXPECT_THAT(answer.facts, IsEmpty());
        ASSERT_THAT(answer.gaps, SizeIs(1));
        EXPECT_EQ(answer.gaps[0].kind, kind);
        EXPECT_EQ(answer.gaps[0].iam_action, "cloudwatch:GetMetricData");
        EXPECT_EQ(answer.gaps[0].would_have_told, "how the alarm's metric moved");
    }
}

TEST(AlarmMetric, silence_is_told_as_silence_and_an_unknown_metric_is_a_gap) {
    FakeAws aws;
    auto const silent = ask("alarm_metric", question(), aws);
    ASSERT_THAT(silent.facts, SizeIs(1));
    EXPECT_THAT(silent.facts[0].statement, HasSubstr("has no datapoint"));
    EXPECT_TRUE(std::holds_alternative<std::monostate>(silent.facts[0].detail));
    auto nameless = question();
    nameless.alarm.metrics.clear();
    auto const unknown = ask("alarm_metric", nameless, aws);
    EXPECT_THAT(unknown.facts, IsEmpty());
    EXPECT_THAT(unknown.gaps, SizeIs(1));
}

TEST(AlarmMetric, hostile_answers_and_names_break_nothing) {
    auto asked = question();
    asked.alarm.metrics[0].metric->name = "x\n'; rm -rf /\x1b[2J" + std::string(4'000, 'y');
    asked.alarm.evaluation_periods = 2'000'000'000;
    for (auto const* json : { R"({"MetricDataResults": "x"})",
             R"({"MetricDataResults": [{"Id": "m1", "Timestamps": ["no", 3], "Values": [{}, "1e999"]}, 5, null]})",
             R"({"MetricDataResults": [{"Id": "m1", "Timestamps": ["2026-11-20T20:13:00Z"], "Values": [7]}]})" }) {
        FakeAws aws;
        aws.on("monitoring:GetMetricData", json);
        for (auto const& fact : ask("alarm_metric", asked, aws).facts) {
            EXPECT_EQ(fact.statement.find('\n'), std::string::npos);
            EXPECT_EQ(fact.statement.find('\x1b'), std::string::npos);
            EXPECT_LT(fact.statement.size(), 1'000U);
        }
    }
}

TEST(MetricRead, calls_keep_to_the_limits_of_get_metric_data) {
    std::vector<MetricRead> const reads(1'200, { "m", errors, "", "Sum", Seconds { 60 } });
    auto const from = at("2026-11-20T00:00:00Z");
    EXPECT_THAT(metric_data_calls(reads, { from, from + Hours { 1 } }), SizeIs(3)); // 500 queries each
    EXPECT_THAT(
        metric_data_calls(reads, { from, from + Hours { 24 } }), SizeIs(18)); // 69 times 1,441 datapoints each
}

} // namespace convops
