"""`./x new`: what it refuses, and that each draft compiles without a warning and passes its own test as it is."""
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KINDS = {"source": "evidence", "check": "verification", "audit_check": "audit", "channel": "message", "hypothesis": "diagnosis", "format": "alarm"}
FLAGS = ["-std=gnu++23", "-Wall", "-Wextra", "-Werror", "-Wshadow", "-Wno-missing-field-initializers", "-Wno-deprecated-declarations", "-pthread",
         *os.environ["CONVOPS_FLAGS"].split()]
if "clang" in os.environ["CXX"]:
    FLAGS += ["-Wno-gnu-statement-expression", "-Wno-missing-designated-field-initializers"]


class Scaffold(unittest.TestCase):
    def setUp(self):
        """A tree of its own, so that no draft ever stands in this one."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.tree = Path(folder.name)
        shutil.copytree(ROOT / "tools/drafts", self.tree / "tools/drafts")
        shutil.copy(ROOT / "tools/new", self.tree / "tools/new")
        shutil.copy(ROOT / ".clang-format", self.tree)
        for folder in KINDS.values():
            shutil.copytree(ROOT / "src" / folder, self.tree / "src" / folder)

    def new(self, *arguments):
        return subprocess.run([self.tree / "tools/new", *arguments], capture_output=True, text=True, timeout=60)

    def refused(self, *arguments):
        done = self.new(*arguments)
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        return done.stderr

    def test_bad_names_are_refused_in_one_line(self):
        for name in ("Streams", "9lives", "a", "two__words", "trailing_", "../escape", "x" * 41, "", "with space"):
            self.assertIn("is no name", self.refused("source", name))
        self.assertIn("'helper'", self.refused("check", "stream_helper"))
        self.assertIn("usage", self.refused("sauce", "streams"))
        self.assertIn("usage", self.refused("source"))

    def test_a_name_that_is_taken_is_refused_and_nothing_is_overwritten(self):
        path = self.tree / "src/evidence/sources/ecs_state.cpp"
        before = path.read_bytes()
        self.assertIn("already named ecs_state", self.refused("source", "ecs_state"))
        # Two kinds of one name would define one symbol twice.
        self.assertIn("already named ecs_state", self.refused("check", "ecs_state"))
        self.assertEqual(path.read_bytes(), before)
        (self.tree / "src/evidence/streams_test.cpp").write_text("mine")
        self.assertIn("exists already", self.refused("source", "streams"))
        self.assertFalse((self.tree / "src/evidence/sources/streams.cpp").exists())

    def test_each_draft_compiles_and_passes_its_test(self):
        for kind in KINDS:
            with self.subTest(kind):
                done = self.new(kind, f"drafted_{kind}")
                self.assertEqual(done.returncode, 0, done.stderr)
                files = [self.tree / line for line in done.stdout.splitlines() if line.endswith(".cpp")]
                self.assertEqual(len(files), 2)
                for path in files:
                    self.assertNotRegex(path.read_text(), "@[a-zA-Z]+@")
                program = self.tree / f"{kind}_test"
                built = subprocess.run([os.environ["CXX"], *FLAGS, "-include", "base/precompiled.h", f"-I{ROOT}/src", *files, "-o", program,
                                        "-Wl,--start-group", *os.environ["CONVOPS_LIBRARIES"].split(":"), "-Wl,--end-group",
                                        "-lgtest", "-lgmock", "-lgtest_main", "-lboost_json"], capture_output=True, text=True, timeout=200)
                self.assertEqual(built.returncode, 0, built.stdout + built.stderr)
                ran = subprocess.run([program], capture_output=True, text=True, timeout=60)
                self.assertEqual(ran.returncode, 0, ran.stdout)


if __name__ == "__main__":
    unittest.main()
