"""What Amazon RDS and Performance Insights would answer at a moment, from the real database's readings and log."""
import hashlib
import re

from aggregate import rounded
from names import ACCOUNT, DATABASE, DATABASE_ARN, DATABASE_RESOURCE_ID, REGION, iso
from stack import DB_HOST, POSTGRES_SETTINGS

LOW_STORAGE_SHARE = 0.10   # RDS announces low storage (RDS-EVENT-0089) below a tenth of what is allocated
FULL_STORAGE_SHARE = 0.01
DIMENSION_KEYS_SECONDS = 60   # the minute before the alarm: a recorded answer cannot follow the window that is asked for
TOP = 10


def is_full(samples: list[dict], now: float) -> bool:
    seen = [s["db_host"] for s in samples if s["t"] <= now]
    return bool(seen) and seen[-1]["free"] < FULL_STORAGE_SHARE * seen[-1]["size"]


def db_instance(samples: list[dict], now: float) -> dict:
    return {"DBInstanceIdentifier": DATABASE, "DBInstanceArn": DATABASE_ARN, "DbiResourceId": DATABASE_RESOURCE_ID,
            "DBInstanceClass": "db.t4g.small", "Engine": "postgres", "EngineVersion": "15.18",
            "DBInstanceStatus": "storage-full" if is_full(samples, now) else "available", "MasterUsername": "rdsadmin",
            "DBName": "shop", "Endpoint": {"Address": DB_HOST, "Port": 5432}, "AllocatedStorage": samples[0]["db_host"]["size"] // 1024 ** 3,
            "StorageType": "gp3", "MultiAZ": "false", "AvailabilityZone": f"{REGION}a", "PerformanceInsightsEnabled": "true",
            "InstanceCreateTime": "2025-03-02T10:14:07Z", "BackupRetentionPeriod": 7, "PendingModifiedValues": {},
            "DBParameterGroups": [{"DBParameterGroupName": "shop-postgres15", "ParameterApplyStatus": "in-sync"}],
            "ReadReplicaDBInstanceIdentifiers": [], "StatusInfos": [], "EnabledCloudwatchLogsExports": ["postgresql"]}


def storage_events(samples: list[dict]) -> list[tuple[float, str, str]]:
    found, low_seen, full_seen = [], False, False
    for sample in samples:
        free, size = sample["db_host"]["free"], sample["db_host"]["size"]
        if free < LOW_STORAGE_SHARE * size and not low_seen:
            low_seen = True
            found.append((sample["t"], "low storage",
                          f"The free storage capacity for DB instance: {DATABASE} is low at {100 * free / size:.0f}% of the provisioned "
                          f"storage [Provisioned Storage: {size / 1024 ** 3:.2f} GB, Free Storage: {free / 1024 ** 3:.2f} GB]. "
                          "You may want to increase the provisioned storage to address this issue."))
        if free < FULL_STORAGE_SHARE * size and not full_seen:
            full_seen = True
            found.append((sample["t"], "failure", "Allocated storage has been exhausted. Allocate more storage to resolve."))
    return found


def recovery_events(lines: list[tuple[float, str]]) -> list[tuple[float, str, str]]:
    found = []
    for at, text in lines:
        if "all server processes terminated; reinitializing" in text:
            found.append((at, "recovery", "Recovery of the DB instance has started. Recovery time will vary with the amount of data to be recovered."))
        elif "database system is ready to accept connections" in text and found:
            found.append((at, "recovery", "Recovery of the DB instance is complete."))
    return found


def rds_events(samples: list[dict], lines: list[tuple[float, str]], now: float) -> list[dict]:
    happened = sorted(storage_events(samples) + recovery_events(lines))
    return [{"SourceIdentifier": DATABASE, "SourceType": "db-instance", "SourceArn": DATABASE_ARN, "Message": text,
             "EventCategories": [category], "Date": iso(at)} for at, category, text in happened if at <= now]


def wait_key(session: list) -> tuple:
    kind, name, _query = session
    # Performance Insights calls a session that waits for nothing "CPU".
    return (("db.wait_event.name", name or "CPU"), ("db.wait_event.type", kind or "CPU"))


def sql_key(session: list) -> tuple:
    statement = re.sub(r"\s+", " ", re.sub(r"'[^']*'|\b\d+\b(?<!\$\d)", "?", session[2])).strip()
    digest = hashlib.sha1(statement.encode()).hexdigest().upper()
    return (("db.sql_tokenized.id", digest), ("db.sql_tokenized.db_id", f"pi-{int(digest[:8], 16)}"),
            ("db.sql_tokenized.statement", statement[:500]))


