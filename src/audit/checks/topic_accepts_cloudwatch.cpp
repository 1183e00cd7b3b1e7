// 52: a topic that does not let CloudWatch publish, or whose key does not, loses alarms without a trace but a line in
// the alarm's history. https://repost.aws/knowledge-center/cloudwatch-receive-sns-for-alarm-trigger
#include "audit/alarm_nature.h"
#include "audit/fixes.h"
#include "audit/resource_policy.h"
#include "audit/topic_words.h"

#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms", .whole = false },
    AuditNeed { .reading = "sns_topics", .whole = false },
    AuditNeed { .reading = "sns_topic_attributes", .whole = false },
    AuditNeed { .reading = "kms_topic_keys", .whole = false },
    AuditNeed { .reading = "kms_topic_key_policies", .whole = false } };

constexpr std::string_view cloudwatch = "cloudwatch.amazonaws.com";

// The key of a topic as far as it was read.
struct TopicKey {
    std::string id; // as the topic names it; empty: not encrypted
    Json const* key = nullptr; // nullptr: it could not be read or does not exist
    Json const* policy = nullptr;
    bool denied = false;
    std::string denied_action;
};

// The item of a child reading for one parent, and whether its call failed.
Json const* child_of(AuditListing const& listing, std::size_t parent, std::string& denied_action, bool& denied) {
    if (auto const failed = listing.failed_for.find(parent); failed != listing.failed_for.end()) {
        denied = true;
        denied_action = failed->second.iam_action;
        return nullptr;
    }
    for (auto const& item : listing.items)
        if (integer_at(item, "@of") == static_cast<std::int64_t>(parent))
            return &item;
    return nullptr;
}

std::optional<std::size_t> index_of(JsonArray const& items, Json const* item) {
    for (std::size_t i = 0; i < items.size(); ++i)
        if (&items[i] == item)
            return i;
    return std::nullopt;
}

TopicKey key_of(Estate const& estate, std::string const& region, EstateTopic const& topic) {
    TopicKey found { text_at(*topic.attributes, "Attributes.KmsMasterKeyId"), nullptr, nullptr, false, "" };
    auto const place = index_of(estate.items("sns_topic_attributes", region), topic.attributes);
    if (found.id.empty() || !place)
        return found;
    auto const& keys = estate.account->listing("kms_topic_keys", region);
    found.key = child_of(keys, *place, found.denied_action, found.denied);
    if (found.key != nullptr)
        found.policy = child_of(estate.account->listing("kms_topic_key_policies", region),
            *index_of(keys.items, found.key), found.denied_action, found.denied);
    return found;
}

// The policy with a statement more.
std::string with_statement(Json const& policy, JsonObject statement) {
    auto parsed = policy.is_string() ? parse_json(policy.as_string()) : Result<Json>(policy);
    Json whole = parsed && parsed->is_object() ? *parsed : Json { { "Version", "2012-10-17" } };
    JsonArray statements = list_at(whole, "Statement");
    if (auto const* single = find(whole, "Statement"); single != nullptr && single->is_object())
        statements.push_back(*single);
    statements.push_back(std::move(statement));
    whole.as_object()["Statement"] = std::move(statements);
    return to_text(whole);
}

AuditFix policy_fix(
    EstateTopic const& topic, Json const& policy, std::string const& region, std::string const& account) {
    auto const text = with_statement(policy,
        { { "Sid", "CloudWatchAlarms" }, { "Effect", "Allow" }, { "Principal", { { "Service", cloudwatch } } },
            { "Action", "sns:Publish" }, { "Resource", topic.arn },
            { "Condition", { { "StringEquals", { { "aws:SourceAccount", account } } } } } });
    AuditFix fix;
    fix.cli = cli_command("sns", "set-topic-attributes",
        { { "topic-arn", topic.arn }, { "attribute-name", "Policy" }, { "attribute-value", text } }, region);
    fix.cloudformation = cloudformation_resource(identifier_of("policy of " + topic.arn, ""), "AWS::SNS::TopicPolicy",
        { { "Topics", JsonArray { topic.arn } }, { "PolicyDocument", *parse_json(text) } });
    auto const id = identifier_of("policy of " + topic.arn, "_");
    fix.terraform = terraform_import("aws_sns_topic_policy", id, topic.arn)
        + terraform_resource("aws_sns_topic_policy", id, { { "arn", topic.arn }, { "policy", text } });
    return fix;
}

JsonObject key_statement() {
    return { { "Sid", "CloudWatchAlarms" }, { "Effect", "Allow" }, { "Principal", { { "Service", cloudwatch } } },
        { "Action", JsonArray { "kms:Decrypt", "kms:GenerateDataKey*" } }, { "Resource", "*" } };
}

AuditFix key_policy_fix(std::string const& key, Json const& policy, std::string const& region) {
    auto const text = with_statement(policy, key_statement());
    AuditFix fix;
    fix.cli = cli_command(
        "kms", "put-key-policy", { { "key-id", key }, { "policy-name", "default" }, { "policy", text } }, region);
    auto const id = identifier_of("policy of key " + key, "_");
    fix.terraform = terraform_resource("aws_kms_key_policy", id, { { "key_id", key }, { "policy", text } });
    return fix;
}

