// Checks 23 to 49: what is wrong with alarms that exist.
#include "audit/account_under_audit.h"

namespace convops {
namespace {

using Account = AccountUnderAudit;

constexpr std::string_view topics = R"([{"TopicArn":"arn:aws:sns:eu-west-1:111122223333:orders-events"}])";

TEST(AuditHygiene, every_need_of_a_check_is_read_by_somebody) {
    auto const readings = all_readings();
    for (auto const& check : audit_checks::all())
        for (auto const& need : check.needs)
            EXPECT_TRUE(std::any_of(
                readings.begin(), readings.end(), [&](auto const& reading) { return reading.name == need.reading; }))
                << check.name << " needs " << need.reading;
}

TEST(AuditHygiene, a_check_is_unknown_with_the_missing_permission_when_what_it_needs_is_denied) {
    for (auto const& check : audit_checks::all())
        for (auto const& need : check.needs) {
            bool told = false;
            for (auto const& judgement : Account().denied(need.reading).judged(check.name)) {
                EXPECT_EQ(judgement.result, AuditResult::unknown) << check.name << " without " << need.reading;
                told = told || !judgement.iam_action.empty();
            }
            EXPECT_TRUE(told) << check.name << " without " << need.reading;
        }
}

// One row: the fields that differ from a sound alarm, and what the check says.
struct Row {
    std::string_view check;
    std::string_view fields;
    std::string_view says;
};

class AuditAlarms : public testing::TestWithParam<Row> { };

TEST_P(AuditAlarms, are_judged_by_their_own_fields) {
    auto const& row = GetParam();
    EXPECT_EQ(Account().has_alarm("orders-db cpu", row.fields).says(row.check, "cpu"), row.says)
        << row.check << " " << row.fields;
}

INSTANTIATE_TEST_SUITE_P(Hygiene, AuditAlarms,
    testing::Values(Row { "alarm_has_action", "{}", "pass" },
        Row { "alarm_has_action", R"({"AlarmActions":[]})", "fail" }, Row { "alarm_actions_enabled", "{}", "pass" },
        Row { "alarm_actions_enabled", R"({"ActionsEnabled":"false"})", "fail" },
        Row { "alarm_actions_enabled", R"({"ActionsEnabled":"false","AlarmActions":[]})", "" },
        Row { "alarm_action_target_exists",
            R"({"AlarmActions":["arn:aws:automate:eu-west-1:ec2:recover"],"OKActions":[]})", "pass" },
        Row { "alarm_action_target_exists", "{}", "fail" }, Row { "alarm_recovers", "{}", "pass" },
        Row { "alarm_recovers", R"({"StateValue":"ALARM","StateUpdatedTimestamp":"2026-11-28T07:00:00Z"})", "pass" },
        Row { "alarm_recovers", R"({"StateValue":"ALARM"})", "fail" },
        Row { "alarm_recovers", R"({"StateValue":"ALARM","AlarmActions":
            ["arn:aws:autoscaling:eu-west-1:111122223333:scalingPolicy:1:autoScalingGroupName/a:policyName/in"]})",
            "" },
        Row { "alarm_has_data", R"({"StateValue":"INSUFFICIENT_DATA"})", "fail" },
        Row { "alarm_has_data",
            R"({"StateValue":"INSUFFICIENT_DATA","StateUpdatedTimestamp":"2026-11-28T09:00:00Z"})", "pass" },
        Row { "alarm_has_data", R"({"StateValue":"INSUFFICIENT_DATA","Namespace":"AWS/ApplicationELB",
            "MetricName":"HTTPCode_ELB_5XX_Count","Statistic":"Sum"})",
            "pass" },
        Row { "alarm_changes_state", "{}", "pass" },
        Row { "alarm_changes_state", R"({"StateUpdatedTimestamp":"2026-06-01T00:00:00Z"})", "fail" },
        Row { "alarm_changes_state",
            R"({"StateUpdatedTimestamp":"2026-06-01T00:00:00Z","MetricName":"StatusCheckFailed",
            "Namespace":"AWS/EC2","Dimensions":[]})",
            "pass" },
        Row { "alarm_fires_on_more_than_one_datapoint", "{}", "pass" },
        Row { "alarm_fires_on_more_than_one_datapoint", R"({"EvaluationPeriods":"1","DatapointsToAlarm":null})",
            "fail" },
        Row { "alarm_fires_on_more_than_one_datapoint", R"({"DatapointsToAlarm":"1"})", "fail" },
        Row { "alarm_fires_on_more_than_one_datapoint", R"({"DatapointsToAlarm":"1","Period":"300"})", "pass" },
        Row { "alarm_fires_on_more_than_one_datapoint",
            R"({"DatapointsToAlarm":"1","Statistic":"Sum","Threshold":"0"})", "pass" },
        Row { "alarm_treats_missing_data_well", "{}", "pass" },
        Row { "alarm_treats_missing_data_well", R"({"MetricName":"Errors","Statistic":"Sum"})", "fail" },
        Row { "alarm_treats_missing_data_well",
            R"({"MetricName":"Errors","Statistic":"Sum","TreatMissingData":"notBreaching"})", "pass" },
        Row { "alarm_treats_missing_data_well", R"({"Namespace":"Jobs","MetricName":"Heartbeat","Statistic":"Sum",
            "ComparisonOperator":"LessThanThreshold","Threshold":"1"})",
            "fail" },
        Row { "alarm_treats_missing_data_well", R"({"TreatMissingData":"breaching",
            "AlarmActions":["arn:aws:automate:eu-west-1:ec2:recover"]})",
            "fail" },
        Row { "alarm_has_ok_action", "{}", "pass" }, Row { "alarm_has_ok_action", R"({"OKActions":[]})", "fail" },
        Row { "alarm_has_ok_action", R"({"OKActions":[],"AlarmActions":["arn:aws:automate:eu-west-1:ec2:recover"]})",
            "" },
        Row { "alarm_tells_what_to_do", "{}", "pass" },
        Row { "alarm_tells_what_to_do", R"({"AlarmDescription":null})", "fail" },
        Row { "alarm_tells_what_to_do", R"({"AlarmDescription":"cpu"})", "fail" },
        Row { "ec2_action_is_on_a_plain_metric", "{}", "" },
        Row { "ec2_action_is_on_a_plain_metric", R"({"AlarmActions":["arn:aws:automate:eu-west-1:ec2:recover"],
            "Dimensions":[{"Name":"InstanceId","Value":"i-1"}]})",
            "pass" },
        Row { "ec2_action_is_on_a_plain_metric", R"({"AlarmActions":["arn:aws:automate:eu-west-1:ec2:stop"],
            "Metrics":[{"Id":"e1","Expression":"m1*2"}]})",
            "fail" },
        Row { "percentile_alarm_ignores_few_samples", "{}", "" },
        Row { "percentile_alarm_ignores_few_samples", R"({"Statistic":null,"ExtendedStatistic":"p99"})", "fail" },
        Row { "percentile_alarm_ignores_few_samples", R"({"Statistic":null,"ExtendedStatistic":"p99",
            "EvaluateLowSampleCountPercentile":"ignore"})",
            "pass" },
        Row { "alarm_looks_back_at_most_a_day", "{}", "pass" },
        Row { "alarm_looks_back_at_most_a_day", R"({"Period":"3600","EvaluationPeriods":"48"})", "fail" },
        Row { "alarm_looks_back_at_most_a_day", R"({"Namespace":"AWS/S3","MetricName":"BucketSizeBytes",
            "Period":"86400","EvaluationPeriods":"2"})",
            "" }));

