"""The live client against a server that misbehaves in the ways AWS, proxies and networks do."""
import datetime
import email.utils
import http.server
import os
import ssl
import subprocess
import tempfile
import threading
import unittest

from programs import AwsTest, clean_environment, keys, serving

JSON = "application/x-amz-json-1.1"
THROTTLED = (400, JSON, b'{"__type":"ThrottlingException","message":"Rate exceeded"}')
GOOD = (200, JSON, b'{"clusterArns":["arn"]}')


class Server(http.server.ThreadingHTTPServer):
    """Answers with the script, whose last entry is repeated. An entry is (status, type, body) or a function."""
    daemon_threads = True

    def __init__(self, *script):
        super().__init__(("127.0.0.1", 0), Connection)
        self.script = list(script)
        self.requests = []
        self.lock = threading.Lock()
        self.let_go = threading.Event()

    def server_close(self):
        self.let_go.set()
        super().server_close()

    def next(self):
        return self.script.pop(0) if len(self.script) > 1 else self.script[0]

    def handle_error(self, request, client_address):
        """A client that gives up is what some of these tests are about."""


class Connection(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        """Quiet."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with self.server.lock:
            self.server.requests.append((dict(self.headers), body.decode()))
            entry = self.server.next()
        if callable(entry):
            entry(self)
            return
        self.answer(*entry)

    do_GET = do_POST
    do_PUT = do_POST

    def answer(self, status, kind, body, headers=()):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def silent(connection):
    connection.server.let_go.wait(60)
    connection.close_connection = True


def truncated(connection):
    connection.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"clusterArns\":[\"a")
    connection.wfile.flush()
    connection.close_connection = True


def dropped(connection):
    connection.close_connection = True


def endless(connection):
    connection.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99999999\r\n\r\n")
    for _ in range(200):
        connection.wfile.write(b" " * 65536)
    connection.close_connection = True


class Faults(AwsTest):
    def ask(self, *script, service="ecs", operation="ListClusters", **call):
        server = Server(*script)
        with serving(server) as url:
            line = {"service": service, "operation": operation, "params": {}} | call
            row = self.tool(["call"], [line], clean_environment(**keys(AWS_ENDPOINT_URL=url)))[0]
        return row, server.requests

    def kind(self, *script, **call):
        row, _ = self.ask(*script, **call)
        message = self.error(row)["message"]
        self.assertNotIn("\n", message)
        self.assertLess(len(message), 800)
        return self.error(row)["kind"]

    def test_throttled_then_answered(self):
        row, requests = self.ask(THROTTLED, THROTTLED, GOOD)
        self.assertEqual(self.answer(row), {"clusterArns": ["arn"]})
        self.assertEqual((row["calls_made"], len(requests)), (3, 3))

    def test_failing_then_answered(self):
        row, _ = self.ask((500, "text/html", b"<html>oops"), (503, JSON, b""), truncated, GOOD)
        self.assertEqual(self.answer(row), {"clusterArns": ["arn"]})
        self.assertEqual(row["calls_made"], 4)

    def test_throttled_for_ever(self):
        self.assertEqual(self.kind(THROTTLED), "throttled")

    def test_failing_for_ever(self):
        self.assertEqual(self.kind((500, JSON, b'{"__type":"InternalFailure"}')), "unavailable")
        self.assertEqual(self.kind(truncated), "unavailable")
        self.assertEqual(self.kind(dropped), "unavailable")

    def test_slow(self):
        row, _ = self.ask(silent, time_left_ms=150)
        self.assertEqual(self.error(row)["kind"], "timeout")

    def test_broken_json_and_xml(self):
        for body in (b'{"clusterArns":[', b"[]", b"nonsense", b"\xff\xfe", b"{" * 100000):
            self.assertEqual(self.kind((200, JSON, body)), "corrupt", body[:20])
        for body in (b"<DescribeAlarmsResponse><A>", b"<a" * 100000, b'<!DOCTYPE r [<!ENTITY a "b">]><r>&a;</r>',
                     b"<a>" * 200 + b"</a>" * 200):
            self.assertEqual(self.kind((200, "text/xml", body), service="monitoring", operation="DescribeAlarms"), "corrupt", body[:20])

    def test_an_answer_without_an_end_is_cut_off(self):
        self.assertEqual(self.kind(endless), "corrupt")

    def test_an_ended_session_asks_for_fresh_credentials(self):
        row, requests = self.ask((400, JSON, b'{"__type":"ExpiredTokenException","message":"The security token included is expired"}'))
        self.assertEqual(self.error(row)["kind"], "access_denied")
        self.assertIn("expired", self.error(row)["message"])
        self.assertEqual(len(requests), 2)

    def test_forbidden(self):
        self.assertEqual(self.kind((403, "text/html", b"<html><body>Forbidden by proxy</body></html>")), "access_denied")
        row, requests = self.ask((403, "text/xml", b"<ErrorResponse><Error><Code>AccessDenied</Code><Message>User is not "
                                  b"authorized to perform: cloudwatch:DescribeAlarms</Message></Error></ErrorResponse>"),
                                 service="monitoring", operation="DescribeAlarms")
        self.assertIn("cloudwatch:DescribeAlarms", self.error(row)["message"])
        self.assertEqual(len(requests), 1)

    def test_a_redirect_is_not_followed(self):
        def redirect(connection):
            connection.answer(301, "text/html", b"", [("Location", "http://127.0.0.1:1/")])
        self.assertEqual(self.kind(redirect), "unavailable")

    def test_a_clock_that_is_off_is_corrected(self):
        theirs = datetime.datetime(2031, 5, 6, 7, 8, 9, tzinfo=datetime.timezone.utc)

        def skewed(connection):
            body = b'{"__type":"InvalidSignatureException","message":"Signature expired: 20200101 is now earlier than 2031"}'
            connection.send_response_only(403)
            connection.send_header("Date", email.utils.format_datetime(theirs, usegmt=True))
            connection.send_header("Content-Length", str(len(body)))
            connection.end_headers()
            connection.wfile.write(body)
        row, requests = self.ask(skewed, GOOD)
        self.answer(row)
        self.assertTrue(requests[1][0]["X-Amz-Date"].startswith("20310506T0708"), requests[1][0])

    def test_json_to_a_query_call(self):
        row, _ = self.ask((200, "application/json", b'{"DescribeAlarmsResponse":{"DescribeAlarmsResult":{"MetricAlarms":[]}}}'),
                          service="monitoring", operation="DescribeAlarms")
        self.assertEqual(self.answer(row), {"MetricAlarms": []})

    def test_nothing_listens(self):
        server = Server(GOOD)
        url = f"http://127.0.0.1:{server.server_address[1]}"
        server.server_close()
        row = self.tool(["call"], [{"service": "ecs", "operation": "ListClusters"}], clean_environment(**keys(AWS_ENDPOINT_URL=url)))[0]
        self.assertEqual(self.error(row)["kind"], "unavailable")

    def test_sixty_immediate_answers_cost_little_of_our_own_time(self):
        # A figure to read, not a limit: loopback timings vary. The shape is asserted: one wave, sixty requests.
        server = Server(GOOD)
        with serving(server) as url:
            calls = [{"service": "sqs", "operation": "ListQueues"}] * 60
            rows = self.tool(["call"], [calls, calls], clean_environment(**keys(AWS_ENDPOINT_URL=url)))
        print(f"60 calls together against a Python server: {rows[1]['milliseconds']:.1f} ms")
        self.assertEqual(rows[1]["calls_made"], 120)
        self.assertTrue(all("answer" in result for row in rows for result in row["result"]))


class Tls(AwsTest):
    def error_of(self, context_changes):
        with tempfile.TemporaryDirectory() as folder:
            certificate, key = os.path.join(folder, "c.pem"), os.path.join(folder, "k.pem")
            subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                            "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate],
                           check=True, capture_output=True)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, key)
            context_changes(context)
            server = Server(GOOD)
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
            with serving(server) as url:
                url = url.replace("http://127.0.0.1", "https://localhost")
                row = self.tool(["call"], [{"service": "ecs", "operation": "ListClusters"}],
                                clean_environment(**keys(AWS_ENDPOINT_URL=url)))[0]
            self.assertEqual(server.requests, [])
            return self.error(row)

    def test_a_certificate_that_nobody_vouches_for_is_refused(self):
        error = self.error_of(lambda context: None)
        self.assertEqual(error["kind"], "unavailable")
        self.assertIn("certificate", error["message"])

    def test_tls_below_1_2_is_refused(self):
        def old(context):
            context.set_ciphers("ALL:@SECLEVEL=0")
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = ssl.TLSVersion.TLSv1_1
        error = self.error_of(old)
        self.assertEqual(error["kind"], "unavailable")
        self.assertNotIn("certificate", error["message"])


if __name__ == "__main__":
    unittest.main()
