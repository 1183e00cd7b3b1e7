// KMS: the keys that topics are encrypted with, and who may use them.
#include "audit/inventory.h"

#include <array>

namespace convops::audit_inventory {

namespace {

// The key that AWS keeps for SNS has a policy that nobody can change; there is nothing to ask.
std::optional<JsonObject> key_of(AuditPlace const&, std::span<Json const* const> topics) {
    auto const key = text_at(*topics.front(), "Attributes.KmsMasterKeyId");
    if (key.empty() || key.ends_with("alias/aws/sns"))
        return std::nullopt;
    return JsonObject { { "KeyId", key } };
}

// Only "default" exists, and an alias is not taken.
// https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyPolicy.html
std::optional<JsonObject> policy_of(AuditPlace const&, std::span<Json const* const> keys) {
    auto const key = text_at(*keys.front(), "KeyMetadata.Arn", text_at(*keys.front(), "KeyMetadata.KeyId"));
    if (key.empty())
        return std::nullopt;
    return JsonObject { { "KeyId", key }, { "PolicyName", "default" } };
}

constexpr std::array readings {
    AuditReading { .name = "kms_topic_keys",
        .service = "kms",
        .operation = "DescribeKey",
        .iam_action = "kms:DescribeKey",
        .parent = "sns_topic_attributes",
        .params = key_of },
    AuditReading { .name = "kms_topic_key_policies",
        .service = "kms",
        .operation = "GetKeyPolicy",
        .iam_action = "kms:GetKeyPolicy",
        .parent = "kms_topic_keys",
        .params = policy_of },
};

} // namespace

Registered make_kms() {
    return readings;
}

} // namespace convops::audit_inventory
