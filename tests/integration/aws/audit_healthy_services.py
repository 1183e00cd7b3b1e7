"""Healthy resources of all other services, each with its recommended alarms, in two Regions."""
import datetime
import io
import json
import zipfile

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from audit_registry import ACCOUNT, GLOBAL_REGION, REGION, healthy

ABOVE, AT_LEAST, BELOW, AT_MOST = ("GreaterThanThreshold", "GreaterThanOrEqualToThreshold", "LessThanThreshold", "LessThanOrEqualToThreshold")
GIB = 1024 ** 3


def watch(account, label, namespace, dimensions, *rows, region=REGION):
    """One alarm a row: metric, statistic, comparison, threshold, (period, M, N), treatment of missing data."""
    for metric, statistic, comparison, threshold, (period, datapoints, periods), missing in rows:
        percentile = statistic.startswith("p")
        account.alarm(f"{label} {metric} {statistic}", namespace, metric, dimensions, region=region, Threshold=float(threshold), Period=period,
                      Statistic=None if percentile else statistic, ExtendedStatistic=statistic if percentile else None,
                      EvaluateLowSampleCountPercentile="ignore" if percentile else None, ComparisonOperator=comparison,
                      DatapointsToAlarm=datapoints, EvaluationPeriods=periods, TreatMissingData=missing)


