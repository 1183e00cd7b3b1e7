"""The part of Amazon ECS that the recording needs: keeps the desired number of real processes running per service,
replaces them one by one on a deploy, and ends a task that passes its memory limit with exit code 137, as a container's
cgroup would. Everything it does is written down with the time at which it did it.
"""
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from stack import SHOP_DIR, free_port

POLL_SECONDS = 0.2
START_DELAY_SECONDS = 1.5   # what ECS spends placing a task, shortened
DRAIN_SECONDS = 3.0         # deregistration delay
MEMORY_LIMIT_MB = 512
PAGE_KB = os.sysconf("SC_PAGE_SIZE") // 1024


@dataclass
class Task:
    service: str
    revision: int
    created: float
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    started: float | None = None
    stopping: float | None = None
    stopped: float | None = None
    exit_code: int | None = None
    stop_code: str | None = None
    stopped_reason: str | None = None
    container_reason: str | None = None
    port: int | None = None
    process: subprocess.Popen | None = None
    over_limit: bool = False

    def record(self) -> dict:
        return {key: value for key, value in vars(self).items() if key not in ("process", "port", "over_limit")}


def resident_mb(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE_KB / 1024
    except (FileNotFoundError, ProcessLookupError):
        return 0.0


class Service:
    """One service: `script` run `desired` times with the environment of its current revision."""

    def __init__(self, name: str, script: str, desired: int, revision: int, env: dict, work: Path, admin_port: int | None):
        self.name, self.script, self.desired, self.work, self.admin_port = name, script, desired, work, admin_port
        self.revision, self.env = revision, env
        self.tasks: list[Task] = []
        self.events: list[dict] = []
        self.deployments = [{"revision": revision, "created": time.time(), "completed": None}]
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.keep_running, daemon=True)

    def running(self) -> list[Task]:
        return [t for t in self.tasks if t.started and not t.stopped and not t.stopping]

    def start(self) -> None:
        self.thread.start()

    def say(self, text: str) -> None:
        self.events.append({"at": time.time(), "id": str(uuid.uuid4()), "message": f"(service {self.name}) {text}"})

    def keep_running(self) -> None:
        while not self.stopping.is_set():
            for task in [t for t in self.tasks if t.process and not t.stopped]:
                self.look_at(task)
            outdated = [t for t in self.running() if t.revision != self.revision]
            if len(self.running()) < self.desired:
                self.start_task()
            elif outdated:
                self.replace(outdated[0])
            elif self.deployments[0]["completed"] is None:
                self.deployments[0]["completed"] = time.time()
                self.say(f"(deployment ecs-svc/{self.deployment_id(0)}) deployment completed.")
                self.say("has reached a steady state.")
            time.sleep(POLL_SECONDS)

    def deployment_id(self, index: int) -> str:
        return f"{int(self.deployments[index]['created'] * 1e6):019d}"

    def look_at(self, task: Task) -> None:
        code = task.process.poll()
        if code is None:
            if resident_mb(task.process.pid) > MEMORY_LIMIT_MB:
                task.over_limit = True
                task.process.kill()
                code = task.process.wait()
            else:
                return
        task.stopped = time.time()
        task.exit_code = 128 - code if code < 0 else code
        if task.stop_code is None:
            task.stop_code, task.stopped_reason = "EssentialContainerExited", "Essential container in task exited"
        if task.over_limit:
            task.container_reason = "OutOfMemoryError: Container killed due to memory usage"
        self.call_front("DELETE", f"/targets/{task.id}")

    def start_task(self) -> Task:
        task = Task(self.name, self.revision, time.time())
        self.tasks.append(task)
        time.sleep(START_DELAY_SECONDS)
        task.port = free_port()
        log = open(self.work / f"task-{self.name}-{task.id}.log", "ab")
        task.process = subprocess.Popen([sys.executable, str(SHOP_DIR / self.script), str(task.port)], stdout=log, stderr=log,
                                        stdin=subprocess.DEVNULL, env={"PATH": os.environ["PATH"], **self.env})
        task.started = time.time()
        self.say(f"has started 1 tasks: (task {task.id}).")
        self.call_front("POST", "/targets", {"id": task.id, "port": task.port})
        return task

    def replace(self, old: Task) -> None:
        new = self.start_task()
        deadline = time.time() + 20
        while self.admin_port and time.time() < deadline and not self.is_healthy(new):
            time.sleep(POLL_SECONDS)
        self.call_front("POST", f"/targets/{old.id}/drain")
        old.stopping = time.time()
        old.stop_code = "ServiceSchedulerInitiated"
        old.stopped_reason = f"Scaling activity initiated by (deployment ecs-svc/{self.deployment_id(0)})"
        time.sleep(DRAIN_SECONDS if self.admin_port else 0)
        old.process.send_signal(signal.SIGTERM)
        self.say(f"has stopped 1 running tasks: (task {old.id}).")

    def deploy(self, revision: int, env: dict) -> float:
        """Begins a rolling replacement; returns the time at which it was asked for."""
        now = time.time()
        self.deployments.insert(0, {"revision": revision, "created": now, "completed": None})
        self.revision, self.env = revision, env
        return now

    def is_healthy(self, task: Task) -> bool:
        return any(t["id"] == task.id and t["healthy"] for t in self.call_front("GET", "/targets") or [])

    def call_front(self, method: str, path: str, body: dict | None = None):
        if self.admin_port is None:
            return None
        request = urllib.request.Request(f"http://127.0.0.1:{self.admin_port}{path}", method=method,
                                         data=json.dumps(body).encode() if body else None)
        try:
            with urllib.request.urlopen(request, timeout=3) as answer:
                return json.load(answer)
        except (urllib.error.URLError, TimeoutError, ValueError):
            return None

    def stop(self) -> None:
        self.stopping.set()
        self.thread.join(timeout=30)
        for task in self.tasks:
            if task.process and task.process.poll() is None:
                task.process.kill()
                task.process.wait()

    def record(self) -> dict:
        return {"name": self.name, "desired": self.desired, "tasks": [t.record() for t in self.tasks],
                "events": self.events, "deployments": self.deployments}
