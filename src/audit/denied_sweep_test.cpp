// Every IAM action denied in turn over one account: the checks that need it say unknown with its name, and all others
// say what they said before.
#include "audit/scope.h"
#include "ports/fake_aws.h"

#include <gtest/gtest.h>

#include <set>

namespace convops {
namespace {

constexpr auto denied_message = "not authorized";

// Lists of one thing each, so that what is asked for each item is asked, too.
void fill(FakeAws& aws) {
    aws.on("monitoring:DescribeAlarms",
        R"({"MetricAlarms": [{"AlarmName": "orders are slow", "AlarmArn": "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:orders",
            "StateValue": "OK", "ActionsEnabled": "true", "AlarmActions": ["arn:aws:sns:eu-west-1:111122223333:on-call"],
            "OKActions": ["arn:aws:sns:eu-west-1:111122223333:on-call"], "Namespace": "AWS/SQS",
            "MetricName": "ApproximateAgeOfOldestMessage", "Dimensions": [{"Name": "QueueName", "Value": "orders"}],
            "Statistic": "Maximum", "Period": "300", "EvaluationPeriods": "3", "Threshold": "600",
            "ComparisonOperator": "GreaterThanThreshold"}]})");
    aws.on("monitoring:ListDashboards", R"({"DashboardEntries": [{"DashboardName": "shop"}]})");
    aws.on("monitoring:GetDashboard", R"({"DashboardName": "shop", "DashboardBody": "{\"widgets\": []}"})");
    aws.on("monitoring:ListMetrics",
        R"({"Metrics": [{"Namespace": "AWS/Logs", "MetricName": "DeliveryErrors", "Dimensions": [{"Name": "LogGroupName", "Value": "/aws/lambda/pay"}]}]})");
    aws.on("sns:ListTopics", R"({"Topics": [{"TopicArn": "arn:aws:sns:eu-west-1:111122223333:on-call"}]})");
    aws.on("sns:GetTopicAttributes",
        R"({"Attributes": {"TopicArn": "arn:aws:sns:eu-west-1:111122223333:on-call", "KmsMasterKeyId": "key-1"}})");
    aws.on("sns:ListSubscriptions",
        R"({"Subscriptions": [{"TopicArn": "arn:aws:sns:eu-west-1:111122223333:on-call", "Protocol": "sqs",
            "SubscriptionArn": "arn:aws:sns:eu-west-1:111122223333:on-call:1", "Endpoint": "arn:aws:sqs:eu-west-1:111122223333:orders"}]})");
    aws.on(
        "kms:DescribeKey", R"({"KeyMetadata": {"Arn": "arn:aws:kms:eu-west-1:111122223333:key/1", "KeyId": "1"}})");
    aws.on("sqs:ListQueues", R"({"QueueUrls": ["https://sqs.eu-west-1.amazonaws.com/111122223333/orders"]})");
    aws.on("sqs:GetQueueAttributes", R"({"Attributes": {"QueueArn": "arn:aws:sqs:eu-west-1:111122223333:orders"}})");
    aws.on("logs:DescribeLogGroups",
        R"({"logGroups": [{"logGroupName": "/aws/lambda/pay", "storedBytes": 5000000000}]})");
    aws.on("lambda:ListFunctions",
        R"({"Functions": [{"FunctionName": "pay", "FunctionArn": "arn:aws:lambda:eu-west-1:111122223333:function:pay", "Timeout": 30}]})");
    aws.on("rds:DescribeDBInstances",
        R"({"DBInstances": [{"DBInstanceIdentifier": "orders", "DBInstanceArn": "arn:aws:rds:eu-west-1:111122223333:db:orders",
            "Engine": "postgres", "DBInstanceClass": "db.m5.large", "AllocatedStorage": "100"}]})");
    aws.on("cloudtrail:DescribeTrails",
        R"({"trailList": [{"Name": "all", "TrailARN": "arn:aws:cloudtrail:eu-west-1:111122223333:trail/all", "IsMultiRegionTrail": true}]})");
    aws.on("events:ListRules",
        R"({"Rules": [{"Name": "alarms", "Arn": "arn:aws:events:eu-west-1:111122223333:rule/alarms", "State": "ENABLED",
            "EventPattern": "{\"source\":[\"aws.cloudwatch\"]}"}]})");
    aws.on("dynamodb:ListTables", R"({"TableNames": ["carts"]})");
    aws.on("dynamodb:DescribeTable",
        R"({"Table": {"TableName": "carts", "TableArn": "arn:aws:dynamodb:eu-west-1:111122223333:table/carts"}})");
    aws.on("eks:ListClusters", R"({"clusters": ["shop"]})");
    aws.on("eks:DescribeCluster",
        R"({"cluster": {"name": "shop", "arn": "arn:aws:eks:eu-west-1:111122223333:cluster/shop"}})");
    aws.on("ecs:ListClusters", R"({"clusterArns": ["arn:aws:ecs:eu-west-1:111122223333:cluster/shop"]})");
    aws.on("ec2:DescribeVpcs", R"({"vpcSet": [{"vpcId": "vpc-1"}]})");
    aws.on("s3:ListBuckets", R"({"Buckets": [{"Name": "invoices"}]})");
}

struct Sweep {
    std::vector<AuditReading> readings = all_readings();
    std::vector<AuditCheck> checks = audit_checks::all();
    std::vector<std::string> regions { "eu-west-1" };

