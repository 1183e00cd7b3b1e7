"""What Amazon ECS would answer at a moment, from the tasks that really ran."""
from names import (ACCOUNT, CLUSTER, CLUSTER_ARN, FIRST_IMAGE, REGION, RULE, TARGET_GROUP_ARN, definition_arn, deployment_id,
                   private_address, service_arn, task_arn)

FIRST_REVISION = {"checkout": 41, "worker": 17, "report": 8}
REVISION_AGE_SECONDS = 6 * 86400  # the first revisions were registered before the recording began


def environment(family: str, revision: int, raw: dict) -> dict:
    """The environment that tasks of this revision really had, without the ports of the recording machine."""
    env = dict(raw["env_before"])
    for change in raw["changes"]:
        if family == "checkout" and change["kind"] == "register_task_definition" and change["revision"] <= revision:
            env.update(change["changed_env"])
    wanted = {"checkout": ("DB_HOST", "DB_POOL_SIZE", "PAYMENTS_URL", "PAYMENTS_TIMEOUT_SECONDS", "BASKET_HISTORY"),
              "worker": ("DB_HOST",), "report": ("DB_HOST",)}[family]
    found = {name: env[name] for name in wanted if name in env}
    if "PAYMENTS_URL" in found:
        found["PAYMENTS_URL"] = "http://payments.example.net"
    return found


def container_definition(family: str, revision: int, raw: dict) -> dict:
    image = FIRST_IMAGE
    for change in raw["changes"]:
        if family == "checkout" and change["kind"] == "register_task_definition" and change["revision"] <= revision:
            image = change["image"]
    env = environment(family, revision, raw)
    log_options = {"awslogs-group": f"/ecs/{family}", "awslogs-region": REGION, "awslogs-stream-prefix": family}
    return {"name": family, "image": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/shop/{family}:{image}", "cpu": 0, "essential": True,
            "portMappings": [{"containerPort": 8080, "hostPort": 8080, "protocol": "tcp"}] if family == "checkout" else [],
            "environment": [{"name": name, "value": value} for name, value in sorted(env.items())],
            "logConfiguration": {"logDriver": "awslogs", "options": log_options}}


def task_definition(family: str, revision: int, raw: dict) -> dict:
    registered = raw["began"] - REVISION_AGE_SECONDS
    for change in raw["changes"]:
        if change["kind"] == "register_task_definition" and (family, change["revision"]) == ("checkout", revision):
            registered = change["at"]
    return {"taskDefinitionArn": definition_arn(family, revision), "family": family, "revision": revision, "status": "ACTIVE",
            "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "256", "memory": "512",
            "executionRoleArn": f"arn:aws:iam::{ACCOUNT}:role/ecsTaskExecutionRole", "registeredAt": round(registered, 3),
            "containerDefinitions": [container_definition(family, revision, raw)]}


def task_state(task: dict, now: float) -> str | None:
    """lastStatus at `now`; None before the task existed."""
    for moment, state in (("stopped", "STOPPED"), ("stopping", "DEACTIVATING"), ("started", "RUNNING"), ("created", "PENDING")):
        if task.get(moment) is not None and task[moment] <= now:
            return state
    return None


