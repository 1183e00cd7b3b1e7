#include "adapters/aws/client.h"

#include "adapters/aws/testing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convops {
namespace {

using convops::testing::Bench;
using convops::testing::header_of;
using convops::testing::response;
using ::testing::HasSubstr;
using ::testing::Not;

AwsCall list_clusters() {
    return { .service = "ecs", .operation = "ListClusters" };
}

HttpResponse throttling() {
    return response(400, R"({"__type":"ThrottlingException","message":"Rate exceeded"})");
}

} // namespace

TEST(AwsClient, a_call_is_signed_for_its_service_and_region_and_its_json_comes_back) {
    Bench bench;
    bench.http.script = { response(200, R"({"clusterArns":["a"]})") };
    auto aws = bench.client();
    auto const answer = aws.call(list_clusters());
    ASSERT_TRUE(answer);
    EXPECT_EQ(list_at(*answer, "clusterArns").size(), 1U);
    auto const& request = bench.http.requests.at(0);
    EXPECT_EQ(request.url, "https://ecs.eu-west-1.amazonaws.com/");
    EXPECT_EQ(header_of(request, "X-Amz-Target"), "AmazonEC2ContainerServiceV20141113.ListClusters");
    EXPECT_THAT(header_of(request, "Authorization"), HasSubstr("/eu-west-1/ecs/aws4_request"));
    EXPECT_EQ(aws.calls_made(), 1);
}

TEST(AwsClient, what_the_table_does_not_list_is_refused_before_anything_is_sent) {
    Bench bench;
    auto aws = bench.client();
    for (auto const& [service, operation] :
        { std::pair { "ec2", "TerminateInstances" }, { "ecs", "UpdateService" }, { "nonsense", "Describe" },
            { "ecs", "listclusters" }, { "", "" }, { "ecs", "ListClusters&Action=DeleteCluster" } }) {
        auto const answer = aws.call({ .service = service, .operation = operation });
        EXPECT_EQ(answer.error().kind, ErrorKind::invalid_input);
    }
    EXPECT_TRUE(bench.http.requests.empty());
    EXPECT_EQ(aws.calls_made(), 0);
}

TEST(AwsClient, a_reader_refuses_every_row_that_is_not_read_and_the_others_every_row_that_is) {
    Bench bench;
    auto reader = bench.client(Access::read);
    auto intake = bench.client(Access::intake);
    for (auto const& operation : aws_operations()) {
        AwsCall const call { .service = std::string(operation.service), .operation = std::string(operation.name) };
        if (operation.access != Access::read)
            EXPECT_FALSE(reader.call(call)) << call.name();
        if (operation.access != Access::intake)
            EXPECT_FALSE(intake.call(call)) << call.name();
    }
    EXPECT_TRUE(bench.http.requests.empty());
}

TEST(AwsClient, throttling_is_retried_after_a_wait_and_then_succeeds) {
    Bench bench;
    bench.http.script = { throttling(), response(503, ""), response(200, "{}") };
    auto aws = bench.client();
    EXPECT_TRUE(aws.call(list_clusters()));
    EXPECT_EQ(aws.calls_made(), 3);
    EXPECT_EQ(bench.clock.waits.size(), 2U);
}

TEST(AwsClient, a_throttled_call_gives_up_after_four_tries_and_says_so) {
    Bench bench;
    bench.http.script = { throttling() };
    auto aws = bench.client();
    auto const answer = aws.call(list_clusters());
    EXPECT_EQ(answer.error().kind, ErrorKind::throttled);
    EXPECT_THAT(answer.error().message, HasSubstr("ecs:ListClusters: ThrottlingException: Rate exceeded"));
    EXPECT_THAT(answer.error().message, HasSubstr("after 4 tries"));
    EXPECT_EQ(aws.calls_made(), 4);
}

TEST(AwsClient, no_wait_goes_past_the_time_left) {
    Bench bench;
    bench.http.script = { throttling() };
    auto call = list_clusters();
    call.time_left = Milliseconds { 100 }; // The first pause would be 500 ms.
    auto aws = bench.client();
    EXPECT_EQ(aws.call(call).error().kind, ErrorKind::throttled);
    EXPECT_EQ(aws.calls_made(), 1);
    EXPECT_TRUE(bench.clock.waits.empty());
    call.time_left = Milliseconds { 0 };
    EXPECT_EQ(aws.call(call).error().kind, ErrorKind::timeout);
    EXPECT_EQ(aws.calls_made(), 1);
}

