#include "app/watch_once.h"

#include "message/watch_report.h"
#include "ports/fake_aws.h"

#include <gmock/gmock.h>
#include <random>

namespace convops {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

Time const the_now = *parse_time("2026-11-27T12:00:00Z");
constexpr std::string_view hostile_name = "\x1b[31mred\x1b[0m\nqueue";

class StandingClock final : public Clock {
public:
    [[nodiscard]] Time now() const override { return the_now; }
    [[nodiscard]] std::chrono::nanoseconds monotonic() const override { return std::chrono::nanoseconds { 0 }; }
    void wait(Milliseconds) override { }
};

// Queues whose oldest message is noise around 100 s; one of them is off since an hour.
struct Account {
    FakeAws aws;
    std::map<std::string, Window> off;

    explicit Account(std::vector<std::string> queues) {
        JsonArray metrics;
        for (auto const& queue : queues)
            metrics.push_back(
                JsonObject { { "Namespace", "AWS/SQS" }, { "MetricName", "ApproximateAgeOfOldestMessage" },
                    { "Dimensions", JsonArray { JsonObject { { "Name", "QueueName" }, { "Value", queue } } } } });
        Json const listing = JsonObject { { "Metrics", std::move(metrics) } };
        aws.on("monitoring:ListMetrics", [listing](AwsCall const&) { return Result<Json>(listing); });
        aws.on("monitoring:GetMetricData", [this](AwsCall const& call) { return Result<Json>(data(call)); });
    }
    [[nodiscard]] double value(std::string const& queue, Time at) const {
        if (auto const found = off.find(queue); found != off.end() && found->second.contains(at))
            return 900;
        std::seed_seq seed { static_cast<int>(at.time_since_epoch() / Seconds { 60 }),
            static_cast<int>(queue.size()) };
        std::mt19937 random(seed);
        return std::normal_distribution<double>(100, 5)(random);
    }
    [[nodiscard]] Json data(AwsCall const& call) const {
        auto const from = *time_at(call.params, "StartTime");
        auto const until = *time_at(call.params, "EndTime");
        JsonArray results;
        for (auto const& query : list_at(call.params, "MetricDataQueries")) {
            auto const step = Seconds { integer_at(query, "MetricStat.Period").value_or(60) };
            auto const& dimensions = list_at(query, "MetricStat.Metric.Dimensions");
            auto const queue = dimensions.empty() ? std::string() : text_at(dimensions[0], "Value");
            JsonArray at;
            JsonArray values;
            for (auto time = floor_to(from, step); time < until; time += step) {
                at.emplace_back(format_time(time));
                values.emplace_back(value(queue, time));
            }
            results.push_back(JsonObject {
                { "Id", text_at(query, "Id") }, { "Timestamps", std::move(at) }, { "Values", std::move(values) } });
        }
        return JsonObject { { "MetricDataResults", std::move(results) } };
    }
};

Result<WatchReport> watch(Account& account) {
    StandingClock clock;
    return watch_once(account.aws, clock, {});
}

TEST(WatchOnce, what_is_off_is_told_with_all_nine_checks) {
    Account account({ "orders", "mails" });
    account.off["orders"] = { the_now - Hours { 1 }, the_now + Hours { 1 } };
    auto const report = watch(account);
    ASSERT_TRUE(report);
    ASSERT_THAT(report->findings, SizeIs(1));
    auto const& finding = report->findings[0];
    EXPECT_EQ(finding.anomaly.resource.name, "orders");
    EXPECT_EQ(finding.anomaly.since, the_now - Hours { 1 });
    EXPECT_EQ(finding.decision.fate, AnomalyFate::told) << finding.decision.reason;
    EXPECT_THAT(finding.checks, SizeIs(9));
    EXPECT_EQ(report->cost.metrics, 2U);
    EXPECT_EQ(report->spent.data_calls, 1);
}

TEST(WatchOnce, what_is_over_is_shown_as_held_back) {
    Account account({ "orders", "mails" });
    account.off["orders"] = { the_now - Hours { 2 }, the_now - Hours { 1 } };
    auto const report = watch(account);
    ASSERT_TRUE(report);
    ASSERT_THAT(report->findings, SizeIs(1));
    EXPECT_EQ(report->findings[0].decision.fate, AnomalyFate::suppressed);
    EXPECT_EQ(report->findings[0].decision.check, "self_healed");
    EXPECT_THAT(watch_report_text(*report, {}), HasSubstr("Held back"));
}

TEST(WatchOnce, quiet_metrics_are_not_odd) {
    Account account({ "orders", "mails", "bills" });
    auto const report = watch(account);
    ASSERT_TRUE(report);
    EXPECT_THAT(report->findings, IsEmpty());
    EXPECT_THAT(watch_report_text(*report, {}), HasSubstr("Nothing odd in 3 series"));
}

TEST(WatchOnce, a_list_that_is_denied_is_an_error_with_the_action) {
    Account account({});
    account.aws.fail("monitoring:ListMetrics", ErrorKind::access_denied);
    auto const report = watch(account);
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().kind, ErrorKind::access_denied);
    EXPECT_THAT(report.error().message, HasSubstr("cloudwatch:ListMetrics"));
}