struct Name {
    std::string_view name;
    bool tells;
};
class AuditAlarmNames : public testing::TestWithParam<Name> { };

TEST_P(AuditAlarmNames, tell_something_when_a_word_of_theirs_means_something) {
    EXPECT_EQ(Account().has_alarm(GetParam().name).says("alarm_name_tells_what_it_watches", GetParam().name),
        GetParam().tells ? "pass" : "fail")
        << GetParam().name;
}

INSTANTIATE_TEST_SUITE_P(Hygiene, AuditAlarmNames,
    testing::Values(Name { "test", false }, Name { "alarm1", false }, Name { "My Alarm 2", false },
        Name { "cloudwatch-alarm-3f2a9b", false }, Name { "checkout-5xx", true }, Name { "HighCPU", true },
        Name { "test-database-cpu", true }, Name { "p99", false }));

TEST(AuditHygiene, a_child_of_a_composite_that_tells_needs_no_action_of_its_own) {
    Account account;
    account.has_alarm("part", R"({"AlarmActions":[]})");
    account.has("cloudwatch_alarms", R"~([{"AlarmName":"whole","AlarmRule":"ALARM(\"part\")","StateValue":"OK",
        "AlarmActions":["arn:aws:sns:eu-west-1:111122223333:on-call"]
}])~");
    EXPECT_EQ(account.says("alarm_has_action", "part"), "pass");
}