TEST(AwsClient, a_try_may_take_no_longer_than_the_time_left) {
    Bench bench;
    bench.http.script = { response(200, "{}") };
    auto call = list_clusters();
    call.time_left = Milliseconds { 700 };
    auto aws = bench.client();
    ASSERT_TRUE(aws.call(call));
    EXPECT_EQ(bench.http.requests.at(0).timeout, Milliseconds { 700 });
}

TEST(AwsClient, a_long_poll_may_wait_as_long_as_it_asked_to) {
    Bench bench;
    bench.http.script = { response(200, "{}") };
    AwsCall call { .service = "sqs", .operation = "ReceiveMessage" };
    call.params = { { "QueueUrl", "q" }, { "WaitTimeSeconds", 20 } };
    call.time_left = Seconds { 60 };
    auto aws = bench.client(Access::intake);
    ASSERT_TRUE(aws.call(call));
    EXPECT_EQ(bench.http.requests.at(0).timeout, Seconds { 30 });
}

TEST(AwsClient, denied_calls_are_not_retried) {
    Bench bench;
    bench.http.script = {
        response(400,
            R"({"__type":"AccessDeniedException","Message":"User: arn:aws:iam::1:user/x is not authorized to perform: ecs:ListClusters"})")
    };
    auto aws = bench.client();
    auto const answer = aws.call(list_clusters());
    EXPECT_EQ(answer.error().kind, ErrorKind::access_denied);
    EXPECT_THAT(answer.error().message, HasSubstr("not authorized to perform: ecs:ListClusters"));
    EXPECT_EQ(aws.calls_made(), 1);
}

TEST(AwsClient, calls_together_go_in_one_wave_and_only_the_failed_one_goes_again) {
    Bench bench;
    int denied_once = 0;
    bench.http.answer = [&](HttpRequest const& request) -> Result<HttpResponse> {
        if (request.url.find("logs.") != std::string::npos && denied_once++ == 0)
            return throttling();
        return response(200, R"({"url":")" + request.url + R"("})");
    };
    std::vector<AwsCall> const calls { list_clusters(), { .service = "logs", .operation = "DescribeLogGroups" },
        { .service = "nonsense", .operation = "X" }, { .service = "dynamodb", .operation = "ListTables" } };
    auto aws = bench.client();
    auto const answers = aws.call_all(calls);
    ASSERT_EQ(answers.size(), 4U);
    EXPECT_THAT(text_at(*answers[0], "url"), HasSubstr("ecs."));
    EXPECT_THAT(text_at(*answers[1], "url"), HasSubstr("logs."));
    EXPECT_FALSE(answers[2]);
    EXPECT_THAT(text_at(*answers[3], "url"), HasSubstr("dynamodb."));
    EXPECT_EQ(bench.http.waves, (std::vector<std::size_t> { 3, 1 }));
}

