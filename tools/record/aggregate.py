"""Turns raw readings into one value a second, under CloudWatch's names. Pure: lists in, lists out.

A second without a reading is null, and so is a count that CloudWatch only reports when it is not zero.
"""
import math

VCPU_PER_TASK = 0.25
TASK_MEMORY_MB = 512
DATABASE_VCPU = 2
DATABASE_MEMORY_BYTES = 2 * 1024 ** 3


def rounded(value, digits: int = 4):
    """Significant digits, so that a byte count and a latency both stay short in the file."""
    if value is None or value == 0:
        return None if value is None else 0
    value = round(value, digits - 1 - math.floor(math.log10(abs(value))))
    return int(value) if value == int(value) else value


def percentile(ordered: list[float], share: float) -> float:
    """Linear interpolation between the two nearest values of an already ordered list."""
    place = (len(ordered) - 1) * share
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def distribution(groups: list[list[float]], percentiles: bool = True) -> dict:
    """One entry per second from the values seen within it."""
    ordered = [sorted(group) for group in groups]

    def each(of):
        return [rounded(of(group)) if group else None for group in ordered]

    found = {"values": each(lambda g: sum(g) / len(g)), "samples": [len(g) for g in ordered],
             "maximum": each(lambda g: g[-1]), "minimum": each(lambda g: g[0])}
    if percentiles:
        for name, share in (("p50", 0.5), ("p90", 0.9), ("p99", 0.99)):
            found[name] = each(lambda g, share=share: percentile(g, share))
    return found


def rates(readings: list[tuple[float, float] | None]) -> list[float | None]:
    """Increase per second between neighbouring readings (time, cumulative); one shorter than its input.

    A counter that fell was restarted, and then the increase is not known."""
    found = []
    for before, after in zip(readings, readings[1:]):
        if before is None or after is None or after[0] <= before[0] or after[1] < before[1]:
            found.append(None)
        else:
            found.append((after[1] - before[1]) / (after[0] - before[0]))
    return found


def series(namespace: str, name: str, dimensions: dict, unit: str, start: int, found: dict | list, counter: bool = False) -> dict:
    found = found if isinstance(found, dict) else {"values": [rounded(v) for v in found]}
    return {"namespace": namespace, "name": name, "dimensions": dimensions, "unit": unit, "period": 1, "start": start,
            "counter": counter, **found}


def load_balancer(requests: list[tuple], health: dict, start: int, seconds: int, lb: str, group: str) -> list[dict]:
    """`requests`: (time of the answer, seconds taken, status, answered by, target); `health`: {time: (good, bad)}."""
    times = [[] for _ in range(seconds)]
    counts: dict[str, list[int]] = {}

    def count(name: str, at: int) -> None:
        counts.setdefault(name, [0] * seconds)[at] += 1

    for ended, took, status, answered_by, _target in requests:
        at = int(ended) - start
        if not 0 <= at < seconds:
            continue
        count("RequestCount", at)
        if answered_by == "target":
            times[at].append(took)
            count(f"HTTPCode_Target_{status // 100}XX_Count", at)
        else:
            count("HTTPCode_ELB_5XX_Count", at)
            count(f"HTTPCode_ELB_{status}_Count", at)
    whole, of_group = {"LoadBalancer": lb}, {"LoadBalancer": lb, "TargetGroup": group}
    found = []
    for name, values in sorted(counts.items()):
        # HTTPCode_* is reported only when it is not zero (ALB metrics, "Reporting criteria").
        shown = [v or None for v in values] if name.startswith("HTTPCode") else values
        for dimensions in ([whole] if "_ELB_" in name else [whole, of_group]):
            found.append(series("AWS/ApplicationELB", name, dimensions, "Count", start, {"values": shown}, counter=True))
    latency = distribution(times)
    found += [series("AWS/ApplicationELB", "TargetResponseTime", d, "Seconds", start, latency) for d in (whole, of_group)]
    for name, index in (("HealthyHostCount", 0), ("UnHealthyHostCount", 1)):
        values = [health[start + i][index] if start + i in health else None for i in range(seconds)]
        found.append(series("AWS/ApplicationELB", name, of_group, "Count", start, {"values": values}))
    return found


def task_groups(samples: list[dict | None], service: str, reading: str) -> list[list[float]]:
    """Per second, one value for each task of the service: memory as read, CPU as used until the next sample."""
    found = []
    for now, later in zip(samples, samples[1:]):
        group = []
        after = {t["id"]: t for t in later["tasks"]} if later else {}
        for task in now["tasks"] if now else []:
            if task["service"] != service or task["mb"] == 0:  # no memory: a process caught while it was ending
                continue
            if reading == "mb":
                group.append(100 * task["mb"] / TASK_MEMORY_MB)
            elif task["id"] in after:
                used = (after[task["id"]]["cpu"] - task["cpu"]) / (later["t"] - now["t"])
                group.append(100 * used / VCPU_PER_TASK)
        found.append(group)
    return found


