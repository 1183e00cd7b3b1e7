"""Faults of category C, the delivery path (checks 50 to 60), one function each."""
import json

from audit_registry import ACCOUNT, REGION, fault


@fault
def topic_has_subscription(account):
    topic = account.topic_of("nobody-listens", people=())
    account.alarm("alarm to nobody", "AWS/SQS", "NumberOfMessagesSent", {"QueueName": "orders-010"}, AlarmActions=[topic])
    return "nobody-listens"


@fault
def topic_uses_https(account):
    topic = account.topic_of("plain-http")
    account.subscribe(topic, "http", "http://pager.example/alarms")
    account.alarm("alarm over plain http", "AWS/SQS", "NumberOfMessagesSent", {"QueueName": "orders-011"}, AlarmActions=[topic])
    return "plain-http"


@fault
def topic_reaches_more_than_one_person(account):
    topic = account.topic_of("one-person", people=("anna",))
    account.alarm("alarm to one mailbox", "AWS/SQS", "NumberOfMessagesSent", {"QueueName": "orders-012"}, AlarmActions=[topic])
    return "one-person"


@fault
def topic_accepts_cloudwatch(account):
    topic = account.topic_of("closed-door")
    account.sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=json.dumps({"Version": "2012-10-17", "Statement": [
        {"Sid": "none", "Effect": "Deny", "Principal": "*", "Action": "sns:Publish", "Resource": topic}]}))
    account.alarm("alarm at a closed door", "AWS/SQS", "NumberOfMessagesSent", {"QueueName": "orders-013"}, AlarmActions=[topic])
    return "closed-door"


@fault
def alarm_subscription_has_dead_letter_queue(account):
    topic = account.topic_of("no-net")
    account.pager(topic)
    account.alarm("alarm without a net", "AWS/SQS", "NumberOfMessagesSent", {"QueueName": "orders-014"}, AlarmActions=[topic])
    return "no-net"


@fault
def topic_logs_failed_deliveries(account):
    topic = account.topic_of("no-log")
    account.pager(topic, RedrivePolicy=json.dumps({"deadLetterTargetArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:orders-016"}))
    account.alarm("alarm without a delivery log", "AWS/SQS", "NumberOfMessagesSent", {"QueueName": "orders-015"}, AlarmActions=[topic])
    return "no-log"


@fault
def alarm_rule_delivers(account):
    account.events.put_rule(Name="alarms-to-chat", EventPattern=json.dumps({"source": ["aws.cloudwatch"], "detail-type": ["CloudWatch Alarm State Change"]}),
                            State="DISABLED")
    account.events.put_targets(Rule="alarms-to-chat", Targets=[{"Id": "1", "Arn": account.topic}])
    return "alarms-to-chat"
