"""Limits, TLS and the stop of the running server: slow headers, crowds, rates, floods of bytes, old TLS, SIGHUP, SIGTERM under load."""
import contextlib
import datetime
import ipaddress
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.request

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from hostile_base import RunningServer, alarm, utc_now


def status_of(answer):
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.1 ") else 0


def header_of(answer, name):
    for line in answer.split(b"\r\n\r\n", 1)[0].split(b"\r\n")[1:]:
        if line.lower().startswith(name.lower() + b":"):
            return line.split(b":", 1)[1].strip()
    return None


def read_reply(client):
    """One reply with its body, or what came before the end."""
    data = b""
    with contextlib.suppress(ConnectionResetError):
        while b"\r\n\r\n" not in data or len(data) < data.index(b"\r\n\r\n") + 4 + int(header_of(data, b"Content-Length") or 0):
            part = client.recv(65536)
            if not part:
                break
            data += part
    return data


class Limited(RunningServer, unittest.TestCase):
    def connect(self, source="127.0.0.1"):
        client = socket.create_connection(("127.0.0.1", self.port), timeout=30, source_address=(source, 0))
        self.addCleanup(client.close)
        return client

    def ask(self, client, path="/healthz", headers=""):
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n{headers}\r\n".encode())
        return read_reply(client)

    def metric(self, line):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=30) as answer:
            for each in answer.read().decode().splitlines():
                if each.startswith(line + " "):
                    return float(each.rsplit(" ", 1)[1])
        return 0.0


class Crowds(Limited):
    limits = "connections = 100\nheader_seconds = 600\nconnections_of_address = 20\nbody_seconds = 600"

    def test_slow_headers_from_everywhere_are_cut_so_that_a_genuine_alarm_gets_in(self):
        self.start()
        slow = []
        for i in range(300):
            client = self.connect(f"127.0.{1 + i // 10}.{1 + i % 10}")
            client.sendall(b"POST /v1/sns/shop HTTP/1.1\r\nHost: x\r\nX-Slow: "[: i % 40])
            slow.append(client)
        # Each of them has 600 s for its header, and none is over: the oldest had to go.
        self.assertEqual(self.sns(self.signer.notification(alarm()))[0], 200)
        self.assertGreaterEqual(self.metric('convops_connections_cut_total{why="oldest_in_header"}'), 200)
        for client in slow[:150]:
            self.assertEqual(read_reply(client), b"")
        self.assertTrue(self.alive())

    def test_one_address_may_not_have_all_connections(self):
        self.start()
        kept = []
        for _ in range(20):
            client = self.connect("127.0.0.9")
            self.assertEqual(status_of(self.ask(client)), 200)
            kept.append(client)
        answer = read_reply(self.connect("127.0.0.9"))
        self.assertEqual(status_of(answer), 503)
        self.assertIsNotNone(header_of(answer, b"Retry-After"))
        self.assertEqual(status_of(self.ask(self.connect("127.0.0.10"))), 200)
        self.assertEqual(status_of(self.ask(kept[0])), 200)
        kept.pop().close()
        until = time.monotonic() + 60
        while status_of(self.ask(self.connect("127.0.0.9"))) != 200:  # The server sees the end in its own time.
            self.assertLess(time.monotonic(), until)


