// Checks 50 to 60: whether an alarm that fires reaches anybody.
#include "audit/account_under_audit.h"
#include "audit/resource_policy.h"
#include "audit/topic_words.h"

namespace convops {
namespace {

using Account = AccountUnderAudit;

// An alarm that tells a topic of that name; its subscriptions as a JSON array.
Account telling(std::string_view subscriptions, std::string_view attributes = "{}") {
    Account account;
    account.has_alarm("cpu");
    account.has("sns_topics", R"([{"TopicArn":"arn:aws:sns:eu-west-1:111122223333:on-call"}])");
    account.has("sns_subscriptions", subscriptions);
    account.has("sns_topic_attributes", R"([{"@of":0,"Attributes":)" + std::string(attributes) + "}]");
    return account;
}

std::string listener(std::string_view protocol, std::string_view endpoint, bool is_confirmed = true) {
    return R"([{"TopicArn":"arn:aws:sns:eu-west-1:111122223333:on-call","SubscriptionArn":")"
        + std::string(is_confirmed ? "arn:aws:sns:eu-west-1:111122223333:on-call:1" : "PendingConfirmation")
        + R"(","Protocol":")" + std::string(protocol) + R"(","Endpoint":")" + std::string(endpoint) + R"("}])";
}

TEST(AuditDelivery, a_topic_without_subscriptions_fails_and_one_with_a_subscription_passes) {
    EXPECT_EQ(telling("[]").says("topic_has_subscription", "on-call"), "fail");
    EXPECT_EQ(telling(listener("email", "a@b.example")).says("topic_has_subscription", "on-call"), "pass");
    EXPECT_EQ(telling("[]").says("topic_subscription_is_confirmed", "on-call"), "");
}

TEST(AuditDelivery, a_topic_that_no_alarm_uses_is_not_judged) {
    Account account;
    account.has("sns_topics", R"([{"TopicArn":"arn:aws:sns:eu-west-1:111122223333:orders"}])");
    EXPECT_TRUE(account.judged("topic_has_subscription").empty());
}

TEST(AuditDelivery, a_subscription_that_nobody_confirmed_fails_without_showing_whose_it_is) {
    auto const finding
        = telling(listener("email", "jane@b.example", false)).about("topic_subscription_is_confirmed", "on-call");
    EXPECT_EQ(finding.result, AuditResult::fail);
    EXPECT_NE(finding.why.find("j***@b.example"), std::string::npos);
    EXPECT_EQ(finding.why.find("jane"), std::string::npos);
    EXPECT_EQ(
        telling(listener("email", "jane@b.example")).says("topic_subscription_is_confirmed", "on-call"), "pass");
}

TEST(AuditDelivery, one_persons_mailbox_fails_and_a_list_or_a_tool_passes) {
    auto const says = [](std::string_view protocol, std::string_view endpoint) {
        return telling(listener(protocol, endpoint)).says("topic_reaches_more_than_one_person", "on-call");
    };
    EXPECT_EQ(says("email", "jane.smith@b.example"), "fail");
    EXPECT_EQ(says("email", "alistair@b.example"), "fail");
    EXPECT_EQ(says("sms", "+41790000000"), "fail");
    EXPECT_EQ(says("email", "alerts@b.example"), "pass");
    EXPECT_EQ(says("email", "on-call@b.example"), "pass");
    EXPECT_EQ(says("email", "x-abc@team.slack.com"), "pass");
    EXPECT_EQ(says("https", "https://events.pagerduty.com/integration/0123/enqueue"), "pass");
}

TEST(AuditDelivery, the_key_in_the_path_of_a_webhook_is_never_shown) {
    EXPECT_EQ(shown_endpoint({ "", "https", "https://events.pagerduty.com/integration/0123/enqueue" }),
        "https://events.pagerduty.com");
    EXPECT_EQ(shown_endpoint({ "", "sms", "+41790000042" }), "***42");
}

