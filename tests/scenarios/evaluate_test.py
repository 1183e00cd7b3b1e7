"""tools/evaluate, on figures made up here: a figure that gets worse fails, one that gets better does not, and rows whose
data is missing are skipped and kept."""
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def scenario(name, broken=(), rank=1, difficulty=2):
    return {"name": name, "difficulty": difficulty, "expects_cause": True, "must_not": 1, "must_admit": 1, "rank": rank, "score": .9,
            "first_cause": "deploy", "aws_calls": 60, "broken": [{"rule": r, "what": "x"} for r in broken]}


class Evaluate(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.page = Path(self.folder.name) / "evaluation.md"
        self.page.write_text("before\n<!-- eval: begin -->\n| PetShop, issues that are here | top-1 |\n|---|---|\n| low | 4 of 4 |\n\n<!-- eval: end -->\nafter\n")

    def tearDown(self):
        self.folder.cleanup()

    def run_on(self, scenarios, *more):
        measured = Path(self.folder.name) / "measured.json"
        measured.write_text(json.dumps({"scenarios": scenarios, "recordings": []}))
        done = subprocess.run([sys.executable, ROOT / "tools/evaluate", "--page", self.page, "--measured", measured, *more],
                              env={**os.environ, "CONVOPS_SHARED_DATA": self.folder.name}, capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    def test_writes_the_table_between_the_lines_and_keeps_what_has_no_data(self):
        self.assertEqual(self.run_on([scenario("a"), scenario("b")])[0], 0)
        text = self.page.read_text()
        self.assertTrue(text.startswith("before\n") and text.endswith("after\n"))
        self.assertIn("| difficulty 2 | 2 of 2 |", text)
        self.assertIn("| low | 4 of 4 |", text)

    def test_a_drop_fails_and_says_which(self):
        self.run_on([scenario("a"), scenario("b")])
        code, told = self.run_on([scenario("a"), scenario("b", ["must_name"], rank=0)], "--check")
        self.assertEqual(code, 1)
        self.assertIn("difficulty 2 / first cause right: was 2 of 2, is 1 of 2", told)
        self.assertIn("PetShop skipped", told)

    def test_a_scenario_that_is_gone_is_a_drop(self):
        self.run_on([scenario("a"), scenario("b")])
        self.assertEqual(self.run_on([scenario("a")], "--check")[0], 1)

    def test_more_scenarios_and_better_figures_are_no_drop(self):
        self.run_on([scenario("a"), scenario("b", ["must_name"], rank=2)])
        self.assertEqual(self.run_on([scenario("a"), scenario("b"), scenario("c")], "--check")[0], 0)

    def test_a_check_writes_nothing(self):
        self.run_on([scenario("a")])
        before = self.page.read_text()
        self.run_on([scenario("a"), scenario("b")], "--check")
        self.assertEqual(self.page.read_text(), before)


class Calibration(unittest.TestCase):
    def test_the_map_of_the_program_is_the_one_that_the_blind_runs_give(self):
        printed = subprocess.run([sys.executable, ROOT / "tools/calibrate"], capture_output=True, text=True, check=True).stdout
        source = (ROOT / "src/diagnosis/calibration.cpp").read_text()
        for name in ("start", "slope"):
            fitted = re.search(rf"{name} = (-?[0-9.]+)", printed)[1]
            self.assertAlmostEqual(float(re.search(rf"double {name} = (-?[0-9.]+);", source)[1]), float(fitted), delta=.002)


if __name__ == "__main__":
    unittest.main()