TEST(AuditHygiene, alarms_that_target_tracking_keeps_are_left_alone) {
    Account account;
    account.has_alarm(
        "TargetTracking-service/shop/web-AlarmLow-1", R"({"StateValue":"ALARM","OKActions":[],"Namespace":"Shop",
        "AlarmDescription":"DO NOT EDIT OR DELETE. For TargetTrackingScaling policy x","DatapointsToAlarm":"1",
        "AlarmActions":["arn:aws:autoscaling:eu-west-1:111122223333:scalingPolicy:1:resource/ecs/service/shop/web:policyName/p"]})");
    for (auto const& check : audit_checks::all())
        if (check.category == AuditCategory::hygiene)
            for (auto const& judgement : account.judged(check.name))
                EXPECT_EQ(judgement.result, AuditResult::pass) << check.name << ": " << judgement.why;
}

TEST(AuditHygiene, an_alarm_on_a_topic_that_was_deleted_fails_once_and_is_pointed_at_the_name_that_was_meant) {
    Account account;
    account.has("sns_topics", topics);
    account.has_alarm("orphan", R"({"StateValue":"INSUFFICIENT_DATA","AlarmActions":[],
        "Namespace":"AWS/SNS",
        "Dimensions":[{"Name":"TopicName","Value":"orders-evnets"}]})");
    auto const finding = account.about("alarm_resource_exists", "orphan");
    EXPECT_EQ(finding.result, AuditResult::fail);
    EXPECT_EQ(finding.why,
        "It watches SNS topic orders-evnets, which does not exist: it can never fire. There is one named "
        "orders-events.");
    EXPECT_NE(finding.fix.cli.find("Value=orders-events"), std::string::npos) << finding.fix.cli;
    for (auto const* other : { "alarm_has_action", "alarm_has_data", "alarm_actions_enabled", "alarm_recovers" })
        EXPECT_EQ(account.says(other, "orphan"), "") << other;
}

TEST(AuditHygiene, an_alarm_on_something_gone_is_silenced_not_deleted) {
    Account account;
    account.has_alarm("old", R"({"Namespace":"AWS/SNS","Dimensions":[{"Name":"TopicName","Value":"replaced"}]})");
    auto const finding = account.about("alarm_resource_exists", "old");
    EXPECT_EQ(finding.result, AuditResult::fail);
    EXPECT_NE(finding.fix.cli.find("disable-alarm-actions --alarm-names old"), std::string::npos);
    EXPECT_EQ(finding.fix.cli.find("delete"), std::string::npos);
}

TEST(AuditHygiene, whether_the_watched_resource_exists_is_unknown_when_its_kind_could_not_be_listed) {
    Account account;
    account.has_alarm("cpu", R"({"Namespace":"AWS/SNS","Dimensions":[{"Name":"TopicName","Value":"orders-events"}]})")
        .denied("sns_topics");
    auto const finding = account.about("alarm_resource_exists", "cpu");
    EXPECT_EQ(finding.result, AuditResult::unknown);
    EXPECT_EQ(finding.iam_action, "sns:ListTopics");
}

TEST(AuditHygiene, a_metric_of_another_account_is_not_called_gone) {
    Account account;
    account.has_alarm("far", R"({"MetricName":null,"Namespace":null,"Dimensions":null,"Metrics":[{"Id":"m1",
        "AccountId":"999900001111","MetricStat":{"Metric":{"Namespace":"AWS/RDS","MetricName":"CPUUtilization",
        "Dimensions":[{"Name":"DBInstanceIdentifier","Value":"theirs"}]},"Period":60,"Stat":"Average"}}]})");
    EXPECT_EQ(account.says("alarm_resource_exists", "far"), "");
}

TEST(AuditHygiene, an_action_on_a_topic_that_exists_passes_and_one_that_could_not_be_listed_is_unknown) {
    EXPECT_EQ(Account()
                  .has("sns_topics", R"([{"TopicArn":"arn:aws:sns:eu-west-1:111122223333:on-call"}])")
                  .has_alarm("cpu")
                  .says("alarm_action_target_exists", "cpu"),
        "pass");
    auto const finding = Account().denied("sns_topics").has_alarm("cpu").about("alarm_action_target_exists", "cpu");
    EXPECT_EQ(finding.result, AuditResult::unknown);
    EXPECT_EQ(finding.iam_action, "sns:ListTopics");
}

