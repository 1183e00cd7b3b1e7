"""kill -9 of the real server at random moments under load: what was acknowledged must be told, and told once.

A sender posts alarms and sends each again until it is acknowledged, as EventBridge does. `convops serve` runs on SQLite and is
killed at a random moment after its start (or during it), again and again; a chat server that is never killed keeps what it took.
Then the server is left alone until its outbox is empty, and the promises are checked:

  - the incident of every acknowledged alarm is in the store, in the right state
  - every route was told of it; nothing is a dead letter, nothing is left in the outbox
  - a message that arrived twice was marked by the server as a possible repeat, and none did on the channel that can be asked
  - PRAGMA integrity_check finds nothing

    kill_nine.py --kills 200 --seed N            # prints the seed first, then one JSON line; exit status 1: a promise is broken
"""
import argparse
import collections
import http.server
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "aws"), os.path.join(HERE, "..", "..", "servers")]
from chat_server import ChatServer  # noqa: E402
from programs import clean_environment, free_port, keys, serving  # noqa: E402

CONVOPS = os.environ.get("CONVOPS", os.path.join(HERE, "..", "..", "..", "build", "convops"))
ACCOUNT, REGION = "111122223333", "eu-west-1"
SLACK, PHONE = "C0123456789", "491700000000"
MOST_SECONDS_TO_START = 30
MOST_SECONDS_TO_FINISH = 900  # the channels' own limits decide: 50 edits a minute
CONFIG = """
[server]
listen = "127.0.0.1:{port}"
state_dir = "{folder}/state"
[workspace]
name = "kill"
[[connection]]
id = "shop"
account = "{account}"
region = "{region}"
endpoint_url = "{aws}"
[eventbridge]
secret_env = "EVENTBRIDGE_SECRET"
[[route]]
channel = "slack"
address = "{slack}"
name = "#on-call"
[[route]]
channel = "whatsapp"
address = "{phone}"
name = "on call"
[slack]
bot_token_env = "SLACK_TOKEN"
[whatsapp]
phone_number_id = "100000000000001"
token_env = "WHATSAPP_TOKEN"
"""


class NoAccess(http.server.BaseHTTPRequestHandler):
    """An AWS that grants nothing: the investigation ends soon, with gaps."""
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b'{"__type":"AccessDeniedException","message":"not authorized"}'
        self.send_response(403)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST

    def log_message(self, *_):
        pass


class QuietServer(http.server.ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        pass  # the other end was killed


class QuietChat(ChatServer):
    handle_error = QuietServer.handle_error


class Server:
    """The program under test, and its log over all its lives."""

    def __init__(self, folder, aws, chat):
        self.port, self.folder = free_port(), folder
        self.config = os.path.join(folder, "convops.toml")
        with open(self.config, "w", encoding="ascii") as file:
            file.write(CONFIG.format(port=self.port, folder=folder, aws=aws, account=ACCOUNT, region=REGION, slack=SLACK, phone=PHONE))
        self.environment = clean_environment(**keys(CONVOPS_SLACK_URL=chat, CONVOPS_WHATSAPP_URL=chat, SLACK_TOKEN="xoxb-kill-token",
                                                    WHATSAPP_TOKEN="kill-token", EVENTBRIDGE_SECRET="a-secret-of-eventbridge"))
        self.log = open(os.path.join(folder, "convops.log"), "ab")
        self.process = None

    def start(self):
        self.process = subprocess.Popen([CONVOPS, "serve", "--config", self.config], env=self.environment, stderr=self.log)

    def wait_until_ready(self):
        until = time.monotonic() + MOST_SECONDS_TO_START
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=2):
                    return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError("convops serve does not start; see " + self.log.name) from None
                time.sleep(0.01)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(20)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)

    def command(self, name, verb, *arguments):
        done = subprocess.run([CONVOPS, name, verb, "--config", self.config, *arguments], env=self.environment, capture_output=True,
                              text=True, timeout=60)
        return done.returncode, done.stdout + (done.stderr if done.returncode else "")

    def log_lines(self):
        self.log.flush()
        with open(self.log.name, encoding="utf-8", errors="replace") as file:
            for line in file:
                try:
                    yield json.loads(line)
                except ValueError:
                    continue  # the last words of a killed process


