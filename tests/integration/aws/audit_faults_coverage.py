"""Faults of category A, coverage (checks 1 to 22), one function each."""
import json

from audit_healthy_services import ABOVE, DATABASE, function, instance, certificate_in_use, query, watch
from audit_registry import ACCOUNT, GLOBAL_REGION, REGION, fault


@fault
def production_resource_has_alarm(account):
    account.at("kinesis").create_stream(StreamName="forgotten-stream", ShardCount=1)
    return "forgotten-stream"


@fault
def recommended_alarms_exist(account):
    """Failures are watched, time-outs are not."""
    machine = account.at("stepfunctions").create_state_machine(name="half-watched", roleArn=account.role, definition=json.dumps(
        {"StartAt": "done", "States": {"done": {"Type": "Succeed"}}}))["stateMachineArn"]
    watch(account, "workflow half-watched", "AWS/States", {"StateMachineArn": machine}, ("ExecutionsFailed", "Sum", ABOVE, 0, (300, 1, 1), "notBreaching"))
    return "half-watched"


@fault
def load_balancer_has_alarms(account):
    account.at("elbv2").create_load_balancer(Name="bare-balancer", Type="application", Subnets=account.subnets)
    return "bare-balancer"


@fault
def database_has_alarms(account):
    account.at("rds").create_db_instance(DBInstanceIdentifier="bare-database", **DATABASE)
    return "bare-database"


@fault
def function_has_alarms(account):
    function(account, "bare-function")
    return "bare-function"


@fault
def container_service_has_alarms(account):
    account.at("ecs").create_service(cluster="shop", serviceName="bare-service", taskDefinition="web", desiredCount=1)
    return "bare-service"


@fault
def dead_letter_queue_has_alarm(account):
    account.dead_letter_queue("dead-orders", "living-orders")
    # Two nights ago it took in seven messages, and nobody would have been told.
    account.dead_letter_queue("dead-mail", "living-mail", GLOBAL_REGION)
    account.dead_letters("dead-mail", 7, hours_ago=48)
    return "dead-orders"


@fault
def backlog_has_alarm(account):
    account.at("kinesis").create_stream(StreamName="unread-stream", ShardCount=1)
    return "unread-stream"


@fault
def nat_gateway_has_alarms(account):
    ec2 = account.at("ec2")
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    return ec2.create_nat_gateway(SubnetId=account.subnets[1], AllocationId=address)["NatGateway"]["NatGatewayId"]


@fault
def certificate_expiry_is_watched(account):
    return certificate_in_use(account, "forgotten.example")


@fault
def status_check_recovers(account):
    return instance(account)


@fault
def burst_balance_has_alarm(account):
    return account.at("efs").create_file_system(CreationToken="bare", PerformanceMode="generalPurpose", ThroughputMode="bursting")["FileSystemId"]


@fault
def kubernetes_has_alarms(account):
    account.at("eks").create_cluster(name="bare-cluster", roleArn=account.role, resourcesVpcConfig={"subnetIds": account.subnets}, logging={
        "clusterLogging": [{"types": ["api", "audit"], "enabled": True}]})
    account.cloudwatch.put_metric_data(Namespace="ContainerInsights", MetricData=[{
        "MetricName": "node_cpu_utilization", "Value": 20.0, "Dimensions": [{"Name": "ClusterName", "Value": "bare-cluster"}]}])
    return "bare-cluster"


@fault
def statistic_fits(account):
    watch(account, "slow on average", "AWS/ApiGateway", {"ApiName": "prices"}, ("Latency", "Average", ABOVE, 900, (60, 5, 5), "missing"))
    return "slow on average"


@fault
def threshold_is_possible(account):
    watch(account, "beyond the possible", "AWS/RDS", {"DBInstanceIdentifier": "orders"}, ("CPUUtilization", "Average", ABOVE, 120, (60, 5, 5), "breaching"))
    return "beyond the possible"


@fault
def threshold_is_in_reach(account):
    account.alarm("always too many sign-ups", "Shop", "SignUps", {"page": "home"}, region=GLOBAL_REGION, Statistic="Maximum", Period=3600, Threshold=10.0)
    return "always too many sign-ups"


@fault
def pace_is_as_advised(account):
    watch(account, "hours late", "AWS/RDS", {"DBInstanceIdentifier": "orders"}, ("CPUUtilization", "Average", ABOVE, 85, (3600, 3, 3), "breaching"))
    return "hours late"


@fault
def young_resource_has_alarm(account):
    account.at("stepfunctions").create_state_machine(name="born-today", roleArn=account.role, definition=json.dumps(
        {"StartAt": "done", "States": {"done": {"Type": "Succeed"}}}))
    return "born-today"


@fault
def other_alarm_kinds_count(account):
    query(account, "one or the other queue", 'SELECT MAX(ApproximateAgeOfOldestMessage) FROM SCHEMA("AWS/SQS", QueueName) '
                                             "WHERE QueueName = 'orders-001' OR QueueName = 'orders-002'", 600)
    return "one or the other queue"


@fault
def user_path_is_checked(account):
    route53 = account.at("route53", GLOBAL_REGION)
    for check in route53.list_health_checks()["HealthChecks"]:
        route53.delete_health_check(HealthCheckId=check["Id"])
    return ""


@fault
def bill_is_watched(account):
    account.at("budgets", GLOBAL_REGION).delete_budget(AccountId=ACCOUNT, BudgetName="month")
    return ""


@fault
def quota_usage_is_watched(account):
    account.cloudwatch.delete_alarms(AlarmNames=["quota of processors"])
    return ""
