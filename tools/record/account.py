"""Assembles a recorded account (docs/recorded-account.md) from the raw files of one recording."""
import json
import math
from pathlib import Path

import aggregate
import alarm
import answers_database
import answers_ecs
import answers_other
import logs
import trail
from names import ACCOUNT, CACHE, CLUSTER, DATABASE, QUEUE, REGION, arn, iso
from plan import LOAD_BALANCER, TARGET_GROUP, Plan

SENT_AFTER_SECONDS = 2          # SNS delivers the alarm's message a little after the transition
ALARM_AGE_SECONDS = 40 * 86400  # the alarm was configured long before the recording

HOW = """Measured on one Debian machine by tools/record: an HTTP load balancer, three checkout processes, a receipt worker,
PostgreSQL on a volume of its own, two Redis servers (cache, queue) and a payment service, under Poisson load.
Every metric value, log line and time was measured; what is derived: AWS/ApplicationELB from the load balancer's record of each
request; AWS/ECS CPUUtilization = process CPU time over 0.25 vCPU per task, MemoryUtilization = resident memory over 512 MiB, one value
per task; AWS/RDS CPUUtilization = CPU time of all database processes over 2 vCPU, FreeStorageSpace = free bytes of the volume
(1 GiB, so AllocatedStorage is 1, smaller than RDS allows), FreeableMemory = 2 GiB less what the database holds, ReadIOPS = pages read,
WriteIOPS = pages plus WAL writes, WriteLatency = WAL write and sync time per operation, DBLoad and pi:* = active sessions read once a
second; AWS/SQS = a Redis list used as the queue. All are one second fine; AWS itself gives ten or sixty.
States (ecs, rds, elasticloadbalancing, ...) are those at "now". Names, ARNs, addresses, sizes and user identities are invented, and so is
the record of a tag change where there is one (it touches nothing). RDS events are written when the measured free space passes 10 % and 1 %.
Task memory is limited by the recorder, which kills a task above 512 MiB with SIGKILL, as the kernel does for a container."""


def read_raw(work: Path) -> dict:
    raw = json.loads((work / "raw.json").read_text())
    checkout = next(s for s in raw["services"] if s["name"] == "checkout")
    first = checkout["deployments"][-1]["revision"]
    raw["env_before"] = dict(raw["env"])
    changed = [c for c in raw["changes"] if c["kind"] == "register_task_definition" and c["revision"] > first]
    for change in changed:
        for name in change["changed_env"]:
            raw["env_before"].pop(name, None)
    raw["env_before"].setdefault("DB_POOL_SIZE", "20")
    return raw


def read_requests(path: Path) -> list[tuple]:
    found = []
    for line in path.read_text().splitlines():
        parts = line.split("\t")
        if len(parts) == 5:
            found.append((float(parts[0]), float(parts[1]), int(parts[2]), parts[3], parts[4]))
    return found


def read_health(path: Path) -> dict:
    rows = (line.split("\t") for line in path.read_text().splitlines())
    return {int(at): (int(good), int(bad)) for at, good, bad in rows}


def metrics(requests: list[tuple], health: dict, samples: list[dict], start: int, seconds: int) -> list[dict]:
    each_second = aggregate.by_second(samples, start, seconds)
    return (aggregate.load_balancer(requests, health, start, seconds, LOAD_BALANCER, TARGET_GROUP)
            + aggregate.services(each_second, start, CLUSTER, ["checkout", "worker"])
            + aggregate.database(each_second, start, DATABASE)
            + aggregate.cache(each_second, start, CACHE) + aggregate.queue(each_second, start, QUEUE))


def find_series(found: list[dict], rule) -> dict:
    for series in found:
        if (series["namespace"], series["name"], series["dimensions"]) == (rule.namespace, rule.metric, rule.dimensions):
            return series
    raise LookupError(f"alarm {rule.name}: no measured series {rule.namespace} {rule.metric}")