class Sender(threading.Thread):
    """Fires an alarm about once a second, lets most recover, sends some twice; each until it is acknowledged."""

    def __init__(self, server, dice):
        super().__init__(daemon=True)
        self.server, self.dice, self.over = server, dice, threading.Event()
        self.acknowledged = {}  # alarm name -> states
        self.posts = self.refused = self.number = 0

    def event(self, name, state, before, at):
        return json.dumps({
            "version": "0", "id": f"{name}-{state}-{at}", "detail-type": "CloudWatch Alarm State Change", "source": "aws.cloudwatch",
            "account": ACCOUNT, "time": at, "region": REGION, "resources": [f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{name}"],
            "detail": {"alarmName": name,
                       "state": {"value": state, "reason": "Threshold Crossed", "timestamp": at[:-1] + ".000+0000"},
                       "previousState": {"value": before, "timestamp": at[:-1] + ".000+0000"},
                       "configuration": {"metrics": [{"id": "m1", "returnData": True, "metricStat": {
                           "metric": {"namespace": "AWS/RDS", "name": "CPUUtilization", "dimensions": {"DBInstanceIdentifier": name}},
                           "period": 60, "stat": "Average"}}]}}}).encode()

    def post(self, body):
        while True:
            self.posts += 1
            request = urllib.request.Request(f"http://127.0.0.1:{self.server.port}/v1/eventbridge/shop", data=body, method="POST",
                                             headers={"X-Convops-Secret": "a-secret-of-eventbridge", "Content-Type": "application/json"})
            try:
                with urllib.request.urlopen(request, timeout=5) as answer:
                    if answer.status == 200:
                        return
            except urllib.error.HTTPError as error:
                if error.code < 500:
                    raise
            except OSError:
                pass  # it is dead, or died while it answered: send it again
            self.refused += 1
            time.sleep(0.02)

    def say(self, name, state, before):
        body = self.event(name, state, before, time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()))
        for _ in range(2 if self.dice.random() < 0.2 else 1):
            self.post(body)
        self.acknowledged.setdefault(name, []).append(state)

    def run(self):
        firing = collections.deque()
        while not self.over.wait(self.dice.uniform(0.4, 1.6)):
            self.number += 1
            name = f"load-{self.number:04d}"
            self.say(name, "ALARM", "OK")
            firing.append(name)
            if len(firing) > 10 and self.dice.random() < 0.6:
                self.say(firing.popleft(), "OK", "ALARM")


def rows(folder, sql, arguments=()):
    with sqlite3.connect(f"file:{folder}/state/convops.sqlite?mode=ro", uri=True, timeout=20) as store:
        return store.execute(sql, arguments).fetchall()


def left_to_do(folder):
    return rows(folder, "SELECT count(*) FROM items WHERE partition IN (CAST('outbox/deliver' AS BLOB), CAST('outbox/investigate' AS BLOB))")[0][0]


def wait_until_told(server):
    until = time.monotonic() + MOST_SECONDS_TO_FINISH
    calm = 0
    while calm < 3:  # Between two steps of one incident the outbox may be empty for a moment.
        if server.process.poll() is not None:
            raise RuntimeError("convops serve died by itself; see " + server.log.name)
        if time.monotonic() > until:
            return
        time.sleep(1)
        calm = calm + 1 if left_to_do(server.folder) == 0 else 0


def told_twice(chat):
    """Keys that a channel shows more than once: (Slack, WhatsApp). A resolved notice also marks the message that it answers."""
    slack = collections.Counter((m["metadata"]["event_payload"]["key"], bool(m["thread_ts"])) for m in chat.slack.channels.get(SLACK, []))
    phone = collections.Counter(m["body"]["biz_opaque_callback_data"] for m in chat.whatsapp.messages)
    return [k for k, n in slack.items() if n > 1], [k for k, n in phone.items() if n > 1]