TEST(AuditHygiene, a_misspelt_dimension_is_named_and_corrected) {
    Account account;
    account.has("sns_topics", topics);
    account.has_alarm("cpu", R"({"StateValue":"INSUFFICIENT_DATA",
        "Namespace":"AWS/SNS",
        "Dimensions":[{"Name":"topicName","Value":"orders-events"}]})");
    auto const finding = account.about("alarm_has_data", "cpu");
    EXPECT_NE(finding.why.find("topicName instead of TopicName"), std::string::npos) << finding.why;
    EXPECT_NE(finding.fix.cli.find("Name=TopicName"), std::string::npos);
}

TEST(AuditHygiene, the_second_of_two_equal_alarms_is_a_duplicate_and_another_target_makes_it_none) {
    Account account;
    account.has_alarm("one").has_alarm("two").has_alarm(
        "three", R"({"AlarmActions":["arn:aws:sns:eu-west-1:111122223333:other"]})");
    EXPECT_EQ(account.says("alarms_are_not_duplicates", "one"), "pass");
    EXPECT_EQ(account.says("alarms_are_not_duplicates", "two"), "fail");
    EXPECT_EQ(account.says("alarms_are_not_duplicates", "three"), "pass");
}

TEST(AuditHygiene, a_duplicate_that_was_switched_off_is_mended) {
    Account account;
    account.has_alarm("one").has_alarm("two", R"({"ActionsEnabled":"false"})");
    account.has_alarm("other", R"({"ActionsEnabled":"false","Threshold":"95"})");
    EXPECT_EQ(account.says("alarms_are_not_duplicates", "one"), "pass");
    EXPECT_EQ(account.says("alarms_are_not_duplicates", "two"), "");
    EXPECT_EQ(account.says("alarm_actions_enabled", "two"), "pass");
    EXPECT_EQ(account.says("alarm_actions_enabled", "other"), "fail");
}

TEST(AuditHygiene, an_alarm_whose_only_target_is_gone_gets_the_people_on_call) {
    Account account;
    account.has("sns_topics", topics);
    account.has_alarm("lost", R"({"AlarmActions":["arn:aws:lambda:eu-west-1:111122223333:function:gone"]})");
    auto const finding = account.about("alarm_action_target_exists", "lost");
    EXPECT_EQ(finding.result, AuditResult::fail);
    EXPECT_NE(finding.fix.cli.find("--alarm-actions \"$ALARM_TOPIC_ARN\""), std::string::npos) << finding.fix.cli;
}

TEST(AuditHygiene, a_critical_alarm_that_tells_the_same_as_its_warning_fails) {
    Account account;
    account.has_alarm("warning").has_alarm("critical", R"({"Threshold":"95"})");
    EXPECT_EQ(account.says("warning_and_critical_reach_different_people", "warning"), "pass");
    EXPECT_EQ(account.says("warning_and_critical_reach_different_people", "critical"), "fail");
}

TEST(AuditHygiene, one_topic_for_ten_alarms_fails_and_for_three_is_not_judged) {
    Account few, many;
    for (int i = 0; i < 3; ++i)
        few.has_alarm("cpu " + std::to_string(i));
    for (int i = 0; i < 10; ++i)
        many.has_alarm("cpu " + std::to_string(i));
    EXPECT_TRUE(few.judged("alarms_use_more_than_one_topic").empty());
    EXPECT_EQ(many.says("alarms_use_more_than_one_topic", "on-call"), "fail");
    many.has_alarm("down", R"({"AlarmActions":["arn:aws:sns:eu-west-1:111122223333:urgent"]})");
    EXPECT_EQ(many.judged("alarms_use_more_than_one_topic").front().result, AuditResult::pass);
}

constexpr std::string_view whole = R"~([{"AlarmName":"whole","AlarmRule":"ALARM(\"part\") OR ALARM(gone)",
                           "StateValue" : "OK", "AlarmActions" : ["arn:aws:sns:eu-west-1:111122223333:on-call"]
}])~";

TEST(AuditHygiene, a_composite_beside_children_that_tell_the_same_target_fails) {
    Account account;
    account.has("cloudwatch_alarms", whole).has_alarm("part");
    EXPECT_EQ(account.says("composite_and_children_do_not_both_page", "whole"), "fail");
    Account quiet;
    quiet.has("cloudwatch_alarms", whole).has_alarm("part", R"({"AlarmActions":[]})");
    EXPECT_EQ(quiet.says("composite_and_children_do_not_both_page", "whole"), "pass");
}

