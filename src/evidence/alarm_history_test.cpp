#include "evidence/fake_aws.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convops {

namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Question question() {
    Question asked;
    asked.alarm.name = "shop-5xx";
    asked.alarm_at = *parse_time("2026-11-20T20:14:30Z");
    asked.now = *parse_time("2026-11-20T20:16:00Z");
    asked.region = "eu-west-1";
    return asked;
}

Json item(std::string_view time, std::string_view from, std::string_view to) {
    return { { "Timestamp", time },
        { "HistorySummary", "Alarm updated from " + std::string(from) + " to " + std::string(to) } };
}

// Answers StateUpdate and ConfigurationUpdate apart.
FakeAws::Respond history(JsonArray updates, JsonArray changes = {}) {
    return [=](AwsCall const& call) -> Result<Json> {
        auto const type = text_at(Json(call.params), "HistoryItemType");
        return Json(JsonObject { { "AlarmHistoryItems", type == "StateUpdate" ? updates : changes } });
    };
}

} // namespace

TEST(AlarmHistory, it_counts_the_firings_before_this_one_and_says_when_they_come) {
    JsonArray items { item("2026-11-20T20:14:31Z", "OK", "ALARM") };
    for (auto const* day : { "19", "18", "17" }) {
        items.push_back(item("2026-11-" + std::string(day) + "T20:24:00Z", "ALARM", "OK"));
        items.push_back(item("2026-11-" + std::string(day) + "T20:20:00Z", "OK", "ALARM"));
    }
    FakeAws aws;
    aws.on("monitoring:DescribeAlarmHistory", history(items));
    auto const answer = ask("alarm_history", question(), aws);
    EXPECT_THAT(answer.gaps, IsEmpty());
    ASSERT_THAT(answer.facts, SizeIs(8));
    EXPECT_EQ(answer.facts[0].statement,
        "Alarm shop-5xx fired 3 times in the 14 days before; last on 2026-11-19 at 20:20; typical length 4 min; "
        "often "
        "between 20:00 and 21:00 (3 of 3).");
    auto const& last = std::get<AlarmTransitionFact>(answer.facts[7].detail);
    EXPECT_EQ(last.to, AlarmState::alarm);
    EXPECT_EQ(answer.facts[7].at, *parse_time("2026-11-20T20:14:31Z"));
    EXPECT_THAT(answer.facts[0].link, HasSubstr("#alarmsV2:alarm/shop-5xx"));
}

TEST(AlarmHistory, other_alarms_that_fire_now_and_changes_of_the_alarm_are_facts) {
    FakeAws aws;
    aws.on("monitoring:DescribeAlarmHistory",
        history({},
            { { { "Timestamp", "2026-11-20T19:00:00Z" }, { "HistorySummary", "Alarm updated" },
                { "HistoryData",
                    R"({"type":"Update","originalUpdatedFields":{"threshold":100.0},"updatedAlarm":{"threshold":5.0}})" } } }));
    aws.on("monitoring:DescribeAlarms", R"({"MetricAlarms": [
        {"AlarmName": "shop-5xx", "StateValue": "ALARM", "StateUpdatedTimestamp": "2026-11-20T20:14:30Z"},
        {"AlarmName": "db-cpu", "StateValue": "ALARM", "StateUpdatedTimestamp": "2026-11-20T20:11:03Z",
         "Namespace": "AWS/RDS", "MetricName": "CPUUtilization",
         "Dimensions": [{"Name": "DBInstanceIdentifier", "Value": "orders-db"}]}]})");
    auto const answer = ask("alarm_history", question(), aws);
    ASSERT_THAT(answer.facts, SizeIs(3));
    EXPECT_EQ(answer.facts[0].statement, "Alarm shop-5xx has not fired in the 14 days before.");
    EXPECT_THAT(answer.facts[1].statement, HasSubstr("The alarm itself was changed at 19:00: threshold 100 -> 5"));
    EXPECT_EQ(std::get<ChangeFact>(answer.facts[1].detail).kind, ChangeKind::other);
    EXPECT_EQ(answer.facts[2].statement,
        "Alarm db-cpu on CPUUtilization of RDS instance orders-db fires too, since 20:11:03.");
    EXPECT_EQ(answer.facts[2].resource, "orders-db");
}

TEST(AlarmHistory, each_failed_call_is_its_own_gap_and_the_other_is_still_read) {
    for (auto const kind : { ErrorKind::access_denied, ErrorKind::throttled, ErrorKind::timeout }) {
        FakeAws aws;
        aws.fail("monitoring:DescribeAlarmHistory", kind);
        aws.on("monitoring:DescribeAlarms",
            R"({"MetricAlarms": [{"AlarmName": "db", "StateValue": "ALARM", "StateUpdatedTimestamp": 1795204800}]})");
        auto const answer = ask("alarm_history", question(), aws);
        EXPECT_THAT(answer.facts, SizeIs(1));
        ASSERT_THAT(answer.gaps, SizeIs(1));
        EXPECT_EQ(answer.gaps[0].iam_action, "cloudwatch:DescribeAlarmHistory");
        EXPECT_EQ(answer.gaps[0].kind, kind);
    }
}

TEST(AlarmHistory, hostile_history_breaks_nothing) {
    FakeAws aws;
    JsonArray items { 5, nullptr, item("no time", "OK", "ALARM"), item("2026-11-19T20:20:00Z", "from", "from to"),
        { { "Timestamp", "2026-11-19T20:20:00Z" }, { "HistoryData", std::string(100'000, '[') } } };
    aws.on("monitoring:DescribeAlarmHistory", history(items, items));
    aws.on("monitoring:DescribeAlarms", R"({"MetricAlarms": {"a": 1}, "CompositeAlarms": [[]]})");
    auto const answer = ask("alarm_history", question(), aws);
    ASSERT_FALSE(answer.facts.empty());
    EXPECT_THAT(answer.facts[0].statement, HasSubstr("has not fired"));
}

} // namespace convops