class Bytes(Limited):
    limits = "megabytes_in_flight = 1\nbody_seconds = 600"

    def test_bodies_beyond_the_bound_are_told_to_come_back_and_the_memory_stays_small(self):
        process = self.start()
        head = b"POST /v1/sns/shop HTTP/1.1\r\nHost: x\r\nContent-Length: 300000\r\n\r\n"
        clients = []
        for i in range(40):
            client = self.connect(f"127.0.2.{1 + i}")
            with contextlib.suppress(ConnectionResetError, BrokenPipeError):
                client.sendall(head + b"x" * 250_000)
            clients.append(client)
        refused = 0
        for client in clients:
            client.settimeout(0.2)
            with contextlib.suppress(TimeoutError):
                answer = read_reply(client)
                refused += status_of(answer) == 503 and header_of(answer, b"Retry-After") is not None
        self.assertGreaterEqual(refused, 30)
        self.assertLess(self.peak_megabytes(process), 200)
        for client in clients:
            client.close()
        until = time.monotonic() + 60
        while self.sns(self.signer.notification(alarm()))[0] != 200:
            self.assertLess(time.monotonic(), until)

    def peak_megabytes(self, process):
        with open(f"/proc/{process.pid}/status", encoding="utf-8") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:")) / 1024


class Rates(Limited):
    limits = "requests_per_second_of_address = 1\nburst_seconds = 30"

    def burst(self, source, count, headers=""):
        client = self.connect(source)
        return [status_of(self.ask(client, headers=headers)) for _ in range(count)]

    def test_an_address_that_asks_too_much_is_told_to_wait_whatever_it_says_about_itself(self):
        self.start()
        client = self.connect("127.0.3.1")
        answers = [self.ask(client, headers=f"X-Forwarded-For: 192.0.2.{i}\r\n") for i in range(80)]
        last = next(answer for answer in answers if status_of(answer) == 429)
        self.assertGreaterEqual(int(header_of(last, b"Retry-After")), 1)
        self.assertIn(200, self.burst("127.0.3.2", 1))

    def test_behind_a_trusted_proxy_each_client_has_its_own_rate(self):
        self.server = 'trusted_proxies = "127.0.3.9"'
        self.write_settings()
        self.start()
        for i in range(80):
            self.assertEqual(self.burst("127.0.3.9", 1, f"X-Forwarded-For: 203.0.113.5, 192.0.2.{i}\r\n"), [200])
        statuses = [self.burst("127.0.3.9", 1, f"X-Forwarded-For: 192.0.2.{i}, 198.51.100.7\r\n")[0] for i in range(80)]
        self.assertIn(429, statuses)  # What the client wrote itself is left of what the proxy added.


class RatesOfConnections(Limited):
    limits = "alarms_per_second_of_connection = 1\nburst_seconds = 5"

    def test_a_connection_that_sends_too_much_is_told_to_wait_and_forgers_can_not_use_its_rate_up(self):
        self.start()
        for i in range(20):
            forged = self.signer.notification(alarm(), MessageId=f"f-{i}") | {"Message": "forged"}
            self.assertEqual(self.sns(forged)[0], 403)
        statuses = [self.sns(self.signer.notification(alarm(f"a{i}"), MessageId=f"m-{i}"))[0] for i in range(30)]
        self.assertEqual(statuses[:5], [200] * 5)
        self.assertIn(429, statuses)
        until = time.monotonic() + 60
        while self.sns(self.signer.notification(alarm("later"), MessageId="m-later"))[0] != 200:  # SNS comes again, too.
            self.assertLess(time.monotonic(), until)
            time.sleep(0.2)  # Waits for the server's clock; no assertion depends on how long.


class Figures(Limited):
    def test_figures_are_for_this_machine_and_name_nobody(self):
        self.start()
        self.sns(self.signer.notification(alarm("alarm-of-jane-doe")))
        self.post("/v1/sns/shop", "{}")
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=30) as answer:
            self.assertTrue(answer.headers["Content-Type"].startswith("text/plain; version=0.0.4"))
            text = answer.read().decode()
        for line in ('convops_alarms_accepted_total{fate="opened"} 1', 'convops_alarms_refused_total{reason="invalid_input"} 1',
                     'convops_acknowledge_seconds_count 2', 'convops_outbox_effects{effect="investigate"}', "convops_resident_memory_bytes"):
            self.assertIn(line, text)
        for personal in ("127.0.0.1", "jane", "C0123456789", "shop"):
            self.assertNotIn(personal, text)
        self.assertEqual(status_of(self.ask(self.connect(), "/metrics", "X-Forwarded-For: 127.0.0.1\r\n")), 404)
        self.assertNotIn("127.0.0.1", self.log())