// What CloudWatch may do by a topic's policy.
constexpr std::string_view default_policy = R"({"Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},
    "Action":["SNS:GetTopicAttributes","SNS:Publish"],"Resource":"arn:aws:sns:eu-west-1:111122223333:on-call",
    "Condition":{"StringEquals":{"AWS:SourceOwner":"111122223333"}}}]})";
constexpr std::string_view only_events = R"({"Statement":{"Effect":"Allow",
    "Principal":{"Service":"events.amazonaws.com"},"Action":"sns:Publish","Resource":"*"}})";
constexpr std::string_view for_cloudwatch = R"({"Statement":[{"Effect":"Allow",
    "Principal":{"Service":["events.amazonaws.com","cloudwatch.amazonaws.com"]},"Action":"sns:Publish",
    "Resource":"*","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:cloudwatch:eu-west-1:111122223333:alarm:*"}}},
    {"Effect":"Deny","Principal":"*","Action":"sns:Publish","Resource":"*",
    "Condition":{"Bool":{"aws:SecureTransport":"false"}}}]})";
constexpr std::string_view other_account = R"({"Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},
    "Action":"SNS:Publish","Resource":"*","Condition":{"StringEquals":{"AWS:SourceOwner":"999900001111"}}}]})";
constexpr std::string_view denied = R"({"Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"},
    {"Effect":"Deny","Principal":"*","Action":"sns:Publish","Resource":"*"}]})";
constexpr std::string_view undecidable = R"({"Statement":[{"Effect":"Allow","Principal":"*","Action":"sns:Publish",
    "Resource":"*","Condition":{"StringEquals":{"aws:RequestTag/team":"x"}}}]})";
constexpr std::string_view of_organisation = R"({"Statement":[{"Effect":"Allow","Principal":"*",
    "Action":"sns:Publish","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}}]})";
constexpr std::string_view of_root = R"({"Statement":[{"Effect":"Allow",
    "Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"*","Resource":"*"}]})";

struct PolicyRow {
    std::string_view policy;
    std::string_view says;
};
class AuditTopicPolicies : public testing::TestWithParam<PolicyRow> { };

TEST_P(AuditTopicPolicies, decide_whether_an_alarm_is_lost) {
    JsonObject const attributes { { "Policy", GetParam().policy } };
    EXPECT_EQ(
        telling(listener("email", "a@b.example"), to_text(attributes)).says("topic_accepts_cloudwatch", "on-call"),
        GetParam().says)
        << GetParam().policy;
}

INSTANTIATE_TEST_SUITE_P(Delivery, AuditTopicPolicies,
    testing::Values(PolicyRow { default_policy, "pass" }, PolicyRow { only_events, "fail" },
        PolicyRow { for_cloudwatch, "pass" }, PolicyRow { other_account, "fail" }, PolicyRow { denied, "fail" },
        PolicyRow { undecidable, "unknown" }, PolicyRow { of_organisation, "fail" }, PolicyRow { of_root, "fail" },
        PolicyRow { "{broken", "unknown" }));

TEST(AuditDelivery, a_topic_that_shuts_cloudwatch_out_gets_a_policy_that_keeps_what_it_had) {
    JsonObject const attributes { { "Policy", only_events } };
    auto const fix = telling("[]", to_text(attributes)).about("topic_accepts_cloudwatch", "on-call").fix;
    for (auto const* text : { &fix.cli, &fix.cloudformation, &fix.terraform }) {
        EXPECT_NE(text->find("events.amazonaws.com"), std::string::npos) << *text;
        EXPECT_NE(text->find("cloudwatch.amazonaws.com"), std::string::npos) << *text;
    }
}

constexpr std::string_view encrypted = R"({"KmsMasterKeyId":"alias/topics"})";
constexpr std::string_view key
    = R"([{"@of":0,"KeyMetadata":{"KeyId":"k1","Arn":"arn:aws:kms:eu-west-1:111122223333:key/k1",
    "KeyManager":"CUSTOMER","KeyState":"Enabled"}}])";

