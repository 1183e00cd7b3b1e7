// Alarm formats, on hand-written messages. The AWS samples are in samples_test.cpp.
#include "alarm/formats.h"
#include "alarm/reading.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

std::string const metric_message = R"json({
  "AlarmName": "orders-db connections", "AlarmDescription": "too many", "AWSAccountId": "111122223333",
  "NewStateValue": "ALARM", "OldStateValue": "OK",
  "NewStateReason": "Threshold Crossed: 2 out of the last 3 datapoints [91.0 (23/11/26 20:14:00), 88.5 (23/11/26 20:13:00)] were greater than the threshold (80.0) (minimum 2 datapoints for OK -> ALARM transition).",
  "StateChangeTime": "2026-11-23T20:15:01.123+0000", "Region": "EU (Ireland)",
  "AlarmArn": "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:orders-db connections",
  "Trigger": { "MetricName": "DatabaseConnections", "Namespace": "AWS/RDS", "StatisticType": "Statistic",
    "Statistic": "MAXIMUM", "Unit": null, "Dimensions": [ { "value": "orders-db", "name": "DBInstanceIdentifier" } ],
    "Period": 60, "EvaluationPeriods": 3, "DatapointsToAlarm": 2, "ComparisonOperator": "GreaterThanThreshold",
    "Threshold": 80.0, "TreatMissingData": "- TreatMissingData:                    notBreaching",
    "EvaluateLowSampleCountPercentile": "" } })json";

// The message with one value replaced: `what` must occur in it.
std::string with(std::string text, std::string_view what, std::string_view instead) {
    auto const at = text.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    return at == std::string::npos ? text : text.replace(at, what.size(), instead);
}

TEST(SnsAlarm, every_field_of_a_metric_alarm_is_read) {
    auto const alarm = parse_alarm(metric_message);
    ASSERT_TRUE(alarm) << alarm.error().message;
    EXPECT_EQ(alarm->name, "orders-db connections");
    EXPECT_EQ(alarm->account, "111122223333");
    EXPECT_EQ(alarm->region, "eu-west-1");
    EXPECT_EQ(alarm->kind, AlarmKind::metric);
    EXPECT_EQ(alarm->state, AlarmState::alarm);
    EXPECT_EQ(alarm->previous_state, AlarmState::ok);
    EXPECT_EQ(format_time(alarm->changed_at), "2026-11-23T20:15:01.123Z");
    ASSERT_EQ(alarm->metrics.size(), 1U);
    EXPECT_EQ(to_text(*alarm->metrics[0].metric), "AWS/RDS DatabaseConnections {DBInstanceIdentifier=orders-db}");
    EXPECT_EQ(alarm->metrics[0].statistic, "Maximum");
    EXPECT_EQ(alarm->period(), Seconds { 60 });
    EXPECT_EQ(alarm->threshold, 80.0);
    EXPECT_EQ(alarm->comparison, "GreaterThanThreshold");
    EXPECT_EQ(alarm->evaluation_periods, 3);
    EXPECT_EQ(alarm->datapoints_to_alarm, 2);
    EXPECT_EQ(alarm->treat_missing_data, "notBreaching");
    EXPECT_EQ(alarm->recent_datapoints, (std::vector<double> { 88.5, 91.0 })); // oldest first
    ASSERT_EQ(alarm->resources().size(), 1U);
    EXPECT_EQ(alarm->resources()[0].key(), "rds:instance/orders-db");
}

TEST(SnsAlarm, a_percentile_is_read_from_the_extended_statistic) {
    auto const alarm
        = parse_alarm(with(with(metric_message, R"("Statistic": "MAXIMUM")", R"("ExtendedStatistic": "p99")"),
            R"("StatisticType": "Statistic")", R"("StatisticType": "ExtendedStatistic")"));
    ASSERT_TRUE(alarm);
    EXPECT_EQ(alarm->metrics[0].statistic, "p99");
}

TEST(SnsAlarm, datapoints_to_alarm_default_to_the_evaluation_periods) {
    auto const alarm = parse_alarm(with(metric_message, R"("DatapointsToAlarm": 2,)", ""));
    ASSERT_TRUE(alarm);
    EXPECT_EQ(alarm->datapoints_to_alarm, 3);
}

