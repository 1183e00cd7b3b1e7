"""Seeds a small shop into an AWS emulator with boto3: a balanced ECS service whose database has just run out of disk."""
import datetime
import json

import boto3

from programs import REGION

ACCOUNT = "123456789012"  # moto's own
ALARM = "shop-checkout-5xx"


class Shop:
    def __init__(self, url):
        self.session = boto3.Session("key", "secret", region_name=REGION)
        self.url = url
        self.now = datetime.datetime.now(datetime.timezone.utc).replace(second=0, microsecond=0)

    def client(self, name):
        return self.session.client(name, endpoint_url=self.url)

    def seed(self):
        self.balancer()
        self.database()
        self.service()
        self.metrics()
        self.logs()
        self.alarm()
        self.role()

    def balancer(self):
        ec2, elb = self.client("ec2"), self.client("elbv2")
        vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
        subnets = [subnet["SubnetId"] for subnet in ec2.describe_subnets()["Subnets"]][:2]
        balancer = elb.create_load_balancer(Name="shop", Subnets=subnets)["LoadBalancers"][0]["LoadBalancerArn"]
        self.target_group = elb.create_target_group(
            Name="checkout", Protocol="HTTP", Port=8080, VpcId=vpc, TargetType="ip")["TargetGroups"][0]["TargetGroupArn"]
        elb.create_listener(LoadBalancerArn=balancer, Protocol="HTTP", Port=80,
                            DefaultActions=[{"Type": "forward", "TargetGroupArn": self.target_group}])
        self.dimensions = [{"Name": "LoadBalancer", "Value": balancer.split(":loadbalancer/")[1]},
                           {"Name": "TargetGroup", "Value": self.target_group.rsplit(":", 1)[1]}]

    def database(self):
        self.host = self.client("rds").create_db_instance(
            DBInstanceIdentifier="orders-db", DBInstanceClass="db.t4g.medium", Engine="postgres", MasterUsername="shop",
            MasterUserPassword="hunter2-is-secret", AllocatedStorage=20)["DBInstance"]["Endpoint"]["Address"]

    def service(self):
        ecs = self.client("ecs")
        ecs.create_cluster(clusterName="shop")
        ecs.register_task_definition(family="checkout", containerDefinitions=[{
            "name": "checkout", "image": "checkout:1", "cpu": 256, "memory": 512, "essential": True,
            "environment": [{"name": "DB_HOST", "value": self.host}, {"name": "DB_PASSWORD", "value": "hunter2-is-secret"}],
            "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "/ecs/checkout"}}}])
        ecs.create_service(cluster="shop", serviceName="checkout", taskDefinition="checkout:1", desiredCount=2,
                           loadBalancers=[{"targetGroupArn": self.target_group, "containerName": "checkout", "containerPort": 8080}])

    def metrics(self):
        watch = self.client("cloudwatch")
        for first in range(0, 180, 20):
            points = []
            for minute in range(first, first + 20):
                broken = minute < 4
                at = self.now - datetime.timedelta(minutes=minute + 1)
                for name, value, unit in (("HTTPCode_Target_5XX_Count", 150.0 + minute if broken else 0.0, "Count"),
                                          ("RequestCount", 900.0 + minute % 7, "Count"),
                                          ("TargetResponseTime", 2.1 if broken else 0.08 + 0.001 * (minute % 5), "Seconds")):
                    points.append({"MetricName": name, "Dimensions": self.dimensions, "Timestamp": at, "Value": value, "Unit": unit})
            watch.put_metric_data(Namespace="AWS/ApplicationELB", MetricData=points)
            watch.put_metric_data(Namespace="AWS/RDS", MetricData=[
                {"MetricName": "FreeStorageSpace", "Dimensions": [{"Name": "DBInstanceIdentifier", "Value": "orders-db"}],
                 "Timestamp": self.now - datetime.timedelta(minutes=minute + 1), "Value": max(0, minute - 3) * 1.1e8, "Unit": "Bytes"}
                for minute in range(first, first + 20)])

    def logs(self):
        logs = self.client("logs")
        logs.create_log_group(logGroupName="/ecs/checkout")
        logs.create_log_stream(logGroupName="/ecs/checkout", logStreamName="checkout/1")
        start = self.now - datetime.timedelta(minutes=4)
        logs.put_log_events(logGroupName="/ecs/checkout", logStreamName="checkout/1", logEvents=[
            {"timestamp": int((start + datetime.timedelta(seconds=second)).timestamp() * 1000),
             "message": f'ERROR insert into orders failed: could not extend file "base/16401/{second}": No space left on device'}
            for second in range(0, 230, 2)])

    def alarm(self):
        sns = self.client("sns")
        self.topic = sns.create_topic(Name="alarms")["TopicArn"]
        self.client("cloudwatch").put_metric_alarm(
            AlarmName=ALARM, Namespace="AWS/ApplicationELB", MetricName="HTTPCode_Target_5XX_Count", Statistic="Sum", Period=60,
            EvaluationPeriods=2, Threshold=20, ComparisonOperator="GreaterThanThreshold", Dimensions=self.dimensions, AlarmActions=[self.topic])
        self.client("cloudwatch").set_alarm_state(AlarmName=ALARM, StateValue="ALARM", StateReason="Threshold Crossed")

    def role(self):
        trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole",
                                                         "Condition": {"StringEquals": {"sts:ExternalId": "a-long-external-id"}}}]}
        self.role_arn = self.client("iam").create_role(RoleName="convops", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]

    def notification(self, state, at):
        """What CloudWatch publishes when the alarm changes state."""
        return json.dumps({
            "AlarmName": ALARM, "AlarmDescription": None, "AWSAccountId": ACCOUNT, "NewStateValue": state,
            "OldStateValue": "OK" if state == "ALARM" else "ALARM", "Region": "EU (Ireland)",
            "AlarmArn": f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{ALARM}",
            "NewStateReason": "Threshold Crossed: 2 out of the last 2 datapoints were greater than the threshold (20.0).",
            "StateChangeTime": at.strftime("%Y-%m-%dT%H:%M:%S.000+0000"),
            "Trigger": {"MetricName": "HTTPCode_Target_5XX_Count", "Namespace": "AWS/ApplicationELB", "StatisticType": "Statistic",
                        "Statistic": "SUM", "Unit": None, "Period": 60, "EvaluationPeriods": 2, "DatapointsToAlarm": 2,
                        "ComparisonOperator": "GreaterThanThreshold", "Threshold": 20.0, "TreatMissingData": "missing",
                        "Dimensions": [{"name": d["Name"], "value": d["Value"]} for d in self.dimensions]}})

    def publish(self, state, at):
        self.client("sns").publish(TopicArn=self.topic, Message=self.notification(state, at))
