"""What the load balancer, cache, queue and the services without resources would answer at a moment."""
import time

from answers_ecs import job_tasks, task_state
from names import (ACCOUNT, CACHE, CLUSTER_ARN, LISTENER_ARN, LOAD_BALANCER_ARN, QUEUE, QUEUE_URL, REGION, RULE, RULE_ARN,
                   TARGET_GROUP_ARN, arn, definition_arn, private_address)


def target_health(raw: dict, health: dict, now: float) -> list[dict]:
    """The balancer recorded how many targets were healthy, so that many are; the newest of the others are still starting."""
    checkout = next(s for s in raw["services"] if s["name"] == "checkout")
    running = sorted((t for t in checkout["tasks"] if task_state(t, now) == "RUNNING"), key=lambda t: t["started"])
    good, _bad = health.get(int(now), (len(running), 0))
    found = []
    for index, task in enumerate(running):
        state = {"State": "healthy"} if index < good else {
            "State": "initial", "Reason": "Elb.InitialHealthChecking", "Description": "Initial health checks in progress"}
        found.append({"Target": {"Id": private_address(task["id"]), "Port": 8080, "AvailabilityZone": f"{REGION}a"},
                      "HealthCheckPort": "8080", "TargetHealth": state})
    for task in checkout["tasks"]:
        if task_state(task, now) == "DEACTIVATING":
            found.append({"Target": {"Id": private_address(task["id"]), "Port": 8080, "AvailabilityZone": f"{REGION}a"},
                          "HealthCheckPort": "8080", "TargetHealth": {"State": "draining", "Reason": "Target.DeregistrationInProgress",
                                                                      "Description": "Target deregistration is in progress"}})
    return found


def load_balancer(raw: dict, health: dict, now: float) -> list[dict]:
    balancer = {"LoadBalancerArn": LOAD_BALANCER_ARN, "LoadBalancerName": "shop", "DNSName": f"shop-1234567890.{REGION}.elb.amazonaws.com",
                "Scheme": "internet-facing", "Type": "application", "State": {"Code": "active"}, "VpcId": "vpc-0a1b2c3d4e5f60718",
                "CreatedTime": "2025-03-02T09:58:41Z", "IpAddressType": "ipv4",
                "AvailabilityZones": [{"ZoneName": f"{REGION}{zone}", "SubnetId": f"subnet-0a1b2c3d4e5f6071{n}"} for n, zone in enumerate("ab")]}
    group = {"TargetGroupArn": TARGET_GROUP_ARN, "TargetGroupName": "checkout", "Protocol": "HTTP", "Port": 8080, "TargetType": "ip",
             "VpcId": "vpc-0a1b2c3d4e5f60718", "HealthCheckPath": "/health", "HealthCheckIntervalSeconds": 2, "HealthCheckTimeoutSeconds": 1,
             "HealthyThresholdCount": 2, "UnhealthyThresholdCount": 2, "LoadBalancerArns": [LOAD_BALANCER_ARN]}
    listener = {"ListenerArn": LISTENER_ARN, "LoadBalancerArn": LOAD_BALANCER_ARN, "Port": 80, "Protocol": "HTTP",
                "DefaultActions": [{"Type": "forward", "TargetGroupArn": TARGET_GROUP_ARN, "Order": 1}]}
    return [{"operation": "elasticloadbalancing:DescribeLoadBalancers", "answer": {"LoadBalancers": [balancer]}},
            {"operation": "elasticloadbalancing:DescribeTargetGroups", "answer": {"TargetGroups": [group]}},
            {"operation": "elasticloadbalancing:DescribeListeners", "answer": {"Listeners": [listener]}},
            {"operation": "elasticloadbalancing:DescribeTargetHealth",
             "answer": {"TargetHealthDescriptions": target_health(raw, health, now)}}]


def queue(samples: list[dict], now: float) -> list[dict]:
    seen = [s["queue"] for s in samples if s["t"] <= now and s["queue"]]
    visible = seen[-1]["visible"] if seen else 0
    attributes = {"QueueArn": arn("sqs", QUEUE), "ApproximateNumberOfMessages": str(visible), "ApproximateNumberOfMessagesNotVisible": "0",
                  "ApproximateNumberOfMessagesDelayed": "0", "VisibilityTimeout": "30", "MessageRetentionPeriod": "345600"}
    return [{"operation": "sqs:ListQueues", "answer": {"QueueUrls": [QUEUE_URL]}},
            {"operation": "sqs:GetQueueAttributes", "answer": {"Attributes": attributes}}]


def cache() -> list[dict]:
    node = {"CacheNodeId": "0001", "CacheNodeStatus": "available", "ParameterGroupStatus": "in-sync",
            "Endpoint": {"Address": f"{CACHE}.abc123.0001.euw1.cache.amazonaws.com", "Port": 6379}}
    cluster = {"CacheClusterId": CACHE, "CacheClusterStatus": "available", "CacheNodeType": "cache.t4g.micro", "Engine": "redis",
               "EngineVersion": "7.0.15", "NumCacheNodes": 1, "PreferredAvailabilityZone": f"{REGION}a", "CacheNodes": [node],
               "ARN": arn("elasticache", f"cluster:{CACHE}"), "CacheClusterCreateTime": "2025-03-02T10:31:12Z"}
    return [{"operation": "elasticache:DescribeCacheClusters", "answer": {"CacheClusters": [cluster]}}]


def schedule(raw: dict) -> list[dict]:
    jobs = job_tasks(raw)
    if not jobs:
        return [{"operation": "events:ListRules", "answer": {"Rules": []}}]
    # The job was started by the recorder; the rule is what would have started it at that minute.
    at = time.gmtime(jobs[0]["created"])
    rule = {"Name": RULE, "Arn": RULE_ARN, "State": "ENABLED", "EventBusName": "default", "Description": "Stock report per sales region",
            "ScheduleExpression": f"cron({at.tm_min} {at.tm_hour} * * ? *)"}
    target = {"Id": "report", "Arn": CLUSTER_ARN, "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/ecsEventsRole",
              "EcsParameters": {"TaskDefinitionArn": definition_arn("report", 8), "TaskCount": 1, "LaunchType": "FARGATE"}}
    return [{"operation": "events:ListRules", "answer": {"Rules": [rule]}},
            {"operation": "events:ListTargetsByRule", "answer": {"Targets": [target]}},
            {"operation": "events:ListRuleNamesByTarget", "answer": {"RuleNames": [RULE]}}]


def nothing_there(health_denied: bool) -> list[dict]:
    found = [{"operation": "ec2:DescribeInstances", "answer": {"reservationSet": []}},
             {"operation": "lambda:ListFunctions", "answer": {"Functions": []}},
             {"operation": "xray:GetServiceGraph", "answer": {"Services": [], "ContainsOldGroupVersions": False}}]
    if health_denied:
        error = {"kind": "access_denied",
                 "message": "SubscriptionRequiredException: AWS Premium Support Subscription is required to use this service."}
        return found + [{"operation": "health:DescribeEvents", "error": error}]
    return found + [{"operation": "health:DescribeEvents", "answer": {"events": []}}]


def answers(raw: dict, samples: list[dict], health: dict, now: float, health_denied: bool) -> list[dict]:
    return load_balancer(raw, health, now) + cache() + queue(samples, now) + schedule(raw) + nothing_there(health_denied)
