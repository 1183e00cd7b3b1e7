#include "audit/alarm_rules.h"

#include <gmock/gmock.h>

namespace convops {
namespace {

EstateAlarm alarm() {
    EstateAlarm one;
    one.alarm.name = "orders-5xx";
    one.alarm.account = "111122223333";
    one.alarm.region = "eu-west-1";
    one.alarm.arn = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:orders-5xx";
    return one;
}

bool takes(std::string_view pattern) {
    return pattern_takes(*parse_json(pattern), alarm());
}

TEST(AlarmRules, ARuleForAllStateChangesTakesEveryAlarm) {
    EXPECT_TRUE(takes(R"({"source": ["aws.cloudwatch"], "detail-type": ["CloudWatch Alarm State Change"]})"));
    EXPECT_TRUE(takes(R"({"source": ["aws.cloudwatch"], "detail": {"state": {"value": ["ALARM"]}}})"));
    EXPECT_TRUE(takes(R"({"source": [{"prefix": "aws."}], "detail": {"alarmName": [{"prefix": "orders-"}]}})"));
    EXPECT_TRUE(takes(R"({"source": ["aws.cloudwatch"], "detail": {"alarmName": [{"anything-but": ["noise"]}]}})"));
}

TEST(AlarmRules, ARuleForSomethingElseDoesNot) {
    EXPECT_FALSE(takes(R"({"source": ["aws.ec2"]})"));
    EXPECT_FALSE(takes(R"({"source": ["aws.cloudwatch"], "detail": {"state": {"value": ["OK"]}}})"));
    EXPECT_FALSE(takes(R"({"source": ["aws.cloudwatch"], "detail": {"alarmName": ["other"]}})"));
    EXPECT_FALSE(takes(R"({"resources": ["arn:aws:cloudwatch:eu-west-1:111122223333:alarm:other"]})"));
    EXPECT_FALSE(
        takes(R"({"source": ["aws.cloudwatch"], "detail": {"alarmName": [{"anything-but": "orders-5xx"}]}})"));
}

TEST(AlarmRules, APatternThatIsNotUnderstoodIsNotCountedOn) {
    EXPECT_FALSE(takes(R"({"source": ["aws.cloudwatch"], "$or": [{"a": ["b"]}]})"));
    EXPECT_FALSE(takes(R"({"source": ["aws.cloudwatch"], "detail": {"previousState": {"value": ["OK"]}}})"));
    EXPECT_FALSE(takes(R"({"source": ["aws.cloudwatch"], "detail": {"alarmName": [{"wildcard": "orders-*"}]}})"));
    EXPECT_FALSE(takes(R"([])"));
}

Estate estate_with(AuditAccount& account, std::string_view state, bool with_target) {
    AuditListing rules;
    rules.asked = true;
    rules.items.push_back(JsonObject {
        { "Name", "alarms" }, { "State", state }, { "EventPattern", R"({"source": ["aws.cloudwatch"]})" } });
    account.keep("event_rules", "eu-west-1", rules);
    AuditListing targets;
    targets.asked = true;
    if (with_target)
        targets.items.push_back(JsonObject { { "Id", "1" }, { "Arn", "arn:aws:lambda:x" }, { "@of", 0 } });
    account.keep("event_targets", "eu-west-1", targets);
    Estate estate;
    estate.account = &account;
    return estate;
}

TEST(AlarmRules, OnlyAnEnabledRuleWithATargetTells) {
    for (auto const& [state, target, tells] :
        { std::tuple { "ENABLED", true, true }, { "ENABLED", false, false }, { "DISABLED", true, false } }) {
        AuditAccount account;
        EXPECT_EQ(rule_tells(estate_with(account, state, target), "eu-west-1", alarm()), tells) << state << target;
    }
}

TEST(AlarmRules, WithoutTheRulesNobodyCanTell) {
    AuditAccount account;
    AuditListing denied;
    denied.asked = true;
    denied.shortfall = AuditShortfall { ErrorKind::access_denied, "no", "events:ListRules" };
    account.keep("event_rules", "eu-west-1", denied);
    Estate estate;
    estate.account = &account;
    EXPECT_EQ(rule_tells(estate, "eu-west-1", alarm()), std::nullopt);
}

} // namespace
} // namespace convops