    // What each check says when every operation of this action is denied, or fails otherwise; "" fails nothing.
    std::map<std::string, std::vector<AuditJudgement>> said(
        std::string_view denied, std::set<std::string>* asked, ErrorKind kind = ErrorKind::access_denied) const {
        FakeAws aws;
        fill(aws);
        for (auto const& reading : readings)
            if (reading.iam_action == denied)
                aws.fail(std::string(reading.service) + ":" + std::string(reading.operation), kind, denied_message);
        auto const account
            = read_account(aws, "111122223333", regions, *parse_time("2026-11-28T10:00:00Z"), readings);
        if (asked != nullptr)
            for (auto const& call : aws.calls())
                asked->insert(call.name());
        auto const estate = estate_of(account, readings);
        std::map<std::string, std::vector<AuditJudgement>> all;
        for (auto const& check : checks)
            all[std::string(check.name)] = judgements_of(check, estate);
        return all;
    }

    // What this check says when nothing is read but what it needs and looks at.
    [[nodiscard]] std::vector<AuditJudgement> said_alone(AuditCheck const& check) const {
        FakeAws aws;
        fill(aws);
        auto const own = readings_for({ &check, 1 }, readings);
        auto const account = read_account(aws, "111122223333", regions, *parse_time("2026-11-28T10:00:00Z"), own);
        return judgements_of(check, estate_of(account, own));
    }

    [[nodiscard]] AuditReading const* named(std::string_view name) const {
        auto const found = std::ranges::find(readings, name, &AuditReading::name);
        return found == readings.end() ? nullptr : &*found;
    }
    // The reading or one that it is asked for the items of.
    [[nodiscard]] bool leans_on(std::string_view reading, std::string_view action) const {
        for (auto const* one = named(reading); one != nullptr; one = named(one->parent))
            if (one->iam_action == action)
                return true;
        return false;
    }
    [[nodiscard]] bool needs(AuditCheck const& check, std::string_view action) const {
        return std::ranges::any_of(
            check.needs, [&](AuditNeed const& need) { return leans_on(need.reading, action); });
    }
};

std::string words_of(std::vector<AuditJudgement> const& judgements) {
    std::string words;
    for (auto const& one : judgements)
        words += std::string(to_string(one.result)) + " " + one.resource + ": " + one.why + "\n";
    return words;
}

// It names the action that was refused, and no other in its place.
bool is_about(AuditJudgement const& one, std::string_view action) {
    auto const colon = one.why.find(": ");
    auto const named = one.why.substr(0, colon);
    bool const names_another = colon != std::string::npos && named != action && named.find(' ') == std::string::npos
        && named.find(':') != std::string::npos;
    return one.result == AuditResult::unknown && one.iam_action == action && !names_another;
}

bool says_unknown_for(std::vector<AuditJudgement> const& judgements, std::string_view action) {
    return std::ranges::any_of(judgements, [&](auto const& one) { return is_about(one, action); });
}

// What is said now was said before, or is unknown for want of this very action (some checks find out only by the
// alarm at hand which list decides); what is not said any more has become such an unknown.
bool only_turned_unknown(
    std::vector<AuditJudgement> const& before, std::vector<AuditJudgement> const& now, std::string_view action) {
    auto const words = words_of(before);
    bool const all_known = std::ranges::all_of(now,
        [&](auto const& one) { return is_about(one, action) || words.find(words_of({ one })) != std::string::npos; });
    return all_known && (words_of(now) == words || says_unknown_for(now, action));
}

TEST(DeniedSweep, ExactlyTheChecksThatNeedAnActionTurnUnknownAndAllOthersStayTheSame) {
    Sweep const sweep;
    std::set<std::string> asked;
    auto const before = sweep.said("", &asked);
    std::map<std::string_view, bool> actions; // was it asked for at all?
    for (auto const& reading : sweep.readings)
        actions[reading.iam_action]
            |= asked.contains(std::string(reading.service) + ":" + std::string(reading.operation));
    std::size_t swept = 0;
    for (auto const& [action, was_asked] : actions) {
        if (!was_asked)
            continue;
        ++swept;
        auto const after = sweep.said(action, nullptr);
        for (auto const& check : sweep.checks) {
            auto const& now = after.at(std::string(check.name));
            auto const& then = before.at(std::string(check.name));
            if (sweep.needs(check, action))
                EXPECT_TRUE(says_unknown_for(now, action)) << action << " denied, " << check.name << ":\n"
                                                           << words_of(now);
            else
                EXPECT_TRUE(only_turned_unknown(then, now, action)) << action << " denied, " << check.name << ":\n"
                                                                    << words_of(now) << "before:\n"
                                                                    << words_of(then);
        }
    }
    EXPECT_GT(swept, 50U);
}

TEST(ChecksAlone, EachSaysWhatItSaysAmongAllOthersThoughOnlyItsOwnReadingsAreMade) {
    Sweep const sweep;
    auto const whole = sweep.said("", nullptr);
    for (auto const& check : sweep.checks)
        EXPECT_EQ(words_of(sweep.said_alone(check)), words_of(whole.at(std::string(check.name)))) << check.name;
}

TEST(DeniedSweep, NoPermissionIsNamedWhereNoneWasRefused) {
    Sweep const sweep;
    std::set<std::string_view> actions;
    for (auto const& reading : sweep.readings)
        actions.insert(reading.iam_action);
    for (auto const action : actions)
        for (auto const& [check, judgements] : sweep.said(action, nullptr, ErrorKind::timeout))
            for (auto const& one : judgements)
                EXPECT_EQ(one.iam_action, "") << action << " timed out, " << check << ": " << one.why;
}

} // namespace
} // namespace convops