// A key of the account's own, because nobody can change the policy of the one that AWS keeps.
AuditFix own_key_fix(EstateTopic const& topic, std::string const& region, std::string const& account) {
    Json const policy { { "Version", "2012-10-17" },
        { "Statement",
            JsonArray { JsonObject { { "Effect", "Allow" },
                            { "Principal", { { "AWS", "arn:aws:iam::" + account + ":root" } } },
                            { "Action", "kms:*" }, { "Resource", "*" } },
                key_statement() } } };
    AuditFix fix;
    fix.cli = "KEY_ID=$("
        + cli_command("kms", "create-key",
            { { "policy", to_text(policy) }, { "query", "KeyMetadata.KeyId" }, { "output", "text" } }, region)
        + ")\n"
        + cli_command("sns", "set-topic-attributes",
            { { "topic-arn", topic.arn }, { "attribute-name", "KmsMasterKeyId" } }, region)
        + " --attribute-value \"$KEY_ID\"";
    return fix;
}

Permitted over_all(Json const& policy, std::string_view service, std::string const& action,
    std::string const& resource, std::string const& account, std::vector<EstateAlarm const*> const& senders) {
    auto result = Permitted::yes;
    for (auto const* alarm : senders) {
        auto const one = permitted(policy, { std::string(service), action, resource, account, name_of(*alarm) });
        if (one == Permitted::no)
            return one;
        result = one == Permitted::yes ? result : one;
    }
    return result;
}

std::optional<AuditJudgement> judge_key(Estate const& estate, std::string const& region, EstateTopic const& topic,
    std::vector<EstateAlarm const*> const& senders) {
    auto const key = key_of(estate, region, topic);
    if (key.id.empty())
        return std::nullopt;
    AuditEvidence const id { "sns:GetTopicAttributes", "KmsMasterKeyId", Json(key.id) };
    // "CloudWatch alarms can't ... default KMS key policy": its policy does not name CloudWatch and can not be
    // edited. https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns
    if (key.id.ends_with("alias/aws/sns")
        || (key.key != nullptr && text_at(*key.key, "KeyMetadata.KeyManager") == "AWS"))
        return fails(region, topic.arn,
            "It is encrypted with the key that AWS keeps for SNS, which CloudWatch may not use: every alarm is lost.",
            { id }, own_key_fix(topic, region, estate.account->id));
    if (key.denied)
        return not_known(region, topic.arn, "the key that encrypts it could not be read", key.denied_action);
    if (key.key == nullptr)
        return fails(region, topic.arn, "The key that it is encrypted with does not exist: every alarm is lost.",
            { id }, own_key_fix(topic, region, estate.account->id));
    auto const state = text_at(*key.key, "KeyMetadata.KeyState", "Enabled");
    if (state != "Enabled")
        return fails(region, topic.arn, "The key that it is encrypted with is " + state + ": every alarm is lost.",
            { id, { "kms:DescribeKey", "KeyMetadata.KeyState", Json(state) } });
    if (key.policy == nullptr)
        return not_known(region, topic.arn, "the policy of its key could not be read");
    auto const* policy = find(*key.policy, "Policy");
    auto const arn = text_at(*key.key, "KeyMetadata.Arn");
    for (std::string const action : { "kms:GenerateDataKey", "kms:Decrypt" }) {
        auto const may = policy == nullptr ? Permitted::not_known
                                           : over_all(*policy, cloudwatch, action, arn, estate.account->id, senders);
        if (may == Permitted::no)
            return fails(region, topic.arn,
                "The policy of its key does not let CloudWatch use it (" + action + "): every alarm is lost.",
                { id, field_of("kms:GetKeyPolicy", *key.policy, "Policy") },
                key_policy_fix(arn.empty() ? key.id : arn, *policy, region));
        if (may == Permitted::not_known)
            return not_known(
                region, topic.arn, "the policy of its key has conditions that an audit from outside can not decide");
    }
    return std::nullopt;
}

AuditJudgement judge_topic(Estate const& estate, std::string const& region, EstateTopic const& topic) {
    if (topic.attributes == nullptr)
        return not_known(region, topic.arn, "its attributes could not be read",
            estate.account->listing("sns_topic_attributes", region).refused_action());
    auto const senders = senders_to(estate.in(region), topic);
    auto const* policy = find(*topic.attributes, "Attributes.Policy");
    // A topic without a policy of its own has the default one, which lets everything of the account publish.
    // https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
    auto const may = policy == nullptr
        ? Permitted::yes
        : over_all(*policy, cloudwatch, "sns:Publish", topic.arn, estate.account->id, senders);
    if (may == Permitted::no)
        return fails(region, topic.arn,
            "Its policy does not let CloudWatch publish: " + std::to_string(senders.size())
                + (senders.size() == 1 ? " alarm is" : " alarms are") + " lost in silence.",
            { { "sns:GetTopicAttributes", "Policy", *policy } },
            policy_fix(topic, *policy, region, estate.account->id));
    if (auto key = judge_key(estate, region, topic, senders))
        return *key;
    if (may == Permitted::not_known)
        return not_known(region, topic.arn, "its policy has conditions that an audit from outside can not decide");
    return passes(region, topic.arn);
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    std::vector<AuditJudgement> all;
    for (auto const* topic : topics_of_alarms(estate.in(region)))
        all.push_back(weighed(judge_topic(estate, region, *topic), topic->arn));
    return all;
}

} // namespace

Registered make_topic_accepts_cloudwatch() {
    return { .name = "topic_accepts_cloudwatch",
        .number = 52,
        .category = AuditCategory::delivery,
        .severity = AuditSeverity::high,
        .title = "Every alarm topic lets CloudWatch publish",
        .matters = "When policy or encryption key refuse CloudWatch, the alarm fires, the topic stays silent, and "
                   "nobody is told of either.",
        .needs = needs,
        .judge = judge };
}

} // namespace convops::audit_checks
