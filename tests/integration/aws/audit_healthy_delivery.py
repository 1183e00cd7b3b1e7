"""What else carries alarms to people in the healthy account: a function that gathers them, encrypted topics, a rule, and a watched delivery."""
import json

from audit_healthy_services import ABOVE, AT_LEAST, function, watch
from audit_registry import ACCOUNT, REGION, healthy

SENDER = {"Service": "cloudwatch.amazonaws.com"}


def key_for(account, *statements):
    """A key of the account's own, with statements beside the one that every key has."""
    root = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "kms:*", "Resource": "*"}
    return account.at("kms").create_key(Policy=json.dumps({"Version": "2012-10-17", "Statement": [root, *statements]}))["KeyMetadata"]["Arn"]


def carrier_of_alarms(account, name, state="ENABLED"):
    """Of the alarms on orders: a rule for all would tell of every alarm that tells nobody itself."""
    account.events.put_rule(Name=name, State=state, EventPattern=json.dumps({
        "source": ["aws.cloudwatch"], "detail-type": ["CloudWatch Alarm State Change"], "detail": {"alarmName": [{"prefix": "orders"}]}}))


@healthy
def router(account):
    """Most alarms go to a function that tells one incident once, as a composite alarm would, which moto does not have."""
    arn = function(account, "alarm-router")
    assert arn == account.router
    watch(account, "alarm-router", "AWS/Lambda", {"FunctionName": "alarm-router"}, ("Errors", "Sum", ABOVE, 0, (60, 3, 3), "notBreaching"),
          ("Throttles", "Sum", AT_LEAST, 1, (60, 5, 5), "notBreaching"), ("Duration", "p90", ABOVE, 24_000, (60, 15, 15), "missing"))


@healthy
def encrypted_topic(account):
    topic = account.topic_of("on-call-encrypted")
    account.sns.set_topic_attributes(TopicArn=topic, AttributeName="KmsMasterKeyId", AttributeValue=key_for(account, {
        "Effect": "Allow", "Principal": SENDER, "Action": ["kms:Decrypt", "kms:GenerateDataKey*"], "Resource": "*",
        "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}}}))
    account.sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": SENDER, "Action": "sns:Publish", "Resource": topic, "Condition": {"ArnLike": {
            "aws:SourceArn": f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:*"}}}]}))
    account.alarm("orders come too large", "AWS/SQS", "SentMessageSize", {"QueueName": "orders-030"}, Statistic="Maximum", Threshold=200_000.0,
                  AlarmActions=[topic], OKActions=[topic])


@healthy
def rule(account):
    carrier_of_alarms(account, "alarms-to-archive")
    account.events.put_targets(Rule="alarms-to-archive", Targets=[{"Id": "1", "Arn": account.router}])
    watch(account, "rule alarms-to-archive", "AWS/Events", {"RuleName": "alarms-to-archive"},
          ("FailedInvocations", "Sum", ABOVE, 0, (300, 1, 1), "notBreaching"))
