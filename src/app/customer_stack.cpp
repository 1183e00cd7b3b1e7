#include "app/customer_stack.h"

#include "app/audit.h"
#include "audit/inventory.h"
#include "base/json.h"
#include "base/text.h"
#include "evidence/sources.h"

namespace convops {

namespace {

// Allowed on one resource only, never on all: the secret with the GitHub token, when there is one.
constexpr std::string_view secret_action = "secretsmanager:GetSecretValue";

// Used by `investigate --alarm` and while connecting, before any source is asked; and by the watch, which chooses
// metrics and mutes resources by their tags.
constexpr auto connecting_actions
    = std::to_array<std::string_view>({ "cloudwatch:DescribeAlarms", "tag:GetResources" });

std::string yaml_list(std::vector<std::string> const& items, std::string_view indent) {
    std::string text;
    for (auto const& item : items)
        text += std::string(indent) + "- " + item + "\n";
    return text;
}

// Named in product.md "Act": off until EnableActions is true, and never a delete, a network, an IAM or a secret.
std::vector<std::string> const write_actions { "application-autoscaling:RegisterScalableTarget",
    "autoscaling:SetDesiredCapacity", "cloudfront:CreateInvalidation", "ec2:RebootInstances", "ec2:StartInstances",
    "ec2:StopInstances", "ecs:UpdateService", "lambda:DeleteFunctionConcurrency", "lambda:PutFunctionConcurrency",
    "rds:FailoverDBCluster", "rds:RebootDBInstance", "ssm:GetCommandInvocation", "ssm:SendCommand" };

constexpr std::string_view stack_template = R"(AWSTemplateFormatVersion: "2010-09-09"
Description: >-
  ConvOps connection: a read-only role that ConvOps assumes with an external ID, and the topic that your alarms publish to.
Metadata:
  AWS::CloudFormation::Interface:
    ParameterGroups:
      - Label: { default: Who may assume the role }
        Parameters: [ConvOpsPrincipalArn, ExternalId]
      - Label: { default: Where alarms go }
        Parameters: [EndpointUrl]
      - Label: { default: What ConvOps may do }
        Parameters: [EnableActions, GitHubTokenSecretArn]
Parameters:
  ConvOpsPrincipalArn:
    Type: String
    Description: ARN of the role or user that your ConvOps server runs as.
    AllowedPattern: '^arn:aws[a-zA-Z-]*:(iam|sts)::[0-9]{12}:[A-Za-z0-9+=,.@_/-]+$'
  ExternalId:
    Type: String
    NoEcho: true
    Description: A long random word that ConvOps must say; put the same into its configuration.
    MinLength: 16
    MaxLength: 128
    AllowedPattern: '^[A-Za-z0-9+=,.@:/_-]+$'
  EndpointUrl:
    Type: String
    Default: ""
    Description: https://your-convops/v1/sns/CONNECTION. Leave empty to be polled through the queue instead.
    AllowedPattern: '^$|^https://.+$'
  EnableActions:
    Type: String
    Default: "false"
    AllowedValues: ["true", "false"]
    Description: Allow the named remediations (restart, scale, roll back, reboot) after a person confirms each in chat.
  GitHubTokenSecretArn:
    Type: String
    Default: ""
    Description: ARN of a Secrets Manager secret with a GitHub token, to read deployments and merges. Empty for none.
    AllowedPattern: '^$|^arn:aws[a-zA-Z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]+$'
Conditions:
  HasGitHubToken: !Not [!Equals [!Ref GitHubTokenSecretArn, ""]]
  HasEndpoint: !Not [!Equals [!Ref EndpointUrl, ""]]
  HasNoEndpoint: !Equals [!Ref EndpointUrl, ""]
  ActionsEnabled: !Equals [!Ref EnableActions, "true"]
Resources:
  ConvOpsRole:
    Type: AWS::IAM::Role
    Properties:
      Description: Read by ConvOps while it investigates an alarm. Sessions last 15 minutes.
      MaxSessionDuration: 3600
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: { AWS: !Ref ConvOpsPrincipalArn }
            Action: sts:AssumeRole
            Condition:
              StringEquals: { "sts:ExternalId": !Ref ExternalId }
      Policies:
        - PolicyName: ConvOpsReads
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - Sid: Reads
                Effect: Allow
                Resource: "*"
                Action:
{{reads}}  ConvOpsDenyWrites:
    Type: AWS::IAM::RolePolicy
    Properties:
      RoleName: !Ref ConvOpsRole
      PolicyName: ConvOpsDeniesTheRest
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Sid: NothingElse
            Effect: Deny
            Resource: "*"
            NotAction: !If
              - ActionsEnabled
              -
{{reads_and_writes}}              -
{{reads_only}}          - Sid: OneSecretOnly
            Effect: Deny
            Action: secretsmanager:GetSecretValue
            NotResource: !If [HasGitHubToken, !Ref GitHubTokenSecretArn, !Sub "arn:${AWS::Partition}:secretsmanager:::secret:none"]
  ConvOpsGitHubToken:
    Type: AWS::IAM::RolePolicy
    Condition: HasGitHubToken
    Properties:
      RoleName: !Ref ConvOpsRole
      PolicyName: ConvOpsGitHubToken
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Sid: GitHubToken
            Effect: Allow
            Action: secretsmanager:GetSecretValue
            Resource: !Ref GitHubTokenSecretArn
  ConvOpsActions:
    Type: AWS::IAM::RolePolicy
    Condition: ActionsEnabled
    Properties:
      RoleName: !Ref ConvOpsRole
      PolicyName: ConvOpsActions
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Sid: ConfirmedRemediations
            Effect: Allow
            Resource: "*"
            Action:
{{writes}}  AlarmTopic:
    Type: AWS::SNS::Topic
    Properties:
      DisplayName: ConvOps alarms
  AlarmTopicPolicy:
    Type: AWS::SNS::TopicPolicy
    Properties:
      Topics: [!Ref AlarmTopic]
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Sid: CloudWatchPublishes
            Effect: Allow
            Principal: { Service: cloudwatch.amazonaws.com }
            Action: sns:Publish
            Resource: !Ref AlarmTopic
            Condition:
              StringEquals: { "aws:SourceAccount": !Ref AWS::AccountId }
  EndpointSubscription:
    Type: AWS::SNS::Subscription
    Condition: HasEndpoint
    Properties:
      TopicArn: !Ref AlarmTopic
      Protocol: https
      Endpoint: !Ref EndpointUrl
      RedrivePolicy:
        deadLetterTargetArn: !GetAtt AlarmQueue.Arn
  AlarmQueue:
    Type: AWS::SQS::Queue
    DeletionPolicy: Delete
    UpdateReplacePolicy: Delete
    Properties:
      MessageRetentionPeriod: 345600
      SqsManagedSseEnabled: true
  AlarmQueuePolicy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref AlarmQueue]
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Sid: TopicSends
            Effect: Allow
            Principal: { Service: sns.amazonaws.com }
            Action: sqs:SendMessage
            Resource: !GetAtt AlarmQueue.Arn
            Condition:
              ArnEquals: { "aws:SourceArn": !Ref AlarmTopic }
          - Sid: ConvOpsReceives
            Effect: Allow
            Principal: { AWS: !Ref ConvOpsPrincipalArn }
            Action: [sqs:ReceiveMessage, sqs:DeleteMessage, sqs:ChangeMessageVisibility]
            Resource: !GetAtt AlarmQueue.Arn
  QueueSubscription: # polled when there is no endpoint; with one, the queue only holds what the endpoint missed
    Type: AWS::SNS::Subscription
    Condition: HasNoEndpoint
    Properties:
      TopicArn: !Ref AlarmTopic
      Protocol: sqs
      Endpoint: !GetAtt AlarmQueue.Arn
Outputs:
  RoleArn:
    Description: role_arn of the connection
    Value: !GetAtt ConvOpsRole.Arn
  TopicArn:
    Description: topic_arn of the connection; the action of your alarms
    Value: !Ref AlarmTopic
  QueueUrl:
    Description: queue_url, when ConvOps polls instead of being called
    Value: !Ref AlarmQueue
)";

} // namespace

