"""Our audit and Prowler on one account in moto, with the calls counted by a proxy: audit_beside_prowler.py CONVOPS PROWLER."""
import collections
import contextlib
import http.server
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent / "integration" / "aws")]
import boto3

from audit_account import REGION, Account
from programs import clean_environment, keys, moto_server_and_clock, serving


def proxy_to(url, count, by_service):
    class Proxy(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def forward(self):
            count[0] += 1
            # AWS4-HMAC-SHA256 Credential=KEY/DATE/REGION/SERVICE/aws4_request, ...
            scope = self.headers.get("Authorization", "").partition("Credential=")[2].split("/")
            by_service[scope[3] if len(scope) > 3 else "?"] += 1
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection")}
            request = urllib.request.Request(url + self.path, data=body or None, headers=headers, method=self.command)
            try:
                answer = urllib.request.urlopen(request, timeout=60)
            except urllib.error.HTTPError as error:
                answer = error
            text = answer.read()
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                if name.lower() not in ("transfer-encoding", "content-length", "connection"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = do_PUT = do_HEAD = forward

        def log_message(self, *_):
            pass

    return http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)


def timed(command, count, environment, **more):
    before, began = count[0], time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, env=environment, check=False, **more)
    return done, round(time.monotonic() - began, 1), count[0] - before


def main():
    convops, prowler = sys.argv[1:3]
    with contextlib.ExitStack() as stack:
        moto, clock = stack.enter_context(moto_server_and_clock())
        account = Account(lambda service, region: boto3.client(service, endpoint_url=moto, region_name=region, aws_access_key_id="AKIATESTKEY",
                                                       aws_secret_access_key="very-secret-access-key"), clock).seed()
        account.plant()
        count, by_service = [0], collections.Counter()
        url = stack.enter_context(serving(proxy_to(moto, count, by_service)))
        environment = clean_environment(**keys(AWS_ENDPOINT_URL=url, AWS_DEFAULT_REGION=REGION))
        done, seconds, calls = timed([convops, "audit", "--region", REGION, "--format", "json"], count, environment)
        ours = json.loads(done.stdout)
        print(json.dumps({"tool": "convops audit, all checks", "seconds": seconds, "calls": calls,
                          "calls_to_cloudwatch_logs_sns": sum(by_service[name] for name in ("monitoring", "logs", "sns")),
                          "failed": len({f["check"] for f in ours["findings"] if f["result"] == "fail"})}))
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        done, seconds, calls = timed([prowler, "aws", "--services", "cloudwatch", "sns", "--region", REGION, "--no-banner", "--output-formats", "json-ocsf",
                                      "--output-directory", folder], count, environment | {"HOME": folder}, cwd=folder)
        reports = list(Path(folder).glob("*.ocsf.json"))
        if not reports:
            print(json.dumps({"tool": "prowler", "seconds": seconds, "calls": calls, "error": (done.stdout + done.stderr)[-1500:]}))
            return
        said = collections.defaultdict(collections.Counter)
        for finding in json.loads(reports[0].read_text()):
            said[finding["metadata"]["event_code"]][finding["status_code"]] += 1
        print(json.dumps({"tool": "prowler, cloudwatch and sns", "seconds": seconds, "calls": calls, "checks": {k: dict(v) for k, v in sorted(said.items())}}))


if __name__ == "__main__":
    main()