def services(samples: list[dict | None], start: int, cluster: str, names: list[str]) -> list[dict]:
    found = []
    for name in names:
        dimensions = {"ClusterName": cluster, "ServiceName": name}
        for metric, reading in (("CPUUtilization", "cpu"), ("MemoryUtilization", "mb")):
            groups = task_groups(samples, name, reading)
            found.append(series("AWS/ECS", metric, dimensions, "Percent", start, distribution(groups, percentiles=False)))
        running = [len(group) for group in task_groups(samples, name, "mb")]
        found.append(series("ECS/ContainerInsights", "RunningTaskCount", dimensions, "Count", start, running))
    return found


def readings(samples: list[dict | None], *path, scale: float = 1.0) -> list[tuple[float, float] | None]:
    found = []
    for sample in samples:
        value = sample
        for key in path:
            value = value[key] if value is not None else None
        found.append(None if value is None else (sample["t"], value * scale))
    return found


def gauge(samples: list[dict | None], *path) -> list[float | None]:
    return [reading and reading[1] for reading in readings(samples, *path)][:-1]


def ratio(above: list[float | None], below: list[float | None]) -> list[float | None]:
    return [None if a is None or not b else a / b for a, b in zip(above, below)]


def database(samples: list[dict | None], start: int, instance: str) -> list[dict]:
    cpu = [None if v is None else 100 * v / DATABASE_VCPU for v in rates(readings(samples, "db_host", "cpu"))]
    memory = [None if v is None else DATABASE_MEMORY_BYTES - v * 1024 ** 2 for v in gauge(samples, "db_host", "mb")]
    reads, read_ms = rates(readings(samples, "db", "database", 0)), rates(readings(samples, "db", "database", 1))
    pages, wal_writes = rates(readings(samples, "db", "writer", 0)), rates(readings(samples, "db", "wal", 0))
    syncs, wal_ms = rates(readings(samples, "db", "wal", 1)), rates(readings(samples, "db", "wal", 2))
    writes = [None if p is None or w is None else p + w for p, w in zip(pages, wal_writes)]
    wal_operations = [None if w is None or s is None else w + s for w, s in zip(wal_writes, syncs)]
    shown = {"CPUUtilization": ("Percent", cpu), "FreeableMemory": ("Bytes", memory),
             "DatabaseConnections": ("Count", gauge(samples, "db", "connections")),
             "FreeStorageSpace": ("Bytes", gauge(samples, "db_host", "free")),
             "ReadIOPS": ("Count/Second", reads), "WriteIOPS": ("Count/Second", writes),
             "ReadLatency": ("Seconds", ratio([v and v / 1000 for v in read_ms], reads)),
             "WriteLatency": ("Seconds", ratio([v and v / 1000 for v in wal_ms], wal_operations)),
             "TransactionLogsGeneration": ("Bytes/Second", rates(readings(samples, "db", "wal", 3))),
             "DBLoad": ("None", [None if s is None or s["db"] is None else len(s["db"]["active"]) for s in samples][:-1])}
    dimensions = {"DBInstanceIdentifier": instance}
    return [series("AWS/RDS", name, dimensions, unit, start, values) for name, (unit, values) in shown.items()]


def cache(samples: list[dict | None], start: int, cluster: str) -> list[dict]:
    counters = {"CacheHits": "keyspace_hits", "CacheMisses": "keyspace_misses", "Evictions": "evicted_keys"}
    dimensions = {"CacheClusterId": cluster, "CacheNodeId": "0001"}
    found = [series("AWS/ElastiCache", name, dimensions, "Count", start, rates(readings(samples, "cache", key)), counter=True)
             for name, key in counters.items()]
    engine = [None if v is None else 100 * v for v in rates(readings(samples, "cache", "cpu"))]
    return found + [
        series("AWS/ElastiCache", "CurrConnections", dimensions, "Count", start, gauge(samples, "cache", "connected_clients")),
        series("AWS/ElastiCache", "EngineCPUUtilization", dimensions, "Percent", start, engine),
        series("AWS/ElastiCache", "BytesUsedForCache", dimensions, "Bytes", start, gauge(samples, "cache", "used_memory"))]


def queue(samples: list[dict | None], start: int, name: str) -> list[dict]:
    dimensions = {"QueueName": name}
    gauges = {"ApproximateNumberOfMessagesVisible": ("Count", "visible"), "ApproximateAgeOfOldestMessage": ("Seconds", "oldest")}
    counters = {"NumberOfMessagesSent": "sent", "NumberOfMessagesDeleted": "deleted"}
    return ([series("AWS/SQS", metric, dimensions, unit, start, gauge(samples, "queue", key)) for metric, (unit, key) in gauges.items()]
            + [series("AWS/SQS", metric, dimensions, "Count", start, rates(readings(samples, "queue", key)), counter=True)
               for metric, key in counters.items()])


def by_second(samples: list[dict], start: int, seconds: int) -> list[dict | None]:
    """One sample per second boundary from start to start + seconds, both included; null where none was taken."""
    found: list[dict | None] = [None] * (seconds + 1)
    for sample in samples:
        at = int(sample["t"] + 0.5) - start
        if 0 <= at <= seconds:
            found[at] = sample
    return found
