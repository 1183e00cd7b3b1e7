// The fifteen metric filters that the CIS AWS Foundations Benchmark asks of a trail's log group (4.1 to 4.15), and
// whether a filter is one of them. https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html
#include "audit/metric_filters.h"

#include "base/text.h"

#include <algorithm>

namespace convops {

namespace {

constexpr CisFilter filters[] = {
    { .number = "4.1",
        .says = "calls that were refused",
        .metric = "UnauthorizedApiCalls",
        .pattern = R"({ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") })",
        .compared = "UnauthorizedOperation AccessDenied",
        .fields = "errorCode" },
    { .number = "4.2",
        .says = "sign-ins to the console without a second factor",
        .metric = "ConsoleSignInsWithoutMfa",
        .pattern
        = R"({ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") })",
        .compared = "ConsoleLogin",
        .fields = "MFAUsed" },
    { .number = "4.3",
        .says = "use of the root user",
        .metric = "RootUserUse",
        .pattern
        = R"({ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" })",
        .compared = "Root",
        .fields = "userIdentity.type" },
    { .number = "4.4",
        .says = "changes of IAM policies",
        .metric = "IamPolicyChanges",
        .pattern
        = R"({ ($.eventName = "DeleteGroupPolicy") || ($.eventName = "DeleteRolePolicy") || ($.eventName = "DeleteUserPolicy") || ($.eventName = "PutGroupPolicy") || ($.eventName = "PutRolePolicy") || ($.eventName = "PutUserPolicy") || ($.eventName = "CreatePolicy") || ($.eventName = "DeletePolicy") || ($.eventName = "CreatePolicyVersion") || ($.eventName = "DeletePolicyVersion") || ($.eventName = "AttachRolePolicy") || ($.eventName = "DetachRolePolicy") || ($.eventName = "AttachUserPolicy") || ($.eventName = "DetachUserPolicy") || ($.eventName = "AttachGroupPolicy") || ($.eventName = "DetachGroupPolicy") })",
        .compared = "DeleteGroupPolicy DeleteRolePolicy DeleteUserPolicy PutGroupPolicy PutRolePolicy PutUserPolicy "
                    "CreatePolicy DeletePolicy CreatePolicyVersion DeletePolicyVersion AttachRolePolicy "
                    "DetachRolePolicy AttachUserPolicy DetachUserPolicy AttachGroupPolicy DetachGroupPolicy",
        .fields = "eventName" },
    { .number = "4.5",
        .says = "changes of CloudTrail",
        .metric = "TrailChanges",
        .pattern
        = R"({ ($.eventName = "CreateTrail") || ($.eventName = "UpdateTrail") || ($.eventName = "DeleteTrail") || ($.eventName = "StartLogging") || ($.eventName = "StopLogging") })",
        .compared = "CreateTrail UpdateTrail DeleteTrail StartLogging StopLogging",
        .fields = "eventName" },
    { .number = "4.6",
        .says = "failed sign-ins to the console",
        .metric = "FailedConsoleSignIns",
        .pattern = R"({ ($.eventName = "ConsoleLogin") && ($.errorMessage = "Failed authentication") })",
        .compared = "ConsoleLogin Failed",
        .fields = "errorMessage" },
    { .number = "4.7",
        .says = "keys of KMS disabled or scheduled for deletion",
        .metric = "KeyDeletions",
        .pattern
        = R"({ ($.eventSource = "kms.amazonaws.com") && (($.eventName = "DisableKey") || ($.eventName = "ScheduleKeyDeletion")) })",
        .compared = "DisableKey ScheduleKeyDeletion",
        .fields = "eventName" },
    { .number = "4.8",
        .says = "changes of S3 bucket policies",
        .metric = "BucketPolicyChanges",
        .pattern
        = R"({ ($.eventSource = "s3.amazonaws.com") && (($.eventName = "PutBucketAcl") || ($.eventName = "PutBucketPolicy") || ($.eventName = "PutBucketCors") || ($.eventName = "PutBucketLifecycle") || ($.eventName = "PutBucketReplication") || ($.eventName = "DeleteBucketPolicy") || ($.eventName = "DeleteBucketCors") || ($.eventName = "DeleteBucketLifecycle") || ($.eventName = "DeleteBucketReplication")) })",
        .compared = "PutBucketAcl PutBucketPolicy PutBucketCors PutBucketLifecycle PutBucketReplication "
                    "DeleteBucketPolicy DeleteBucketCors DeleteBucketLifecycle DeleteBucketReplication",
        .fields = "eventName" },
    { .number = "4.9",
        .says = "changes of AWS Config",
        .metric = "ConfigRecorderChanges",
        .pattern
        = R"({ ($.eventName = "StopConfigurationRecorder") || ($.eventName = "DeleteDeliveryChannel") || ($.eventName = "PutDeliveryChannel") || ($.eventName = "PutConfigurationRecorder") })",
        .compared = "StopConfigurationRecorder DeleteDeliveryChannel PutDeliveryChannel PutConfigurationRecorder",
        .fields = "eventName" },
    { .number = "4.10",
        .says = "changes of security groups",
        .metric = "SecurityGroupChanges",
        .pattern
        = R"({ ($.eventName = "AuthorizeSecurityGroupIngress") || ($.eventName = "AuthorizeSecurityGroupEgress") || ($.eventName = "RevokeSecurityGroupIngress") || ($.eventName = "RevokeSecurityGroupEgress") || ($.eventName = "CreateSecurityGroup") || ($.eventName = "DeleteSecurityGroup") })",
        .compared = "AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress RevokeSecurityGroupIngress "
                    "RevokeSecurityGroupEgress CreateSecurityGroup DeleteSecurityGroup",
        .fields = "eventName" },
    { .number = "4.11",
        .says = "changes of network access lists",
        .metric = "NetworkAclChanges",
        .pattern
        = R"({ ($.eventName = "CreateNetworkAcl") || ($.eventName = "CreateNetworkAclEntry") || ($.eventName = "DeleteNetworkAcl") || ($.eventName = "DeleteNetworkAclEntry") || ($.eventName = "ReplaceNetworkAclEntry") || ($.eventName = "ReplaceNetworkAclAssociation") })",
        .compared = "CreateNetworkAcl CreateNetworkAclEntry DeleteNetworkAcl DeleteNetworkAclEntry "
                    "ReplaceNetworkAclEntry ReplaceNetworkAclAssociation",
        .fields = "eventName" },
    { .number = "4.12",
        .says = "changes of network gateways",
        .metric = "GatewayChanges",
        .pattern
        = R"({ ($.eventName = "CreateCustomerGateway") || ($.eventName = "DeleteCustomerGateway") || ($.eventName = "AttachInternetGateway") || ($.eventName = "CreateInternetGateway") || ($.eventName = "DeleteInternetGateway") || ($.eventName = "DetachInternetGateway") })",
        .compared = "CreateCustomerGateway DeleteCustomerGateway AttachInternetGateway CreateInternetGateway "
                    "DeleteInternetGateway DetachInternetGateway",
        .fields = "eventName" },
    { .number = "4.13",
        .says = "changes of route tables",
        .metric = "RouteChanges",
        .pattern
        = R"({ ($.eventName = "CreateRoute") || ($.eventName = "CreateRouteTable") || ($.eventName = "ReplaceRoute") || ($.eventName = "ReplaceRouteTableAssociation") || ($.eventName = "DeleteRouteTable") || ($.eventName = "DeleteRoute") || ($.eventName = "DisassociateRouteTable") })",
        .compared = "CreateRoute CreateRouteTable ReplaceRoute ReplaceRouteTableAssociation DeleteRouteTable "
                    "DeleteRoute DisassociateRouteTable",
        .fields = "eventName" },
    { .number = "4.14",
        .says = "changes of VPCs",
        .metric = "VpcChanges",
        .pattern
        = R"({ ($.eventName = "CreateVpc") || ($.eventName = "DeleteVpc") || ($.eventName = "ModifyVpcAttribute") || ($.eventName = "AcceptVpcPeeringConnection") || ($.eventName = "CreateVpcPeeringConnection") || ($.eventName = "DeleteVpcPeeringConnection") || ($.eventName = "RejectVpcPeeringConnection") })",
        .compared = "CreateVpc DeleteVpc ModifyVpcAttribute AcceptVpcPeeringConnection CreateVpcPeeringConnection "
                    "DeleteVpcPeeringConnection RejectVpcPeeringConnection",
        .fields = "eventName" },
    { .number = "4.15", .says = "changes of AWS Organizations", .metric = "OrganizationChanges", .pattern = R"({ ($.eventSource = "organizations.amazonaws.com") && (($.eventName = "AcceptHandshake") || ($.eventName = "AttachPolicy") || ($.eventName = "CreateAccount") || ($.eventName = "CreateOrganizationalUnit") || ($.eventName = "CreatePolicy") || ($.eventName = "DeclineHandshake") || ($.eventName = "DeleteOrganization") || ($.eventName = "DeleteOrganizationalUnit") || ($.eventName = "DeletePolicy") || ($.eventName = "DetachPolicy") || ($.eventName = "DisablePolicyType") || ($.eventName = "EnablePolicyType") || ($.eventName = "InviteAccountToOrganization") || ($.eventName = "LeaveOrganization") || ($.eventName = "MoveAccount") || ($.eventName = "RemoveAccountFromOrganization") || ($.eventName = "UpdatePolicy") || ($.eventName = "UpdateOrganizationalUnit")) })", .compared = "AcceptHandshake AttachPolicy CreateAccount CreateOrganizationalUnit CreatePolicy DeclineHandshake DeleteOrganization DeleteOrganizationalUnit DeletePolicy DetachPolicy DisablePolicyType EnablePolicyType InviteAccountToOrganization LeaveOrganization MoveAccount RemoveAccountFromOrganization UpdatePolicy UpdateOrganizationalUnit", .fields = "eventName eventSource" },
};

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Does the pattern compare something with the word: = "Word", =Word, = "*Word", = "Word*"?
bool compares_with(std::string_view pattern, std::string_view word) {
    for (auto at = pattern.find(word); at != std::string_view::npos; at = pattern.find(word, at + 1)) {
        auto const after = at + word.size();
        if ((after < pattern.size() && is_word(pattern[after])) || (at > 0 && is_word(pattern[at - 1])))
            continue;
        auto before = at;
        while (before > 0 && std::string_view(" \"'*\t").find(pattern[before - 1]) != std::string_view::npos)
            --before;
        if (before > 0 && pattern[before - 1] == '=' && !(before > 1 && pattern[before - 2] == '!'))
            return true;
    }
    return false;
}

} // namespace

std::span<CisFilter const> cis_filters() {
    return filters;
}

bool satisfies(CisFilter const& wanted, std::string_view pattern) {
    auto const words = split(wanted.compared, ' ');
    auto const fields = split(wanted.fields, ' ');
    return std::all_of(words.begin(), words.end(), [&](auto const& word) { return compares_with(pattern, word); })
        && std::all_of(fields.begin(), fields.end(), [&](auto const& field) {
               return pattern.find("$." + field) != std::string_view::npos
                   || pattern.find("." + field) != std::string_view::npos;
           });
}

} // namespace convops
