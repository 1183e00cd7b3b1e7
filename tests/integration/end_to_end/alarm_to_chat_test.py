"""From an alarm in an AWS emulator to Slack and WhatsApp: signed SNS over HTTP, and polling a queue."""
import contextlib
import http.server
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request

from programs import REGION, clean_environment, free_port, keys, moto_server, serving, wait_for
from shop import ACCOUNT, ALARM, Shop

SERVERS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "servers")


class CertificateFront(http.server.BaseHTTPRequestHandler):
    """moto serves the certificate of its signatures by host name; on one port it needs to be told which service is meant."""
    moto = ""

    def do_GET(self):
        scope = "AWS4-HMAC-SHA256 Credential=AKIATEST/20260101/eu-west-1/sns/aws4_request, SignedHeaders=host, Signature=0"
        asked = urllib.request.Request(self.moto + self.path, headers={"Authorization": scope})
        with urllib.request.urlopen(asked, timeout=10) as answer:
            body = answer.read()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def chat_server(folder):
    port = free_port()
    process = subprocess.Popen([sys.executable, os.path.join(SERVERS, "chat_server.py"), "--port", str(port), "--record",
                                os.path.join(folder, "chat.jsonl")], stdout=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(url + "/_control/state", process)
        yield url
    finally:
        process.terminate()
        process.wait(20)


def configuration(folder, port, moto, shop, queue_url=None):
    text = f"""
[server]
listen = "127.0.0.1:{port}"
state_dir = "{folder}/state"
[workspace]
name = "shop-team"
time_zone = "Europe/Berlin"
[[connection]]
id = "shop"
account = "{ACCOUNT}"
region = "{REGION}"
role_arn = "{shop.role_arn}"
external_id = "a-long-external-id"
topic_arn = "{shop.topic}"
endpoint_url = "{moto}"
[[route]]
channel = "slack"
address = "C0123456789"
name = "#on-call"
[[route]]
channel = "whatsapp"
address = "491700000000"
name = "on call"
language = "de"
[slack]
bot_token_env = "SLACK_TOKEN"
[whatsapp]
phone_number_id = "100000000000001"
token_env = "WHATSAPP_TOKEN"
"""
    if queue_url:
        text += f'[[sqs]]\nqueue_url = "{queue_url}"\nconnection = "shop"\n'
    path = os.path.join(folder, "convops.toml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


@contextlib.contextmanager
def convops(folder, config, port, moto, chat, certificates, **more):
    environment = clean_environment(**keys(AWS_ENDPOINT_URL=moto, AWS_ENDPOINT_URL_SNS=certificates, CONVOPS_SLACK_URL=chat, CONVOPS_WHATSAPP_URL=chat,
                                           SLACK_TOKEN="xoxb-test-token-of-slack", WHATSAPP_TOKEN="test-token-of-whatsapp", **more))
    with open(os.path.join(folder, "convops.log"), "ab") as log:
        process = subprocess.Popen([os.environ["CONVOPS"], "serve", "--config", config], env=environment, stderr=log)
    try:
        wait_for(f"http://127.0.0.1:{port}/readyz", process)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(40)


class AlarmToChat(unittest.TestCase):
    def setUp(self):
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)
        self.folder = self.stack.enter_context(tempfile.TemporaryDirectory())
        self.moto = self.stack.enter_context(moto_server())
        self.chat = self.stack.enter_context(chat_server(self.folder))
        self.shop = Shop(self.moto)
        self.shop.seed()
        front = type("Front", (CertificateFront,), {"moto": self.moto})
        self.certificates = self.stack.enter_context(serving(http.server.ThreadingHTTPServer(("127.0.0.1", 0), front)))
        self.port = free_port()

    def start(self, queue_url=None):
        config = configuration(self.folder, self.port, self.moto, self.shop, queue_url)
        return self.stack.enter_context(convops(self.folder, config, self.port, self.moto, self.chat, self.certificates))

    def state(self):
        with urllib.request.urlopen(self.chat + "/_control/state", timeout=10) as answer:
            return json.load(answer)

    def log(self):
        with open(os.path.join(self.folder, "convops.log"), encoding="utf-8") as file:
            return file.read()

    def eventually(self, condition, what, seconds=90):
        until = time.monotonic() + seconds
        while True:
            state = self.state()
            if condition(state):
                return state
            if time.monotonic() > until:
                self.fail(f"{what} did not happen; chat: {json.dumps(state)[:3000]}\nlog: {self.log()[-3000:]}")
            time.sleep(0.1)  # Polls another program's state; the time it took is not asserted.

    def slack_text(self, state):
        return json.dumps(state["slack"], ensure_ascii=False)

    def expect_diagnosis(self):
        state = self.eventually(lambda s: re.search(r"ause.{0,40}orders-db|orders-db.{0,60}(full|storage)", self.slack_text(s)), "the diagnosis in Slack")
        messages = [message for channel in state["slack"].values() for message in channel]
        self.assertEqual(len(messages), 1, "one message, edited in place")
        self.assertIn("CloudTrail changes", self.slack_text(state))  # moto has no LookupEvents: the gap is admitted
        state = self.eventually(lambda s: len(s["whatsapp"]) >= 2, "the diagnosis in WhatsApp")
        whatsapp = json.dumps(state["whatsapp"], ensure_ascii=False)
        self.assertIn("orders-db", whatsapp)
        self.assertIn("Ursache", whatsapp)  # this route reads German, the other one English
        self.assertNotIn("cause", whatsapp)
        for secret in ("hunter2", "very-secret-access-key", "xoxb-test", "test-token-of-whatsapp"):
            self.assertNotIn(secret, self.log() + json.dumps(state))
        return state

    def test_a_signed_sns_message_becomes_a_diagnosis_in_slack_and_whatsapp(self):
        self.start()
        endpoint = f"http://127.0.0.1:{self.port}/v1/sns/shop"
        self.shop.client("sns").subscribe(TopicArn=self.shop.topic, Protocol="http", Endpoint=endpoint)
        self.shop.publish("ALARM", self.shop.now)
        self.expect_diagnosis()

        self.shop.publish("ALARM", self.shop.now)  # at-least-once: the same transition again
        self.eventually(lambda s: self.log().count('"event":"alarm"') + self.log().count('"fate"') >= 2, "the second delivery")
        self.assertEqual(len(set(re.findall(r'"incident":"([^"]+)"', self.log()))), 1, self.log())

        forged = urllib.request.Request(endpoint, data=json.dumps({"Type": "Notification", "Message": "{}"}).encode(), method="POST")
        with self.assertRaises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(forged, timeout=10)
        self.assertIn(refused.exception.code, (400, 403))

    def test_polling_a_queue_needs_no_public_address(self):
        sqs = self.shop.client("sqs")
        queue = sqs.create_queue(QueueName="alarms")["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        self.shop.client("sns").subscribe(TopicArn=self.shop.topic, Protocol="sqs", Endpoint=arn)
        self.start(queue)
        self.shop.publish("ALARM", self.shop.now)
        self.expect_diagnosis()

    def test_investigate_saves_a_capsule_that_replays_bit_for_bit(self):
        environment = clean_environment(**keys(AWS_ENDPOINT_URL=self.moto))
        capsule = os.path.join(self.folder, "one.capsule")
        run = lambda *arguments: subprocess.run([os.environ["CONVOPS"], *arguments], env=environment, capture_output=True, text=True, timeout=120)
        live = run("investigate", "--alarm", ALARM, "--region", REGION, "--save", capsule, "--format", "json")
        self.assertEqual(live.returncode, 0, live.stderr)
        found = json.loads(live.stdout)
        self.assertEqual(found["verdict"], "incident")
        self.assertEqual(found["causes"][0]["kind"], "storage_exhaustion", found["causes"])
        self.assertIn("orders-db", found["causes"][0]["resource"])
        replayed = run("replay", capsule, "--format", "json")
        self.assertEqual(replayed.returncode, 0, replayed.stderr)
        self.assertEqual(replayed.stdout, live.stdout)
        with open(capsule, "rb") as file:
            self.assertNotIn(b"hunter2", file.read())
        missing = run("investigate", "--alarm", "no-such-alarm", "--region", REGION)
        self.assertEqual((missing.returncode, missing.stdout), (2, ""))
        self.assertIn("no-such-alarm", missing.stderr)


if __name__ == "__main__":
    unittest.main()
