"""An account in moto for the audit: healthy by itself, and one small function for each fault that can be planted in it."""
import json

ACCOUNT = "123456789012"  # moto's own
REGION = "eu-west-1"


class Account:
    """boto3 clients of one moto server, and what the healthy account is made of."""

    def __init__(self, client, queues=60, tables=60, groups=60):
        self.client = client
        self.sns, self.cloudwatch, self.sqs = client("sns"), client("cloudwatch"), client("sqs")
        self.logs, self.dynamodb, self.events = client("logs"), client("dynamodb"), client("events")
        self.topic = self.topic_of("on-call")
        self.other_topic = self.topic_of("team")
        self.alarms = 0
        self.sizes = (queues, tables, groups)

    # Pieces of a healthy account.

    def topic_of(self, name, people=("anna", "ben")):
        """moto keeps no delivery status logging, which e-mail does not have either: a healthy topic reaches two people."""
        arn = self.sns.create_topic(Name=name)["TopicArn"]
        for person in people:
            self.subscribe(arn, "email", f"{person}@example.com")
        return arn

    def subscribe(self, topic, protocol, endpoint, **attributes):
        return self.sns.subscribe(TopicArn=topic, Protocol=protocol, Endpoint=endpoint, Attributes=attributes, ReturnSubscriptionArn=True)

    def pager(self, topic, **attributes):
        """A queue that somebody's pager reads, watched like any other."""
        name = topic.rsplit(":", 1)[1] + "-pager"
        self.sqs.create_queue(QueueName=name)
        self.alarm(f"{name} has old messages", "AWS/SQS", "ApproximateAgeOfOldestMessage", {"QueueName": name}, Statistic="Maximum", Threshold=600.0)
        self.subscribe(topic, "sqs", f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}", **attributes)

    def alarm(self, name, namespace, metric, dimensions, **changes):
        self.alarms += 1
        topic = (self.topic, self.other_topic)[self.alarms % 2]
        settings = dict(AlarmName=name, AlarmDescription=f"What to do: https://wiki.example/{name}", Namespace=namespace, MetricName=metric,
                        Dimensions=[{"Name": key, "Value": value} for key, value in dimensions.items()], Statistic="Sum", Period=300,
                        EvaluationPeriods=3, DatapointsToAlarm=2, Threshold=1.0, ComparisonOperator="GreaterThanOrEqualToThreshold",
                        TreatMissingData="notBreaching", AlarmActions=[topic], OKActions=[topic], ActionsEnabled=True,
                        Tags=[{"Key": "owner", "Value": "shop"}])
        settings.update(changes)
        settings = {key: value for key, value in settings.items() if value is not None}
        self.cloudwatch.put_metric_alarm(**settings)
        self.cloudwatch.set_alarm_state(AlarmName=name, StateValue="OK", StateReason="seeded")

    def seed(self):
        queues, tables, groups = self.sizes
        for i in range(queues):
            name = f"orders-{i:03}"
            self.sqs.create_queue(QueueName=name)
            self.alarm(f"{name} has old messages", "AWS/SQS", "ApproximateAgeOfOldestMessage", {"QueueName": name},
                       Statistic="Maximum", Threshold=600.0)
        for i in range(tables):
            name = f"carts-{i:03}"
            self.dynamodb.create_table(TableName=name, BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
                                       AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}])
            self.alarm(f"{name} is throttled", "AWS/DynamoDB", "ThrottledRequests", {"TableName": name})
            self.alarm(f"{name} has system errors", "AWS/DynamoDB", "SystemErrors", {"TableName": name})
        for i in range(groups):
            name = f"/shop/worker-{i:03}"
            self.logs.create_log_group(logGroupName=name)
            self.logs.put_retention_policy(logGroupName=name, retentionInDays=90)
            self.logs.put_metric_filter(logGroupName=name, filterName="errors", filterPattern="ERROR", metricTransformations=[
                {"metricName": f"worker-{i:03}-errors", "metricNamespace": "Shop", "metricValue": "1", "defaultValue": 0.0}])
            self.alarm(f"worker-{i:03} logs errors", "Shop", f"worker-{i:03}-errors", {})
        return self

    # Faults. The name is the check that must find it, what it returns is a part of the resource's name.

    def alarm_has_action(self):
        self.alarm("silent alarm", "AWS/SQS", "ApproximateNumberOfMessagesVisible", {"QueueName": "orders-000"}, AlarmActions=None)
        return "silent alarm"

    def alarm_actions_enabled(self):
        self.alarm("muzzled alarm", "AWS/SQS", "NumberOfMessagesSent", {"QueueName": "orders-001"}, ActionsEnabled=False)
        return "muzzled alarm"

    def alarm_action_target_exists(self):
        self.alarm("alarm to nowhere", "AWS/SQS", "NumberOfMessagesSent", {"QueueName": "orders-002"},
                   AlarmActions=[f"arn:aws:sns:{REGION}:{ACCOUNT}:deleted-topic"])
        return "alarm to nowhere"

    def alarm_resource_exists(self):
        self.alarm("alarm on a ghost", "AWS/SQS", "ApproximateAgeOfOldestMessage", {"QueueName": "deleted-queue"}, Statistic="Maximum")
        return "alarm on a ghost"

    def alarm_fires_on_more_than_one_datapoint(self):
        self.alarm("nervous alarm", "AWS/DynamoDB", "SuccessfulRequestLatency", {"TableName": "carts-000", "Operation": "GetItem"}, Statistic="Average",
                   Threshold=100.0, ComparisonOperator="GreaterThanThreshold", Period=60, EvaluationPeriods=1, DatapointsToAlarm=1)
        return "nervous alarm"

    def alarm_treats_missing_data_well(self):
        self.alarm("errors of carts missing", "AWS/DynamoDB", "SystemErrors", {"TableName": "carts-001"}, TreatMissingData="breaching", Threshold=7.0)
        return "errors of carts missing"

    def alarm_has_ok_action(self):
        self.alarm("alarm without an end", "AWS/SQS", "NumberOfMessagesReceived", {"QueueName": "orders-003"}, OKActions=None)
        return "alarm without an end"

    def alarm_tells_what_to_do(self):
        self.alarm("alarm without advice", "AWS/SQS", "NumberOfMessagesDeleted", {"QueueName": "orders-004"}, AlarmDescription=None, Tags=None)
        return "alarm without advice"

    def alarm_name_tells_what_it_watches(self):
        self.alarm("alarm1", "AWS/SQS", "NumberOfEmptyReceives", {"QueueName": "orders-005"})
        return "alarm1"

    def alarms_are_not_duplicates(self):
        for name in ("first of two", "second of two"):
            self.alarm(name, "AWS/SQS", "ApproximateNumberOfMessagesDelayed", {"QueueName": "orders-006"}, AlarmActions=[self.topic], OKActions=[self.topic])
        return "of two"

    def alarm_looks_back_at_most_a_day(self):
        self.alarm("slow alarm", "AWS/SQS", "SentMessageSize", {"QueueName": "orders-007"}, Period=21600, EvaluationPeriods=8, DatapointsToAlarm=8)
        return "slow alarm"

    def percentile_alarm_ignores_few_samples(self):
        self.alarm("percentile of few", "AWS/DynamoDB", "SuccessfulRequestLatency", {"TableName": "carts-002", "Operation": "GetItem"},
                   Statistic=None, ExtendedStatistic="p99", Threshold=100.0)
        return "percentile of few"

    def topic_has_subscription(self):
        topic = self.topic_of("nobody-listens", people=())
        self.alarm("alarm to nobody", "AWS/SQS", "NumberOfMessagesSent", {"QueueName": "orders-010"}, AlarmActions=[topic])
        return "nobody-listens"

    def topic_uses_https(self):
        topic = self.topic_of("plain-http")
        self.subscribe(topic, "http", "http://pager.example/alarms")
        self.alarm("alarm over plain http", "AWS/SQS", "NumberOfMessagesSent", {"QueueName": "orders-011"}, AlarmActions=[topic])
        return "plain-http"

    def topic_reaches_more_than_one_person(self):
        topic = self.topic_of("one-person", people=("anna",))
        self.alarm("alarm to one mailbox", "AWS/SQS", "NumberOfMessagesSent", {"QueueName": "orders-012"}, AlarmActions=[topic])
        return "one-person"

    def topic_accepts_cloudwatch(self):
        topic = self.topic_of("closed-door")
        self.sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=json.dumps({"Version": "2012-10-17", "Statement": [
            {"Sid": "none", "Effect": "Deny", "Principal": "*", "Action": "sns:Publish", "Resource": topic}]}))
        self.alarm("alarm at a closed door", "AWS/SQS", "NumberOfMessagesSent", {"QueueName": "orders-013"}, AlarmActions=[topic])
        return "closed-door"

    def alarm_subscription_has_dead_letter_queue(self):
        topic = self.topic_of("no-net")
        self.pager(topic)
        self.alarm("alarm without a net", "AWS/SQS", "NumberOfMessagesSent", {"QueueName": "orders-014"}, AlarmActions=[topic])
        return "no-net"

    def topic_logs_failed_deliveries(self):
        topic = self.topic_of("no-log")
        self.pager(topic, RedrivePolicy=json.dumps({"deadLetterTargetArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:orders-016"}))
        self.alarm("alarm without a delivery log", "AWS/SQS", "NumberOfMessagesSent", {"QueueName": "orders-015"}, AlarmActions=[topic])
        return "no-log"

    def log_group_expires(self):
        self.logs.create_log_group(logGroupName="/shop/for-ever")
        return "/shop/for-ever"

    def log_retention_is_long_enough(self):
        self.logs.create_log_group(logGroupName="aws-cloudtrail-logs-shop")
        self.logs.put_retention_policy(logGroupName="aws-cloudtrail-logs-shop", retentionInDays=30)
        return "aws-cloudtrail-logs-shop"

    def metric_filter_has_alarm(self):
        self.logs.put_metric_filter(logGroupName="/shop/worker-000", filterName="unwatched", filterPattern="FATAL", metricTransformations=[
            {"metricName": "unwatched", "metricNamespace": "Shop", "metricValue": "1", "defaultValue": 0.0}])
        return "unwatched"

    def metric_filter_counts(self):
        self.logs.put_metric_filter(logGroupName="/shop/worker-001", filterName="no-default", filterPattern="PANIC", metricTransformations=[
            {"metricName": "no-default", "metricNamespace": "Shop", "metricValue": "1"}])
        self.alarm("worker panics", "Shop", "no-default", {})
        return "no-default"

    def backlog_has_alarm(self):
        self.sqs.create_queue(QueueName="unwatched-backlog")
        return "unwatched-backlog"

    def dead_letter_queue_has_alarm(self):
        self.sqs.create_queue(QueueName="dead-orders")
        self.sqs.create_queue(QueueName="living-orders", Attributes={"RedrivePolicy": json.dumps(
            {"deadLetterTargetArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:dead-orders", "maxReceiveCount": 3})})
        return "dead-orders"

    def production_resource_has_alarm(self):
        self.dynamodb.create_table(TableName="forgotten-table", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
                                   AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}])
        return "forgotten-table"

    def alarm_rule_delivers(self):
        self.events.put_rule(Name="alarms-to-chat", EventPattern=json.dumps({"source": ["aws.cloudwatch"], "detail-type": ["CloudWatch Alarm State Change"]}),
                             State="DISABLED")
        self.events.put_targets(Rule="alarms-to-chat", Targets=[{"Id": "1", "Arn": self.topic}])
        return "alarms-to-chat"


# One line for each check whose fault moto can express and whose healthy twin it can express, too.
FAULTS = (
    "alarm_has_action",
    "alarm_actions_enabled",
    "alarm_action_target_exists",
    "alarm_resource_exists",
    "alarm_fires_on_more_than_one_datapoint",
    "alarm_treats_missing_data_well",
    "alarm_has_ok_action",
    "alarm_tells_what_to_do",
    "alarm_name_tells_what_it_watches",
    "alarms_are_not_duplicates",
    "alarm_looks_back_at_most_a_day",
    "percentile_alarm_ignores_few_samples",
    "topic_has_subscription",
    "topic_uses_https",
    "topic_reaches_more_than_one_person",
    "topic_accepts_cloudwatch",
    "alarm_subscription_has_dead_letter_queue",
    "topic_logs_failed_deliveries",
    "log_group_expires",
    "log_retention_is_long_enough",
    "metric_filter_has_alarm",
    "metric_filter_counts",
    "backlog_has_alarm",
    "dead_letter_queue_has_alarm",
    "production_resource_has_alarm",
    "alarm_rule_delivers",
)