std::string key_policy(std::string_view policy) {
    return to_text(JsonArray { JsonObject { { "@of", 0 }, { "PolicyName", "default" }, { "Policy", policy } } });
}

TEST(AuditDelivery, the_key_that_aws_keeps_for_topics_loses_every_alarm) {
    auto const finding
        = telling("[]", R"({"KmsMasterKeyId":"alias/aws/sns"})").about("topic_accepts_cloudwatch", "on-call");
    EXPECT_EQ(finding.result, AuditResult::fail);
    EXPECT_NE(finding.fix.cli.find("create-key"), std::string::npos);
}

TEST(AuditDelivery, a_key_policy_without_cloudwatch_fails_and_one_with_both_actions_passes) {
    auto const says = [&](std::string_view policy) {
        return telling("[]", encrypted)
            .has("kms_topic_keys", key)
            .has("kms_topic_key_policies", key_policy(policy))
            .says("topic_accepts_cloudwatch", "on-call");
    };
    EXPECT_EQ(says(of_root), "fail");
    EXPECT_EQ(says(R"({"Statement":[{"Effect":"Allow","Principal":{"Service":"cloudwatch.amazonaws.com"},
        "Action":"kms:Decrypt","Resource":"*"}]})"),
        "fail");
    EXPECT_EQ(says(R"({"Statement":[{"Effect":"Allow","Principal":{"Service":"cloudwatch.amazonaws.com"},
        "Action":["kms:Decrypt","kms:GenerateDataKey*"],"Resource":"*"}]})"),
        "pass");
}

TEST(AuditDelivery, a_key_that_may_not_be_read_is_unknown_with_its_permission_and_a_disabled_one_fails) {
    auto const finding = telling("[]", encrypted).denied_for("kms_topic_keys", 0).judged("topic_accepts_cloudwatch");
    ASSERT_FALSE(finding.empty());
    for (auto const& one : finding) {
        EXPECT_EQ(one.result, AuditResult::unknown);
        EXPECT_EQ(one.iam_action, "kms:DescribeKey");
    }
    EXPECT_EQ(telling("[]", encrypted)
                  .has("kms_topic_keys", R"([{"@of":0,"KeyMetadata":{"KeyId":"k1","KeyState":"PendingDeletion"}}])")
                  .says("topic_accepts_cloudwatch", "on-call"),
        "fail");
}

TEST(AuditDelivery, failed_notifications_of_the_last_month_are_counted) {
    auto const with = [](std::string_view values) {
        return telling(listener("https", "https://x.example/"))
            .has("sns_failed_notifications",
                R"([{"@of":0,"Id":"m0","Timestamps":["2026-11-20T00:00:00Z"],"Values":)" + std::string(values)
                    + "}]");
    };
    EXPECT_EQ(with("[3]").about("topic_delivers", "on-call").why,
        "3 notifications failed in the last 30 days, the last on 2026-11-20.");
    EXPECT_EQ(with("[0]").says("topic_delivers", "on-call"), "pass");
}

TEST(AuditDelivery, a_webhook_without_a_dead_letter_queue_fails_and_a_mailbox_needs_none) {
    auto const with = [](std::string_view redrive) {
        return telling(listener("https", "https://x.example/secret"))
            .has("sns_subscription_attributes",
                R"([{"@of":0,"Attributes":{"SubscriptionArn":"arn:aws:sns:eu-west-1:111122223333:on-call:1")"
                    + std::string(redrive) + "}}]");
    };
    auto const finding = with("").about("alarm_subscription_has_dead_letter_queue", "on-call:1");
    EXPECT_EQ(finding.result, AuditResult::fail);
    EXPECT_EQ((finding.why + finding.fix.cli).find("secret"), std::string::npos);
    EXPECT_EQ(with(R"(,"RedrivePolicy":"{}")").says("alarm_subscription_has_dead_letter_queue", "on-call:1"), "pass");
    EXPECT_TRUE(telling(listener("email", "a@b.example")).judged("alarm_subscription_has_dead_letter_queue").empty());
}

