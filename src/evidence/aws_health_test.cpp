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
    asked.alarm_at = *parse_time("2026-11-20T20:14:30Z");
    asked.now = *parse_time("2026-11-20T20:16:00Z");
    asked.region = "eu-west-1";
    return asked;
}

} // namespace

TEST(AwsHealth, an_open_event_is_told_once_though_both_questions_may_return_it) {
    FakeAws aws;
    aws.on(
        "health:DescribeEvents", R"({"events": [{"arn": "arn:aws:health:eu-west-1::event/RDS/X/1", "service": "RDS",
        "eventTypeCode": "AWS_RDS_OPERATIONAL_ISSUE", "eventTypeCategory": "issue", "region": "eu-west-1",
        "startTime": 1795204800, "statusCode": "open", "eventScopeCode": "PUBLIC"}]})");
    auto const answer = ask("aws_health", question(), aws);
    EXPECT_THAT(answer.gaps, IsEmpty());
    ASSERT_THAT(answer.facts, SizeIs(1));
    EXPECT_EQ(answer.facts[0].statement,
        "AWS Health reports an open problem of RDS in eu-west-1 (AWS_RDS_OPERATIONAL_ISSUE) since 20:00 on "
        "2026-11-20.");
    auto const& event = std::get<ServiceEventFact>(answer.facts[0].detail);
    EXPECT_EQ(event.when.to, question().now);
    EXPECT_THAT(answer.facts[0].cli, HasSubstr("aws health describe-events"));
    EXPECT_THAT(answer.facts[0].cli, HasSubstr("--region us-east-1"));
}

TEST(AwsHealth, without_a_support_plan_it_says_that_it_can_not_ask) {
    FakeAws aws;
    aws.fail("health:DescribeEvents", ErrorKind::invalid_input, "SubscriptionRequiredException: ");
    auto const answer = ask("aws_health", question(), aws);
    EXPECT_THAT(answer.facts, IsEmpty());
    ASSERT_THAT(answer.gaps, SizeIs(1));
    EXPECT_THAT(answer.gaps[0].why, HasSubstr("no Business or Enterprise Support plan"));
    EXPECT_THAT(answer.gaps[0].why, HasSubstr("https://health.aws.amazon.com/health/status"));
    EXPECT_EQ(answer.gaps[0].iam_action, "") << "no permission would have helped";
    EXPECT_EQ(answer.gaps[0].would_have_told, "whether AWS reports a problem of its own");
}

TEST(AwsHealth, denied_throttled_and_late_are_gaps_and_an_empty_answer_is_none) {
    for (auto const kind : { ErrorKind::access_denied, ErrorKind::throttled, ErrorKind::timeout }) {
        FakeAws aws;
        aws.fail("health:DescribeEvents", kind, "not authorized");
        auto const answer = ask("aws_health", question(), aws);
        ASSERT_THAT(answer.gaps, SizeIs(1));
        EXPECT_EQ(answer.gaps[0].kind, kind);
    }
    FakeAws quiet;
    EXPECT_THAT(ask("aws_health", question(), quiet).gaps, IsEmpty());
}

TEST(AwsHealth, what_began_after_the_moment_asked_about_is_not_known_and_hostile_events_break_nothing) {
    FakeAws aws;
    aws.on("health:DescribeEvents", R"({"events": [7, {"eventTypeCode": "A"}, {"eventTypeCode": "LATER",
        "startTime": "2026-11-21T00:00:00Z", "statusCode": "open"}, {"eventTypeCode": "B\n\u001b[2J", "arn": "<script>",
        "startTime": "2026-11-20T00:00:00Z", "statusCode": 5, "service": ["x"]}]})");
    auto const answer = ask("aws_health", question(), aws);
    ASSERT_THAT(answer.facts, SizeIs(1));
    EXPECT_EQ(answer.facts[0].statement.find('\x1b'), std::string::npos);
    EXPECT_EQ(answer.facts[0].link.find('<'), std::string::npos);
}

} // namespace convops
