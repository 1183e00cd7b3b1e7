"""The free audit over HTTP: sign up, the mail by a local Resend, a role that must ask for the external ID, the report, its end."""
import contextlib
import http.server
import json
import os
import re
import signal
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

import boto3

from programs import REGION, clean_environment, free_port, keys, moto_server, serving, wait_for

ACCOUNT = "111122223333"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/convops-audit"


class TrustingFront(http.server.BaseHTTPRequestHandler):
    """moto lets everybody assume every role: this front keeps a trust policy that asks for an external ID."""
    protocol_version = "HTTP/1.1"
    moto, trust = "", {}

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        fields = urllib.parse.parse_qs(body.decode("utf-8", "replace"))
        if fields.get("Action") == ["AssumeRole"]:
            wanted = self.trust.get("external_id")
            if wanted is not None and fields.get("ExternalId") != [wanted]:
                return self.reply(403, b"<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not authorized to "
                                  b"perform: sts:AssumeRole</Message></Error></ErrorResponse>", "text/xml")
        return self.pass_on(body)

    def do_GET(self):
        return self.pass_on(None)

    def pass_on(self, body):
        headers = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection", "content-length")}
        asked = urllib.request.Request(self.moto + self.path, data=body, headers=headers, method=self.command)
        try:
            with urllib.request.urlopen(asked, timeout=30) as answer:
                self.reply(answer.status, answer.read(), answer.headers.get("Content-Type", ""))
        except urllib.error.HTTPError as error:
            # What the emulator does not know is refused as AWS refuses it, so that nothing is tried again.
            self.reply(400 if error.code >= 500 else error.code, error.read(), error.headers.get("Content-Type", ""))

    def reply(self, status, body, kind):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Resend(http.server.BaseHTTPRequestHandler):
    """https://resend.com/docs/api-reference/emails/send-email"""
    mails, lock = [], threading.Lock()

    def do_POST(self):
        mail = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        good = (self.path == "/emails" and self.headers["Authorization"] == "Bearer re_test_key" and self.headers["Idempotency-Key"]
                and isinstance(mail["to"], list) and mail["from"] and mail["subject"] and mail["text"])
        if good:
            with self.lock:
                self.mails.append(mail)
        body = json.dumps({"id": "49a3999c-0ce1-4ea6-ab68-afcd6dc2e794"} if good else {"statusCode": 401}).encode()
        self.send_response(200 if good else 401)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class PublicAudit(unittest.TestCase):
    def setUp(self):
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)
        self.folder = self.stack.enter_context(tempfile.TemporaryDirectory())
        moto = self.stack.enter_context(moto_server())
        self.trust = {"external_id": "not issued yet"}
        front = type("Front", (TrustingFront,), {"moto": moto, "trust": self.trust})
        self.aws = self.stack.enter_context(serving(http.server.ThreadingHTTPServer(("127.0.0.1", 0), front)))
        self.mails = []
        resend = type("OneResend", (Resend,), {"mails": self.mails})
        self.resend = self.stack.enter_context(serving(http.server.ThreadingHTTPServer(("127.0.0.1", 0), resend)))
        self.seed(moto)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def seed(self, moto):
        session = boto3.Session("AKIATESTKEY", "very-secret-access-key", region_name=REGION)
        role = session.client("sts", endpoint_url=moto).assume_role(RoleArn=ROLE, RoleSessionName="seed")["Credentials"]
        session = boto3.Session(role["AccessKeyId"], role["SecretAccessKey"], role["SessionToken"], region_name=REGION)
        session.client("cloudwatch", endpoint_url=moto).put_metric_alarm(
            AlarmName="<script>cpu</script>", Namespace="AWS/EC2", MetricName="CPUUtilization", Statistic="Average", Period=60,
            EvaluationPeriods=3, Threshold=80, ComparisonOperator="GreaterThanThreshold", Dimensions=[{"Name": "InstanceId", "Value": "i-1"}])

    def start(self):
        config = os.path.join(self.folder, "convops.toml")
        with open(config, "w", encoding="utf-8") as file:
            file.write(f"""
[server]
listen = "127.0.0.1:{self.port}"
public_url = "{self.url}"
state_dir = "{self.folder}/state"
[public_audit]
enabled = true
principal = "arn:aws:iam::999999999999:role/convops"
mail_from = "ConvOps <audit@example.com>"
resend_key_env = "RESEND_KEY"
""")
        environment = clean_environment(**keys(AWS_ENDPOINT_URL=self.aws, CONVOPS_RESEND_URL=self.resend, RESEND_KEY="re_test_key"))
        log = self.stack.enter_context(open(os.path.join(self.folder, "convops.log"), "ab"))
        process = subprocess.Popen([os.environ["CONVOPS"], "serve", "--config", config], env=environment, stderr=log)
        self.stack.callback(process.wait, 60)
        self.stack.callback(process.send_signal, signal.SIGTERM)
        wait_for(self.url + "/readyz", process)

    def ask(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, method=method, headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.read().decode(), answer.headers
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode(), error.headers

    def register(self, mail="ada@example.com"):
        status, text, _ = self.ask("POST", "/api/registrations", {"email": mail})
        self.assertEqual(status, 202, text)
        token = re.search(r"token=([0-9a-f]{64})", self.mails[-1]["text"]).group(1)
        _, page, _ = self.ask("GET", "/audit-start?token=" + token)
        external_id = re.search(r'name="external_id" value="([0-9a-f]+)"', page).group(1)
        return {"email": mail, "token": token, "external_id": external_id, "role_arn": ROLE, "regions": [REGION]}

    def log(self):
        with open(os.path.join(self.folder, "convops.log"), encoding="utf-8") as file:
            return file.read()

    def finished(self, audit, seconds=180):
        until = time.monotonic() + seconds
        while True:
            _, text, _ = self.ask("GET", f"/audits/{audit}.json")
            if "grade" in json.loads(text):
                return json.loads(text)
            if json.loads(text).get("state") == "failed" or time.monotonic() > until:
                self.fail(text + self.log()[-2000:])
            time.sleep(0.1)  # Polls another program's state; the time it took is not asserted.

    def test_from_an_address_to_the_report_and_its_deletion(self):
        request = self.register()
        self.trust["external_id"] = request["external_id"]
        status, text, _ = self.ask("POST", "/api/audits", request)
        self.assertEqual(status, 202, text + self.log()[-2000:])
        audit = json.loads(text)["id"]
        report = self.finished(audit)
        self.assertEqual(report["account"], ACCOUNT)
        self.assertIn("alarm_resource_exists", [finding["check"] for finding in report["findings"]])
        status, page, headers = self.ask("GET", f"/audits/{audit}")
        self.assertEqual(status, 200)
        self.assertNotIn("<script", page)
        self.assertIn("default-src 'none'", headers["Content-Security-Policy"])
        self.assertIn("no-store", headers["Cache-Control"])
        self.assertEqual(self.ask("POST", "/api/audits", request)[0], 403, "a token works once")
        self.assertEqual(self.ask("DELETE", f"/api/audits/{audit}")[0], 200)
        self.assertEqual(self.ask("GET", f"/audits/{audit}")[0], 404)
        until = time.monotonic() + 60
        while len(self.mails) < 2 and time.monotonic() < until:
            time.sleep(0.05)
        self.assertIn(f"/audits/{audit}", self.mails[1]["text"])
        for private in ("ada@example.com", request["token"], audit, "re_test_key", "very-secret-access-key"):
            self.assertNotIn(private, self.log())

    def test_a_role_without_the_external_id_or_of_somebody_else_is_refused(self):
        request = self.register()
        self.trust["external_id"] = None  # anybody may assume it
        status, text, _ = self.ask("POST", "/api/audits", request)
        self.assertEqual(status, 400)
        self.assertIn("sts:ExternalId", text)
        self.trust["external_id"] = "of-another-customer"
        status, text, _ = self.ask("POST", "/api/audits", request)
        self.assertEqual(status, 400)
        self.assertIn("can not be assumed", text)


if __name__ == "__main__":
    unittest.main()