GROUPS = {"db.wait_event": wait_key, "db.sql_tokenized": sql_key}


def load_by(samples: list[dict], key_of, start: int, end: int, period: int) -> dict[tuple, list[float]]:
    """Average active sessions per period, for each value of the dimension. A second without an answer counts for nothing."""
    count = (end - start) // period
    totals: dict[tuple, list[float]] = {}
    seen = [0] * count
    for sample in samples:
        at = int((sample["t"] - start) // period)
        if not 0 <= at < count or sample["db"] is None:
            continue
        seen[at] += 1
        for session in sample["db"]["active"]:
            totals.setdefault(key_of(session), [0.0] * count)[at] += 1
    return {key: [rounded(v / n) if n else None for v, n in zip(values, seen)] for key, values in totals.items()}


def metric_list(samples: list[dict], now: float, period: int, groups: tuple[str, ...]) -> dict:
    start = -(-int(samples[0]["t"]) // period) * period
    end = int(now) // period * period
    stamps = [float(start + i * period) for i in range((end - start) // period)]

    def entry(key: tuple, values: list) -> dict:
        named = {"Metric": "db.load.avg", **({"Dimensions": dict(key)} if key else {})}
        return {"Key": named, "DataPoints": [{"Timestamp": t, **({} if v is None else {"Value": v})} for t, v in zip(stamps, values)]}

    entries = [entry((), values) for values in load_by(samples, lambda _s: (), start, end, period).values()]
    for group in groups:
        ranked = sorted(load_by(samples, GROUPS[group], start, end, period).items(), key=lambda kv: -sum(v or 0 for v in kv[1]))
        entries += [entry(key, values) for key, values in ranked[:TOP]]
    return {"AlignedStartTime": float(start), "AlignedEndTime": float(end), "Identifier": DATABASE_RESOURCE_ID, "MetricList": entries}


def dimension_keys(samples: list[dict], now: float, group: str) -> dict:
    end = int(now)
    start = end - DIMENSION_KEYS_SECONDS
    loads = load_by(samples, GROUPS[group], start, end, DIMENSION_KEYS_SECONDS)
    keys = [{"Dimensions": dict(key), "Total": values[0]} for key, values in sorted(loads.items(), key=lambda kv: -(kv[1][0] or 0))]
    return {"AlignedStartTime": float(start), "AlignedEndTime": float(end), "Keys": keys[:TOP]}


def resource_metrics(samples: list[dict], now: float) -> list[dict]:
    """One answer per way of asking. The first that matches is given, so the question about both groups comes first."""
    found = []
    for asked in (tuple(GROUPS), *((group,) for group in GROUPS), ()):
        queries = {"MetricQueries": [{"GroupBy": {"Group": group}} for group in asked]} if asked else {}
        for period, when in ((1, {"PeriodInSeconds": 1, **queries}), (60, queries)):
            entry = {"operation": "pi:GetResourceMetrics", "when": when, "answer": metric_list(samples, now, period, asked)}
            found.append(entry if when else {key: entry[key] for key in ("operation", "answer")})
    return found


def parameters() -> list[dict]:
    # RDS gives shared_buffers in pages of 8 KiB; only what was really set is listed.
    shown = {"max_connections": POSTGRES_SETTINGS["max_connections"], "log_min_duration_statement": POSTGRES_SETTINGS["log_min_duration_statement"],
             "shared_buffers": 64 * 1024 // 8}
    return [{"ParameterName": name, "ParameterValue": str(value), "Source": "user", "ApplyType": "static", "DataType": "integer",
             "IsModifiable": "true", "ApplyMethod": "pending-reboot"} for name, value in shown.items()]


def answers(samples: list[dict], lines: list[tuple[float, str]], now: float) -> list[dict]:
    found = [{"operation": "rds:DescribeDBInstances", "answer": {"DBInstances": [db_instance(samples, now)]}},
             {"operation": "rds:DescribeDBClusters", "answer": {"DBClusters": []}},
             {"operation": "rds:DescribeEvents", "answer": {"Events": rds_events(samples, lines, now)}},
             {"operation": "rds:DescribeDBParameters", "answer": {"Parameters": parameters()}},
             *resource_metrics(samples, now)]
    for group in GROUPS:
        found.append({"operation": "pi:DescribeDimensionKeys", "when": {"GroupBy": {"Group": group}},
                      "answer": dimension_keys(samples, now, group)})
    return found + [{"operation": "pi:DescribeDimensionKeys", "answer": dimension_keys(samples, now, "db.sql_tokenized")}]