def broken_promises(server, sender, chat):
    broken = []
    records = [json.loads(bytes(body)) for (body,) in
               rows(server.folder, "SELECT body FROM items WHERE partition = CAST('incidents' AS BLOB)")]
    by_alarm = {key.rsplit(":", 1)[1]: record for record in records for key in record["changes"]}
    slack_text = json.dumps(chat.slack.channels.get(SLACK, []))
    phone_text = json.dumps(chat.whatsapp.messages)
    for name, states in sender.acknowledged.items():
        record = by_alarm.get(name)
        if record is None:
            broken.append(f"{name}: acknowledged, and no incident has it")
            continue
        kept = [state for _, state in record["changes"][f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{name}"]]
        if len(kept) != len(states):
            broken.append(f"{name}: acknowledged {states}, kept {kept}")
        if name not in slack_text:
            broken.append(f"{name}: Slack was not told")
        if name not in phone_text:
            broken.append(f"{name}: WhatsApp was not told")
        for lane, state in record["lanes"].items():
            if state.get("under_way") or state["waiting"]:
                broken.append(f"{name}: {lane} still has something to say")
    if left_to_do(server.folder):
        broken.append(f"{left_to_do(server.folder)} effects are left in the outbox")
    dead = rows(server.folder, "SELECT body FROM items WHERE partition = CAST('dead_letters' AS BLOB)")
    broken += [f"a dead letter: {bytes(body).decode()[:300]}" for (body,) in dead]
    marked = {line["key"] for line in server.log_lines() if line.get("event") == "possible_repeat"}
    slack, phone = told_twice(chat)
    broken += [f"{key}: twice in Slack, which can be asked" for key in slack]
    broken += [f"{key}: twice in WhatsApp and not marked" for key in phone if key not in marked]
    integrity = rows(server.folder, "PRAGMA integrity_check")
    if integrity != [("ok",)]:
        broken.append(f"the store is damaged: {integrity[:3]}")
    return broken


def killed(server, dice):
    """One life: from the start to a kill -9, at times before it is ready."""
    server.start()
    if dice.random() < 0.15:
        time.sleep(dice.uniform(0, 0.05))
    else:
        server.wait_until_ready()
        time.sleep(dice.uniform(0, 1.2))
    server.kill()


def run(kills, seed, folder):
    dice = random.Random(seed)
    chat = QuietChat(0)
    began = time.monotonic()
    with serving(QuietServer(("127.0.0.1", 0), NoAccess)) as aws, serving(chat):
        server = Server(folder, aws, chat.base)
        sender = Sender(server, random.Random(seed + 1))
        sender.start()
        for done in range(kills):
            killed(server, dice)
            if sys.stderr.isatty():
                print(f"\r{done + 1} of {kills} kills", end="", file=sys.stderr)
        server.start()
        server.wait_until_ready()
        sender.over.set()
        sender.join(120)
        killing = time.monotonic() - began
        wait_until_told(server)
        status = server.stop()
        broken = broken_promises(server, sender, chat)
        if status != 0:
            broken.append(f"the last, unkilled server ended with {status}")
        slack, phone = told_twice(chat)
        return {"figure": "kill", "seed": seed, "kills": kills, "alarms_acknowledged": len(sender.acknowledged), "posts": sender.posts,
                "posts_sent_again": sender.refused, "slack_messages": len(chat.slack.channels.get(SLACK, [])),
                "whatsapp_messages": len(chat.whatsapp.messages), "repeats_slack": len(slack), "repeats_whatsapp_marked": len(phone),
                "seconds_killing": round(killing), "seconds": round(time.monotonic() - began), "broken": broken}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    args = parser.parse_args()
    print(f"seed {args.seed}, {args.kills} kills", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory() as folder:
        figures = run(args.kills, args.seed, folder)
        print(json.dumps(figures))
        return 1 if figures["broken"] else 0


if __name__ == "__main__":
    sys.exit(main())
