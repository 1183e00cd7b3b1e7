"""Faults of category D, logs (checks 61 to 73), one function each."""
import json

from audit_healthy_logs import counts, feeds, writes
from audit_healthy_services import DATABASE, function
from audit_registry import NOT_IN_MOTO, fault

NOT_IN_MOTO |= {"key_log_groups_watch_for_anomalies": "ListLogAnomalyDetectors"}


@fault
def log_group_expires(account):
    account.logs.create_log_group(logGroupName="/shop/for-ever")
    return "/shop/for-ever"


@fault
def log_retention_is_long_enough(account):
    account.logs_of("aws-cloudtrail-logs-shop", days=30)
    account.logs_of("/shop/hardly", days=3)
    return "aws-cloudtrail-logs-shop", "/shop/hardly"


@fault
def errors_in_logs_are_counted(account):
    account.logs_of("/shop/uncounted")
    writes(account, "/shop/uncounted", "all is well", "java.lang.NullPointerException: no parcel", "ERROR: no parcel")
    return "/shop/uncounted"


@fault
def metric_filter_has_alarm(account):
    counts(account, "/shop/worker-002", "unwatched", "FATAL", "unwatched")
    return "unwatched"


@fault
def metric_filter_counts(account):
    counts(account, "/shop/worker-001", "no-default", "PANIC", "no-default", default=None)
    account.alarm("worker panics", "Shop", "no-default", {})
    return "no-default"


@fault
def trail_feeds_security_alarms(account):
    """One filter of the fifteen lost its alarm, and a second trail has none."""
    account.cloudwatch.delete_alarms(AlarmNames=["trail saw root-user"])
    account.logs_of("second-cloudtrail", days=400)
    account.at("cloudtrail").create_trail(Name="second", S3BucketName="shop-trail")
    account.at("cloudtrail").start_logging(Name="second")
    feeds(account, "second", "second-cloudtrail")
    account.long_ago("AWS/Logs", "IncomingBytes", {"LogGroupName": "second-cloudtrail"}, 1_000_000)
    return "shop-cloudtrail 4.3", *(f"second-cloudtrail 4.{i}" for i in range(1, 16))


@fault
def compute_has_log_group(account):
    function(account, "speechless-function", logs=False)
    ecs = account.at("ecs")
    ecs.register_task_definition(family="mute", containerDefinitions=[{"name": "mute", "image": "mute:1", "memory": 256}])
    ecs.create_service(cluster="shop", serviceName="mute-service", taskDefinition="mute", desiredCount=1)
    return "speechless-function", "mute-service"


@fault
def service_logs_are_on(account):
    balancer = account.at("elbv2").create_load_balancer(Name="unlogged-balancer", Type="application", Subnets=account.subnets)["LoadBalancers"][0]
    rest = account.at("apigateway")
    api = rest.create_rest_api(name="unlogged-api")["id"]
    root = rest.get_resources(restApiId=api)["items"][0]["id"]
    rest.put_method(restApiId=api, resourceId=root, httpMethod="GET", authorizationType="NONE")
    rest.put_integration(restApiId=api, resourceId=root, httpMethod="GET", type="MOCK")
    rest.create_deployment(restApiId=api, stageName="live")
    account.at("rds").create_db_instance(DBInstanceIdentifier="unlogged-database", **(DATABASE | {"EnableCloudwatchLogsExports": []}))
    network = account.at("ec2").create_vpc(CidrBlock="10.8.0.0/16")["Vpc"]["VpcId"]
    account.at("eks").create_cluster(name="unlogged-cluster", roleArn=account.role, resourcesVpcConfig={"subnetIds": account.subnets})
    account.at("stepfunctions").create_state_machine(name="unlogged-express", type="EXPRESS", roleArn=account.role, definition=json.dumps(
        {"StartAt": "done", "States": {"done": {"Type": "Succeed"}}}))
    account.at("wafv2").create_web_acl(Name="unlogged-firewall", Scope="REGIONAL", DefaultAction={"Allow": {}}, VisibilityConfig={
        "SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "unlogged"})
    return (balancer["LoadBalancerArn"], f"{api}/live", "unlogged-database", network, "unlogged-cluster", "unlogged-express", "unlogged-firewall")


@fault
def log_group_is_fed(account):
    function(account, "silent-function")
    account.long_ago("AWS/Lambda", "Invocations", {"FunctionName": "silent-function"}, 12)
    return "/aws/lambda/silent-function"


@fault
def log_group_is_used(account):
    with account.back(days=60):
        account.logs_of("/shop/empty")
    return "/shop/empty"


@fault
def log_volume_is_sensible(account):
    function(account, "debugging-function", Environment={"Variables": {"LOG_LEVEL": "DEBUG"}})
    account.logs_of("/shop/flood")
    account.long_ago("AWS/Logs", "IncomingBytes", {"LogGroupName": "/shop/flood"}, 900 * 1024 ** 3)
    return "/aws/lambda/debugging-function", "/shop/flood"


@fault
def log_subscription_delivers(account):
    """In the order of the letters: moto compares dimensions in the order in which they came."""
    account.long_ago("AWS/Logs", "DeliveryErrors", {"DestinationType": "Lambda", "FilterName": "to-nobody", "LogGroupName": "/shop/worker-003"}, 70)
    return "to-nobody"
