"""The names that the recorded shop has in its account. One place, so that metrics, changes and states agree."""
import hashlib
import time

from plan import LOAD_BALANCER, TARGET_GROUP

ACCOUNT, REGION = "111122223333", "eu-west-1"
CLUSTER, DATABASE, CACHE, QUEUE = "shop", "shop-db", "shop-cache", "shop-receipts"
RULE = "shop-nightly-report"
FIRST_IMAGE = "1.42.0"


def arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


CLUSTER_ARN = arn("ecs", f"cluster/{CLUSTER}")
LOAD_BALANCER_ARN = arn("elasticloadbalancing", f"loadbalancer/{LOAD_BALANCER}")
TARGET_GROUP_ARN = arn("elasticloadbalancing", TARGET_GROUP)
LISTENER_ARN = arn("elasticloadbalancing", f"listener/{LOAD_BALANCER}/f2f7dc8efc522ab2")
DATABASE_ARN = arn("rds", f"db:{DATABASE}")
DATABASE_RESOURCE_ID = "db-QX4WZ7HDYL5EXAMPLE3KM2RTNU"
RULE_ARN = arn("events", f"rule/{RULE}")
QUEUE_URL = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{QUEUE}"


def service_arn(name: str) -> str:
    return arn("ecs", f"service/{CLUSTER}/{name}")


def task_arn(task: str) -> str:
    return arn("ecs", f"task/{CLUSTER}/{task}")


def definition_arn(family: str, revision: int) -> str:
    return arn("ecs", f"task-definition/{family}:{revision}")


def private_address(task: str) -> str:
    """The address that the task would have in its subnet; tasks really ran on one machine."""
    digest = hashlib.sha256(task.encode()).digest()
    return f"10.0.{32 + digest[0] % 2 * 16}.{10 + digest[1] % 200}"


def deployment_id(created: float) -> str:
    return f"ecs-svc/{int(created * 1e6):019d}"


def iso(at: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))
