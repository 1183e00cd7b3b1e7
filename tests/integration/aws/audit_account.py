"""An account in moto for the audit: healthy by itself, and one small function for each fault that can be planted in it."""
import functools
import importlib

from audit_registry import ACCOUNT, FAULTS, HEALTHY, NOT_IN_MOTO, REGION

# In the order in which they seed; each registers its functions in audit_registry.
PARTS = ("audit_healthy_messages", "audit_healthy_logs", "audit_healthy_services", "audit_healthy_delivery", "audit_faults_coverage",
         "audit_faults_hygiene", "audit_faults_delivery", "audit_faults_logs", "audit_faults_depth")


class Account:
    """boto3 clients of one moto server, and the pieces that the parts are made of. client(service, region) makes a client."""

    def __init__(self, client, queues=60, tables=60, groups=60):
        self.at = functools.lru_cache(maxsize=None)(lambda service, region=REGION: client(service, region))
        self.sns, self.cloudwatch, self.sqs = self.at("sns"), self.at("cloudwatch"), self.at("sqs")
        self.logs, self.dynamodb, self.events = self.at("logs"), self.at("dynamodb"), self.at("events")
        self.topic = self.topic_of("on-call")
        self.other_topic = self.topic_of("team")
        self.alarms = 0
        self.sizes = {"queues": queues, "tables": tables, "groups": groups}

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
        """A healthy alarm unless the changes say otherwise; a setting that is None is left out."""
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
        for part in HEALTHY:
            part(self)
        return self

    def plant(self):
        """All faults: check to a part of the name of the resource where it must be found."""
        return {check: plant(self) for check, plant in FAULTS.items()}


for name in PARTS:
    importlib.import_module(name)
