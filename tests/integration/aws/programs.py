"""Starts and stops what the tests talk to: moto, small servers, and the tool aws_call."""
import contextlib
import datetime
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.request

REGION = "eu-west-1"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def clean_environment(**more):
    """No AWS setting of the machine reaches a test."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_") and name != "HOME"}
    return kept | {"HOME": "/nonexistent", "AWS_EC2_METADATA_DISABLED": "true"} | more


def keys(**more):
    return {"AWS_ACCESS_KEY_ID": "AKIATESTKEY", "AWS_SECRET_ACCESS_KEY": "very-secret-access-key",
            "AWS_REGION": REGION} | more


def run_tool(arguments, lines=(), environment=None):
    """The JSON lines that aws_call answers, its exit status and everything it wrote."""
    done = subprocess.run([os.environ["AWS_CALL"], *arguments], input="".join(json.dumps(line) + "\n" for line in lines),
                          capture_output=True, text=True, env=environment or clean_environment(), timeout=120)
    return [json.loads(line) for line in done.stdout.splitlines()], done.returncode, done.stdout + done.stderr


class Clock:
    """Of a moto server: what is made within back(days=3) was made three days ago."""

    def __init__(self, path):
        self.path = path
        self.set(0)

    def set(self, seconds):
        with open(self.path + ".new", "w", encoding="ascii") as file:
            file.write(str(seconds))
        os.replace(self.path + ".new", self.path)

    @contextlib.contextmanager
    def back(self, **ago):
        self.set(datetime.timedelta(**ago).total_seconds())
        try:
            yield
        finally:
            self.set(0)


@contextlib.contextmanager
def moto_server_and_clock():
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder:
        clock = Clock(os.path.join(folder, "behind"))
        process = subprocess.Popen([sys.executable, os.path.join(os.path.dirname(__file__), "moto_clock.py"), clock.path, "-H", "127.0.0.1",
                                    "-p", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   env=clean_environment(MOTO_IAM_LOAD_MANAGED_POLICIES="false"))
        try:
            wait_for(url + "/moto-api/data.json", process)
            yield url, clock
        finally:
            end(process)


@contextlib.contextmanager
def moto_server():
    with moto_server_and_clock() as (url, _):
        yield url


def end(process):
    """On a machine with much else to do it may take long; a test does not fail over it."""
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_for(url, process, seconds=60):
    until = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{url} did not come up") from None
            time.sleep(0.05)  # Waits for another program to listen; no assertion depends on it.


@contextlib.contextmanager
def serving(server):
    """Runs an http.server in a thread."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class AwsTest(unittest.TestCase):
    def tool(self, arguments, lines=(), environment=None):
        answers, status, text = run_tool(arguments, lines, environment)
        self.assertNotIn("very-secret-access-key", text)
        self.assertEqual(status, 0, text)
        return answers

    def answer(self, row):
        self.assertIn("answer", row["result"], row)
        return row["result"]["answer"]

    def error(self, row):
        self.assertIn("error", row["result"], row)
        return row["result"]["error"]