std::vector<std::string> read_actions() {
    std::set<std::string> actions;
    for (auto const action : connecting_actions)
        actions.emplace(action);
    for (auto const& source : sources::all())
        for (auto const& action : source.card->iam_actions)
            if (action.action != secret_action)
                actions.emplace(action.action);
    return { actions.begin(), actions.end() };
}

std::vector<std::string> audit_actions() {
    std::set<std::string> actions { std::string(check_regions_action) };
    for (auto const& reading : all_readings())
        actions.emplace(reading.iam_action);
    return { actions.begin(), actions.end() };
}

std::string iam_policy_json(std::string const& github_token_secret_arn, bool audit) {
    JsonArray actions;
    for (auto const& action : read_actions())
        actions.emplace_back(action);
    JsonArray statements { JsonObject {
        { "Sid", "ConvOpsReads" }, { "Effect", "Allow" }, { "Action", actions }, { "Resource", "*" } } };
    auto not_denied = actions;
    if (audit) {
        // Only what investigations do not read anyway.
        JsonArray more;
        for (auto const& action : audit_actions())
            if (std::find(actions.begin(), actions.end(), Json(action)) == actions.end())
                more.emplace_back(action);
        statements.push_back(JsonObject {
            { "Sid", "ConvOpsAudits" }, { "Effect", "Allow" }, { "Action", more }, { "Resource", "*" } });
        not_denied.insert(not_denied.end(), more.begin(), more.end());
    }
    if (!github_token_secret_arn.empty()) {
        not_denied.emplace_back(secret_action);
        statements.push_back(JsonObject { { "Sid", "GitHubToken" }, { "Effect", "Allow" },
            { "Action", secret_action }, { "Resource", github_token_secret_arn } });
        statements.push_back(JsonObject { { "Sid", "OneSecretOnly" }, { "Effect", "Deny" },
            { "Action", secret_action }, { "NotResource", github_token_secret_arn } });
    }
    statements.push_back(JsonObject {
        { "Sid", "NothingElse" }, { "Effect", "Deny" }, { "NotAction", not_denied }, { "Resource", "*" } });
    Json const policy = JsonObject { { "Version", "2012-10-17" }, { "Statement", std::move(statements) } };
    return to_text(policy) + "\n";
}

std::string customer_stack_yaml() {
    auto const reads = read_actions();
    auto both = reads;
    both.insert(both.end(), write_actions.begin(), write_actions.end());
    auto const with_secret = [](std::vector<std::string> actions) {
        actions.emplace_back(secret_action); // its own statement denies it for every secret but one
        std::sort(actions.begin(), actions.end());
        return yaml_list(actions, "                ");
    };
    auto text = replace_all(std::string(stack_template), "{{reads}}", yaml_list(reads, "                  "));
    text = replace_all(text, "{{reads_and_writes}}", with_secret(both));
    text = replace_all(text, "{{reads_only}}", with_secret(reads));
    return replace_all(text, "{{writes}}", yaml_list(write_actions, "              "));
}

} // namespace convops