TEST(AuditHygiene, a_composite_that_names_a_deleted_alarm_gets_a_rule_without_it) {
    Account account;
    account.has("cloudwatch_alarms", whole).has_alarm("part");
    auto const finding = account.about("composite_children_exist", "whole");
    EXPECT_EQ(finding.result, AuditResult::fail);
    EXPECT_NE(finding.fix.cloudformation.find(R"~(ALARM(\"part\") OR FALSE)~"), std::string::npos)
        << finding.fix.cloudformation;
    account.has_alarm("gone");
    EXPECT_EQ(account.says("composite_children_exist", "whole"), "pass");
}

TEST(AuditHygiene, fifty_single_alarms_want_a_composite) {
    Account account;
    for (int i = 0; i < 50; ++i)
        account.has_alarm("cpu " + std::to_string(i));
    EXPECT_EQ(account.judged("many_alarms_have_a_composite").front().result, AuditResult::fail);
    account.has("cloudwatch_alarms", whole);
    EXPECT_EQ(account.judged("many_alarms_have_a_composite").front().result, AuditResult::pass);
}

TEST(AuditHygiene, a_sandbox_alarm_counts_less_than_one_of_production) {
    EXPECT_EQ(Account().has_alarm("orders cpu").about("alarm_has_action", "cpu").weight, 1);
    EXPECT_LT(Account().has_alarm("orders-staging-cpu").about("alarm_has_action", "cpu").weight, 1);
}

// So many changes between OK and a state, an hour apart, the last an hour ago.
std::string changes_of(std::string_view alarm, int count, std::string_view state) {
    JsonArray items;
    for (int i = 0; i < count; ++i) {
        auto const at = *parse_time(Account::now) - Hours { i + 1 };
        items.push_back(
            { { "AlarmName", alarm }, { "HistoryItemType", "StateUpdate" }, { "Timestamp", format_time(at) },
                { "HistorySummary",
                    i % 2 == 0 ? "Alarm updated from OK to " + std::string(state)
                               : "Alarm updated from " + std::string(state) + " to OK" } });
    }
    return to_text(items);
}

TEST(AuditHygiene, an_alarm_that_changes_six_times_a_day_flaps_and_five_times_does_not) {
    auto const says = [](int count) {
        return Account()
            .has_alarm("cpu")
            .has("cloudwatch_alarm_history", changes_of("cpu", count, "ALARM"))
            .says("alarm_does_not_flap", "cpu");
    };
    EXPECT_EQ(says(5), "pass");
    EXPECT_EQ(says(6), "fail");
}

TEST(AuditHygiene, a_message_for_every_gap_in_the_data_is_a_storm) {
    constexpr std::string_view telling
        = R"({"InsufficientDataActions":["arn:aws:sns:eu-west-1:111122223333:on-call"]})";
    auto const judged = [&](int count) {
        return Account()
            .has_alarm("cpu", telling)
            .has("cloudwatch_alarm_history", changes_of("cpu", count, "INSUFFICIENT_DATA"))
            .about("insufficient_data_action_does_not_storm", "cpu");
    };
    EXPECT_EQ(judged(8).result, AuditResult::pass);
    EXPECT_EQ(judged(12).result, AuditResult::fail);
    EXPECT_EQ(judged(12).fix.cli.find("insufficient-data-actions"), std::string::npos);
}

TEST(AuditHygiene, a_minute_on_basic_monitoring_is_too_short_and_right_on_detailed) {
    auto const says = [](std::string_view monitoring) {
        return Account()
            .has("ec2_instances",
                R"([{"instancesSet":[{"instanceId":"i-1","instanceState":{"name":"running"},
                "monitoring":{"state":")"
                    + std::string(monitoring) + R"("}}]}])")
            .has_alarm("cpu", R"({"Namespace":"AWS/EC2","Dimensions":[{"Name":"InstanceId","Value":"i-1"}]})")
            .says("alarm_period_fits_its_metric", "cpu");
    };
    EXPECT_EQ(says("disabled"), "fail");
    EXPECT_EQ(says("enabled"), "pass");
    EXPECT_EQ(Account().has_alarm("cpu", R"({"Period":"10"})").says("alarm_period_fits_its_metric", "cpu"), "fail");
    EXPECT_EQ(Account()
                  .has_alarm("own", R"({"Period":"10","Namespace":"Shop"})")
                  .says("alarm_period_fits_its_metric", "own"),
        "pass");
}

