"""How long `convops serve` takes to be ready, and how much memory it holds while nothing happens. Prints one JSON line."""
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "integration", "aws"))
from programs import clean_environment, free_port  # noqa: E402

CONVOPS = os.environ.get("CONVOPS", os.path.join(HERE, "..", "..", "build", "convops"))
CONFIG = """
[server]
listen = "127.0.0.1:{port}"
state_dir = "{folder}/state"
[[connection]]
id = "shop"
account = "111122223333"
region = "eu-west-1"
topic_arn = "arn:aws:sns:eu-west-1:111122223333:alarms"
[[route]]
channel = "slack"
address = "C0123456789"
name = "#on-call"
[slack]
bot_token_env = "SLACK_TOKEN"
"""


def memory_mb(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))


def one_start():
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        config = os.path.join(folder, "convops.toml")
        with open(config, "w", encoding="ascii") as file:
            file.write(CONFIG.format(port=port, folder=folder))
        began = time.monotonic()
        process = subprocess.Popen([CONVOPS, "serve", "--config", config], env=clean_environment(SLACK_TOKEN="xoxb-bench"), stderr=subprocess.DEVNULL)
        try:
            while True:
                try:
                    with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1):
                        break
                except OSError:
                    if process.poll() is not None or time.monotonic() - began > 20:
                        raise RuntimeError("convops serve did not start") from None
                    time.sleep(0.002)
            ready = time.monotonic() - began
            time.sleep(1)  # A measurement, not a test: what does it hold when it has settled?
            return ready * 1000, memory_mb(process.pid)
        finally:
            process.terminate()
            process.wait(30)


def main():
    runs = [one_start() for _ in range(7)]
    print(json.dumps({"figure": "start", "runs": len(runs), "ready_median_ms": round(statistics.median(r[0] for r in runs), 1),
                      "ready_slowest_ms": round(max(r[0] for r in runs), 1), "idle_rss_mb": round(statistics.median(r[1] for r in runs), 1)}))


if __name__ == "__main__":
    main()