TEST(WatchOnce, datapoints_that_are_denied_or_throttled_are_a_gap_and_never_nothing_odd) {
    for (auto const kind : { ErrorKind::access_denied, ErrorKind::throttled, ErrorKind::timeout }) {
        Account account({ "orders" });
        account.aws.fail("monitoring:GetMetricData", kind);
        auto const report = watch(account);
        ASSERT_TRUE(report);
        EXPECT_EQ(report->read, 0U);
        ASSERT_THAT(report->gaps, SizeIs(1));
        EXPECT_EQ(report->gaps[0].iam_action, "cloudwatch:GetMetricData");
        auto const text = watch_report_text(*report, {});
        EXPECT_THAT(text, AllOf(HasSubstr("Could not be read"), HasSubstr("cloudwatch:GetMetricData")));
        EXPECT_THAT(text, Not(HasSubstr("Nothing odd")));
    }
}

TEST(WatchOnce, a_hostile_name_reaches_the_terminal_as_text) {
    Account account({ std::string(hostile_name), "mails" });
    account.off[std::string(hostile_name)] = { the_now - Hours { 1 }, the_now + Hours { 1 } };
    auto const report = watch(account);
    ASSERT_TRUE(report);
    ASSERT_THAT(report->findings, SizeIs(1));
    auto const text = watch_report_text(*report, {});
    EXPECT_THAT(text, Not(HasSubstr("\x1b")));
    EXPECT_THAT(text, Not(HasSubstr("\nqueue")));
    EXPECT_TRUE(parse_json(to_text(Json(to_json(*report)))));
}

TEST(WatchOnce, json_has_what_the_table_has) {
    Account account({ "orders", "mails" });
    account.off["orders"] = { the_now - Hours { 1 }, the_now + Hours { 1 } };
    auto const report = watch(account);
    ASSERT_TRUE(report);
    Json const json = to_json(*report);
    auto const& finding = list_at(json, "findings")[0];
    EXPECT_EQ(text_at(finding, "series.name"), "ApproximateAgeOfOldestMessage");
    EXPECT_EQ(text_at(finding, "decision"), "told");
    EXPECT_EQ(text_at(finding, "since"), format_time(the_now - Hours { 1 }));
    EXPECT_THAT(list_at(finding, "checks"), SizeIs(9));
    EXPECT_EQ(integer_at(json, "plan.watched"), 2);
    EXPECT_EQ(integer_at(json, "cost.data_calls"), 1);
}

TEST(Sparkline, it_draws_the_middle_of_each_part_between_the_lowest_and_the_highest) {
    EXPECT_EQ(sparkline(std::vector<double> { 0, 1, 2, 3, 4, 5, 6, 7 }, 8), "▁▂▃▄▅▆▇█");
    EXPECT_EQ(sparkline(std::vector<double> { 0, 0, 0, 9, 9, 9 }, 2), "▁█");
    EXPECT_EQ(sparkline(std::vector<double> { 5, 5, 5 }, 8), "▁▁▁");
    EXPECT_EQ(sparkline(std::vector<double> { std::nan(""), 1, 2 }, 8), "▁█");
    EXPECT_EQ(sparkline(std::vector<double> { 0, 0, 0, 0, 0, 0, 0, 9 }, 2), "▁█") << "what has just begun is shown";
    EXPECT_EQ(sparkline({}, 8), "");
}

} // namespace
} // namespace convops
