"""The live client against an account in moto, seeded with boto3."""
import datetime
import io
import json
import unittest
import zipfile

import boto3

from programs import REGION, AwsTest, clean_environment, keys, moto_server

NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
ROLE_TRUST = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]})


def a_zip():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("handler.py", "def handle(event, context):\n    return 1\n")
    return held.getvalue()


class Seed:
    """One small account. Each method makes what the calls below read."""

    def __init__(self, url):
        self.session = boto3.Session("key", "secret", region_name=REGION)
        self.url = url

    def client(self, name):
        return self.session.client(name, endpoint_url=self.url)

    def everything(self):
        for step in (self.network, self.metrics, self.logs, self.containers, self.balancers, self.databases, self.messages,
                     self.functions, self.others):
            step()

    def network(self):
        ec2 = self.client("ec2")
        vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
        self.subnets = [subnet["SubnetId"] for subnet in ec2.describe_subnets()["Subnets"]][:2]
        self.vpc = vpc
        image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
        self.instance = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, InstanceType="t3.micro")["Instances"][0]["InstanceId"]
        ec2.create_nat_gateway(SubnetId=self.subnets[0], ConnectivityType="private")

    def metrics(self):
        watch = self.client("cloudwatch")
        watch.put_metric_alarm(AlarmName="checkout errors & more", MetricName="Errors", Namespace="Shop", Statistic="Sum",
                               Period=60, EvaluationPeriods=1, Threshold=5.5, ComparisonOperator="GreaterThanThreshold",
                               Dimensions=[{"Name": "Service", "Value": "checkout"}], AlarmActions=["arn:aws:sns:eu-west-1:123456789012:page"])
        for minute in range(10):
            watch.put_metric_data(Namespace="Shop", MetricData=[{
                "MetricName": "Errors", "Dimensions": [{"Name": "Service", "Value": "checkout"}],
                "Timestamp": NOW - datetime.timedelta(minutes=minute), "Value": 10.0 + minute, "Unit": "Count"}])

    def logs(self):
        logs = self.client("logs")
        logs.create_log_group(logGroupName="/ecs/shop")
        logs.create_log_stream(logGroupName="/ecs/shop", logStreamName="checkout/1")
        logs.put_log_events(logGroupName="/ecs/shop", logStreamName="checkout/1", logEvents=[
            {"timestamp": int(NOW.timestamp() * 1000), "message": "ERROR <no> \"connection\" é"}])

    def containers(self):
        ecs = self.client("ecs")
        ecs.create_cluster(clusterName="shop")
        ecs.register_task_definition(family="checkout", containerDefinitions=[
            {"name": "app", "image": "shop/checkout:7", "memory": 128, "cpu": 10}])
        ecs.create_service(cluster="shop", serviceName="checkout", taskDefinition="checkout", desiredCount=2)

    def balancers(self):
        elb = self.client("elbv2")
        self.balancer = elb.create_load_balancer(Name="shop", Subnets=self.subnets)["LoadBalancers"][0]["LoadBalancerArn"]
        self.targets = elb.create_target_group(Name="checkout", Protocol="HTTP", Port=80, VpcId=self.vpc)["TargetGroups"][0]["TargetGroupArn"]
        self.listener = elb.create_listener(LoadBalancerArn=self.balancer, Protocol="HTTP", Port=80, DefaultActions=[
            {"Type": "forward", "TargetGroupArn": self.targets}])["Listeners"][0]["ListenerArn"]
        elb.register_targets(TargetGroupArn=self.targets, Targets=[{"Id": self.instance}])

    def databases(self):
        self.client("rds").create_db_instance(DBInstanceIdentifier="orders", Engine="postgres", DBInstanceClass="db.t3.micro",
                                              MasterUsername="root", MasterUserPassword="password1", AllocatedStorage=20)
        self.client("dynamodb").create_table(TableName="carts", BillingMode="PAY_PER_REQUEST",
                                             KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
                                             AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}])
        self.client("elasticache").create_cache_cluster(CacheClusterId="sessions", Engine="redis", NumCacheNodes=1,
                                                        CacheNodeType="cache.t3.micro")

    def messages(self):
        sqs = self.client("sqs")
        self.queue = sqs.create_queue(QueueName="alarms")["QueueUrl"]
        sqs.send_message(QueueUrl=self.queue, MessageBody="{\"AlarmName\":\"x\"}")
        sns = self.client("sns")
        self.topic = sns.create_topic(Name="page")["TopicArn"]
        sns.subscribe(TopicArn=self.topic, Protocol="sqs", Endpoint="arn:aws:sqs:eu-west-1:123456789012:alarms")
        self.client("events").put_rule(Name="deploys", EventPattern="{\"source\":[\"aws.ecs\"]}")

    def functions(self):
        role = self.client("iam").create_role(RoleName="fn", AssumeRolePolicyDocument=ROLE_TRUST)["Role"]["Arn"]
        functions = self.client("lambda")
        self.function = functions.create_function(FunctionName="resize", Runtime="python3.12", Role=role, Handler="handler.handle",
                                                  Code={"ZipFile": a_zip()}, Publish=True)["FunctionArn"]
        functions.put_function_concurrency(FunctionName="resize", ReservedConcurrentExecutions=3)

    def others(self):
        self.client("cloudformation").create_stack(StackName="net", TemplateBody=json.dumps(
            {"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}))
        self.certificate = self.client("acm").request_certificate(DomainName="shop.example.com")["CertificateArn"]
        self.client("s3").create_bucket(Bucket="receipts", CreateBucketConfiguration={"LocationConstraint": REGION})
        self.client("iam").create_account_alias(AccountAlias="shop")
        self.client("kinesis").create_stream(StreamName="clicks", ShardCount=1)
        scaling = self.client("autoscaling")
        scaling.create_launch_configuration(LaunchConfigurationName="web", ImageId="ami-12c6146b", InstanceType="t3.micro")
        scaling.create_auto_scaling_group(AutoScalingGroupName="web", LaunchConfigurationName="web", MinSize=0, MaxSize=2,
                                          AvailabilityZones=[REGION + "a"])


class Accounts(AwsTest):
    @classmethod
    def setUpClass(cls):
        server = moto_server()
        cls.url = server.__enter__()
        cls.addClassCleanup(server.__exit__, None, None, None)
        cls.seed = Seed(cls.url)
        cls.seed.everything()

    def environment(self, **more):
        return clean_environment(**keys(AWS_ENDPOINT_URL=self.url, **more))

    def ask_all(self, *calls, arguments=()):
        lines = [{"service": service, "operation": operation, "params": params} for service, operation, params in calls]
        return self.tool(["call", *arguments], lines, self.environment())

    def ask(self, service, operation, params=None, arguments=()):
        return self.answer(self.ask_all((service, operation, params or {}), arguments=arguments)[0])

    def test_metric_data_with_nested_lists(self):
        query = {"Id": "m1", "ReturnData": True, "MetricStat": {"Period": 60, "Stat": "Sum", "Metric": {
            "Namespace": "Shop", "MetricName": "Errors", "Dimensions": [{"Name": "Service", "Value": "checkout"}]}}}
        answer = self.ask("monitoring", "GetMetricData", {
            "MetricDataQueries": [query, query | {"Id": "m2"}], "StartTime": (NOW - datetime.timedelta(hours=1)).timestamp(),
            "EndTime": (NOW + datetime.timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:%SZ"), "ScanBy": "TimestampAscending"})
        self.assertEqual([result["Id"] for result in answer["MetricDataResults"]], ["m1", "m2"])
        values = [float(value) for value in answer["MetricDataResults"][0]["Values"]]
        self.assertEqual(sorted(values), [10.0 + minute for minute in range(10)])
        self.assertEqual(len(answer["MetricDataResults"][0]["Timestamps"]), 10)

    def test_alarms_metrics_and_statistics(self):
        alarm = self.ask("monitoring", "DescribeAlarms", {"AlarmNames": ["checkout errors & more"]})["MetricAlarms"][0]
        self.assertEqual(alarm["AlarmName"], "checkout errors & more")
        self.assertEqual(float(alarm["Threshold"]), 5.5)
        self.assertEqual(alarm["Dimensions"], [{"Name": "Service", "Value": "checkout"}])
        self.assertEqual(alarm["AlarmActions"], ["arn:aws:sns:eu-west-1:123456789012:page"])
        self.assertEqual(self.ask("monitoring", "DescribeAlarms", {"AlarmNames": ["none"]})["MetricAlarms"], [])
        metrics = self.ask("monitoring", "ListMetrics", {"Namespace": "Shop"})["Metrics"]
        self.assertEqual(metrics[0]["MetricName"], "Errors")
        points = self.ask("cloudwatch", "GetMetricStatistics", {
            "Namespace": "Shop", "MetricName": "Errors", "Period": 3600, "Statistics": ["Sum", "Maximum"],
            "Dimensions": [{"Name": "Service", "Value": "checkout"}],
            "StartTime": (NOW - datetime.timedelta(hours=2)).timestamp(), "EndTime": (NOW + datetime.timedelta(hours=1)).timestamp()})["Datapoints"]
        self.assertEqual(sum(float(point["Sum"]) for point in points), 145.0)

    def test_logs(self):
        groups = self.ask("logs", "DescribeLogGroups", {"logGroupNamePrefix": "/ecs"})["logGroups"]
        self.assertEqual(groups[0]["logGroupName"], "/ecs/shop")
        events = self.ask("logs", "FilterLogEvents", {"logGroupName": "/ecs/shop", "startTime": 0})["events"]
        self.assertEqual(events[0]["message"], "ERROR <no> \"connection\" é")
        query = self.ask("logs", "StartQuery", {"logGroupName": "/ecs/shop", "startTime": 0, "endTime": 4102444800,
                                                "queryString": "fields @message"})["queryId"]
        self.assertIn("status", self.ask("logs", "GetQueryResults", {"queryId": query}))

    def test_containers(self):
        self.assertIn("shop", self.ask("ecs", "ListClusters")["clusterArns"][0])
        self.assertIn("checkout", self.ask("ecs", "ListServices", {"cluster": "shop"})["serviceArns"][0])
        service = self.ask("ecs", "DescribeServices", {"cluster": "shop", "services": ["checkout"]})["services"][0]
        self.assertEqual(service["desiredCount"], 2)
        self.assertEqual(self.ask("ecs", "DescribeTaskDefinition", {"taskDefinition": "checkout"})["taskDefinition"]["containerDefinitions"][0]["image"], "shop/checkout:7")
        self.assertIn("taskArns", self.ask("ecs", "ListTasks", {"cluster": "shop"}))
        self.assertEqual(self.ask("ecs", "DescribeClusters", {"clusters": ["shop"]})["clusters"][0]["clusterName"], "shop")

    def test_load_balancers(self):
        seed = self.seed
        balancer = self.ask("elasticloadbalancing", "DescribeLoadBalancers", {"Names": ["shop"]})["LoadBalancers"][0]
        self.assertEqual(balancer["LoadBalancerArn"], seed.balancer)
        self.assertEqual(len(balancer["AvailabilityZones"]), 2)
        groups = self.ask("elbv2", "DescribeTargetGroups", {"LoadBalancerArn": seed.balancer})["TargetGroups"]
        self.assertEqual(groups[0]["LoadBalancerArns"], [seed.balancer])
        health = self.ask("elasticloadbalancing", "DescribeTargetHealth", {"TargetGroupArn": seed.targets})["TargetHealthDescriptions"]
        self.assertEqual(health[0]["Target"]["Id"], seed.instance)
        listeners = self.ask("elasticloadbalancing", "DescribeListeners", {"LoadBalancerArn": seed.balancer})["Listeners"]
        self.assertEqual(listeners[0]["DefaultActions"][0]["TargetGroupArn"], seed.targets)
        rules = self.ask("elasticloadbalancing", "DescribeRules", {"ListenerArn": seed.listener})["Rules"]
        self.assertEqual(rules[0]["IsDefault"], "true")
        tags = self.ask("elasticloadbalancing", "DescribeTags", {"ResourceArns": [seed.balancer]})["TagDescriptions"]
        self.assertEqual(tags[0]["Tags"], [])

    def test_databases(self):
        database = self.ask("rds", "DescribeDBInstances", {"DBInstanceIdentifier": "orders"})["DBInstances"][0]
        self.assertEqual(database["DBInstanceIdentifier"], "orders")
        self.assertIsInstance(database["VpcSecurityGroups"], list)
        self.assertEqual(self.ask("rds", "DescribeDBInstances", {"Filters": [{"Name": "db-instance-id", "Values": ["orders", "x"]}]})["DBInstances"][0]["Engine"], "postgres")
        self.assertEqual(self.ask("rds", "DescribeDBClusters")["DBClusters"], [])
        self.assertIsInstance(self.ask("rds", "DescribeEvents", {"Duration": 60}).get("Events", []), list)
        self.assertEqual(self.ask("dynamodb", "DescribeTable", {"TableName": "carts"})["Table"]["TableStatus"], "ACTIVE")
        self.assertEqual(self.ask("dynamodb", "ListTables")["TableNames"], ["carts"])
        self.assertEqual(self.ask("elasticache", "DescribeCacheClusters", {"CacheClusterId": "sessions"})["CacheClusters"][0]["CacheClusterId"], "sessions")
        self.assertEqual(self.ask("elasticache", "DescribeReplicationGroups")["ReplicationGroups"], [])

    def test_instances_and_network(self):
        reservations = self.ask("ec2", "DescribeInstances", {"InstanceIds": [self.seed.instance]})["reservationSet"]
        self.assertEqual(reservations[0]["instancesSet"][0]["instanceId"], self.seed.instance)
        filtered = self.ask("ec2", "DescribeInstances", {"Filters": [{"Name": "instance-type", "Values": ["t3.micro"]}]})
        self.assertEqual(len(filtered["reservationSet"]), 1)
        nothing = self.ask("ec2", "DescribeInstances", {"Filter": [{"Name": "instance-type", "Value": ["m5.large"]}]})
        self.assertEqual(nothing["reservationSet"], [])
        status = self.ask("ec2", "DescribeInstanceStatus", {"InstanceId": [self.seed.instance]})["instanceStatusSet"]
        self.assertEqual(status[0]["instanceState"]["name"], "running")
        self.assertEqual(len(self.ask("ec2", "DescribeVolumes")["volumeSet"]), 1)
        self.assertEqual(self.ask("ec2", "DescribeSecurityGroups", {"GroupNames": ["default"]})["securityGroupInfo"][0]["groupName"], "default")
        self.assertEqual(len(self.ask("ec2", "DescribeNatGateways")["natGatewaySet"]), 1)
        self.assertGreater(len(self.ask("ec2", "DescribeRegions")["regionInfo"]), 10)

    def test_functions(self):
        self.assertEqual(self.ask("lambda", "ListFunctions")["Functions"][0]["FunctionName"], "resize")
        self.assertEqual(self.ask("lambda", "GetFunctionConfiguration", {"FunctionName": "resize"})["Runtime"], "python3.12")
        by_arn = self.ask("lambda", "GetFunctionConfiguration", {"FunctionName": self.seed.function.removesuffix(":1"), "Qualifier": "1"})
        self.assertEqual(by_arn["Version"], "1")
        self.assertEqual(self.ask("lambda", "GetFunctionConcurrency", {"FunctionName": "resize"})["ReservedConcurrentExecutions"], 3)
        self.assertEqual(len(self.ask("lambda", "ListVersionsByFunction", {"FunctionName": "resize"})["Versions"]), 2)
        self.assertEqual(self.ask("lambda", "ListEventSourceMappings", {"FunctionName": "resize"})["EventSourceMappings"], [])

    def test_queues_topics_and_rules(self):
        self.assertEqual(self.ask("sqs", "ListQueues")["QueueUrls"], [self.seed.queue])
        attributes = self.ask("sqs", "GetQueueAttributes", {"QueueUrl": self.seed.queue, "AttributeNames": ["All"]})["Attributes"]
        self.assertEqual(attributes["QueueArn"].rsplit(":", 1)[1], "alarms")
        self.assertIn({"TopicArn": self.seed.topic}, self.ask("sns", "ListTopics")["Topics"])
        self.assertEqual(self.ask("sns", "GetTopicAttributes", {"TopicArn": self.seed.topic})["Attributes"]["TopicArn"], self.seed.topic)
        self.assertEqual(self.ask("sns", "ListSubscriptionsByTopic", {"TopicArn": self.seed.topic})["Subscriptions"][0]["Protocol"], "sqs")
        self.assertEqual(self.ask("events", "ListRules")["Rules"][0]["Name"], "deploys")
        self.assertEqual(self.ask("events", "ListTargetsByRule", {"Rule": "deploys"})["Targets"], [])

    def test_everything_else_that_moto_knows(self):
        self.assertEqual(self.ask("cloudformation", "ListStacks", {"StackStatusFilter": ["CREATE_COMPLETE"]})["StackSummaries"][0]["StackName"], "net")
        self.assertIn("CREATE_COMPLETE", [event["ResourceStatus"] for event in self.ask("cloudformation", "DescribeStackEvents", {"StackName": "net"})["StackEvents"]])
        self.assertEqual(self.ask("acm", "ListCertificates")["CertificateSummaryList"][0]["CertificateArn"], self.seed.certificate)
        self.assertEqual(self.ask("acm", "DescribeCertificate", {"CertificateArn": self.seed.certificate})["Certificate"]["DomainName"], "shop.example.com")
        self.assertEqual(self.ask("s3", "ListBuckets")["Buckets"][0]["Name"], "receipts")
        self.assertEqual(self.ask("s3", "GetBucketLocation", {"Bucket": "receipts"}), {"LocationConstraint": REGION})
        self.assertEqual(self.ask("iam", "ListAccountAliases")["AccountAliases"], ["shop"])
        self.assertEqual(self.ask("kinesis", "ListStreams")["StreamNames"], ["clicks"])
        self.assertEqual(self.ask("autoscaling", "DescribeAutoScalingGroups", {"AutoScalingGroupNames": ["web"]})["AutoScalingGroups"][0]["MaxSize"], "2")
        self.assertIn("Activities", self.ask("autoscaling", "DescribeScalingActivities"))
        self.assertIn("ResourceTagMappingList", self.ask("tagging", "GetResources"))
        self.assertEqual(self.ask("guardduty", "ListDetectors")["detectorIds"], [])
        self.assertEqual(self.ask("eks", "ListClusters")["clusters"], [])
        self.assertIn("ScalableTargets", self.ask("application-autoscaling", "DescribeScalableTargets", {"ServiceNamespace": "ecs"}))
        self.assertIsInstance(self.ask("route53", "ListHealthChecks")["HealthChecks"], list)
        self.assertIn("DistributionList", self.ask("cloudfront", "ListDistributions") | {"DistributionList": 0})

    def test_what_does_not_exist_is_not_found_in_every_protocol(self):
        for service, operation, params in (
                ("rds", "DescribeDBInstances", {"DBInstanceIdentifier": "nope"}),
                ("ec2", "DescribeInstances", {"InstanceIds": ["i-0123456789abcdef0"]}),
                ("dynamodb", "DescribeTable", {"TableName": "nope"}),
                ("logs", "FilterLogEvents", {"logGroupName": "nope"}),
                ("lambda", "GetFunctionConfiguration", {"FunctionName": "nope"}),
                ("s3", "GetBucketLocation", {"Bucket": "nope-nope"})):
            with self.subTest(f"{service}:{operation}"):
                row = self.ask_all((service, operation, params))[0]
                self.assertEqual(self.error(row)["kind"], "not_found")
                self.assertNotIn("\n", self.error(row)["message"])
                self.assertEqual(row["calls_made"], 1)

    def test_the_intake_client_reads_and_deletes_messages_and_the_reader_cannot(self):
        refused = self.ask_all(("sqs", "ReceiveMessage", {"QueueUrl": self.seed.queue}))[0]
        self.assertEqual(self.error(refused)["kind"], "invalid_input")
        self.assertEqual(refused["calls_made"], 0)
        message = self.ask("sqs", "ReceiveMessage", {"QueueUrl": self.seed.queue}, arguments=["--access", "intake"])["Messages"][0]
        self.assertEqual(json.loads(message["Body"])["AlarmName"], "x")
        handle = {"QueueUrl": self.seed.queue, "ReceiptHandle": message["ReceiptHandle"]}
        self.ask("sqs", "ChangeMessageVisibility", handle | {"VisibilityTimeout": 60}, arguments=["--access", "intake"])
        self.assertEqual(self.ask("sqs", "DeleteMessage", handle, arguments=["--access", "intake"]), {})
        listing = self.ask_all(("sqs", "ListQueues", {}), arguments=["--access", "intake"])[0]
        self.assertEqual(self.error(listing)["kind"], "invalid_input")

    def test_a_role_is_assumed_once_and_its_account_known(self):
        role = ["--role-arn", "arn:aws:iam::111122223333:role/convops", "--external-id", "x-1"]
        rows = self.ask_all(("ecs", "ListClusters", {}), ("ecs", "ListClusters", {}), arguments=role)
        self.assertEqual(rows[0]["account"], "111122223333")
        self.answer(rows[1])
        identity = self.tool(["identity", *role], (), self.environment())[0]
        self.assertEqual(identity["account"], "111122223333")
        self.assertIn("assumed-role/convops", identity["arn"])

    def test_calls_at_the_same_time_answer_in_order(self):
        calls = [{"service": "sqs", "operation": "ListQueues", "params": {}},
                 {"service": "lambda", "operation": "GetFunctionConfiguration", "params": {"FunctionName": "nope"}},
                 {"service": "iam", "operation": "DeleteUser", "params": {"UserName": "x"}},
                 {"service": "iam", "operation": "ListAccountAliases", "params": {}}] * 5
        row = self.tool(["call"], [calls], self.environment())[0]
        for number, result in enumerate(row["result"]):
            self.assertEqual("answer" in result, number % 4 in (0, 3), result)
        self.assertEqual(row["calls_made"], 15)


if __name__ == "__main__":
    unittest.main()