TEST(AuditDelivery, delivery_logs_are_asked_only_of_topics_that_tell_programs) {
    auto const webhook = listener("https", "https://x.example/");
    EXPECT_EQ(telling(webhook).says("topic_logs_failed_deliveries", "on-call"), "fail");
    EXPECT_EQ(telling(webhook, R"({"HTTPFailureFeedbackRoleArn":"arn:aws:iam::1:role/x"})")
                  .says("topic_logs_failed_deliveries", "on-call"),
        "pass");
    EXPECT_EQ(telling(listener("email", "a@b.example")).says("topic_logs_failed_deliveries", "on-call"), "");
}

TEST(AuditDelivery, plain_http_fails) {
    EXPECT_EQ(telling(listener("http", "http://x.example/")).says("topic_uses_https", "on-call:1"), "fail");
    EXPECT_EQ(telling(listener("https", "https://x.example/")).says("topic_uses_https", "on-call:1"), "pass");
}

TEST(AuditDelivery, a_rule_for_alarms_must_be_on_have_a_target_and_not_fail) {
    auto const rule = [](std::string_view state) {
        return R"([{"Name":"alarms","Arn":"arn:aws:events:eu-west-1:111122223333:rule/alarms","State":")"
            + std::string(state)
            + R"(","EventPattern":"{\"source\":[\"aws.cloudwatch\"],\"detail-type\":[\"CloudWatch Alarm State Change\"]}"}])";
    };
    constexpr std::string_view target = R"([{"@of":0,"Id":"1","Arn":"arn:aws:lambda:x"}])";
    EXPECT_EQ(Account().has("event_rules", rule("DISABLED")).says("alarm_rule_delivers", "rule/alarms"), "fail");
    EXPECT_EQ(Account().has("event_rules", rule("ENABLED")).says("alarm_rule_delivers", "rule/alarms"), "fail");
    auto good = Account().has("event_rules", rule("ENABLED")).has("event_targets", target);
    EXPECT_EQ(good.says("alarm_rule_delivers", "rule/alarms"), "pass");
    good.has(
        "event_failed_invocations", R"([{"@of":0,"Id":"m0","Timestamps":["2026-11-20T00:00:00Z"],"Values":[2]}])");
    EXPECT_EQ(good.says("alarm_rule_delivers", "rule/alarms"), "fail");
}

TEST(AuditDelivery, a_region_with_resources_and_no_alarm_fails_and_an_unused_one_is_not_judged) {
    EXPECT_TRUE(Account().judged("region_in_use_has_alarms_and_a_topic").empty());
    Account used;
    used.has("sns_topics", R"([{"TopicArn":"arn:aws:sns:eu-west-1:111122223333:orders"}])");
    EXPECT_EQ(used.judged("region_in_use_has_alarms_and_a_topic").front().result, AuditResult::fail);
    EXPECT_EQ(telling("[]").judged("region_in_use_has_alarms_and_a_topic").front().result, AuditResult::pass);
}

TEST(AuditDelivery, a_topic_that_carried_an_alarm_is_proven_and_any_other_is_offered_a_test) {
    auto account = telling("[]");
    EXPECT_NE(account.about("delivery_was_proven", "on-call").fix.cli.find("aws sns publish"), std::string::npos);
    account.has("cloudwatch_alarm_history", R"([{"AlarmName":"cpu","HistoryItemType":"Action","HistorySummary":
        "Successfully executed action arn:aws:sns:eu-west-1:111122223333:on-call"}])");
    EXPECT_EQ(account.says("delivery_was_proven", "on-call"), "pass");
}

} // namespace
} // namespace convops
