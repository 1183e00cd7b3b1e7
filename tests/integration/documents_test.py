"""The documents against the program: settings, the example configuration, log events, commands."""
import os
import re
import subprocess
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments, **more):
    return subprocess.run([os.environ["CONVOPS"], *arguments], capture_output=True, text=True, timeout=60, **more)


class Configuration(unittest.TestCase):
    def test_the_page_is_what_the_program_prints(self):
        block = re.search(r"^```toml\n(.*?)^```$", (ROOT / "docs/configuration.md").read_text(), re.M | re.S)
        done = run("template", "configuration")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.maxDiff = None
        self.assertEqual(block.group(1), done.stdout, "put the output of `convops template configuration` into docs/configuration.md")

    def test_the_example_is_accepted(self):
        done = run("serve", "--config", str(ROOT / "examples/convops.toml"), "--check-config")
        self.assertEqual(done.returncode, 0, done.stderr)


class Operating(unittest.TestCase):
    def test_every_log_event_is_explained_and_every_explained_one_exists(self):
        logged = set()
        for path in (ROOT / "src").rglob("*.cpp"):
            if not path.name.endswith("_test.cpp"):
                logged |= set(re.findall(r'log_(?:info|warning|error)\(\s*"([a-z_]+)"', path.read_text()))
        page = (ROOT / "docs/operating.md").read_text()
        table = page.split("| event | level |", 1)[1].split("\n\n", 1)[0]
        self.assertEqual(set(re.findall(r"^\| `([a-z_]+)` \|", table, re.M)), logged)


class Commands(unittest.TestCase):
    def test_every_command_that_the_pages_name_exists(self):
        pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
        known = set(re.findall(r"^  ([a-z-]+) {2,}", run("--help").stdout, re.M))
        for page in pages:
            for name in re.findall(r"(?:^ {4}|`)(?:\S+/)?convops ([a-z-]+)", page.read_text(), re.M):
                if name == "privacy":  # the README lists it as not there yet
                    continue
                self.assertIn(name, known, page.name)


if __name__ == "__main__":
    unittest.main()