TEST(AwsClient, cloudtrail_lookups_keep_to_two_a_second) {
    Bench bench;
    bench.http.script = { response(200, "{}") };
    std::vector<AwsCall> const calls(5, AwsCall { .service = "cloudtrail", .operation = "LookupEvents" });
    auto aws = bench.client();
    for (auto const& answer : aws.call_all(calls))
        EXPECT_TRUE(answer);
    EXPECT_EQ(bench.http.waves, (std::vector<std::size_t> { 2, 1, 1, 1 }));
    EXPECT_EQ(bench.clock.steady, std::chrono::milliseconds { 1'500 });
}

TEST(AwsClient, an_emulator_on_loopback_has_no_pace) {
    Bench bench;
    bench.http.script = { response(200, "{}") };
    std::vector<AwsCall> const calls(5, AwsCall { .service = "cloudtrail", .operation = "LookupEvents" });
    auto aws = bench.client(Access::read, { { "AWS_ENDPOINT_URL", "http://127.0.0.1:5000" } });
    for (auto const& answer : aws.call_all(calls))
        EXPECT_TRUE(answer);
    EXPECT_EQ(bench.http.waves, (std::vector<std::size_t> { 5 }));
}

TEST(AwsClient, a_call_that_the_pace_leaves_no_slot_is_throttled_without_being_sent) {
    Bench bench;
    bench.http.script = { response(200, "{}") };
    AwsCall call { .service = "cloudtrail", .operation = "LookupEvents" };
    call.time_left = Milliseconds { 400 };
    auto aws = bench.client();
    auto const answers = aws.call_all(std::vector<AwsCall>(3, call));
    EXPECT_TRUE(answers[0] && answers[1]);
    EXPECT_EQ(answers[2].error().kind, ErrorKind::throttled);
    EXPECT_EQ(aws.calls_made(), 2);
}

TEST(AwsClient, a_clock_that_is_off_is_corrected_from_the_date_header_once_for_all) {
    Bench bench;
    bench.http.script
        = { response(403, "<ErrorResponse><Error><Code>RequestTimeTooSkewed</Code></Error></ErrorResponse>",
                { { "date", "Fri, 20 Nov 2026 10:00:00 GMT" } }),
              response(200, "<DescribeAlarmsResponse/>") };
    auto aws = bench.client();
    AwsCall const call { .service = "monitoring", .operation = "DescribeAlarms" };
    ASSERT_TRUE(aws.call(call));
    ASSERT_TRUE(aws.call(call));
    EXPECT_NE(header_of(bench.http.requests.at(0), "X-Amz-Date"), "20261120T100000Z");
    EXPECT_EQ(header_of(bench.http.requests.at(1), "X-Amz-Date"), "20261120T100000Z");
    EXPECT_EQ(header_of(bench.http.requests.at(2), "X-Amz-Date"), "20261120T100000Z");
    EXPECT_TRUE(bench.clock.waits.empty());
}

TEST(AwsClient, an_ended_session_is_renewed_once) {
    Bench bench;
    int fetched = 0;
    bench.credentials = std::make_shared<RefreshedCredentials>(bench.clock, [&]() -> Result<Credentials> {
        ++fetched;
        return Credentials { "ASIA" + std::to_string(fetched), Secret("very-secret-access-key"),
            Secret("very-secret-token"), std::nullopt };
    });
    bench.http.script = { response(400, R"({"__type":"ExpiredTokenException"})"), response(200, "{}"),
        response(400, R"({"__type":"ExpiredTokenException"})") };
    auto aws = bench.client();
    ASSERT_TRUE(aws.call(list_clusters()));
    EXPECT_THAT(header_of(bench.http.requests.at(1), "Authorization"), HasSubstr("Credential=ASIA2/"));
    auto const answer = aws.call(list_clusters());
    EXPECT_EQ(answer.error().kind, ErrorKind::access_denied);
    EXPECT_EQ(fetched, 3);
}

TEST(AwsClient, no_error_holds_a_secret_even_when_aws_echoes_it) {
    Bench bench;
    bench.http.script = { response(403,
        "<ErrorResponse><Error><Code>AccessDenied</Code><Message>x-amz-security-token:very-secret-token\nkey "
        "very-secret-access-key</Message></Error></ErrorResponse>") };
    auto aws = bench.client();
    auto const answer = aws.call({ .service = "monitoring", .operation = "DescribeAlarms" });
    EXPECT_THAT(answer.error().message, Not(HasSubstr("very-secret")));
    EXPECT_THAT(answer.error().message, HasSubstr("[secret]"));
    EXPECT_THAT(answer.error().message, Not(HasSubstr("\n")));
}

TEST(AwsClient, broken_answers_are_corrupt_and_not_retried) {
    for (auto const* body :
        { "<DescribeAlarmsResponse><DescribeAlarmsResult>", "{\"a\":", "<!DOCTYPE a []><a/>", "[1]" }) {
        Bench bench;
        bench.http.script = { response(200, body) };
        auto aws = bench.client();
        EXPECT_EQ(
            aws.call({ .service = "monitoring", .operation = "DescribeAlarms" }).error().kind, ErrorKind::corrupt)
            << body;
        EXPECT_EQ(aws.calls_made(), 1);
    }
}

TEST(AwsClient, a_region_that_is_not_one_never_becomes_a_host_name) {
    Bench bench;
    auto aws = bench.client();
    for (auto const* region : { "evil.example.com/", "eu-west-1.evil", "EU-WEST-1", "eu west", "localhost", "-" }) {
        auto call = list_clusters();
        call.region = region;
        EXPECT_EQ(aws.call(call).error().kind, ErrorKind::invalid_input) << region;
    }
    EXPECT_TRUE(bench.http.requests.empty());
}

TEST(AwsClient, missing_credentials_fail_every_call_with_the_reason) {
    Bench bench;
    bench.credentials = std::make_shared<RefreshedCredentials>(bench.clock,
        []() -> Result<Credentials> { return Error { ErrorKind::access_denied, "no AWS credentials" }; });
    auto aws = bench.client();
    for (auto const& answer : aws.call_all(std::vector<AwsCall>(2, list_clusters())))
        EXPECT_THAT(answer.error().message, HasSubstr("no AWS credentials"));
    EXPECT_TRUE(bench.http.requests.empty());
}

} // namespace convops
