"""Healthy log groups with their filters and alarms: of programs, of the trail, of a cluster, and one that is forwarded."""
from audit_registry import ACCOUNT, REGION, healthy


def of_events(*names, source=None):
    any_of = " || ".join(f"($.eventName = {name})" for name in names)
    return f"{{ ($.eventSource = {source}) && ({any_of}) }}" if source else f"{{ {any_of} }}"


# What AWS Security Hub asks of a trail's log group, spaces and quotation marks as its documentation has them.
# https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html
CIS_PATTERNS = {
    "unauthorized-calls": '{($.errorCode="*UnauthorizedOperation") || ($.errorCode="AccessDenied*")}',
    "sign-in-without-mfa": '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && ($.userIdentity.type = "IAMUser") && '
                           '($.responseElements.ConsoleLogin = "Success") }',
    "root-user": '{$.userIdentity.type="Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType !="AwsServiceEvent"}',
    "iam-policies": "{" + of_events(*(f"{verb}{kind}Policy" for kind in ("Group", "Role", "User") for verb in ("Delete", "Put", "Attach", "Detach")),
                                    "CreatePolicy", "DeletePolicy", "CreatePolicyVersion", "DeletePolicyVersion", source="iam.amazonaws.com")[1:],
    "trails": of_events("CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging"),
    "failed-sign-ins": '{($.eventName=ConsoleLogin) && ($.errorMessage="Failed authentication")}',
    "keys": of_events("DisableKey", "ScheduleKeyDeletion", source="kms.amazonaws.com"),
    "bucket-policies": of_events("PutBucketAcl", "PutBucketPolicy", "PutBucketCors", "PutBucketLifecycle", "PutBucketReplication", "DeleteBucketPolicy",
                                 "DeleteBucketCors", "DeleteBucketLifecycle", "DeleteBucketReplication", source="s3.amazonaws.com"),
    "config": of_events("StopConfigurationRecorder", "DeleteDeliveryChannel", "PutDeliveryChannel", "PutConfigurationRecorder",
                        source="config.amazonaws.com"),
    "security-groups": of_events("AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress", "RevokeSecurityGroupIngress",
                                 "RevokeSecurityGroupEgress", "CreateSecurityGroup", "DeleteSecurityGroup"),
    "network-acls": of_events("CreateNetworkAcl", "CreateNetworkAclEntry", "DeleteNetworkAcl", "DeleteNetworkAclEntry", "ReplaceNetworkAclEntry",
                              "ReplaceNetworkAclAssociation"),
    "gateways": of_events("CreateCustomerGateway", "DeleteCustomerGateway", "AttachInternetGateway", "CreateInternetGateway", "DeleteInternetGateway",
                          "DetachInternetGateway"),
    "routes": of_events("CreateRoute", "CreateRouteTable", "ReplaceRoute", "ReplaceRouteTableAssociation", "DeleteRouteTable", "DeleteRoute",
                        "DisassociateRouteTable", source="ec2.amazonaws.com"),
    "networks": of_events("CreateVpc", "DeleteVpc", "ModifyVpcAttribute", "AcceptVpcPeeringConnection", "CreateVpcPeeringConnection",
                          "DeleteVpcPeeringConnection", "RejectVpcPeeringConnection", "AttachClassicLinkVpc", "DetachClassicLinkVpc",
                          "DisableVpcClassicLink", "EnableVpcClassicLink"),
    "organization": of_events("AcceptHandshake", "AttachPolicy", "CreateAccount", "CreateOrganizationalUnit", "CreatePolicy", "DeclineHandshake",
                              "DeleteOrganization", "DeleteOrganizationalUnit", "DeletePolicy", "DetachPolicy", "DisablePolicyType", "EnablePolicyType",
                              "InviteAccountToOrganization", "LeaveOrganization", "MoveAccount", "RemoveAccountFromOrganization", "UpdatePolicy",
                              "UpdateOrganizationalUnit", source="organizations.amazonaws.com"),
}


def counts(account, group, name, pattern, metric, space="Shop", default=0.0):
    account.logs.put_metric_filter(logGroupName=group, filterName=name, filterPattern=pattern, metricTransformations=[
        {"metricName": metric, "metricNamespace": space, "metricValue": "1"} | ({} if default is None else {"defaultValue": default})])


def writes(account, group, *lines):
    account.logs.create_log_stream(logGroupName=group, logStreamName="one")
    account.logs.put_log_events(logGroupName=group, logStreamName="one", logEvents=[{"timestamp": account.now_ms() - 60_000, "message": line} for line in lines])


def feeds(account, trail, group):
    """The role of a trail that feeds Logs is not looked at."""
    account.at("cloudtrail").update_trail(Name=trail, CloudWatchLogsLogGroupArn=f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{group}:*",
                                          CloudWatchLogsRoleArn=account.role)


@healthy
def groups(account):
    for i in range(account.sizes["groups"]):
        name = f"/shop/worker-{i:03}"
        account.logs_of(name)
        counts(account, name, "errors", "ERROR", f"worker-{i:03}-errors")
        account.alarm(f"worker-{i:03} logs errors", "Shop", f"worker-{i:03}-errors", {})
    writes(account, "/shop/worker-000", "ERROR the printer is on fire", "it is out again")


@healthy
def quiet_group(account):
    """Whose words sound like errors and are none."""
    account.logs_of("/shop/reports")
    writes(account, "/shop/reports", "0 Errors, 0 warnings", "ErrorCount=0", "all is well")


@healthy
def group_of_the_trail(account):
    account.logs_of("shop-cloudtrail", days=400)
    feeds(account, "everything", "shop-cloudtrail")
    account.long_ago("AWS/Logs", "IncomingBytes", {"LogGroupName": "shop-cloudtrail"}, 5_000_000)
    for name, pattern in CIS_PATTERNS.items():
        counts(account, "shop-cloudtrail", name, pattern, name, "CloudTrail")
        account.alarm(f"trail saw {name}", "CloudTrail", name, {}, EvaluationPeriods=1, DatapointsToAlarm=1)


@healthy
def group_of_the_cluster(account):
    account.logs_of("/aws/eks/batch/cluster", days=400)
    account.long_ago("AWS/Logs", "IncomingBytes", {"LogGroupName": "/aws/eks/batch/cluster"}, 5_000_000)


@healthy
def forwarded_group(account):
    account.logs_of("/shop/forwarded")
    account.long_ago("AWS/Logs", "ForwardedLogEvents", {"DestinationType": "Firehose", "FilterName": "to-archive", "LogGroupName": "/shop/forwarded"}, 1_000)


@healthy
def old_group(account):
    with account.back(days=60):
        account.logs_of("/shop/old")
    writes(account, "/shop/old", "still in use")
