#include "audit/topic_fixes.h"

namespace convops {

AuditFix subscription_fix(std::string const& topic_arn, std::string const& region) {
    AuditFix fix;
    fix.cli = cli_command("sns", "subscribe",
        { { "topic-arn", topic_arn }, { "protocol", "email" }, { "notification-endpoint", on_call_mailbox.text } },
        region);
    auto const what = "subscription of " + topic_arn;
    fix.cloudformation = cloudformation_resource(identifier_of(what, ""), "AWS::SNS::Subscription",
        { { "TopicArn", topic_arn }, { "Protocol", "email" }, { "Endpoint", on_call_mailbox.text } });
    fix.terraform = terraform_resource("aws_sns_topic_subscription", identifier_of(what, "_"),
        { { "topic_arn", topic_arn }, { "protocol", "email" }, { "endpoint", on_call_mailbox.text } });
    return fix;
}

AuditFix new_topic_fix(std::string_view name, std::string const& region) {
    AuditFix fix;
    fix.cli = cli_command("sns", "create-topic", { { "name", name } }, region);
    fix.cloudformation
        = cloudformation_resource(identifier_of(name, ""), "AWS::SNS::Topic", { { "TopicName", name } });
    fix.terraform = terraform_resource("aws_sns_topic", identifier_of(name, "_"), { { "name", name } });
    return fix;
}

} // namespace convops
