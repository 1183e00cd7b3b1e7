#include "app/bench_audit.h"

#include "adapters/clock/system_clock.h"
#include "app/audit.h"
#include "message/audit_report.h"

#include <algorithm>
#include <cmath>

namespace convops {

namespace {

constexpr std::string_view made_account = "111122223333";
constexpr std::string_view made_region = "eu-west-1";

std::string numbered(std::string_view name, std::size_t number) {
    return std::string(name) + "-" + std::to_string(number);
}

// Answers as AWS pages them, without a network.
class MadeAccount final : public Aws {
public:
    explicit MadeAccount(AuditLoad const& load)
        : alarms_(load.alarms)
        , each_(load.resources / 5) { }

    Result<Json> call(AwsCall const& call) override {
        ++calls_;
        auto const name = call.name();
        if (name == "monitoring:DescribeAlarms")
            return page(call, "MetricAlarms", "NextToken", "NextToken", alarms_, 100,
                [&](std::size_t i) { return alarm(i); });
        if (name == "monitoring:GetMetricData")
            return metric_data(call);
        if (name == "ec2:DescribeInstances")
            return page(call, "reservationSet", "NextToken", "nextToken", each_, 1'000, [&](std::size_t i) {
                return Json(JsonObject { { "instancesSet",
                    JsonArray { JsonObject { { "instanceId", numbered("i", i) }, { "instanceType", "m5.large" },
                        { "instanceState", { { "name", "running" } } },
                        { "launchTime", "2026-01-01T00:00:00Z" } } } } });
            });
        if (name == "lambda:ListFunctions")
            return page(call, "Functions", "Marker", "NextMarker", each_, 50, [&](std::size_t i) {
                return Json(JsonObject { { "FunctionName", numbered("function", i) },
                    { "FunctionArn", arn("lambda", numbered("function:function", i)) }, { "Timeout", 30 },
                    { "MemorySize", 512 } });
            });
        if (name == "dynamodb:ListTables")
            return page(call, "TableNames", "ExclusiveStartTableName", "LastEvaluatedTableName", each_, 100,
                [&](std::size_t i) { return Json(numbered("table", i)); });
        if (name == "dynamodb:DescribeTable")
            return Json(JsonObject { { "Table", { { "TableName", text_at(Json(call.params), "TableName") } } } });
        if (name == "sqs:ListQueues")
            return page(call, "QueueUrls", "NextToken", "NextToken", each_, 1'000, [&](std::size_t i) {
                return Json("https://sqs.eu-west-1.amazonaws.com/111122223333/" + numbered("queue", i));
            });
        if (name == "sqs:GetQueueAttributes") {
            auto const url = text_at(Json(call.params), "QueueUrl");
            return Json(
                JsonObject { { "Attributes", { { "QueueArn", arn("sqs", url.substr(url.rfind('/') + 1)) } } } });
        }
        if (name == "rds:DescribeDBInstances")
            return page(call, "DBInstances", "Marker", "Marker", each_, 100, [&](std::size_t i) {
                return Json(JsonObject { { "DBInstanceIdentifier", numbered("database", i) },
                    { "Engine", "postgres" }, { "DBInstanceClass", "db.m5.large" }, { "AllocatedStorage", 100 } });
            });
        if (name == "ec2:DescribeRegions")
            return Json(JsonObject { { "regionInfo",
                JsonArray {
                    JsonObject { { "regionName", made_region }, { "optInStatus", "opt-in-not-required" } } } } });
        if (name == "sns:ListTopics")
            return Json(
                JsonObject { { "Topics", JsonArray { JsonObject { { "TopicArn", arn("sns", "on-call") } } } } });
        if (name == "sns:ListSubscriptions")
            return Json(JsonObject { { "Subscriptions",
                JsonArray { JsonObject { { "TopicArn", arn("sns", "on-call") },
                    { "SubscriptionArn", arn("sns", "on-call:1") }, { "Protocol", "https" },
                    { "Endpoint", "https://pager.example" } } } } });
        return Json(JsonObject {});
    }
    std::vector<Result<Json>> call_all(std::span<AwsCall const> calls) override {
        std::vector<Result<Json>> answers;
        answers.reserve(calls.size());
        for (auto const& one : calls)
            answers.push_back(call(one));
        return answers;
    }
    [[nodiscard]] int calls_made() const override { return calls_; }
    [[nodiscard]] std::string account() const override { return std::string(made_account); }
    [[nodiscard]] std::string region() const override { return std::string(made_region); }

private:
    static std::string arn(std::string_view service, std::string_view tail) {
        return "arn:aws:" + std::string(service) + ":eu-west-1:111122223333:" + std::string(tail);
    }
    template <class Make>
    static Json page(AwsCall const& call, std::string_view list, std::string_view token_in,
        std::string_view token_out, std::size_t all, std::size_t most, Make&& make) {
        auto const token = text_at(Json(call.params), token_in);
        auto const first = token.empty() ? 0 : static_cast<std::size_t>(std::atoll(token.c_str()));
        auto const end = std::min(all, first + most);
        JsonArray items;
        for (auto i = first; i < end; ++i)
            items.push_back(make(i));
        JsonObject answer { { list, std::move(items) } };
        if (end < all)
            answer[token_out] = std::to_string(end);
        return answer;
    }
    static Json alarm(std::size_t i) {
        auto const name = numbered("function", i);
        return JsonObject { { "AlarmName", name + " fails" },
            { "AlarmArn", arn("cloudwatch", "alarm:" + name + " fails") }, { "StateValue", "OK" },
            { "ActionsEnabled", true }, { "AlarmActions", JsonArray { arn("sns", "on-call") } },
            { "Namespace", "AWS/Lambda" }, { "MetricName", i % 2 == 0 ? "Errors" : "Throttles" },
            { "Statistic", "Sum" },
            { "Dimensions", JsonArray { JsonObject { { "Name", "FunctionName" }, { "Value", name } } } },
            { "Period", 60 }, { "EvaluationPeriods", 3 }, { "Threshold", 1 },
            { "ComparisonOperator", "GreaterThanOrEqualToThreshold" }, { "TreatMissingData", "notBreaching" } };
    }
    // A quiet wave for every query, as finely as it was asked for.
    static Json metric_data(AwsCall const& call) {
        Json const asked(call.params);
        auto const from = time_at(asked, "StartTime"), until = time_at(asked, "EndTime");
        JsonArray results;
        for (auto const& query : list_at(asked, "MetricDataQueries")) {
            auto const period = Seconds { integer_at(query, "MetricStat.Period").value_or(3'600) };
            JsonArray at, values;
            if (from && until)
                for (auto time = *from; time < *until; time += period) {
                    at.emplace_back(format_time(time));
                    values.emplace_back(10 + std::floor(3 * std::sin(static_cast<double>(at.size()) / 50)));
                }
            results.push_back(JsonObject {
                { "Id", text_at(query, "Id") }, { "Timestamps", std::move(at) }, { "Values", std::move(values) } });
        }
        return JsonObject { { "MetricDataResults", std::move(results) } };
    }

    std::size_t alarms_, each_;
    int calls_ = 0;
};

} // namespace

AuditLoadFigures bench_audit(AuditLoad const& load, AuditLoadPage page) {
    MadeAccount made(load);
    SystemClock clock;
    std::vector<std::string> const regions { std::string(made_region) };
    auto const report = audit_account(made, std::string(made_account), regions, clock);
    return { report.resources, report.alarms, report.aws_calls, report.seconds, report.findings.size(),
        page == AuditLoadPage::html ? audit_html(report) : std::string() };
}

} // namespace convops
