"""A running server for hostile tests: its settings, its signer of SNS messages, and ways to send it bytes."""
import base64
import datetime
import json
import os
import signal
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.request

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from programs import REGION, clean_environment, free_port, keys, wait_for

TOPIC = f"arn:aws:sns:{REGION}:111122223333:alarms"
CERTIFICATE = "http://127.0.0.1:1/SimpleNotificationService-test.pem"
SECRET = "eventbridge-secret-value"
STATE = "state"
SERVERS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "servers")


def utc_now():
    return datetime.datetime.now(datetime.timezone.utc)


class Signer:
    def __init__(self):
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sns.amazonaws.com")])
        made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(self.key.public_key()).serial_number(1)
        made = made.not_valid_before(utc_now() - datetime.timedelta(days=1)).not_valid_after(utc_now() + datetime.timedelta(days=1))
        self.pem = made.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    def sign(self, envelope, fields):
        text = "".join(f"{field}\n{envelope[field]}\n" for field in fields if field in envelope)
        envelope["Signature"] = base64.b64encode(self.key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())).decode()
        return envelope

    def notification(self, message, **more):
        envelope = {"Type": "Notification", "MessageId": "m-1", "TopicArn": TOPIC, "Message": message,
                    "Timestamp": utc_now().strftime("%Y-%m-%dT%H:%M:%S.000Z"), "SignatureVersion": "2", "SigningCertURL": CERTIFICATE} | more
        return self.sign(envelope, ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"])


def alarm(name="checkout"):
    return json.dumps({"AlarmName": name, "AWSAccountId": "111122223333", "Region": "EU (Ireland)", "NewStateValue": "ALARM", "OldStateValue": "OK",
                       "AlarmArn": f"arn:aws:cloudwatch:{REGION}:111122223333:alarm:{name}", "NewStateReason": "x",
                       "StateChangeTime": utc_now().strftime("%Y-%m-%dT%H:%M:%S.000+0000"),
                       "Trigger": {"MetricName": "CPUUtilization", "Namespace": "AWS/RDS", "StatisticType": "Statistic", "Statistic": "AVERAGE",
                                   "Unit": None, "Dimensions": [{"name": "DBInstanceIdentifier", "value": "orders-db"}], "Period": 60,
                                   "EvaluationPeriods": 1, "DatapointsToAlarm": 1, "ComparisonOperator": "GreaterThanThreshold", "Threshold": 1.0}})


class RunningServer:
    """Mixed into a TestCase. `server`, `limits`: further lines of these sections, set before start()."""
    server = ""
    limits = "connections = 100\nheader_seconds = 2"

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.port = free_port()
        self.chat = "http://127.0.0.1:1"
        self.signer = Signer()
        self.path = os.path.join(self.folder, "convops.toml")
        self.processes = []
        self.addCleanup(self.end_all)
        self.write_settings()

    def write_settings(self):
        pem = os.path.join(self.folder, "test.pem")
        with open(pem, "wb") as file:
            file.write(self.signer.pem)
        with open(self.path, "w", encoding="utf-8") as file:
            file.write(f"""
[server]
listen = "127.0.0.1:{self.port}"
state_dir = "{self.folder}/{STATE}"
{self.server}
[[connection]]
id = "shop"
account = "111122223333"
region = "{REGION}"
topic_arn = "{TOPIC}"
endpoint_url = "http://127.0.0.1:1"
[[route]]
channel = "slack"
address = "C0123456789"
[slack]
bot_token_env = "SLACK_TOKEN"
[eventbridge]
secret_env = "EVENTBRIDGE_SECRET"
[sns]
test_certificate = "{pem}"
test_certificate_url = "http://127.0.0.1:1/"
[limits]
{self.limits}
""")

    def launch(self):
        environment = clean_environment(**keys(CONVOPS_SLACK_URL=self.chat, SLACK_TOKEN="xoxb-test-token-of-slack", EVENTBRIDGE_SECRET=SECRET))
        with open(os.path.join(self.folder, "convops.log"), "ab") as log:
            process = subprocess.Popen([os.environ["CONVOPS"], "serve", "--config", self.path], env=environment, stderr=log)
        self.processes.append(process)
        return process

    def start(self):
        process = self.launch()
        wait_for(f"http://127.0.0.1:{self.port}/readyz", process)
        return process

    def end_all(self):
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.wait(60)
        log = self.log()
        self.assertNotIn("Sanitizer", log)
        self.assertNotIn("runtime error", log)
        for secret in (SECRET, "xoxb-test-token", "very-secret-access-key"):
            self.assertNotIn(secret, log)

    def log(self):
        with open(os.path.join(self.folder, "convops.log"), encoding="utf-8") as file:
            return file.read()

    def post(self, path, body, **headers):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=body if isinstance(body, bytes) else body.encode(),
                                         headers=headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def sns(self, envelope):
        return self.post("/v1/sns/shop", json.dumps(envelope))

    def raw(self, data, end=False):
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as client:
            client.sendall(data)
            if end:
                client.shutdown(socket.SHUT_WR)
            answer = b""
            try:
                while part := client.recv(65536):
                    answer += part
            except ConnectionResetError:
                pass
            return answer

    def alive(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=30) as answer:
            return answer.status == 200