constexpr std::string_view band = R"~({"MetricName":null,"Namespace":null,"Dimensions":null,"Threshold":null,
    "ThresholdMetricId":"ad1","ComparisonOperator":"GreaterThanUpperThreshold","Metrics":[
    {"Id":"m1","MetricStat":{"Metric":{"Namespace":"AWS/RDS","MetricName":"CPUUtilization",
    "Dimensions":[{"Name":"DBInstanceIdentifier","Value":"orders-db"}]},"Period":60,"Stat":"Average"}},
    {"Id":"ad1","Expression":"ANOMALY_DETECTION_BAND(m1, 2)"}]})~";

std::string detector(std::string_view state, std::string_view excluded = "") {
    return R"([{"StateValue":")" + std::string(state)
        + R"(","SingleMetricAnomalyDetector":{"Namespace":"AWS/RDS","MetricName":"CPUUtilization","Stat":"Average",
        "Dimensions":[{"Name":"DBInstanceIdentifier","Value":"orders-db"}]},"Configuration":{"ExcludedTimeRanges":[)"
        + std::string(excluded) + "]}}]";
}

TEST(AuditHygiene, a_band_in_training_fails_and_so_does_one_that_learned_an_incident) {
    auto const says = [](std::string const& detectors, std::string_view history = "[]") {
        return Account()
            .has_alarm("band", band)
            .has("cloudwatch_anomaly_detectors", detectors)
            .has("cloudwatch_alarm_history", history)
            .says("anomaly_detector_is_trained", "band");
    };
    constexpr std::string_view incident = R"([
        {"AlarmName":"band","HistoryItemType":"StateUpdate","Timestamp":"2026-11-25T10:00:00Z",
         "HistorySummary":"Alarm updated from OK to ALARM"},
        {"AlarmName":"band","HistoryItemType":"StateUpdate","Timestamp":"2026-11-25T16:00:00Z",
         "HistorySummary":"Alarm updated from ALARM to OK"}])";
    EXPECT_EQ(says(detector("TRAINED")), "pass");
    EXPECT_EQ(says(detector("PENDING_TRAINING")), "fail");
    EXPECT_EQ(says(detector("TRAINED"), incident), "fail");
    EXPECT_EQ(says(detector("TRAINED", R"({"StartTime":"2026-11-25T09:00:00Z","EndTime":"2026-11-25T17:00:00Z"})"),
                  incident),
        "pass");
}

TEST(AuditHygiene, a_suppressor_or_a_mute_rule_that_was_left_on_fails) {
    auto const suppressed = [](std::string_view since) {
        return Account()
            .has_alarm(
                "maintenance", R"({"StateValue":"ALARM","StateUpdatedTimestamp":")" + std::string(since) + R"("})")
            .has("cloudwatch_alarms", R"~([{"AlarmName":"whole","AlarmRule":"ALARM(\"part\")","StateValue":"OK",
                "ActionsSuppressor":"arn:aws:cloudwatch:eu-west-1:111122223333:alarm:maintenance"}])~")
            .says("alarm_is_not_muted", "whole");
    };
    EXPECT_EQ(suppressed("2026-11-20T10:00:00Z"), "fail");
    EXPECT_EQ(suppressed("2026-11-28T08:00:00Z"), "pass");
    auto const muted = [](std::string_view fields) {
        return Account()
            .has("cloudwatch_mute_rules",
                R"([{"AlarmMuteRuleArn":"arn:rule","Status":"ACTIVE",
                "LastUpdatedTimestamp":"2026-11-20T10:00:00Z")"
                    + std::string(fields) + "}]")
            .says("alarm_is_not_muted", "rule");
    };
    EXPECT_EQ(muted(""), "fail");
    EXPECT_EQ(muted(R"(,"MuteType":"RECURRENT")"), "pass");
    EXPECT_EQ(muted(R"(,"ExpireDate":"2026-11-29T10:00:00Z")"), "pass");
}

TEST(AuditHygiene, alarms_that_never_rang_are_told_once_a_region) {
    Account account;
    account.has_alarm("cpu");
    auto const all = account.judged("alarms_were_tested");
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all.front().result, AuditResult::fail);
    account.has("cloudwatch_alarm_history", changes_of("cpu", 2, "ALARM"));
    EXPECT_EQ(account.judged("alarms_were_tested").front().result, AuditResult::pass);
}

} // namespace
} // namespace convops