TEST(SnsAlarm, a_band_has_no_fixed_threshold) {
    auto const alarm = parse_alarm(R"json({ "AlarmName": "a", "NewStateValue": "ALARM", "OldStateValue": "OK",
      "NewStateReason": "Thresholds Crossed: 1 out of the last 1 datapoints [0.0 (03/10/19 15:58:00)] was less than the lower thresholds [0.02] or greater than the upper thresholds [0.3] (minimum 1 datapoint for OK -> ALARM transition).",
      "StateChangeTime": "2026-11-23T20:15:01.123+0000", "Region": "US East (N. Virginia)",
      "Trigger": { "Period": 60, "EvaluationPeriods": 1, "ThresholdMetricId": "ad1", "Threshold": 0.0,
        "ComparisonOperator": "LessThanLowerOrGreaterThanUpperThreshold", "Metrics": [
          { "Id": "m1", "ReturnData": true, "MetricStat": { "Period": 60, "Stat": "Average", "Metric": {
            "MetricName": "CPUUtilization", "Namespace": "AWS/EC2",
            "Dimensions": [ { "name": "InstanceId", "value": "i-1" } ] } } },
          { "Id": "ad1", "Expression": "ANOMALY_DETECTION_BAND(m1, 2)", "ReturnData": true } ] } })json");
    ASSERT_TRUE(alarm) << alarm.error().message;
    EXPECT_EQ(alarm->kind, AlarmKind::anomaly_band);
    EXPECT_FALSE(alarm->threshold);
    EXPECT_EQ(alarm->region, "us-east-1");
    EXPECT_EQ(alarm->main_metric()->metric->name, "CPUUtilization");
}

TEST(SnsAlarm, a_metric_filter_of_the_usual_namespaces_makes_a_log_alarm) {
    for (auto const* space : { "LogMetrics", "AWS/Logs", "Shop/LogMetrics", "CloudTrailMetrics" }) {
        auto const alarm = parse_alarm(with(metric_message, "AWS/RDS", space));
        ASSERT_TRUE(alarm);
        EXPECT_EQ(alarm->kind, AlarmKind::log) << space;
    }
}

TEST(SnsAlarm, each_wrong_field_is_named) {
    struct Row {
        std::string_view what, instead, says;
    };
    Row const rows[] = {
        { R"("AlarmName": "orders-db connections")", R"("AlarmName": 7)", "AlarmName is not a text" },
        { R"("AlarmName": "orders-db connections")", R"("AlarmName": " ")", "AlarmName is empty" },
        { R"("NewStateValue": "ALARM",)", "", "NewStateValue is missing" },
        { R"("NewStateValue": "ALARM")", R"("NewStateValue": "FIRE")", "NewStateValue is \"FIRE\"" },
        { R"("OldStateValue": "OK")", R"("OldStateValue": [])", "OldStateValue is not a text" },
        { "2026-11-23T20:15:01.123+0000", "yesterday", "StateChangeTime is not a time" },
        { R"("Threshold": 80.0)", R"("Threshold": "many")", "Trigger: Threshold is not a number" },
        { R"("Period": 60)", R"("Period": 0)", "Trigger: Period is not a whole number" },
        { R"("Period": 60)", R"("Period": 1e300)", "Trigger: Period is not a whole number" },
        { R"("EvaluationPeriods": 3)", R"("EvaluationPeriods": 1.5)", "Trigger: EvaluationPeriods" },
        { R"([ { "value": "orders-db", "name": "DBInstanceIdentifier" } ])", "7", "Trigger: Dimensions" },
        { R"("name": "DBInstanceIdentifier")", R"("name": {})", "Dimensions: name is not a text" },
        { R"("Namespace": "AWS/RDS")", R"("Namespace": null)", "Trigger: Namespace is missing" },
        { R"("Period": 60,)", R"("Metrics": [{"Id": "e"}], "Period": 60,)", "Trigger: Metrics[0]: has neither" },
        { R"("Period": 60,)", R"("Metrics": {}, "Period": 60,)", "Trigger: Metrics is not a list" },
    };
    for (auto const& row : rows) {
        auto const alarm = parse_alarm(with(metric_message, row.what, row.instead));
        ASSERT_FALSE(alarm) << row.instead;
        EXPECT_EQ(alarm.error().kind, ErrorKind::invalid_input) << row.instead;
        EXPECT_NE(alarm.error().message.find(row.says), std::string::npos) << alarm.error().message;
    }
}

TEST(SnsAlarm, control_characters_in_hostile_text_are_dropped) {
    auto const alarm = parse_alarm(with(metric_message, "too many", "too\\u001b[31m \\u202emany"));
    ASSERT_TRUE(alarm);
    EXPECT_EQ(alarm->description, "too[31m many");
}

std::string contributor(std::string_view state) {
    return with(
        with(metric_message, R"("NewStateValue": "ALARM")", "\"NewStateValue\": \"" + std::string(state) + "\""),
        R"("AWSAccountId")", R"("AlarmContributorId": "c-1", "AWSAccountId")");
}

TEST(SnsAlarm, one_contributor_can_raise_an_alarm_but_never_resolve_it) {
    EXPECT_TRUE(parse_alarm(contributor("ALARM")));
    auto const ok = parse_alarm(contributor("OK"));
    ASSERT_FALSE(ok);
    EXPECT_EQ(ok.error().kind, ErrorKind::not_found);
}