def describe_task(task: dict, now: float) -> dict:
    family, state = task["service"], task_state(task, now)
    container = {"containerArn": task_arn(task["id"]).replace(":task/", ":container/") + "/1", "taskArn": task_arn(task["id"]),
                 "name": family, "lastStatus": "STOPPED" if state == "STOPPED" else "RUNNING", "networkInterfaces": [
                     {"attachmentId": task["id"][:8], "privateIpv4Address": private_address(task["id"])}]}
    found = {"taskArn": task_arn(task["id"]), "clusterArn": CLUSTER_ARN, "taskDefinitionArn": definition_arn(family, task["revision"]),
             "group": task.get("group", f"service:{family}"), "startedBy": task.get("started_by", "ecs-svc/" + task["id"][:19]),
             "lastStatus": state, "desiredStatus": "STOPPED" if state in ("STOPPED", "DEACTIVATING") else "RUNNING",
             "launchType": "FARGATE", "cpu": "256", "memory": "512", "createdAt": round(task["created"], 3),
             "connectivity": "CONNECTED", "healthStatus": "UNKNOWN", "containers": [container]}
    if task["started"] is not None and task["started"] <= now:
        found["startedAt"] = round(task["started"], 3)
    if found["desiredStatus"] == "STOPPED":
        found.update({"stopCode": task["stop_code"], "stoppedReason": task["stopped_reason"],
                      "stoppingAt": round(task["stopping"] or task["stopped"], 3)})
    if state == "STOPPED":
        found["stoppedAt"] = found["executionStoppedAt"] = round(task["stopped"], 3)
        container["exitCode"] = task["exit_code"]
        if task["container_reason"]:
            container["reason"] = task["container_reason"]
    return found


def describe_deployment(deployment: dict, is_primary: bool, service: dict, now: float) -> dict:
    tasks = [t for t in service["tasks"] if t["revision"] == deployment["revision"]]
    running = sum(1 for t in tasks if task_state(t, now) == "RUNNING")
    failed = sum(1 for t in tasks if task_state(t, now) == "STOPPED" and t["stop_code"] == "EssentialContainerExited")
    done = deployment["completed"] is not None and deployment["completed"] <= now
    name = deployment_id(deployment["created"])
    return {"id": name, "status": "PRIMARY" if is_primary else "ACTIVE", "taskDefinition": definition_arn(service["name"], deployment["revision"]),
            "desiredCount": service["desired"] if is_primary else 0, "runningCount": running,
            "pendingCount": sum(1 for t in tasks if task_state(t, now) == "PENDING"), "failedTasks": failed,
            "createdAt": round(deployment["created"], 3), "updatedAt": round(deployment["completed"] if done else deployment["created"], 3),
            "launchType": "FARGATE", "rolloutState": "COMPLETED" if done else "IN_PROGRESS",
            "rolloutStateReason": f"ECS deployment {name} completed." if done else f"ECS deployment {name} in progress."}


def describe_service(service: dict, now: float) -> dict:
    made = [d for d in service["deployments"] if d["created"] <= now]
    shown = [describe_deployment(d, index == 0, service, now) for index, d in enumerate(made)]
    # A finished deployment leaves only itself; an unfinished one shows what it replaces.
    shown = shown[:1] if shown[0]["rolloutState"] == "COMPLETED" else shown[:2]
    events = [{"id": e["id"], "createdAt": round(e["at"], 3), "message": e["message"]}
              for e in sorted(service["events"], key=lambda e: -e["at"]) if e["at"] <= now]
    found = {"serviceArn": service_arn(service["name"]), "serviceName": service["name"], "clusterArn": CLUSTER_ARN, "status": "ACTIVE",
             "desiredCount": service["desired"], "runningCount": sum(1 for t in service["tasks"] if task_state(t, now) == "RUNNING"),
             "pendingCount": sum(1 for t in service["tasks"] if task_state(t, now) == "PENDING"), "launchType": "FARGATE",
             "taskDefinition": shown[0]["taskDefinition"], "deploymentConfiguration": {"maximumPercent": 200, "minimumHealthyPercent": 100},
             "deployments": shown, "events": events[:100], "createdAt": round(made[-1]["created"], 3),
             "loadBalancers": []}
    if service["name"] == "checkout":
        found["loadBalancers"] = [{"targetGroupArn": TARGET_GROUP_ARN, "containerName": "checkout", "containerPort": 8080}]
    return found


