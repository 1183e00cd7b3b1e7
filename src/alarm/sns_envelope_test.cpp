#include "alarm/sns_envelope.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

JsonObject notification() {
    return { { "Type", "Notification" }, { "MessageId", "m-1" },
        { "TopicArn", "arn:aws:sns:eu-west-1:111122223333:alarms" }, { "Subject", "s" }, { "Message", "line\nline" },
        { "Timestamp", "2026-11-23T20:15:01.123Z" }, { "SignatureVersion", "1" }, { "Signature", "AA==" },
        { "SigningCertURL", "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem" } };
}

JsonObject confirmation() {
    auto object = notification();
    object.erase("Subject");
    object["Type"] = "SubscriptionConfirmation";
    object["Token"] = "t0";
    object["SubscribeURL"] = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn="
                             "arn:aws:sns:eu-west-1:111122223333:alarms&Token=t0";
    return object;
}

TEST(SnsEnvelope, the_signed_text_has_the_documented_fields_in_order) {
    auto const envelope = parse_sns_envelope(to_text(notification()));
    ASSERT_TRUE(envelope) << envelope.error().message;
    EXPECT_EQ(string_to_sign(*envelope),
        "Message\nline\nline\nMessageId\nm-1\nSubject\ns\nTimestamp\n2026-11-23T20:15:01.123Z\nTopicArn\n"
        "arn:aws:sns:eu-west-1:111122223333:alarms\nType\nNotification\n");
    auto const confirm = parse_sns_envelope(to_text(confirmation()));
    ASSERT_TRUE(confirm) << confirm.error().message;
    EXPECT_EQ(string_to_sign(*confirm),
        "Message\nline\nline\nMessageId\nm-1\nSubscribeURL\n" + confirm->subscribe_url
            + "\nTimestamp\n2026-11-23T20:15:01.123Z\nToken\nt0\nTopicArn\n"
              "arn:aws:sns:eu-west-1:111122223333:alarms\nType\nSubscriptionConfirmation\n");
}

TEST(SnsEnvelope, an_absent_subject_is_not_signed_but_an_empty_one_is) {
    auto object = notification();
    object["Subject"] = "";
    EXPECT_NE(string_to_sign(*parse_sns_envelope(to_text(object))).find("Subject\n\n"), std::string::npos);
    object["Subject"] = nullptr;
    EXPECT_EQ(string_to_sign(*parse_sns_envelope(to_text(object))).find("Subject"), std::string::npos);
}

TEST(SnsEnvelope, each_missing_or_mistyped_field_is_named) {
    for (auto const* field : { "Type", "MessageId", "TopicArn", "Message", "Timestamp", "SignatureVersion",
             "Signature", "SigningCertURL", "Token", "SubscribeURL" }) {
        auto missing = confirmation();
        missing.erase(field);
        auto mistyped = confirmation();
        mistyped[field] = JsonArray {};
        for (auto const& object : { missing, mistyped }) {
            auto const envelope = parse_sns_envelope(to_text(object));
            ASSERT_FALSE(envelope) << field;
            EXPECT_EQ(envelope.error().kind, ErrorKind::invalid_input);
            EXPECT_EQ(envelope.error().message.find(field), 0U) << envelope.error().message;
        }
    }
}

TEST(SnsEnvelope, a_line_break_in_a_signed_field_can_not_pose_as_another_field) {
    for (auto const* field : { "MessageId", "TopicArn", "Timestamp", "Subject", "Type" }) {
        auto object = notification();
        object[field] = std::string(object[field].as_string()) + "\nTopicArn\nother";
        EXPECT_FALSE(parse_sns_envelope(to_text(object))) << field;
    }
}

