"""moto in this process, with every call counted where it arrives: no hop between a tool and the emulator."""
import collections
import contextlib
import datetime
import io
import os
import threading
import time
import urllib.parse

os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "false")
import moto.core.utils
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

# Reads that AWS has and moto does not: answered as an account without any. moto's own answer is status 500, which every client tries again and
# again.
EMPTY = ("monitoring:DescribeAlarmHistory", "monitoring:ListAlarmMuteRules", "monitoring:DescribeAnomalyDetectors", "logs:ListLogAnomalyDetectors")


class Silent(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"  # Connections are kept open, as AWS does.

    def log_request(self, *_):
        pass


class Calls:
    """WSGI middleware. `latency` seconds before each answer stand for the way to AWS."""

    def __init__(self, application):
        self.application, self.latency = application, 0.0
        self.lock = threading.Lock()
        self.reset()

    def reset(self):
        self.count, self.processor_seconds = collections.Counter(), 0.0

    def __call__(self, environment, start_response):
        name = self.name_of(environment)
        if self.latency:
            time.sleep(self.latency)
        began = time.thread_time()
        try:
            if name in EMPTY:
                start_response("200 OK", [("Content-Type", "application/x-amz-json-1.0"), ("Content-Length", "2")])
                return [b"{}"]
            return self.application(environment, start_response)
        finally:
            with self.lock:
                self.count[name] += 1
                self.processor_seconds += time.thread_time() - began

    @staticmethod
    def name_of(environment):
        """"monitoring:DescribeAlarms" where the protocol names the operation, else "lambda:GET /2015-03-31"."""
        # AWS4-HMAC-SHA256 Credential=KEY/DATE/REGION/SERVICE/aws4_request, ...
        scope = environment.get("HTTP_AUTHORIZATION", "").partition("Credential=")[2].split("/")
        service = scope[3] if len(scope) > 3 else "?"
        if target := environment.get("HTTP_X_AMZ_TARGET", "").rpartition(".")[2]:
            return f"{service}:{target}"
        if environment.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
            body = environment["wsgi.input"].read(int(environment.get("CONTENT_LENGTH") or 0))
            environment["wsgi.input"] = io.BytesIO(body)
            if action := urllib.parse.parse_qs(body.decode("utf-8", "replace")).get("Action"):
                return f"{service}:{action[0]}"
        return f"{service}:{environment['REQUEST_METHOD']} /{environment.get('PATH_INFO', '').lstrip('/').partition('/')[0]}"


class Clock:
    """Stands for the module datetime as moto.core.utils sees it. What is made within back(days=3) was made three days ago."""

    def __init__(self):
        self.behind = datetime.timedelta()
        clock = self

        class Set(datetime.datetime):
            @classmethod
            def now(cls, tz=None):
                return datetime.datetime.now(tz) - clock.behind

        self.datetime = Set
        moto.core.utils.datetime = self

    def __getattr__(self, name):
        return getattr(datetime, name)

    @contextlib.contextmanager
    def back(self, **ago):
        self.behind = datetime.timedelta(**ago)
        try:
            yield
        finally:
            self.behind = datetime.timedelta()


@contextlib.contextmanager
def counted_moto():
    """The URL of moto, and its Calls."""
    calls = Calls(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, calls, threaded=True, request_handler=Silent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", calls
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
