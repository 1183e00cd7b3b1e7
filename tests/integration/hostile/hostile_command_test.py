"""Broken files, closed pipes and wrong arguments: the exit status tells, the error is one clean line, nothing crashes."""
import json
import os
import subprocess
import tempfile
import unittest

from programs import clean_environment, keys


def run(*arguments, stdout=subprocess.PIPE, environment=None):
    return subprocess.run([os.environ["CONVOPS"], *arguments], stdout=stdout, stderr=subprocess.PIPE, timeout=120,
                          env=environment or clean_environment())


class HostileCommand(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def file(self, name, content):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        return path

    def expect(self, done, status, *words):
        errors = done.stderr.decode()
        self.assertEqual(done.returncode, status, errors)
        self.assertEqual(errors.count("\n"), 1, errors)
        self.assertFalse([c for c in errors[:-1] if ord(c) < 32 or ord(c) == 127], errors)
        for word in words:
            self.assertIn(word, errors)

    def test_wrong_arguments(self):
        self.expect(run(), 2)
        self.expect(run("nonsense"), 2, "nonsense")
        self.expect(run("replay"), 2)
        self.expect(run("replay", "no\nsuch\x1b[31mfile"), 2, "no such")
        self.expect(run("replay", self.folder), 2, "folder")
        self.expect(run("serve", "--check-config", "--config", self.folder), 2, "folder")
        self.expect(run("serve", "--check-config", "--config", "/nonexistent"), 2)
        self.expect(run("template", "x\ny"), 2)
        for command in ("demo", "serve", "investigate", "replay", "template", "bench"):
            self.assertEqual(run(command, "--help").returncode, 0)

    def test_output_that_nobody_takes_is_an_error(self):
        with open("/dev/full", "wb") as full:
            self.expect(run("template", "iam-policy", stdout=full), 3, "standard output")

    def test_an_account_that_can_not_be_reached(self):
        ask = ("investigate", "--alarm", "a\nb", "--region", "eu-west-1")
        self.expect(run(*ask), 3, "credentials")
        dead = clean_environment(**keys(AWS_ENDPOINT_URL="http://127.0.0.1:1"))
        done = run(*ask, environment=dead)
        self.expect(done, 3, "127.0.0.1")
        self.assertNotIn(b"very-secret-access-key", done.stderr)
        self.expect(run("investigate", "--alarm", "a", "--region", "../../x", environment=dead), 2, "Region")

    def test_files_that_are_no_capsules_and_no_recordings(self):
        contents = [b"", b"\x28\xb5\x2f\xfd", b"\x00" * 1000, b"{}", b"[" * 100_000, b"null", b'"x"', b"\xff\xfe", b'{"format":1}']
        for content in contents:
            self.expect(run("replay", self.file("x.capsule", content)), 2)
            self.expect(run("demo", "--recording", self.file("x.account.json", content)), 2)
            self.expect(run("demo", "--recording", self.file("x.account.json.zst", content)), 2)

    def test_a_recording_with_extreme_numbers_is_no_crash(self):
        recording = {
            "format": "convops-account/1", "account": "111122223333", "region": "eu-west-1", "now": "9999-12-31T23:59:59Z",
            "alarm_message": {"AlarmName": "a\x1b[31m\u202e*_~`<!channel>|", "NewStateValue": "ALARM"},
            "metrics": [{"namespace": "n", "name": "m", "period": 60, "start": "1970-01-01T00:00:00Z", "values": [1e308, -1e308, None]}],
            "logs": [{"group": "g", "stream": "s", "events": [[1e300, "x"], [1.5, "y"], [-9e15, "z"]]}],
        }
        for period in (60, 9e15, -1, 1e308):
            recording["metrics"][0]["period"] = period
            done = run("demo", "--recording", self.file("x.account.json", json.dumps(recording)), "--chart", os.path.join(self.folder, "c.png"))
            self.assertIn(done.returncode, (0, 2, 3), done.stderr)
            self.assertNotIn(b"\x1b[31m", done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