TEST(SnsEnvelope, a_certificate_comes_only_from_an_sns_host) {
    for (auto const* good : { "https://sns.us-west-2.amazonaws.com/SimpleNotificationService-7506a1e3.pem",
             "https://sns.eu-west-1.amazonaws.com:443/SimpleNotificationService-1.pem",
             "https://sns.us-gov-west-1.amazonaws.com/a.pem", "https://sns.cn-north-1.amazonaws.com.cn/a.pem" })
        EXPECT_TRUE(check_certificate_url(good)) << good;
    for (auto const* bad : { "http://sns.us-west-2.amazonaws.com/a.pem", "HTTPS://sns.us-west-2.amazonaws.com/a.pem",
             "https://sns.us-west-2.amazonaws.com.evil.com/a.pem",
             "https://evil.com/sns.us-west-2.amazonaws.com/a.pem",
             "https://sns.us-west-2.amazonaws.com@evil.com/a.pem", "https://a:b@sns.us-west-2.amazonaws.com/a.pem",
             "https://sns.us-west-2.amazonaws.com:8443/a.pem", "https://sns.us-west-2.amazonaws.com:80/a.pem",
             "https://sns.us-west-2.amazonaws.com:443:443/a.pem", "https://sns.us-west-2.amazonaws.com./a.pem",
             "https://SNS.us-west-2.amazonaws.com/a.pem", "https://sns.us-west-2.amazonaws.comx/a.pem",
             "https://sns.amazonaws.com/a.pem", "https://sns..amazonaws.com/a.pem",
             "https://sns.us-west-2.s3.amazonaws.com/a.pem", "https://xsns.us-west-2.amazonaws.com/a.pem",
             "https://sns.bucket.amazonaws.com/a.pem", "https://sns.us-west-2.amazonaws.com/a.pem?x=y",
             "https://sns.us-west-2.amazonaws.com/a.pem#x", "https://sns.us-west-2.amazonaws.com/../a.pem",
             "https://sns.us-west-2.amazonaws.com/%2e%2e/a.pem", "https://sns.us-west-2.amazonaws.com/x/a.pem",
             "https://sns.us-west-2.amazonaws.com/a..pem", "https://sns.us-west-2.amazonaws.com/.pem",
             "https://sns.us-west-2.amazonaws.com/a.txt", "https://sns.us-west-2.amazonaws.com",
             "https://sns.us-west-2.amazonaws.com\\.evil.com/a.pem",
             "https://evil.com\\@sns.us-west-2.amazonaws.com/a.pem", "https://sns.us-west-2.amazonaws.com/a.pem\n",
             "https:///a.pem", "https://[::1]/a.pem", "file:///etc/passwd.pem", "//sns.us-west-2.amazonaws.com/a.pem",
             "" }) {
        auto const checked = check_certificate_url(bad);
        ASSERT_FALSE(checked) << bad;
        EXPECT_EQ(checked.error().kind, ErrorKind::access_denied);
    }
}

TEST(SnsEnvelope, a_subscription_is_confirmed_only_at_sns_and_only_for_this_topic_and_token) {
    auto const with_url = [](std::string_view url) {
        auto object = confirmation();
        object["SubscribeURL"] = boost::json::string_view(url.data(), url.size());
        return *parse_sns_envelope(to_text(object));
    };
    std::string const good(confirmation()["SubscribeURL"].as_string());
    EXPECT_TRUE(check_subscribe_url(with_url(good)));
    EXPECT_TRUE(
        check_subscribe_url(with_url("https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn="
                                     "arn%3Aaws%3Asns%3Aeu-west-1%3A111122223333%3Aalarms&Token=t0")));
    for (auto const* bad : { "http://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn="
                             "arn:aws:sns:eu-west-1:111122223333:alarms&Token=t0",
             "https://sns.eu-west-1.amazonaws.com.evil.com/?Action=ConfirmSubscription&TopicArn="
             "arn:aws:sns:eu-west-1:111122223333:alarms&Token=t0",
             "https://sns.eu-west-1.amazonaws.com/?Action=DeleteTopic&TopicArn="
             "arn:aws:sns:eu-west-1:111122223333:alarms&Token=t0",
             "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn="
             "arn:aws:sns:eu-west-1:111122223333:other&Token=t0",
             "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn="
             "arn:aws:sns:eu-west-1:111122223333:alarms&Token=t1",
             "https://169.254.169.254/latest/meta-data" })
        EXPECT_FALSE(check_subscribe_url(with_url(bad))) << bad;
}

} // namespace
} // namespace convops