class Stopping(Limited):
    def test_a_stop_under_load_answers_what_it_has_and_loses_nothing_that_it_acknowledged(self):
        process = self.start()
        bodies = [self.signer.notification(alarm(f"a{i}"), MessageId=f"s-{i}") for i in range(400)]
        acknowledged = []
        some = threading.Event()

        def send(part):
            for envelope in part:
                try:
                    if self.sns(envelope)[0] == 200:
                        acknowledged.append(envelope)
                        if len(acknowledged) >= 40:
                            some.set()
                except (OSError, urllib.error.URLError):
                    return
        threads = [threading.Thread(target=send, args=(bodies[i::8],)) for i in range(8)]
        for thread in threads:
            thread.start()
        self.assertTrue(some.wait(60))
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(60), 0)
        for thread in threads:
            thread.join()
        self.assertNotIn("stopped_with_unanswered_requests", self.log())
        self.assertGreaterEqual(len(acknowledged), 40)
        self.start()
        for envelope in acknowledged:
            self.assertIn("duplicate", self.sns(envelope)[1])


class Tls(Limited):
    def setUp(self):
        super().setUp()
        self.certificate = os.path.join(self.folder, "server.pem")
        self.key = os.path.join(self.folder, "server.key")
        self.make_certificate("first")
        self.limits = "header_seconds = 2"
        self.server = f'tls_certificate = "{self.certificate}"\ntls_key = "{self.key}"'
        self.write_settings()

    def make_certificate(self, organisation):
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost"), x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, organisation)])
        made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(x509.random_serial_number())
        made = made.not_valid_before(utc_now() - datetime.timedelta(days=1)).not_valid_after(utc_now() + datetime.timedelta(days=1))
        made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        with open(self.certificate, "wb") as file:
            file.write(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
        with open(self.key, "wb") as file:
            file.write(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))

    def context(self, most=ssl.TLSVersion.TLSv1_3):
        context = ssl.create_default_context(cafile=self.certificate)
        context.maximum_version = most
        return context

    def start(self):
        process = self.launch()
        until = time.monotonic() + 60
        while '"event":"serving"' not in self.log():
            self.assertIsNone(process.poll(), self.log())
            self.assertLess(time.monotonic(), until)
            time.sleep(0.05)  # Waits for another program to listen.
        return process

    def secure(self, context=None):
        client = (context or self.context()).wrap_socket(self.connect(), server_hostname="127.0.0.1")
        self.addCleanup(client.close)
        return client

    def test_an_alarm_comes_in_over_tls_1_3_and_older_versions_do_not(self):
        self.start()
        body = json.dumps(self.signer.notification(alarm())).encode()
        request = urllib.request.Request(f"https://127.0.0.1:{self.port}/v1/sns/shop", data=body, method="POST")
        with urllib.request.urlopen(request, timeout=30, context=self.context()) as answer:
            self.assertIn(b"accepted", answer.read())
        client = self.secure()
        self.assertEqual(client.version(), "TLSv1.3")
        for _ in range(3):  # kept
            self.assertEqual(status_of(self.ask(client)), 200)
        with self.assertRaises(ssl.SSLError):
            self.secure(self.context(ssl.TLSVersion.TLSv1_2))
        self.assertNotEqual(self.raw(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")[:5], b"HTTP/")
        self.assertEqual(status_of(self.ask(self.secure())), 200)

    def test_curl_and_openssl_agree(self):
        self.start()
        url = f"https://127.0.0.1:{self.port}/healthz"
        curl = shutil.which("curl")
        if curl:
            done = subprocess.run([curl, "-sS", "--cacert", self.certificate, "--tlsv1.3", url], capture_output=True, timeout=60)
            self.assertIn(b'"ok"', done.stdout, done.stderr)
            done = subprocess.run([curl, "-sS", "--cacert", self.certificate, "--tls-max", "1.2", url], capture_output=True, timeout=60)
            self.assertNotEqual(done.returncode, 0)
        openssl = shutil.which("openssl")
        if openssl:
            def s_client(*version):
                return subprocess.run([openssl, "s_client", "-connect", f"127.0.0.1:{self.port}", "-CAfile", self.certificate, *version],
                                      input=b"", capture_output=True, timeout=60).stdout
            self.assertIn(b"Verify return code: 0", s_client("-tls1_3"))
            self.assertNotIn(b"Verify return code: 0 (ok)\n---\nread", s_client("-tls1_2"))
            self.assertIn(b"Cipher is (NONE)", s_client("-tls1_2"))

    def test_tls_1_2_is_spoken_when_the_settings_say_so(self):
        self.server += '\ntls_minimum = "1.2"'
        self.write_settings()
        self.start()
        self.assertEqual(self.secure(self.context(ssl.TLSVersion.TLSv1_2)).version(), "TLSv1.2")
        self.assertEqual(self.secure().version(), "TLSv1.3")

    def test_a_handshake_that_takes_too_long_or_is_none_is_cut(self):
        self.start()
        silent = self.connect()
        stalled = self.connect()
        stalled.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")  # the begin of a ClientHello
        for garbage in (b"\x00" * 1000, b"\x16\x03\x01\xff\xff" + b"x" * 70_000, b"\x15\x03\x03\x00\x02\x02\x28", b"\x17\x03\x03\x00\x05hello"):
            self.assertNotIn(b"HTTP/", self.raw(garbage))
        self.assertEqual(read_reply(silent), b"")
        self.assertEqual(read_reply(stalled), b"")
        self.assertEqual(status_of(self.ask(self.secure())), 200)

    def test_sighup_reads_the_certificate_again_and_a_broken_one_changes_nothing(self):
        process = self.start()
        old = self.secure()
        with open(self.certificate, "rb") as file:
            first = x509.load_pem_x509_certificate(file.read())
        self.make_certificate("second")
        process.send_signal(signal.SIGHUP)
        self.wait_for_log('"certificate_reloaded"')
        self.assertNotEqual(x509.load_der_x509_certificate(self.secure().getpeercert(True)).serial_number, first.serial_number)
        self.assertEqual(status_of(self.ask(old)), 200)
        context = self.context()
        with open(self.certificate, "w", encoding="utf-8") as file:
            file.write("-----BEGIN NONSENSE-----")
        process.send_signal(signal.SIGHUP)
        self.wait_for_log('"certificate_not_reloaded"')
        self.assertEqual(status_of(self.ask(self.secure(context))), 200)

    def wait_for_log(self, text):
        until = time.monotonic() + 60
        while text not in self.log():
            self.assertLess(time.monotonic(), until, self.log())
            time.sleep(0.05)  # Waits for another program.

    def test_certificates_that_can_not_be_used_are_told_at_start(self):
        for broken, status in (("", 2), ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", 2)):
            with open(self.key, "w", encoding="utf-8") as file:
                file.write(broken)
            process = self.launch()
            self.assertEqual(process.wait(60), status)
            self.assertIn("tls_key", self.log().splitlines()[-1])
            self.assertNotIn("AAAA", self.log())
        with tempfile.NamedTemporaryFile() as other:
            self.make_certificate("one")
            shutil.copy(self.key, other.name)
            self.make_certificate("two")
            shutil.copy(other.name, self.key)
        self.assertEqual(self.launch().wait(60), 2)
        self.assertIn("does not belong to", self.log().splitlines()[-1])
        os.unlink(self.key)
        self.assertEqual(self.launch().wait(60), 2)


if __name__ == "__main__":
    unittest.main()
