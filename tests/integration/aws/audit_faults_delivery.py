"""Faults of category C, the delivery path (checks 50 to 60), one function each."""
import json

from audit_healthy_delivery import carrier_of_alarms, key_for
from audit_registry import ACCOUNT, NOT_HEALTHY_IN_MOTO, NOT_IN_MOTO, REGION, fault

NOT_IN_MOTO |= {
    "topic_subscription_is_confirmed": "ListSubscriptions has an ARN for every subscription: all are confirmed at once",
    "delivery_was_proven": "DescribeAlarmHistory",
}
NO_DELIVERY_LOG = "GetTopicAttributes without the roles of delivery status logging: no topic with a program behind it is healthy"
NOT_HEALTHY_IN_MOTO |= {
    "alarm_subscription_has_dead_letter_queue": NO_DELIVERY_LOG,
    "topic_logs_failed_deliveries": NO_DELIVERY_LOG,
    "topic_uses_https": NO_DELIVERY_LOG,
}


def sends_to(account, topic, queue, name):
    account.alarm(name, "AWS/SQS", "NumberOfMessagesSent", {"QueueName": queue}, AlarmActions=[topic])


@fault
def topic_has_subscription(account):
    sends_to(account, account.topic_of("nobody-listens", people=()), "orders-010", "alarm to nobody")
    return "nobody-listens"


@fault
def topic_accepts_cloudwatch(account):
    closed, foreign, sealed, bare = (account.topic_of(name) for name in ("closed-door", "other-account-only", "key-of-sns", "key-without-cloudwatch"))
    for i, topic in enumerate((closed, foreign, sealed, bare)):
        sends_to(account, topic, f"orders-{60 + i:03}", f"alarm at closed door {topic.rsplit(':', 1)[1]}")
    account.sns.set_topic_attributes(TopicArn=closed, AttributeName="Policy", AttributeValue=json.dumps({"Version": "2012-10-17", "Statement": [
        {"Sid": "none", "Effect": "Deny", "Principal": "*", "Action": "sns:Publish", "Resource": closed}]}))
    account.sns.set_topic_attributes(TopicArn=foreign, AttributeName="Policy", AttributeValue=json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "cloudwatch.amazonaws.com"}, "Action": "sns:Publish", "Resource": foreign,
         "Condition": {"StringEquals": {"aws:SourceAccount": "999999999999"}}}]}))
    account.sns.set_topic_attributes(TopicArn=sealed, AttributeName="KmsMasterKeyId", AttributeValue="alias/aws/sns")
    account.sns.set_topic_attributes(TopicArn=bare, AttributeName="KmsMasterKeyId", AttributeValue=key_for(account))
    return "closed-door", "other-account-only", "key-of-sns", "key-without-cloudwatch"


@fault
def topic_reaches_more_than_one_person(account):
    sends_to(account, account.topic_of("one-person", people=("anna",)), "orders-012", "alarm to one mailbox")
    return "one-person"


@fault
def topic_delivers(account):
    """Twenty days ago: sums of 30 days see it, the history of 14 days does not have to walk over it."""
    sends_to(account, account.topic_of("dead-mailbox"), "orders-013", "alarm to a dead mailbox")
    account.long_ago("AWS/SNS", "NumberOfNotificationsFailed", {"TopicName": "dead-mailbox"}, 4)
    return "dead-mailbox"


@fault
def alarm_subscription_has_dead_letter_queue(account):
    topic = account.topic_of("no-net")
    account.pager(topic)
    sends_to(account, topic, "orders-014", "alarm without a net")
    return "no-net"


@fault
def topic_logs_failed_deliveries(account):
    topic = account.topic_of("no-log")
    account.pager(topic, RedrivePolicy=json.dumps({"deadLetterTargetArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:orders-016"}))
    sends_to(account, topic, "orders-015", "alarm without a delivery log")
    return "no-log"


@fault
def alarm_rule_delivers(account):
    for name, state in (("alarms-switched-off", "DISABLED"), ("alarms-to-nothing", "ENABLED"), ("alarms-refused", "ENABLED")):
        carrier_of_alarms(account, name, state)
    for name in ("alarms-switched-off", "alarms-refused"):
        account.events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": account.topic}])
    account.long_ago("AWS/Events", "FailedInvocations", {"RuleName": "alarms-refused"}, 9)
    return "alarms-switched-off", "alarms-to-nothing", "alarms-refused"


@fault
def topic_uses_https(account):
    topic = account.topic_of("plain-http")
    account.subscribe(topic, "http", "http://pager.example/alarms")
    sends_to(account, topic, "orders-011", "alarm over plain http")
    return "plain-http"


@fault
def region_in_use_has_alarms_and_a_topic(account):
    account.at("sqs", "eu-north-1").create_queue(QueueName="far-away")
    return ""
