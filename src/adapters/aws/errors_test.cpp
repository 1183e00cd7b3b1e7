#include "adapters/aws/errors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convops {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Error refused(int status, std::string body, HttpHeaders headers = {}) {
    return read_refusal({ status, std::move(headers), std::move(body) }).error;
}

} // namespace

TEST(Refusals, every_protocol_says_its_code_and_message_in_its_own_place) {
    Error const expected { ErrorKind::throttled, "Throttling: Rate exceeded" };
    EXPECT_EQ(
        refused(400, R"({"__type":"com.amazonaws.x#Throttling:http://doc","message":"Rate exceeded"})"), expected);
    EXPECT_EQ(refused(400, R"({"Message":"Rate exceeded"})", { { "x-amzn-errortype", "Throttling:http://doc" } }),
        expected);
    EXPECT_EQ(refused(400,
                  "<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded"
                  "</Message></Error></ErrorResponse>"),
        expected);
    EXPECT_EQ(refused(400,
                  "<Response><Errors><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error>"
                  "</Errors><RequestID>r</RequestID></Response>"),
        expected);
    EXPECT_EQ(refused(400, "<Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error>"), expected);
}

TEST(Refusals, codes_have_kinds_that_callers_can_act_on) {
    for (auto const& [code, kind] :
        std::initializer_list<std::pair<std::string_view, ErrorKind>> { { "AccessDenied", ErrorKind::access_denied },
            { "AccessDeniedException", ErrorKind::access_denied },
            { "UnauthorizedOperation", ErrorKind::access_denied }, { "AuthorizationError", ErrorKind::access_denied },
            { "NotAuthorized", ErrorKind::access_denied }, { "ExpiredToken", ErrorKind::access_denied },
            { "ExpiredTokenException", ErrorKind::access_denied },
            { "InvalidClientTokenId", ErrorKind::access_denied },
            { "UnrecognizedClientException", ErrorKind::access_denied },
            { "SignatureDoesNotMatch", ErrorKind::access_denied }, { "AuthFailure", ErrorKind::access_denied },
            { "SubscriptionRequiredException", ErrorKind::access_denied },
            { "ThrottlingException", ErrorKind::throttled }, { "RequestLimitExceeded", ErrorKind::throttled },
            { "TooManyRequestsException", ErrorKind::throttled },
            { "ProvisionedThroughputExceededException", ErrorKind::throttled }, { "SlowDown", ErrorKind::throttled },
            { "LimitExceededException", ErrorKind::throttled }, { "ResourceNotFoundException", ErrorKind::not_found },
            { "NoSuchBucket", ErrorKind::not_found }, { "InvalidInstanceID.NotFound", ErrorKind::not_found },
            { "DBInstanceNotFound", ErrorKind::not_found }, { "ClusterNotFoundException", ErrorKind::not_found },
            { "AWS.SimpleQueueService.NonExistentQueue", ErrorKind::not_found },
            { "ValidationError", ErrorKind::invalid_input }, { "InvalidParameterValue", ErrorKind::invalid_input },
            { "SerializationException", ErrorKind::invalid_input }, { "RequestTimeout", ErrorKind::timeout } })
        EXPECT_EQ(kind_of_refusal(code, 400), kind) << code;
}

TEST(Refusals, without_a_known_code_the_status_decides) {
    for (auto const& [status, kind] : std::initializer_list<std::pair<int, ErrorKind>> {
             { 400, ErrorKind::invalid_input }, { 401, ErrorKind::access_denied }, { 403, ErrorKind::access_denied },
             { 404, ErrorKind::not_found }, { 408, ErrorKind::timeout }, { 429, ErrorKind::throttled },
             { 500, ErrorKind::unavailable }, { 503, ErrorKind::unavailable }, { 302, ErrorKind::unavailable } })
        EXPECT_EQ(kind_of_refusal("", status), kind) << status;
    EXPECT_EQ(kind_of_refusal("SlowDown", 503), ErrorKind::throttled);
    EXPECT_EQ(refused(502, "<html><body>Bad gateway").message, "HTTP status 502");
    EXPECT_EQ(refused(500, "").message, "HTTP status 500");
}

TEST(Refusals, the_echo_of_a_signed_request_is_never_repeated) {
    auto const error = refused(403,
        "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>The Canonical String should have been "
        "x-amz-security-token:IQoJb3JpZ2luX2VjE</Message></Error></ErrorResponse>");
    EXPECT_THAT(error.message, Not(HasSubstr("IQoJ")));
    EXPECT_THAT(error.message, HasSubstr("secret access key"));
}

TEST(Refusals, a_message_is_one_short_clean_line) {
    auto const error
        = refused(400, "{\"__type\":\"Bad\\n<Code>\",\"message\":\"a\\nb\\u0007" + std::string(5000, 'x') + "\"}");
    EXPECT_LE(error.message.size(), 600U);
    EXPECT_THAT(error.message, Not(HasSubstr("\n")));
    EXPECT_THAT(error.message, HasSubstr("BadCode: a b"));
}

TEST(Refusals, the_message_about_a_missing_support_plan_is_kept) {
    EXPECT_THAT(
        refused(400, R"({"__type":"SubscriptionRequiredException","message":"AWS Support plan needed"})").message,
        HasSubstr("AWS Support plan needed"));
}

TEST(Refusals, a_refused_time_and_an_ended_session_are_told_apart) {
    auto const late = read_refusal({ 403, {},
        "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>Signature "
        "expired: 2026</Message></Error></ErrorResponse>" });
    EXPECT_TRUE(late.clock_is_off);
    auto const wrong = read_refusal(
        { 403, {}, "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code></Error></ErrorResponse>" });
    EXPECT_FALSE(wrong.clock_is_off);
    EXPECT_TRUE(read_refusal({ 400, {}, R"({"__type":"ExpiredTokenException"})" }).session_ended);
}

TEST(HttpDates, are_read_and_nonsense_is_not) {
    EXPECT_EQ(format_time(*parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT")), "1994-11-06T08:49:37Z");
    for (auto const* text : { "", "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 31 Feb 1994 08:49:37 GMT",
             "Sun, 06 Nov 1994 0a:49:37 GMT", "Sun, 06 Xxx 1994 08:49:37 GMT", "06 Nov 1994" })
        EXPECT_FALSE(parse_http_date(text)) << text;
}

} // namespace convops
