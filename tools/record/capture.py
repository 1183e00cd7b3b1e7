"""Runs one recording: start the shop, let it be normal, inject the fault, keep watching, stop. Writes raw files only."""
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from plan import Plan
from sampler import Sampler
from scheduler import Service
from stack import DB_HOST, NICE_RECORDER, SHOP_DIR, Stack

ORDERS_PER_SECOND = 40.0
SETTLE_SECONDS = 12.0


def log(text: str) -> None:
    print(time.strftime("%H:%M:%S", time.gmtime()), text, file=sys.stderr, flush=True)


class Recording:
    """What a fault may touch: the running shop, and `changes`, the list of what was done to the account and when."""

    def __init__(self, stack: Stack, checkout: Service, worker: Service, work: Path):
        self.stack, self.checkout, self.worker, self.work = stack, checkout, worker, work
        self.changes: list[dict] = []
        self.jobs: list[tuple[dict, subprocess.Popen]] = []

    def note(self, kind: str, **details) -> dict:
        change = {"at": time.time(), "kind": kind, **details}
        self.changes.append(change)
        return change

    def deploy_checkout(self, changed_env: dict, image: str) -> None:
        revision = self.checkout.revision + 1
        env = {**self.checkout.env, **changed_env}
        self.note("register_task_definition", revision=revision, image=image, changed_env=changed_env)
        time.sleep(1.2)  # a pipeline registers the revision, then updates the service
        change = self.note("update_service", revision=revision)
        change["at"] = self.checkout.deploy(revision, env)

    def payments_pace(self, pace: str) -> None:
        request = urllib.request.Request(f"http://127.0.0.1:{self.stack.ports['payments']}/pace", data=pace.encode())
        urllib.request.urlopen(request, timeout=3).close()
        self.note("outside", what=f"payments pace {pace}")

    def set_document_bytes(self, size: int) -> None:
        subprocess.run(["psql", "-q", "-h", "127.0.0.1", "-p", str(self.stack.ports["db"]), "-U", "rdsadmin", "-d", "shop", "-c",
                        f"UPDATE setting SET value = '{size}' WHERE name = 'receipt_document_bytes'"], check=True)
        self.note("outside", what=f"receipt documents of {size} bytes")

    def run_report(self, seconds: float) -> None:
        job = self.note("run_task", task=os.urandom(16).hex(), stopped=None, exit_code=None)
        out = open(self.work / f"task-report-{job['task']}.log", "ab")
        env = {**self.checkout.env, "REPORT_SECONDS": str(seconds), "PATH": os.environ["PATH"]}
        process = subprocess.Popen([sys.executable, str(SHOP_DIR / "report.py")], stdout=out, stderr=out, env=env)
        self.jobs.append((job, process))

    def collect_jobs(self, kill: bool = False) -> None:
        for job, process in self.jobs:
            if kill and process.poll() is None:
                process.kill()
                process.wait()
            elif process.poll() is not None and job["stopped"] is None:
                job["stopped"], job["exit_code"] = time.time(), process.returncode


def run_ahead_of_the_machine() -> None:
    """Linux groups processes by session before it looks at nice values, so the session's own share is raised too."""
    os.setpriority(os.PRIO_PROCESS, 0, NICE_RECORDER)
    autogroup = Path("/proc/self/autogroup")
    if autogroup.exists() and os.getsid(0) == os.getpid():
        autogroup.write_text(str(NICE_RECORDER))


def start_services(stack: Stack, work: Path) -> tuple[Service, Service]:
    common = {"DB_HOST": DB_HOST, "DB_PORT": str(stack.ports["db"]), "QUEUE_PORT": str(stack.ports["queue"])}
    checkout_env = {**common, "DB_POOL_SIZE": "20", "CACHE_PORT": str(stack.ports["cache"]),
                    "PAYMENTS_URL": f"http://payments.example.net:{stack.ports['payments']}",
                    "PAYMENTS_TIMEOUT_SECONDS": "1.0"}
    checkout = Service("checkout", "checkout.py", 3, 41, checkout_env, work, stack.ports["admin"])
    worker = Service("worker", "worker.py", 1, 17, common, work, None)
    for service in (checkout, worker):
        service.start()
    return checkout, worker


def wait_until_steady(service: Service, seconds: float = 60.0) -> None:
    deadline = time.time() + seconds
    while time.time() < deadline:
        if len(service.running()) == service.desired and all(service.is_healthy(t) for t in service.running()):
            return
        time.sleep(0.3)
    raise TimeoutError(f"service {service.name} has no {service.desired} healthy tasks after {seconds:.0f} s")


def capture(plan: Plan, work: Path, normal_seconds: float, fault_seconds: float) -> None:
    shutil.rmtree(work, ignore_errors=True)
    stack = Stack(work, plan.volume_mb)
    run_ahead_of_the_machine()
    checkout = worker = sampler = recording = None
    try:
        stack.start()
        checkout, worker = start_services(stack, work)
        wait_until_steady(checkout)
        stack.start_customers(ORDERS_PER_SECOND)
        time.sleep(SETTLE_SECONDS)
        sampler = Sampler(stack, [checkout, worker], work / "samples.jsonl")
        sampler.thread.start()
        recording = Recording(stack, checkout, worker, work)
        began = time.time()
        watch(plan, recording, began, normal_seconds, fault_seconds)
        raw = {"plan": plan.name, "began": began, "ended": time.time(), "changes": recording.changes,
               "services": [checkout.record(), worker.record()], "env": checkout.env, "ports": stack.ports}
        (work / "raw.json").write_text(json.dumps(raw, indent=1))
    finally:
        stop_all(stack, checkout, worker, sampler, recording)


def watch(plan: Plan, recording: Recording, began: float, normal_seconds: float, fault_seconds: float) -> None:
    """Runs the plan's steps at their times; a step's time counts from the fault's."""
    fault_at = began + normal_seconds
    steps = sorted(plan.steps, key=lambda step: step[0])
    log(f"{plan.name}: normal until {time.strftime('%H:%M:%S', time.gmtime(fault_at))}")
    while time.time() < fault_at + fault_seconds:
        while steps and time.time() >= fault_at + steps[0][0]:
            _, step = steps.pop(0)
            step(recording)
            log(f"{plan.name}: {recording.changes[-1]['kind']}")
        recording.collect_jobs()
        time.sleep(0.2)


def stop_all(stack, checkout, worker, sampler, recording) -> None:
    if sampler:
        sampler.stopping.set()
        sampler.thread.join(timeout=5)
    if recording:
        recording.collect_jobs(kill=True)
    stack.processes["load"].terminate() if "load" in stack.processes else None
    for service in (checkout, worker):
        if service:
            service.stop()
    stack.stop()
