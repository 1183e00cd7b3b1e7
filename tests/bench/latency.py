"""The whole way against an AWS where every call takes 100 ms: alarm posted -> first message -> diagnosis, with the real client,
an emulator written by others behind a delaying proxy, and a local Slack. Prints one JSON line."""
import contextlib
import http.server
import json
import os
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
for part in ("../integration/aws", "../integration/end_to_end", "../servers"):
    sys.path.insert(0, os.path.join(HERE, part))
os.environ.setdefault("CONVOPS", os.path.join(HERE, "..", "..", "build", "convops"))
from alarm_to_chat_test import chat_server, configuration, convops  # noqa: E402
from programs import REGION, free_port, moto_server, serving  # noqa: E402
from shop import Shop  # noqa: E402

DELAY = 0.1


def event_of(shop):
    """The state change as EventBridge delivers it."""
    said = json.loads(shop.notification("ALARM", shop.now))
    trigger = said["Trigger"]
    metric = {"namespace": trigger["Namespace"], "name": trigger["MetricName"], "dimensions": {d["name"]: d["value"] for d in trigger["Dimensions"]}}
    return json.dumps({
        "version": "0", "id": "c4c1c1c9-6542-e61b-6ef0-8c4d36933a92", "detail-type": "CloudWatch Alarm State Change", "source": "aws.cloudwatch",
        "account": said["AWSAccountId"], "time": shop.now.strftime("%Y-%m-%dT%H:%M:%SZ"), "region": REGION, "resources": [said["AlarmArn"]],
        "detail": {"alarmName": said["AlarmName"], "previousState": {"value": "OK"},
                   "state": {"value": "ALARM", "reason": said["NewStateReason"], "timestamp": shop.now.strftime("%Y-%m-%dT%H:%M:%S.000+0000")},
                   "configuration": {"metrics": [{"id": "m1", "returnData": True, "metricStat": {"metric": metric, "period": 60, "stat": "Sum"}}]}}}).encode()


class DelayingProxy(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    target = ""
    calls = 0
    lock = threading.Lock()

    def forward(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        began = time.monotonic()
        with DelayingProxy.lock:
            DelayingProxy.calls += 1
        asked = urllib.request.Request(self.target + self.path, data=body or None, method=self.command,
                                       headers={name: value for name, value in self.headers.items() if name.lower() != "host"})
        try:
            with urllib.request.urlopen(asked, timeout=30) as answer:
                status, headers, content = answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as refused:
            status, headers, content = refused.code, refused.headers, refused.read()
        time.sleep(max(0, DELAY - (time.monotonic() - began)))
        self.send_response(status)
        self.send_header("Content-Type", headers.get("Content-Type") or "text/xml")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = forward

    def log_message(self, *_):
        pass


def wait_for_change(chat, seen, seconds=90):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with urllib.request.urlopen(chat + "/_control/records", timeout=10) as answer:
            records = json.load(answer)
        if len(records) > seen:
            return records
        time.sleep(0.005)
    raise RuntimeError("no message came")


def main():
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        moto = stack.enter_context(moto_server())
        shop = Shop(moto)
        shop.seed()
        chat = stack.enter_context(chat_server(folder))
        slow = type("Slow", (DelayingProxy,), {"target": moto})
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), slow)
        server.daemon_threads = True
        proxy = stack.enter_context(serving(server))
        port = free_port()
        config = configuration(folder, port, proxy, shop)
        with open(config, "a", encoding="utf-8") as file:
            file.write('[eventbridge]\nsecret_env = "EVENT_SECRET"\n')
        os.environ["EVENT_SECRET"] = "bench-secret-of-eventbridge"
        stack.enter_context(convops(folder, config, port, proxy, chat, proxy))
        request = urllib.request.Request(f"http://127.0.0.1:{port}/v1/eventbridge/shop", data=event_of(shop),
                                         headers={"x-convops-secret": os.environ["EVENT_SECRET"], "Content-Type": "application/json"})
        began = time.monotonic()
        with urllib.request.urlopen(request, timeout=10):
            acknowledged = time.monotonic() - began
        first = final = None
        seen = 0
        while final is None:
            records = wait_for_change(chat, seen)
            now = time.monotonic() - began
            for record in records[seen:]:
                method = record.get("method") or record.get("path", "")
                if first is None and "chat.postMessage" in method:
                    first = now
                if "chat.update" in method:
                    final = now
            seen = len(records)
        print(json.dumps({"figure": "latency", "call_ms": DELAY * 1000, "acknowledged_ms": round(acknowledged * 1000, 1),
                          "first_message_ms": round(first * 1000), "diagnosis_ms": round(final * 1000), "aws_calls": slow.calls}))


if __name__ == "__main__":
    main()