TEST(CompositeAlarm, its_children_come_from_the_rule_and_the_triggering_list) {
    auto const alarm
        = parse_alarm(R"json({ "AlarmName": "shop", "AWSAccountId": "111122223333", "NewStateValue": "ALARM",
      "NewStateReason": "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:cpu transitioned to ALARM",
      "OldStateValue": "OK", "StateChangeTime": "2026-11-23T20:15:01.123+0000", "Region": "EU - Ireland",
      "AlarmRule": "(ALARM(cpu) OR ALARM(\"arn:aws:cloudwatch:eu-west-1:111122223333:alarm:5xx (all)\")) AND NOT OK(deploying)",
      "TriggeringChildren": [
        { "Arn": "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:cpu", "State": { "Value": "ALARM" } },
        "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:nested" ] })json");
    ASSERT_TRUE(alarm) << alarm.error().message;
    EXPECT_EQ(alarm->kind, AlarmKind::composite);
    EXPECT_EQ(alarm->children, (std::vector<std::string> { "cpu", "5xx (all)", "deploying", "nested" }));
    EXPECT_EQ(alarm->region, "eu-west-1");
    EXPECT_TRUE(alarm->comparison.empty());
    EXPECT_FALSE(alarm->threshold);
}

TEST(CompositeAlarm, hostile_rules_give_bounded_children) {
    std::string rule;
    for (int i = 0; i < 2000 && rule.size() < 9'000; ++i)
        rule += "ALARM(a" + std::to_string(i) + ") OR ";
    EXPECT_EQ(reading::children_of_rule(rule).size(), reading::most_children);
    for (auto const* broken : { "ALARM(", "ALARM(\"", "(((((", ")ALARM()", "MYALARM(a)", "ALARM(\"a", "" })
        EXPECT_TRUE(reading::children_of_rule(broken).empty()) << broken;
}

TEST(LogAlarm, its_query_and_groups_are_read_from_either_place) {
    for (auto const* block : { R"json("QueryString": "fields @message", "LogGroups": ["/ecs/shop"])json",
             R"json("ScheduledQueryConfiguration": { "QueryString": "fields @message",
               "AggregationExpression": "count(*)",
               "LogGroupIdentifiers": ["arn:aws:logs:eu-west-1:111122223333:log-group:/ecs/shop:*"] })json" }) {
        auto const alarm
            = parse_alarm(R"json({ "AlarmName": "errors", "NewStateValue": "ALARM", "NewStateReason": "matched",
          "StateChangeTime": "2026-11-23T20:15:01.123+0000", "QueryResultsToEvaluate": 3, "QueryResultsToAlarm": 2,
          "AlarmArn": "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:errors", )json"
                + std::string(block) + "}");
        ASSERT_TRUE(alarm) << alarm.error().message;
        EXPECT_EQ(alarm->kind, AlarmKind::log);
        EXPECT_EQ(alarm->log_groups, std::vector<std::string> { "/ecs/shop" });
        ASSERT_EQ(alarm->metrics.size(), 1U);
        EXPECT_EQ(alarm->metrics[0].expression, "fields @message");
        EXPECT_EQ(alarm->evaluation_periods, 3);
        EXPECT_EQ(alarm->account, "111122223333");
    }
}

TEST(LambdaAlarm, a_direct_invocation_is_read) {
    auto const alarm
        = parse_alarm(R"json({ "source": "aws.cloudwatch", "accountId": "111122223333", "region": "eu-west-1",
      "alarmArn": "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:errors", "time": "2026-11-23T20:15:02.389+0000",
      "alarmData": { "alarmName": "errors",
        "state": { "value": "ALARM", "timestamp": "2026-11-23T20:15:01.389+0000",
          "reason": "Threshold Crossed: 1 out of the last 1 datapoints [239.0 (23/11/26 20:14:00)] was greater than or equal to the threshold (225.0) (minimum 1 datapoint for OK -> ALARM transition).",
          "reasonData": "{\"version\":\"1.0\",\"recentDatapoints\":[200.0,239.0],\"threshold\":225.0}" },
        "previousState": { "value": "OK" },
        "configuration": { "description": "d", "metrics": [ { "id": "m1", "returnData": true, "metricStat": {
          "metric": { "namespace": "AWS/Lambda", "name": "Errors", "dimensions": { "FunctionName": "checkout" } },
          "period": 60, "stat": "Sum" } } ] } } })json");
    ASSERT_TRUE(alarm) << alarm.error().message;
    EXPECT_EQ(alarm->comparison, "GreaterThanOrEqualToThreshold");
    EXPECT_EQ(alarm->threshold, 225.0);
    EXPECT_EQ(alarm->recent_datapoints, (std::vector<double> { 200, 239 }));
    EXPECT_EQ(alarm->metrics[0].metric->dimensions.at("FunctionName"), "checkout");
}