def math(account, label, expression, threshold, metrics, period=60, region=REGION, **changes):
    """An alarm of metric math; metrics: id to (namespace, name, dimensions, statistic)."""
    account.alarm(label, None, None, None, region=region, Statistic=None, Period=None, Threshold=float(threshold), ComparisonOperator=ABOVE,
                  Metrics=[{"Id": "watched", "Expression": expression, "Label": label, "ReturnData": True}] + [
                      {"Id": name, "ReturnData": False, "MetricStat": {"Period": period, "Stat": statistic, "Metric": {
                          "Namespace": namespace, "MetricName": metric, "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions.items()]}}}
                      for name, (namespace, metric, dimensions, statistic) in metrics.items()], **changes)


def query(account, label, text, threshold, comparison=ABOVE, region=REGION, **changes):
    """An alarm of a Metrics Insights query: one for all resources of a kind."""
    account.alarm(label, None, None, None, region=region, Statistic=None, Period=None, Threshold=float(threshold), ComparisonOperator=comparison,
                  Metrics=[{"Id": "q", "Expression": text, "Period": 300, "Label": label, "ReturnData": True}], **changes)


@healthy
def network(account):
    ec2 = account.at("ec2")
    account.vpc = ec2.create_vpc(CidrBlock="10.7.0.0/16")["Vpc"]["VpcId"]
    zones = (REGION + "a", REGION + "b")
    account.subnets = [ec2.create_subnet(VpcId=account.vpc, CidrBlock=f"10.7.{i}.0/24", AvailabilityZone=zone)["Subnet"]["SubnetId"]
                       for i, zone in enumerate(zones)]
    account.logs_of("/shop/flows")
    ec2.create_flow_logs(ResourceIds=[account.vpc], ResourceType="VPC", TrafficType="REJECT", LogGroupName="/shop/flows",
                         DeliverLogsPermissionArn=account.role)
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    gateway = ec2.create_nat_gateway(SubnetId=account.subnets[0], AllocationId=address)["NatGateway"]["NatGatewayId"]
    watch(account, gateway, "AWS/NATGateway", {"NatGatewayId": gateway}, ("ErrorPortAllocation", "Sum", ABOVE, 0, (60, 15, 15), "notBreaching"))
    math(account, f"{gateway} drops packets", "IF(all > 0, dropped / all, 0)", 0.0001, {
        "dropped": ("AWS/NATGateway", "PacketsDropCount", {"NatGatewayId": gateway}, "Sum"),
        "all": ("AWS/NATGateway", "PacketsInFromSource", {"NatGatewayId": gateway}, "Sum")}, EvaluationPeriods=5, DatapointsToAlarm=5)


def instance(account, **changes):
    ec2 = account.at("ec2")
    if not account.image:
        account.image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    one = ec2.run_instances(**(dict(ImageId=account.image, MinCount=1, MaxCount=1, InstanceType="t3.medium", SubnetId=account.subnets[0],
                                    Monitoring={"Enabled": True}) | changes))["Instances"][0]
    return one["InstanceId"]


@healthy
def instances(account):
    for _ in range(3):
        one = instance(account)
        watch(account, one, "AWS/EC2", {"InstanceId": one}, ("CPUUtilization", "Average", ABOVE, 80, (300, 3, 3), "missing"),
              ("StatusCheckFailed", "Maximum", AT_LEAST, 1, (300, 2, 2), "missing"),
              ("StatusCheckFailed_AttachedEBS", "Maximum", AT_LEAST, 1, (60, 10, 10), "missing"),
              ("CPUCreditBalance", "Minimum", BELOW, 57, (300, 3, 3), "missing"))
        account.alarm(f"{one} host is broken", "AWS/EC2", "StatusCheckFailed_System", {"InstanceId": one}, Statistic="Maximum", Period=60,
                      EvaluationPeriods=2, DatapointsToAlarm=2, TreatMissingData="missing",
                      AlarmActions=[f"arn:aws:automate:{REGION}:ec2:recover", account.topic])
        for volume in account.at("ec2").describe_volumes(Filters=[{"Name": "attachment.instance-id", "Values": [one]}])["Volumes"]:
            watch(account, volume["VolumeId"], "AWS/EBS", {"VolumeId": volume["VolumeId"], "InstanceId": one},
                  ("VolumeStalledIOCheck", "Maximum", AT_LEAST, 1, (60, 10, 10), "missing"))


@healthy
def scaling_group(account):
    scaling = account.at("autoscaling")
    scaling.create_launch_configuration(LaunchConfigurationName="web", ImageId=account.image, InstanceType="t3.medium",
                                        InstanceMonitoring={"Enabled": True})
    scaling.create_auto_scaling_group(AutoScalingGroupName="web", LaunchConfigurationName="web", MinSize=0, MaxSize=2, DesiredCapacity=0,
                                      VPCZoneIdentifier=account.subnets[0])
    watch(account, "group web", "AWS/AutoScaling", {"AutoScalingGroupName": "web"},
          ("GroupInServiceInstances", "Minimum", BELOW, 1, (60, 10, 10), "breaching"))


def function(account, name, logs=True, **changes):
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("main.py", "def handler(event, context): pass\n")
    arn = account.at("lambda").create_function(**(dict(FunctionName=name, Runtime="python3.13", Role=account.role, Handler="main.handler", Timeout=30,
                                                       Code={"ZipFile": code.getvalue()}, TracingConfig={"Mode": "Active"}) | changes))["FunctionArn"]
    if logs:
        account.logs_of(f"/aws/lambda/{name}")
    return arn


@healthy
def functions(account):
    for name in ("checkout", "invoice", "thumbnail"):
        function(account, name)
        watch(account, name, "AWS/Lambda", {"FunctionName": name}, ("Errors", "Sum", ABOVE, 0, (60, 3, 3), "notBreaching"),
              ("Throttles", "Sum", AT_LEAST, 1, (60, 5, 5), "notBreaching"), ("Duration", "p90", ABOVE, 24_000, (60, 15, 15), "missing"))
    watch(account, "lambda of the account", "AWS/Lambda", {}, ("ClaimedAccountConcurrency", "Maximum", ABOVE, 900, (60, 10, 10), "notBreaching"))


@healthy
def containers(account):
    ecs = account.at("ecs")
    ecs.create_cluster(clusterName="shop", settings=[{"name": "containerInsights", "value": "enabled"}])
    account.logs_of("/ecs/web")
    ecs.register_task_definition(family="web", containerDefinitions=[{
        "name": "web", "image": "web:1", "memory": 256, "logConfiguration": {"logDriver": "awslogs", "options": {
            "awslogs-group": "/ecs/web", "awslogs-region": REGION, "awslogs-stream-prefix": "web"}}}])
    for service in ("web", "api"):
        ecs.create_service(cluster="shop", serviceName=service, taskDefinition="web", desiredCount=2)
        dimensions = {"ClusterName": "shop", "ServiceName": service}
        watch(account, f"service {service}", "AWS/ECS", dimensions, ("CPUUtilization", "Average", ABOVE, 80, (60, 5, 5), "breaching"),
              ("MemoryUtilization", "Average", ABOVE, 80, (60, 5, 5), "breaching"))
        watch(account, f"service {service}", "ECS/ContainerInsights", dimensions, ("RunningTaskCount", "Average", AT_MOST, 0, (60, 5, 5), "breaching"))
        math(account, f"service {service} has too few tasks", "wanted - running", 0, {
            "wanted": ("ECS/ContainerInsights", "DesiredTaskCount", dimensions, "Minimum"),
            "running": ("ECS/ContainerInsights", "RunningTaskCount", dimensions, "Minimum")}, EvaluationPeriods=5, DatapointsToAlarm=5,
            TreatMissingData="breaching")


@healthy
def load_balancers(account):
    balancing = account.at("elbv2")
    account.at("s3").create_bucket(Bucket="shop-access-logs", CreateBucketConfiguration={"LocationConstraint": REGION})
    for kind in ("application", "network"):
        arn = balancing.create_load_balancer(Name=f"shop-{kind}", Type=kind, Subnets=account.subnets)["LoadBalancers"][0]["LoadBalancerArn"]
        balancer = arn.split(":loadbalancer/")[1]
        whole = {"LoadBalancer": balancer}
        if kind == "network":  # Without a target group: moto calls every balancer app/..., and groups are told by that.
            watch(account, kind, "AWS/NetworkELB", whole, ("PortAllocationErrorCount", "Sum", ABOVE, 0, (60, 3, 5), "notBreaching"),
                  ("RejectedFlowCount", "Sum", ABOVE, 0, (60, 5, 5), "notBreaching"))
            continue
        space = "AWS/ApplicationELB"
        group = balancing.create_target_group(Name="shop", Protocol="HTTP", Port=80, VpcId=account.vpc)["TargetGroups"][0]["TargetGroupArn"]
        balancing.create_listener(LoadBalancerArn=arn, Protocol="HTTP", Port=80, DefaultActions=[{"Type": "forward", "TargetGroupArn": group}])
        part = whole | {"TargetGroup": group.rsplit(":", 1)[1]}
        watch(account, kind, space, part, ("UnHealthyHostCount", "Maximum", ABOVE, 0, (60, 2, 2), "notBreaching"),
              ("HealthyHostCount", "Minimum", BELOW, 1, (60, 2, 2), "breaching"))
        balancing.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=[
            {"Key": "access_logs.s3.enabled", "Value": "true"}, {"Key": "access_logs.s3.bucket", "Value": "shop-access-logs"}])
        watch(account, kind, space, whole, ("HTTPCode_ELB_5XX_Count", "Sum", ABOVE, 10, (60, 3, 3), "notBreaching"),
              ("TargetConnectionErrorCount", "Sum", ABOVE, 0, (60, 5, 5), "notBreaching"))
        watch(account, kind, space, part, ("TargetResponseTime", "p99", ABOVE, 2, (300, 3, 3), "notBreaching"))
        math(account, "application answers with errors", "IF(all > 0, bad / all, 0)", 0.05, {
            "bad": (space, "HTTPCode_Target_5XX_Count", part, "Sum"), "all": (space, "RequestCount", part, "Sum")}, EvaluationPeriods=5, DatapointsToAlarm=3)


# moto keeps no Performance Insights, without which a production database is not healthy: these serve the last tests before it.
DATABASE = dict(Tags=[{"Key": "environment", "Value": "staging"}], DBInstanceClass="db.t3.medium", Engine="postgres", AllocatedStorage=100, MasterUsername="shop", MasterUserPassword="only-in-moto-1",
                EnablePerformanceInsights=True, MonitoringInterval=60, MonitoringRoleArn=f"arn:aws:iam::{ACCOUNT}:role/shop",
                EnableCloudwatchLogsExports=["postgresql"])


def watch_database(account, name):
    watch(account, f"database {name}", "AWS/RDS", {"DBInstanceIdentifier": name}, ("CPUUtilization", "Average", ABOVE, 90, (60, 5, 5), "breaching"),
          ("DatabaseConnections", "Average", ABOVE, 400, (60, 5, 5), "breaching"), ("FreeableMemory", "Average", BELOW, GIB, (60, 15, 15), "breaching"),
          ("FreeStorageSpace", "Minimum", BELOW, 10 * GIB, (60, 5, 5), "breaching"), ("EBSByteBalance%", "Average", BELOW, 10, (60, 3, 3), "missing"),
          ("EBSIOBalance%", "Average", BELOW, 10, (60, 3, 3), "missing"), ("MaximumUsedTransactionIDs", "Average", ABOVE, 10 ** 9, (60, 1, 1), "missing"),
          ("ReadLatency", "p90", ABOVE, 0.02, (60, 5, 5), "missing"), ("WriteLatency", "p90", ABOVE, 0.02, (60, 5, 5), "missing"),
          ("DBLoad", "Average", ABOVE, 2, (60, 15, 15), "missing"))


@healthy
def databases(account):
    rds = account.at("rds")
    rds.create_db_instance(DBInstanceIdentifier="orders", **DATABASE)
    rds.create_db_instance_read_replica(DBInstanceIdentifier="orders-replica", SourceDBInstanceIdentifier="orders", DBInstanceClass="db.t3.medium",
                                        Tags=DATABASE["Tags"], EnablePerformanceInsights=True, MonitoringInterval=60, MonitoringRoleArn=account.role,
                                        EnableCloudwatchLogsExports=["postgresql"])
    for name in ("orders", "orders-replica"):
        watch_database(account, name)
    watch(account, "database orders-replica", "AWS/RDS", {"DBInstanceIdentifier": "orders-replica"},
          ("ReplicaLag", "Maximum", ABOVE, 60, (60, 10, 10), "breaching"))


@healthy
def stores(account):
    system = account.at("efs").create_file_system(CreationToken="media", PerformanceMode="generalPurpose", ThroughputMode="bursting")["FileSystemId"]
    watch(account, f"file system {system}", "AWS/EFS", {"FileSystemId": system}, ("PercentIOLimit", "Average", AT_LEAST, 100, (60, 15, 15), "missing"),
          ("BurstCreditBalance", "Average", AT_MOST, 10 ** 12, (60, 15, 15), "missing"))
    account.at("elasticache").create_cache_cluster(CacheClusterId="sessions", Engine="redis", CacheNodeType="cache.t3.medium", NumCacheNodes=1)
    watch(account, "cache sessions", "AWS/ElastiCache", {"CacheClusterId": "sessions"},
          ("CPUUtilization", "Average", ABOVE, 45, (60, 5, 5), "missing"), ("DatabaseMemoryUsagePercentage", "Average", ABOVE, 90, (60, 5, 5), "missing"),
          ("EngineCPUUtilization", "Average", ABOVE, 90, (60, 5, 5), "missing"))


@healthy
def streams(account):
    account.at("kinesis").create_stream(StreamName="clicks", ShardCount=1)
    watch(account, "stream clicks", "AWS/Kinesis", {"StreamName": "clicks"},
          ("GetRecords.IteratorAgeMilliseconds", "Maximum", ABOVE, 43_200_000, (60, 15, 15), "breaching"),
          ("GetRecords.Success", "Average", BELOW, 0.99, (60, 5, 5), "missing"), ("PutRecord.Success", "Average", BELOW, 0.99, (60, 5, 5), "missing"),
          ("PutRecords.FailedRecords", "Sum", ABOVE, 100, (60, 5, 5), "notBreaching"),
          ("ReadProvisionedThroughputExceeded", "Average", ABOVE, 0.1, (60, 5, 5), "notBreaching"),
          ("WriteProvisionedThroughputExceeded", "Average", ABOVE, 0.1, (60, 5, 5), "notBreaching"))
    account.at("firehose").create_delivery_stream(DeliveryStreamName="archive", ExtendedS3DestinationConfiguration={
        "RoleARN": account.role, "BucketARN": "arn:aws:s3:::shop-access-logs"})
    watch(account, "stream archive", "AWS/Firehose", {"DeliveryStreamName": "archive"},
          ("DeliveryToS3.DataFreshness", "Maximum", ABOVE, 900, (300, 3, 3), "missing"))
    machine = account.at("stepfunctions").create_state_machine(name="refund", roleArn=account.role, definition=json.dumps(
        {"StartAt": "done", "States": {"done": {"Type": "Succeed"}}}))["stateMachineArn"]
    watch(account, "workflow refund", "AWS/States", {"StateMachineArn": machine}, ("ExecutionsFailed", "Sum", ABOVE, 0, (300, 1, 1), "notBreaching"),
          ("ExecutionsTimedOut", "Sum", ABOVE, 0, (300, 1, 1), "notBreaching"))


def certificate_in_use(account, name):
    """In moto a certificate is in use when a classic load balancer serves it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.timezone.utc)
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key()).serial_number(1).not_valid_before(
        now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=300)).sign(key, hashes.SHA256())
    arn = account.at("acm").import_certificate(Certificate=made.public_bytes(serialization.Encoding.PEM), PrivateKey=key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))["CertificateArn"]
    balancer = name.replace(".", "-")
    account.at("elb").create_load_balancer(LoadBalancerName=balancer, AvailabilityZones=[REGION + "a"], Listeners=[
        {"Protocol": "HTTPS", "LoadBalancerPort": 443, "InstancePort": 80, "SSLCertificateId": arn}])
    watch(account, balancer, "AWS/ELB", {"LoadBalancerName": balancer}, ("UnHealthyHostCount", "Maximum", ABOVE, 0, (60, 2, 2), "notBreaching"),
          ("HTTPCode_ELB_5XX", "Sum", ABOVE, 10, (60, 3, 3), "notBreaching"), ("SurgeQueueLength", "Maximum", ABOVE, 512, (60, 3, 3), "notBreaching"))
    return arn


@healthy
def entrances(account):
    certificate = certificate_in_use(account, "shop.example")
    watch(account, "certificate of shop.example", "AWS/CertificateManager", {"CertificateArn": certificate},
          ("DaysToExpiry", "Minimum", AT_MOST, 44, (86400, 1, 1), "breaching"))
    rest = account.at("apigateway")
    api = rest.create_rest_api(name="prices")["id"]
    root = rest.get_resources(restApiId=api)["items"][0]["id"]
    rest.put_method(restApiId=api, resourceId=root, httpMethod="GET", authorizationType="NONE")
    rest.put_integration(restApiId=api, resourceId=root, httpMethod="GET", type="MOCK")
    rest.create_deployment(restApiId=api, stageName="live")
    account.logs_of("/shop/prices-api")
    rest.update_stage(restApiId=api, stageName="live", patchOperations=[{
        "op": "replace", "path": "/accessLogSettings/destinationArn", "value": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/shop/prices-api"}])
    watch(account, "API prices", "AWS/ApiGateway", {"ApiName": "prices"}, ("4XXError", "Average", ABOVE, 0.05, (60, 5, 5), "missing"),
          ("5XXError", "Average", ABOVE, 0.05, (60, 3, 3), "missing"), ("Latency", "p90", AT_LEAST, 2500, (60, 5, 5), "missing"))
    http = account.at("apigatewayv2").create_api(Name="stock", ProtocolType="HTTP")["ApiId"]
    watch(account, "API stock", "AWS/ApiGateway", {"ApiId": http}, ("4xx", "Average", ABOVE, 0.05, (60, 5, 5), "missing"),
          ("5xx", "Average", ABOVE, 0.05, (60, 3, 3), "missing"), ("Latency", "p90", AT_LEAST, 2500, (60, 5, 5), "missing"))
    distribution = account.at("cloudfront", GLOBAL_REGION).create_distribution(DistributionConfig={
        "CallerReference": "shop", "Comment": "", "Enabled": True, "Origins": {"Quantity": 1, "Items": [
            {"Id": "shop", "DomainName": "shop.example", "CustomOriginConfig": {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"}}]},
        "DefaultCacheBehavior": {"TargetOriginId": "shop", "ViewerProtocolPolicy": "redirect-to-https", "MinTTL": 0, "ForwardedValues": {
            "QueryString": False, "Cookies": {"Forward": "none"}}}})["Distribution"]["Id"]
    watch(account, "distribution", "AWS/CloudFront", {"DistributionId": distribution, "Region": "Global"},
          ("5xxErrorRate", "Average", ABOVE, 5, (60, 5, 5), "missing"), region=GLOBAL_REGION)
    check = account.at("route53", GLOBAL_REGION).create_health_check(CallerReference="shop", HealthCheckConfig={
        "Type": "HTTPS", "FullyQualifiedDomainName": "shop.example", "ResourcePath": "/", "Port": 443})["HealthCheck"]["Id"]
    watch(account, "path of users", "AWS/Route53", {"HealthCheckId": check}, ("HealthCheckStatus", "Minimum", BELOW, 1, (60, 3, 3), "breaching"),
          region=GLOBAL_REGION)


@healthy
def kubernetes(account):
    account.at("eks").create_cluster(name="batch", roleArn=account.role, resourcesVpcConfig={"subnetIds": account.subnets}, logging={
        "clusterLogging": [{"types": ["api", "audit"], "enabled": True}]})
    nodes = {"ClusterName": "batch"}  # moto has no add-ons: the agent came another way, and its metrics tell.
    account.cloudwatch.put_metric_data(Namespace="ContainerInsights", MetricData=[{
        "MetricName": "node_cpu_utilization", "Value": 20.0, "Dimensions": [{"Name": "ClusterName", "Value": "batch"}]}])
    watch(account, "nodes of batch", "ContainerInsights", nodes, ("node_cpu_utilization", "Maximum", ABOVE, 80, (60, 3, 3), "notBreaching"),
          ("node_cpu_reserved_capacity", "Average", ABOVE, 80, (60, 3, 3), "notBreaching"),
          ("node_filesystem_utilization", "Maximum", ABOVE, 80, (60, 5, 5), "notBreaching"),
          ("node_memory_reserved_capacity", "Average", ABOVE, 85, (60, 2, 3), "notBreaching"),
          ("node_memory_utilization", "Maximum", ABOVE, 80, (60, 2, 3), "breaching"))


@healthy
def whole_account(account):
    """What an account has once, or once in each Region that it uses."""
    account.at("s3", GLOBAL_REGION).create_bucket(Bucket="shop-trail")
    trail = account.at("cloudtrail")
    trail.create_trail(Name="everything", S3BucketName="shop-trail", IsMultiRegionTrail=True)
    trail.start_logging(Name="everything")
    account.at("budgets", GLOBAL_REGION).create_budget(AccountId=ACCOUNT, Budget={
        "BudgetName": "month", "BudgetType": "COST", "TimeUnit": "MONTHLY", "BudgetLimit": {"Amount": "500", "Unit": "USD"}})
    for region in (REGION, GLOBAL_REGION):
        account.at("cloudwatch", region).put_dashboard(DashboardName="shop", DashboardBody=json.dumps({"widgets": [
            {"type": "metric", "properties": {"region": REGION, "title": "orders", "metrics": [["AWS/SQS", "NumberOfMessagesSent", "QueueName", "orders-000"]]}}]}))
        events = account.at("events", region)
        events.put_rule(Name="aws-health", EventPattern=json.dumps({"source": ["aws.health"]}), State="ENABLED")
        events.put_targets(Rule="aws-health", Targets=[{"Id": "people", "Arn": account.topics[region][0]}])
        watch(account, "rule aws-health", "AWS/Events", {"RuleName": "aws-health"}, ("FailedInvocations", "Sum", ABOVE, 0, (300, 1, 1), "notBreaching"),
              region=region)
        account.at("guardduty", region).create_detector(Enable=True)
        account.at("securityhub", region).enable_security_hub()
        account.at("inspector2", region).enable(accountIds=[ACCOUNT], resourceTypes=["EC2", "LAMBDA"])
        math(account, "quota of processors", "usage / SERVICE_QUOTA(usage) * 100", 80, {"usage": ("AWS/Usage", "ResourceCount", {
            "Type": "Resource", "Resource": "vCPU", "Service": "EC2", "Class": "Standard/OnDemand"}, "Maximum")}, period=300, region=region)


@healthy
def cluster_of_databases(account):
    rds = account.at("rds")
    rds.create_db_cluster(DBClusterIdentifier="ledger", Engine="aurora-postgresql", MasterUsername="shop", MasterUserPassword="only-in-moto-1",
                          EnableCloudwatchLogsExports=["postgresql"], Tags=DATABASE["Tags"])
    rds.create_db_instance(DBInstanceIdentifier="ledger-1", DBClusterIdentifier="ledger", Engine="aurora-postgresql", DBInstanceClass="db.r6g.large",
                           MonitoringInterval=60, MonitoringRoleArn=account.role, Tags=DATABASE["Tags"])
    watch(account, "cluster ledger", "AWS/RDS", {"DBClusterIdentifier": "ledger", "Role": "WRITER"},
          ("EngineUptime", "Average", AT_MOST, 0, (60, 2, 2), "breaching"))
    # An alarm on the cluster watches its members.
    watch(account, "cluster ledger", "AWS/RDS", {"DBClusterIdentifier": "ledger"}, ("CPUUtilization", "Average", ABOVE, 90, (60, 5, 5), "breaching"),
          ("DatabaseConnections", "Average", ABOVE, 1500, (60, 5, 5), "breaching"), ("FreeableMemory", "Average", BELOW, GIB, (60, 15, 15), "breaching"),
          ("FreeLocalStorage", "Average", BELOW, 4 * GIB, (60, 5, 5), "missing"), ("ReadLatency", "p90", ABOVE, 0.02, (60, 5, 5), "missing"),
          ("WriteLatency", "p90", ABOVE, 0.02, (60, 5, 5), "missing"))


@healthy
def other_services(account):
    account.at("opensearch").create_domain(DomainName="search", EBSOptions={"EBSEnabled": True, "VolumeSize": 100})
    watch(account, "domain search", "AWS/ES", {"ClientId": ACCOUNT, "DomainName": "search"},
          ("ClusterStatus.red", "Maximum", AT_LEAST, 1, (60, 1, 1), "missing"), ("FreeStorageSpace", "Minimum", BELOW, 25_600, (60, 1, 1), "missing"))
    account.at("kafka").create_cluster_v2(ClusterName="events", Provisioned={
        "BrokerNodeGroupInfo": {"ClientSubnets": account.subnets, "InstanceType": "kafka.t3.small"}, "KafkaVersion": "3.8.x", "NumberOfBrokerNodes": 2})
    watch(account, "cluster events", "AWS/Kafka", {"Cluster Name": "events"}, ("OfflinePartitionsCount", "Maximum", ABOVE, 0, (60, 3, 3), "missing"))
    account.at("redshift").create_cluster(ClusterIdentifier="reports", NodeType="ra3.large", MasterUsername="shop", MasterUserPassword="Only-in-moto-1")
    watch(account, "cluster reports", "AWS/Redshift", {"ClusterIdentifier": "reports"}, ("HealthStatus", "Minimum", BELOW, 1, (60, 5, 5), "missing"))
    ec2 = account.at("ec2")
    customer = ec2.create_customer_gateway(Type="ipsec.1", PublicIp="203.0.113.7", BgpAsn=65000)["CustomerGateway"]["CustomerGatewayId"]
    gateway = ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
    vpn = ec2.create_vpn_connection(Type="ipsec.1", CustomerGatewayId=customer, VpnGatewayId=gateway)["VpnConnection"]["VpnConnectionId"]
    watch(account, vpn, "AWS/VPN", {"VpnId": vpn}, ("TunnelState", "Minimum", BELOW, 1, (300, 3, 3), "missing"))
    cognito = account.at("cognito-idp")
    cognito.create_user_pool_client(UserPoolId=cognito.create_user_pool(PoolName="people")["UserPool"]["Id"], ClientName="web")
    socket = account.at("apigatewayv2").create_api(Name="chat", ProtocolType="WEBSOCKET", RouteSelectionExpression="$request.body.action")["ApiId"]
    watch(account, "API chat", "AWS/ApiGateway", {"ApiId": socket}, ("IntegrationLatency", "p90", AT_LEAST, 2000, (60, 5, 5), "missing"),
          ("ClientError", "Average", ABOVE, 0.05, (60, 5, 5), "missing"), ("ExecutionError", "Average", ABOVE, 0.05, (60, 3, 3), "missing"))
    firewall = account.at("wafv2").create_web_acl(Name="shop", Scope="REGIONAL", DefaultAction={"Allow": {}}, Rules=[], VisibilityConfig={
        "SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "shop"})["Summary"]["ARN"]
    account.logs_of("aws-waf-logs-shop", days=400)
    account.at("wafv2").put_logging_configuration(LoggingConfiguration={
        "ResourceArn": firewall, "LogDestinationConfigs": [f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:aws-waf-logs-shop"]})
