"""The changes made during a recording, as CloudTrail writes them; each carries the time at which it was really made."""
import hashlib
import time

from answers_ecs import container_definition
from names import (ACCOUNT, CLUSTER, CLUSTER_ARN, REGION, RULE, arn, definition_arn, deployment_id, iso, service_arn, task_arn)

PIPELINE = ("AROAEXAMPLEPIPELINE01", "github-actions-deploy", "deploy-shop", "20.1.128.77", "aws-sdk-js/3.600.0 exec-env/GitHubActions")
PERSON = ("AROAEXAMPLEPERSON0001", "platform-engineer", "maria", "198.51.100.24", "aws-cli/2.17.9 md/awscrt#0.20.11 exec-env/none")


def trail_date(at: float) -> str:
    return time.strftime("%b %d, %Y, %I:%M:%S %p", time.gmtime(at))


def stable_id(*parts) -> str:
    digest = hashlib.sha256("/".join(map(str, parts)).encode()).hexdigest()
    return "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32]))


def record(at: float, source: str, name: str, who: tuple, request: dict | None, answer: dict | None, invoked_by: str | None = None) -> dict:
    principal, role, session, address, agent = who
    identity = {"type": "AssumedRole", "principalId": f"{principal}:{session}",
                "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{session}", "accountId": ACCOUNT,
                "accessKeyId": "ASIAEXAMPLE" + stable_id(at, name)[:8].upper(),
                "sessionContext": {"sessionIssuer": {"type": "Role", "principalId": principal, "accountId": ACCOUNT, "userName": role,
                                                     "arn": f"arn:aws:iam::{ACCOUNT}:role/{role}"},
                                   "attributes": {"creationDate": iso(at - 40), "mfaAuthenticated": "false"}}}
    if invoked_by:
        identity["invokedBy"] = invoked_by
    return {"eventVersion": "1.09", "userIdentity": identity, "eventTime": iso(at), "eventSource": source, "eventName": name,
            "awsRegion": REGION, "sourceIPAddress": address, "userAgent": agent, "requestParameters": request,
            "responseElements": answer, "requestID": stable_id(at, name, "request"), "eventID": stable_id(at, name, "event"),
            "readOnly": False, "eventType": "AwsApiCall", "managementEvent": True, "recipientAccountId": ACCOUNT,
            "eventCategory": "Management"}


def register_task_definition(change: dict, raw: dict) -> dict:
    revision = change["revision"]
    container = container_definition("checkout", revision, raw)
    request = {"family": "checkout", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "256", "memory": "512",
               "containerDefinitions": [container]}
    answer = {"taskDefinition": {"taskDefinitionArn": definition_arn("checkout", revision), "family": "checkout", "revision": revision,
                                 "status": "ACTIVE", "containerDefinitions": [container], "cpu": "256", "memory": "512",
                                 "registeredAt": trail_date(change["at"])}}
    return record(change["at"], "ecs.amazonaws.com", "RegisterTaskDefinition", PIPELINE, request, answer)


def update_service(change: dict, raw: dict) -> dict:
    at, revision = change["at"], change["revision"]
    request = {"cluster": CLUSTER, "service": "checkout", "taskDefinition": f"checkout:{revision}", "forceNewDeployment": False}
    deployment = {"id": deployment_id(at), "status": "PRIMARY", "taskDefinition": definition_arn("checkout", revision), "desiredCount": 3,
                  "pendingCount": 0, "runningCount": 0, "failedTasks": 0, "createdAt": trail_date(at), "updatedAt": trail_date(at),
                  "launchType": "FARGATE", "rolloutState": "IN_PROGRESS",
                  "rolloutStateReason": f"ECS deployment {deployment_id(at)} in progress."}
    answer = {"service": {"serviceArn": service_arn("checkout"), "serviceName": "checkout", "clusterArn": CLUSTER_ARN, "status": "ACTIVE",
                          "desiredCount": 3, "runningCount": 3, "pendingCount": 0, "launchType": "FARGATE",
                          "taskDefinition": definition_arn("checkout", revision), "deployments": [deployment]}}
    return record(at, "ecs.amazonaws.com", "UpdateService", PIPELINE, request, answer)


def decoy_tag(change: dict, raw: dict) -> dict:
    request = {"queueUrl": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/shop-returns", "tags": {"cost-center": "4711"}}
    return record(change["at"], "sqs.amazonaws.com", "TagQueue", PERSON, request, None)


def run_task(change: dict, raw: dict) -> dict:
    events = ("AROAEXAMPLEEVENTS0001", "ecsEventsRole", stable_id(change["task"]).replace("-", ""), "events.amazonaws.com", "events.amazonaws.com")
    started_by = f"events-rule/{RULE}"
    request = {"cluster": CLUSTER_ARN, "taskDefinition": definition_arn("report", 8), "count": 1, "launchType": "FARGATE",
               "startedBy": started_by, "enableECSManagedTags": False, "enableExecuteCommand": False}
    task = {"taskArn": task_arn(change["task"]), "clusterArn": CLUSTER_ARN, "taskDefinitionArn": definition_arn("report", 8),
            "lastStatus": "PROVISIONING", "desiredStatus": "RUNNING", "startedBy": started_by, "group": "family:report",
            "cpu": "256", "memory": "512", "createdAt": trail_date(change["at"]), "launchType": "FARGATE"}
    return record(change["at"], "ecs.amazonaws.com", "RunTask", events, request, {"tasks": [task], "failures": []}, "events.amazonaws.com")


WRITERS = {"register_task_definition": register_task_definition, "update_service": update_service, "decoy_tag": decoy_tag, "run_task": run_task}


def records(raw: dict) -> list[dict]:
    """What happened outside the account (kind `outside`) has no record: that is the point of such a fault."""
    return [WRITERS[change["kind"]](change, raw) for change in raw["changes"] if change["kind"] in WRITERS]