TEST(AlarmFormats, the_same_transition_has_one_key_over_every_way_in) {
    auto const sns = parse_alarm(metric_message);
    auto const event = parse_alarm(R"({ "source": "aws.cloudwatch", "detail-type": "CloudWatch Alarm State Change",
      "account": "111122223333", "region": "eu-west-1", "time": "2026-11-23T20:15:01Z",
      "resources": ["arn:aws:cloudwatch:eu-west-1:111122223333:alarm:orders-db connections"],
      "detail": { "alarmName": "orders-db connections", "state": { "value": "ALARM", "timestamp": "2026-11-23T20:15:01.123+0000" } } })");
    ASSERT_TRUE(sns && event);
    EXPECT_EQ(sns->transition_key(), event->transition_key());
}

std::string as_json_text(std::string_view text) {
    return to_text(Json(boost::json::string_view(text.data(), text.size())));
}

TEST(AlarmFormats, envelopes_are_opened_and_their_nesting_is_bounded) {
    auto const notification
        = R"({"Type":"Notification","TopicArn":"t","Message":)" + as_json_text(metric_message) + "}";
    EXPECT_TRUE(parse_alarm(notification));
    EXPECT_TRUE(parse_alarm(R"({"Records":[{"eventSource":"aws:sqs","body":)" + as_json_text(notification) + "}]}"));
    auto nested = metric_message;
    for (int i = 0; i < 6; ++i)
        nested = R"({"Type":"Notification","TopicArn":"t","Message":)" + as_json_text(nested) + "}";
    auto const refused = parse_alarm(nested);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("nested"), std::string::npos);
    EXPECT_TRUE(parse_alarm(notification)); // and the bound does not stick
}

TEST(AlarmFormats, two_alarms_in_one_document_are_refused_rather_than_halved) {
    auto const record = R"({"Sns":{"Message":)" + as_json_text(metric_message) + "}}";
    auto const both = parse_alarm("{\"Records\":[" + record + "," + record + "]}");
    ASSERT_FALSE(both);
    EXPECT_EQ(both.error().kind, ErrorKind::invalid_input);
}

TEST(AlarmFormats, what_is_no_alarm_is_not_found_and_what_is_broken_is_invalid) {
    struct Row {
        std::string bytes;
        ErrorKind kind;
    };
    Row const rows[] = {
        { "Hello from SNS!", ErrorKind::not_found },
        { "{}", ErrorKind::not_found },
        { "[1, 2]", ErrorKind::not_found },
        { R"({"AlarmName":"only a name"})", ErrorKind::not_found },
        { "", ErrorKind::invalid_input },
        { " \n", ErrorKind::invalid_input },
        { "{\"AlarmName\":", ErrorKind::invalid_input },
        { "{} trailing", ErrorKind::invalid_input },
        { std::string(64, '['), ErrorKind::invalid_input },
        { std::string(256 * 1024 + 1, 'x'), ErrorKind::invalid_input },
    };
    for (auto const& row : rows) {
        auto const alarm = parse_alarm(row.bytes);
        ASSERT_FALSE(alarm);
        EXPECT_EQ(alarm.error().kind, row.kind) << row.bytes.substr(0, 40) << ": " << alarm.error().message;
    }
}

TEST(Reading, region_names_of_every_spelling_become_codes) {
    struct Row {
        std::string_view name, code;
    };
    for (auto const& [name, code] :
        { Row { "EU (Ireland)", "eu-west-1" }, { "EU - Ireland", "eu-west-1" }, { "Europe (Ireland)", "eu-west-1" },
            { "US East (N. Virginia)", "us-east-1" }, { "eu-west-1", "eu-west-1" },
            { "us-gov-west-1", "us-gov-west-1" }, { "South America (São Paulo)", "sa-east-1" },
            { "Asia Pacific (Tokyo)", "ap-northeast-1" }, { "EXAMPLE", "" }, { "", "" }, { "eu-west-1.evil.com", "" },
            { "eu-west-", "" }, { "eu--1", "" }, { "REGION", "" } })
        EXPECT_EQ(reading::region_code(name), code) << name;
}

TEST(Reading, prose_that_is_not_cloudwatchs_gives_no_figures) {
    for (auto const* reason : { "", "Threshold Crossed:", "Threshold Crossed: [", "my text: 5 out of the last 2",
             "Threshold Crossed: 1 out of the last x datapoints [[[[ ((( 1e999",
             "Unchecked: Initial alarm creation" }) {
        auto const figures = reading::figures_from_reason(reason);
        EXPECT_TRUE(figures.datapoints.empty()) << reason;
        EXPECT_FALSE(figures.threshold) << reason;
    }
}

} // namespace
} // namespace convops
