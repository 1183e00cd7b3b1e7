"""An account in moto for the audit: healthy by itself, and one small function for each fault that can be planted in it."""
import collections
import datetime
import functools
import importlib
import json

from audit_registry import ACCOUNT, FAULTS, GLOBAL_REGION, HEALTHY, NOT_HEALTHY_IN_MOTO, NOT_IN_MOTO, REGION, REGIONS, SMALL_REGION

# In the order in which they seed; each registers its functions in audit_registry.
PARTS = ("audit_healthy_services", "audit_healthy_messages", "audit_healthy_logs", "audit_healthy_delivery", "audit_faults_coverage",
         "audit_faults_hygiene", "audit_faults_delivery", "audit_faults_logs", "audit_faults_depth")


TOLD_BY_TOPIC = 40  # Alarms of the main Region; all others tell the function that gathers them.


class Account:
    """boto3 clients of one moto server, and the pieces that the parts are made of. client(service, region) makes a client."""

    def __init__(self, client, clock, queues=190, tables=80, groups=40):
        self.at = functools.lru_cache(maxsize=None)(lambda service, region=REGION: client(service, region))
        self.sns, self.cloudwatch, self.sqs = self.at("sns"), self.at("cloudwatch"), self.at("sqs")
        self.logs, self.dynamodb, self.events = self.at("logs"), self.at("dynamodb"), self.at("events")
        self.back = clock.back  # What is made within back(days=3) was made three days ago.
        self.topics = {region: (self.topic_of("on-call", region=region), self.topic_of("team", region=region)) for region in (REGION, GLOBAL_REGION)}
        self.topic, self.other_topic = self.topics[REGION]
        self.role = self.at("iam").create_role(RoleName="shop", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
        self.router = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:alarm-router"  # Of audit_healthy_delivery.
        self.alarms = collections.Counter()  # By Region.
        self.image = self.vpc = None  # Of the network and the instances.
        self.sizes = {"queues": queues, "tables": tables, "groups": groups}

    def topic_of(self, name, people=("anna", "ben"), region=REGION):
        """moto keeps no delivery status logging, which e-mail does not have either: a healthy topic reaches two people."""
        arn = self.at("sns", region).create_topic(Name=name)["TopicArn"]
        for person in people:
            self.subscribe(arn, "email", f"{person}@example.com")
        return arn

    def subscribe(self, topic, protocol, endpoint, **attributes):
        return self.at("sns", topic.split(":")[3]).subscribe(TopicArn=topic, Protocol=protocol, Endpoint=endpoint, Attributes=attributes, ReturnSubscriptionArn=True)

    def pager(self, topic, **attributes):
        """A queue that somebody's pager reads, watched like any other."""
        name = topic.rsplit(":", 1)[1] + "-pager"
        self.sqs.create_queue(QueueName=name)
        self.alarm(f"{name} has old messages", "AWS/SQS", "ApproximateAgeOfOldestMessage", {"QueueName": name}, Statistic="Maximum", Threshold=600.0)
        self.subscribe(topic, "sqs", f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}", **attributes)

    def logs_of(self, group, days=90):
        self.logs.create_log_group(logGroupName=group)
        self.logs.put_retention_policy(logGroupName=group, retentionInDays=days)

    def alarm(self, name, namespace, metric, dimensions, region=REGION, **changes):
        """A healthy alarm unless the changes say otherwise; a setting that is None is left out."""
        self.alarms[region] += 1
        tells = self.router if region == REGION and self.alarms[region] > TOLD_BY_TOPIC else self.topics.get(region, ("",))[self.alarms[region] % 2 - 1]
        settings = dict(AlarmName=name, AlarmDescription=f"What to do: https://wiki.example/{name}", Namespace=namespace, MetricName=metric,
                        Dimensions=[{"Name": key, "Value": value} for key, value in (dimensions or {}).items()] if metric else None, Statistic="Sum", Period=300,
                        EvaluationPeriods=3, DatapointsToAlarm=2, Threshold=1.0, ComparisonOperator="GreaterThanOrEqualToThreshold",
                        TreatMissingData="notBreaching", AlarmActions=[tells], OKActions=[tells], ActionsEnabled=True,
                        Tags=[{"Key": "owner", "Value": "shop"}])
        settings.update(changes)
        settings = {key: value for key, value in settings.items() if value is not None}
        cloudwatch = self.at("cloudwatch", region)
        cloudwatch.put_metric_alarm(**settings)
        cloudwatch.set_alarm_state(AlarmName=name, StateValue="OK", StateReason="seeded")

    def dead_letter_queue(self, dead, living, region=REGION):
        sqs = self.at("sqs", region)
        sqs.create_queue(QueueName=dead)
        sqs.create_queue(QueueName=living, Attributes={"RedrivePolicy": json.dumps(
            {"deadLetterTargetArn": f"arn:aws:sqs:{region}:{ACCOUNT}:{dead}", "maxReceiveCount": 3})})

    def every_five_seconds(self, metric):
        """Three minutes of it, until two minutes ago."""
        now = datetime.datetime.now(datetime.timezone.utc)
        self.at("cloudwatch", GLOBAL_REGION).put_metric_data(Namespace="Shop", MetricData=[
            {"MetricName": metric, "Value": 1.0, "StorageResolution": 1, "Timestamp": now - datetime.timedelta(seconds=120 + 5 * i)} for i in range(36)])

    def long_ago(self, namespace, metric, dimensions, value):
        """Twenty days ago: sums of thirty days hold it, and moto does not walk over it for a history of fourteen."""
        self.cloudwatch.put_metric_data(Namespace=namespace, MetricData=[
            {"MetricName": metric, "Value": float(value), "Timestamp": datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=20),
             "Dimensions": [{"Name": key, "Value": text} for key, text in dimensions.items()]}])

    @staticmethod
    def now_ms():
        return int(datetime.datetime.now(datetime.timezone.utc).timestamp() * 1000)

    def datapoints(self, namespace, metric, dimensions, values, hours_ago, every=datetime.timedelta(hours=1)):
        """From some whole hour on, in the middle of each period."""
        begin = datetime.datetime.now(datetime.timezone.utc).replace(minute=0, second=0, microsecond=0) - datetime.timedelta(hours=hours_ago) + every / 2
        self.at("cloudwatch", GLOBAL_REGION).put_metric_data(Namespace=namespace, MetricData=[
            {"MetricName": metric, "Value": float(value), "Timestamp": begin + every * i,
             "Dimensions": [{"Name": key, "Value": text} for key, text in dimensions.items()]} for i, value in enumerate(values)])

    def dead_letters(self, queue, count, hours_ago):
        """Five hours of a queue that took in messages for two of them."""
        self.datapoints("AWS/SQS", "ApproximateNumberOfMessagesVisible", {"QueueName": queue}, [0] * 12 + [count] * 24 + [0] * 24, hours_ago,
                        datetime.timedelta(minutes=5))

    def seed(self):
        for part in HEALTHY:
            part(self)
        return self

    def plant(self):
        """All faults: check to parts of the names of the resources where it must be found."""
        planted = {check: plant(self) for check, plant in FAULTS.items()}
        return {check: (where,) if isinstance(where, str) else where for check, where in planted.items()}


for name in PARTS:
    importlib.import_module(name)