def with_every_response_time(series: dict, requests: list[tuple]) -> dict:
    """A percentile over ten seconds is taken over the requests themselves, never over the percentiles of single seconds."""
    raw = [[] for _ in series["values"]]
    for ended, took, _status, answered_by, _target in requests:
        at = int(ended) - series["start"]
        if answered_by == "target" and 0 <= at < len(raw):
            raw[at].append(took)
    return {**series, "raw": raw}


def describe_alarm(rule, change: dict, began: float) -> dict:
    statistic = {"ExtendedStatistic" if rule.statistic.startswith("p") else "Statistic": rule.statistic}
    return {"AlarmName": rule.name, "AlarmArn": arn("cloudwatch", f"alarm:{rule.name}"), "AlarmDescription": rule.description,
            "ActionsEnabled": "true", "AlarmActions": [arn("sns", "convops-alarms")], "OKActions": [arn("sns", "convops-alarms")],
            "InsufficientDataActions": [], "MetricName": rule.metric, "Namespace": rule.namespace, **statistic, "Period": rule.period,
            "Dimensions": [{"Name": name, "Value": value} for name, value in rule.dimensions.items()],
            "EvaluationPeriods": rule.evaluation, "DatapointsToAlarm": rule.datapoints, "Threshold": rule.threshold,
            "ComparisonOperator": "GreaterThanThreshold", "TreatMissingData": rule.missing, "StateValue": change["new"],
            "StateReason": alarm.reason(change, rule), "StateUpdatedTimestamp": iso(change["at"]),
            "StateTransitionedTimestamp": iso(change["at"]), "AlarmConfigurationUpdatedTimestamp": iso(began - ALARM_AGE_SECONDS)}


def alarm_changes(found: list[dict], requests: list[tuple], rule) -> list[dict]:
    series = find_series(found, rule)
    if rule.metric == "TargetResponseTime":
        series = with_every_response_time(series, requests)
    return alarm.transitions(alarm.periods(series, rule.statistic, rule.period), rule)


def recorded_until(raw: dict, requests: list[tuple]) -> int:
    """The last whole second of which everything is on disk. A second after the balancer's last line is not a quiet
    second, it is an unknown one, and must not be written as zero requests."""
    return min(math.floor(raw["ended"]) - 1, math.floor(max(ended for ended, *_ in requests)))


def assemble(plan: Plan, work: Path) -> dict:
    raw = read_raw(work)
    requests, health = read_requests(work / "requests.tsv"), read_health(work / "health.tsv")
    samples = [json.loads(line) for line in (work / "samples.jsonl").read_text().splitlines()]
    start = math.ceil(raw["began"]) + 1
    seconds = recorded_until(raw, requests) - start
    found = metrics(requests, health, samples, start, seconds)
    changes = alarm_changes(found, requests, plan.alarm)
    fired = next((c for c in changes if c["new"] == "ALARM"), None)
    if fired is None:
        raise LookupError(f"recording {plan.file}: the alarm {plan.alarm.name} never fired")
    now = fired["at"] + SENT_AFTER_SECONDS
    log_streams = logs.streams(work, start, start + seconds)
    configured = raw["began"] - ALARM_AGE_SECONDS
    document = {
        "format": "convops-account/1", "account": ACCOUNT, "region": REGION, "about": {"how": HOW}, "now": iso(now),
        "alarm_message": alarm.message(fired, plan.alarm, ACCOUNT, REGION, configured),
        "alarms": [describe_alarm(plan.alarm, fired, raw["began"])],
        "metrics": [{**series, "start": iso(series["start"])} for series in found],
        "logs": log_streams, "trail": trail.records(raw),
        "responses": (answers_ecs.answers(raw, now) + answers_database.answers(samples, logs.database_lines(log_streams), now)
                      + answers_other.answers(raw, samples, health, now, plan.health_denied))}
    recovered = next((c for c in changes if c["new"] == "OK" and c["at"] > fired["at"]), None)
    if recovered:
        document["ok_message"] = alarm.message(recovered, plan.alarm, ACCOUNT, REGION, configured)
    return document
