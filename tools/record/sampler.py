"""Reads, once a second, what AWS would measure: processes from /proc, the database's own counters, the caches' INFO.

A sample holds raw readings only (counters are cumulative); `aggregate.py` turns them into metrics. A source that does
not answer leaves a null in the sample: a database that is down has no datapoint.
"""
import json
import os
import threading
import time
from pathlib import Path

import psycopg
import redis

NICE_MEASURING = -18
TICK = os.sysconf("SC_CLK_TCK")
ACTIVITY = """SELECT wait_event_type, wait_event, query, state, application_name FROM pg_stat_activity
              WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"""
DATABASE = """SELECT sum(blks_read), sum(blk_read_time), sum(xact_commit), sum(xact_rollback) FROM pg_stat_database"""
WRITER = "SELECT buffers_checkpoint + buffers_clean + buffers_backend FROM pg_stat_bgwriter"
WAL = "SELECT wal_write, wal_sync, wal_write_time + wal_sync_time, wal_bytes FROM pg_stat_wal"


def process_stat(pid: int) -> tuple[float, float] | None:
    """CPU seconds used by the process itself, and by its children that already ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    own, ended = int(fields[11]) + int(fields[12]), int(fields[13]) + int(fields[14])
    return own / TICK, ended / TICK


def children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def memory_mb(pid: int) -> tuple[float, float]:
    """Private and shared resident memory."""
    private = shared = 0.0
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("RssAnon:"):
                private = int(line.split()[1]) / 1024
            elif line.startswith("RssShmem:"):
                shared = int(line.split()[1]) / 1024
    except (FileNotFoundError, ProcessLookupError):
        pass
    return private, shared


class Sampler:
    def __init__(self, stack, services, out: Path):
        self.stack, self.services = stack, services
        self.file = open(out, "w")
        self.database: psycopg.Connection | None = None
        self.redis = {name: redis.Redis(port=stack.ports[name], socket_timeout=0.5, decode_responses=True)
                      for name in ("cache", "queue")}
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def run(self) -> None:
        while not self.stopping.is_set():
            time.sleep(1.0 - time.time() % 1.0)
            sample = {"t": round(time.time(), 3), "tasks": self.tasks(), "db_host": self.database_host(),
                      "db": self.database_view(), "cache": self.cache(), "queue": self.queue()}
            sample["took"] = round(time.time() - sample["t"], 3)
            self.file.write(json.dumps(sample) + "\n")
            self.file.flush()

    def tasks(self) -> list[dict]:
        found = []
        for service in self.services:
            for task in list(service.tasks):
                if not task.process or task.stopped:
                    continue
                stat = process_stat(task.process.pid)
                private, shared = memory_mb(task.process.pid)
                if stat:
                    found.append({"service": service.name, "id": task.id, "cpu": stat[0], "mb": round(private + shared, 2)})
        return found

    def database_host(self) -> dict:
        postmaster = self.stack.processes["postgres"].pid
        disk = os.statvfs(self.stack.volume)
        host = {"free": disk.f_bavail * disk.f_frsize, "size": disk.f_blocks * disk.f_frsize, "cpu": None, "mb": None}
        stat = process_stat(postmaster)
        if stat is None or self.stack.processes["postgres"].poll() is not None:
            return host
        pids = [postmaster, *children(postmaster)]
        stats = {pid: process_stat(pid) for pid in pids[1:]}
        memory = [memory_mb(pid) for pid in pids]
        # A backend that ended moves its time to the postmaster's children time, so the sum never falls.
        host["cpu"] = round(stat[0] + stat[1] + sum(s[0] for s in stats.values() if s), 3)
        host["mb"] = round(sum(private for private, _ in memory) + max(shared for _, shared in memory), 2)
        return host

    def database_view(self) -> dict | None:
        try:
            if self.database is None or self.database.closed:
                self.database = psycopg.connect(f"hostaddr=127.0.0.1 port={self.stack.ports['db']} dbname=shop user=rdsadmin "
                                                "connect_timeout=1 application_name=sampler", autocommit=True)
                # The measuring session must not wait in the queue that it measures.
                os.setpriority(os.PRIO_PROCESS, self.database.info.backend_pid, NICE_MEASURING)
            sessions = self.database.execute(ACTIVITY).fetchall()
            active = [[row[0], row[1], row[2]] for row in sessions if row[3] == "active"]
            one = [self.database.execute(query).fetchone() for query in (DATABASE, WRITER, WAL)]
            return {"connections": len(sessions), "active": active,
                    "idle_in_transaction": sum(1 for row in sessions if row[3] == "idle in transaction"),
                    "database": [float(v or 0) for v in one[0]], "writer": [float(one[1][0])], "wal": [float(v) for v in one[2]]}
        except psycopg.Error:
            if self.database is not None:
                self.database.close()
            self.database = None
            return None

    def cache(self) -> dict | None:
        try:
            info = self.redis["cache"].info()
        except redis.RedisError:
            return None
        keys = ("keyspace_hits", "keyspace_misses", "connected_clients", "evicted_keys", "used_memory", "total_commands_processed")
        return {**{key: info[key] for key in keys}, "cpu": info["used_cpu_user"] + info["used_cpu_sys"]}

    def queue(self) -> dict | None:
        try:
            length, oldest, sent, deleted = (self.redis["queue"].pipeline().llen("receipts").lindex("receipts", 0)
                                             .get("receipts:sent").get("receipts:deleted").execute())
        except redis.RedisError:
            return None
        age = time.time() - json.loads(oldest)["sent"] if oldest else 0.0
        return {"visible": length, "oldest": round(age, 2), "sent": int(sent or 0), "deleted": int(deleted or 0)}
