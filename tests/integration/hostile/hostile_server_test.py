"""Forged, repeated, broken and endless requests to the running server. After each of them it still answers."""
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
import unittest
import urllib.error
import urllib.request

from hostile_base import CERTIFICATE, SECRET, SERVERS, STATE, TOPIC, RunningServer, alarm, utc_now
from programs import free_port, wait_for


class HostileServer(RunningServer, unittest.TestCase):
    def test_forged_sns_is_refused_and_genuine_sns_is_taken_once_even_across_a_kill(self):
        first = self.start()
        genuine = self.signer.notification(alarm())
        for field in ("Message", "MessageId", "TopicArn", "Timestamp", "Type", "Subject", "Signature"):
            for value in ("forged", "", utc_now().strftime("%Y-%m-%dT%H:%M:%S.001Z"), 7, None, [], {}, "SubscriptionConfirmation", TOPIC + "2", "AAAA", "x" * 5000):
                if field == "Subject" and value is None:
                    continue  # an absent subject, which is what was signed
                self.assertIn(self.sns(genuine | {field: value})[0], (400, 403), (field, value))
        for url in ("https://sns.evil.amazonaws.com.evil/x.pem", "https://sns.eu-west-1.amazonaws.com@evil/x.pem", "https://evil/x.pem",
                    "https://sns.eu-west-1.amazonaws.com:444/x.pem", "https://sns.eu-west-1.amazonaws.com.evil.com/x.pem", "file:///etc/passwd",
                    "https://sns.eu-west-1.amazonaws.c\u043em/x.pem", "https://s3.eu-west-1.amazonaws.com/x.pem", "http://127.0.0.1:2/x.pem",
                    "https://sns.eu-west-1.amazonaws.com/../x.pem", "https://sns.eu-west-1.amazonaws.com\\@evil/x.pem", "http://127.0.0.1:1@evil/x.pem"):
            self.assertIn(self.sns(genuine | {"SigningCertURL": url})[0], (400, 403), url)
            confirmation = {"Type": "SubscriptionConfirmation", "MessageId": "c-1", "TopicArn": TOPIC, "Message": "x", "Token": "t", "SubscribeURL": url,
                            "Timestamp": utc_now().strftime("%Y-%m-%dT%H:%M:%S.000Z"), "SignatureVersion": "2", "SigningCertURL": CERTIFICATE}
            self.signer.sign(confirmation, ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"])
            self.assertIn(self.sns(confirmation)[0], (400, 403), url)
        self.assertEqual(self.sns(self.signer.notification(alarm(), Timestamp="2020-01-01T00:00:00.000Z"))[0], 403)
        self.assertIn("accepted", self.sns(genuine)[1])
        first.send_signal(signal.SIGKILL)  # in the middle of the investigation
        first.wait(30)
        self.start()
        self.assertIn("duplicate", self.sns(genuine)[1])
        again = self.signer.notification(genuine["Message"], MessageId="m-2")
        self.assertEqual(self.sns(again)[0], 200)
        incidents = {json.loads(line)["incident"] for line in self.log().splitlines() if '"event":"alarm"' in line}
        self.assertEqual(len(incidents), 1, self.log())

    def slack(self):
        with urllib.request.urlopen(self.chat + "/_control/state", timeout=10) as answer:
            return [message for channel in json.load(answer)["slack"].values() for message in channel]

    def slack_until(self, condition, seconds=60):
        until = time.monotonic() + seconds
        while not condition(messages := self.slack()):
            self.assertLess(time.monotonic(), until, (messages, self.log()))
            time.sleep(0.05)  # Polls another program's state; the time it took is not asserted.
        return messages

    def test_a_kill_after_the_first_message_leads_to_an_edit_and_not_to_a_second_message(self):
        chat = free_port()
        server = subprocess.Popen([sys.executable, os.path.join(SERVERS, "chat_server.py"), "--port", str(chat)], stdout=subprocess.DEVNULL)
        self.addCleanup(server.wait, 20)
        self.addCleanup(server.terminate)
        self.chat = f"http://127.0.0.1:{chat}"
        wait_for(self.chat + "/_control/state", server)
        first = self.start()
        self.assertIn("accepted", self.sns(self.signer.notification(alarm()))[1])
        self.slack_until(lambda messages: messages)
        first.send_signal(signal.SIGKILL)
        first.wait(30)
        self.start()
        # Before the kill or after it: on a busy machine the first server may have come as far as the edit.
        self.slack_until(lambda messages: '"event":"investigated"' in self.log() and messages[0]["edits"] >= 1)
        self.assertEqual(len(self.slack()), 1, self.slack())

    def test_odd_bodies_paths_and_secrets(self):
        self.start()
        deep = "[" * 100_000
        for body in ("", "{}", "null", deep, '{"a":' * 50_000, "\ufeff{}", "{" + '"Type":"Notification",' * 10_000 + "}", "x" * 600_000, '{"Type":1e999}', b"\xff\xfe\x00"):
            self.assertIn(self.post("/v1/sns/shop", body)[0], (400, 403, 413))
            self.assertIn(self.post("/v1/eventbridge/shop", body, **{"X-Convops-Secret": SECRET})[0], (400, 413))
        for secret in ("", "wrong", SECRET[:-1], SECRET + "x", SECRET * 2, SECRET.upper()):
            self.assertEqual(self.post("/v1/eventbridge/shop", "{}", **{"X-Convops-Secret": secret})[0], 401)
        self.assertEqual(self.post("/v1/eventbridge/shop", "{}")[0], 401)
        self.assertEqual(self.post("/v1/eventbridge/other", "{}", **{"X-Convops-Secret": SECRET})[0], 401)
        for path in ("/v1/sns/", "/v1/sns/../shop", "/v1/sns/shop/", "/v1/sns/%73hop", "//v1/sns/shop", "/v1/sns/shop%00", "/v1/sns/" + "x" * 5000, "/../../etc/passwd"):
            self.assertIn(self.post(path, "{}")[0], (400, 404), path)
        for method in ("GET", "PUT", "DELETE", "TRACE", "CONNECT", "OPTIONS", "FOO"):
            answer = self.raw(f"{method} /v1/sns/shop HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
            self.assertRegex(answer, rb"^HTTP/1.1 (405|400)")
        for secret in ("xss<script>", "a\r\nb"):
            self.assertNotIn("<script>", self.post("/v1/sns/" + secret.replace("\r\n", "%0d%0a"), "{}")[1])
        self.assertTrue(self.alive())

    def test_odd_connections(self):
        self.start()
        self.assertEqual(self.raw(b"POST /v1/sns/shop HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{}", end=True)[:9], b"")
        self.assertEqual(self.raw(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n" * 19 + b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").count(b"200 OK"), 20)
        chunked = b"POST /v1/sns/shop HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
        self.assertIn(b" 400 ", self.raw(chunked + b"2\r\n{}\r\n0\r\n\r\n")[:20])
        for bad in (chunked + b"ffffffffffffffffff\r\n", chunked + b"-1\r\n", chunked + b"zz\r\n", b"\x16\x03\x01\x02\x00\x01" * 10, b"GET / HTTP/9.9\r\n\r\n",
                    b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 50_000 + b"\r\n",
                    b"POST /v1/sns/shop HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", b"POST /v1/sns/shop HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                    b"POST /v1/sns/shop HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}"):
            self.assertRegex(self.raw(bad), rb"^(HTTP/1.1 4\d\d|$)")
        self.assertEqual(self.raw(b"GET / HTTP/1.1\r\nSlow: "), b"")  # ends when header_seconds have passed
        clients = []
        try:
            for _ in range(600):
                clients.append(socket.create_connection(("127.0.0.1", self.port), timeout=30))
        finally:
            for client in clients:
                client.close()
        until = time.monotonic() + 60
        while True:  # The server sees the 600 ends one by one; no assertion depends on how soon.
            try:
                self.assertTrue(self.alive())
                break
            except (urllib.error.HTTPError, ConnectionError):
                self.assertLess(time.monotonic(), until)

    def test_the_state_is_private_belongs_to_one_server_and_may_be_broken(self):
        first = self.start()
        state = os.path.join(self.folder, STATE)
        self.assertEqual(stat.S_IMODE(os.stat(state).st_mode), 0o700)
        for folder, _, files in os.walk(state):
            for file in files:
                self.assertEqual(stat.S_IMODE(os.stat(os.path.join(folder, file)).st_mode), 0o600, file)
        second = self.launch()
        self.assertEqual(second.wait(60), 3)
        self.assertIn("held by another convops", self.log())
        self.assertTrue(self.alive())
        first.send_signal(signal.SIGTERM)
        self.assertEqual(first.wait(60), 0)
        for name in os.listdir(state):
            if name.startswith("convops.sqlite"):
                with open(os.path.join(state, name), "r+b") as file:
                    file.write(b"garbage " * 100)
        broken = self.launch()
        self.assertEqual(broken.wait(60), 3)
        self.assertRegex(self.log().splitlines()[-1], "^convops: .*convops.sqlite")


if __name__ == "__main__":
    unittest.main()