def job_tasks(raw: dict) -> list[dict]:
    found = []
    for change in raw["changes"]:
        if change["kind"] == "run_task":
            found.append({"service": "report", "revision": FIRST_REVISION["report"], "id": change["task"], "created": change["at"],
                          "started": change["at"], "stopping": None, "stopped": change["stopped"], "exit_code": change["exit_code"],
                          "stop_code": "EssentialContainerExited", "stopped_reason": "Essential container in task exited",
                          "container_reason": None, "group": "family:report", "started_by": f"events-rule/{RULE}"})
    return found


def answers(raw: dict, now: float) -> list[dict]:
    names = [service["name"] for service in raw["services"]]
    tasks = [t for service in raw["services"] for t in service["tasks"]] + job_tasks(raw)
    tasks = [t for t in tasks if task_state(t, now)]
    found = [{"operation": "ecs:ListClusters", "answer": {"clusterArns": [CLUSTER_ARN]}},
             {"operation": "ecs:DescribeClusters", "answer": {"clusters": [
                 {"clusterArn": CLUSTER_ARN, "clusterName": CLUSTER, "status": "ACTIVE", "activeServicesCount": len(names),
                  "runningTasksCount": sum(1 for t in tasks if task_state(t, now) == "RUNNING"), "pendingTasksCount": 0}], "failures": []}},
             {"operation": "ecs:ListServices", "answer": {"serviceArns": [service_arn(name) for name in names]}}]
    for service in raw["services"]:
        for spelled in (service["name"], service_arn(service["name"])):
            found.append({"operation": "ecs:DescribeServices", "when": {"services": [spelled]},
                          "answer": {"services": [describe_service(service, now)], "failures": []}})
    found.append({"operation": "ecs:DescribeServices", "answer": {"services": [describe_service(s, now) for s in raw["services"]], "failures": []}})
    return found + list_tasks(tasks, names, now) + definitions(raw, now)


def list_tasks(tasks: list[dict], names: list[str], now: float) -> list[dict]:
    def arns(stopped: bool, service: str | None) -> dict:
        return {"taskArns": [task_arn(t["id"]) for t in tasks if service in (None, t["service"])
                             and (task_state(t, now) in ("STOPPED", "DEACTIVATING")) == stopped]}

    found = []
    for name in names:
        found.append({"operation": "ecs:ListTasks", "when": {"serviceName": name, "desiredStatus": "STOPPED"}, "answer": arns(True, name)})
        found.append({"operation": "ecs:ListTasks", "when": {"serviceName": name}, "answer": arns(False, name)})
    found.append({"operation": "ecs:ListTasks", "when": {"desiredStatus": "STOPPED"}, "answer": arns(True, None)})
    found.append({"operation": "ecs:ListTasks", "answer": arns(False, None)})
    found.append({"operation": "ecs:DescribeTasks", "answer": {"tasks": [describe_task(t, now) for t in tasks], "failures": []}})
    return found


def definitions(raw: dict, now: float) -> list[dict]:
    known = [("worker", FIRST_REVISION["worker"]), ("checkout", FIRST_REVISION["checkout"])]
    known += [("checkout", c["revision"]) for c in raw["changes"] if c["kind"] == "register_task_definition" and c["at"] <= now]
    known += [("report", FIRST_REVISION["report"])] if job_tasks(raw) else []
    found = []
    for family, revision in known:
        answer = {"taskDefinition": task_definition(family, revision, raw), "tags": []}
        for spelled in (f"{family}:{revision}", definition_arn(family, revision)):
            found.append({"operation": "ecs:DescribeTaskDefinition", "when": {"taskDefinition": spelled}, "answer": answer})
    for family in sorted({family for family, _ in known}):
        newest = max(revision for name, revision in known if name == family)
        found.append({"operation": "ecs:DescribeTaskDefinition", "when": {"taskDefinition": family},
                      "answer": {"taskDefinition": task_definition(family, newest, raw), "tags": []}})
        found.append({"operation": "ecs:ListTaskDefinitions", "when": {"familyPrefix": family},
                      "answer": {"taskDefinitionArns": [definition_arn(n, r) for n, r in known if n == family]}})
    return found
