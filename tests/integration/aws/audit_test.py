"""`convops audit` on an account of more than three hundred resources in moto: each planted fault is found, and none of them in the healthy account."""
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

import boto3
import hcl2

from audit_account import FAULTS, REGION, Account
from programs import clean_environment, keys, moto_server


def audit(url, *options, region=REGION):
    return subprocess.run([os.environ["CONVOPS"], "audit", "--region", region, *options], capture_output=True, text=True, timeout=240,
                          env=clean_environment(**keys(AWS_ENDPOINT_URL=url)))


class Audit(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = contextlib.ExitStack()
        cls.addClassCleanup(cls.stack.close)
        cls.url = cls.stack.enter_context(moto_server())
        account = Account(lambda service, region: boto3.client(service, endpoint_url=cls.url, region_name=region, aws_access_key_id="AKIATESTKEY",
                                                               aws_secret_access_key="very-secret-access-key")).seed()
        cls.healthy = json.loads(audit(cls.url, "--format", "json").stdout)
        cls.planted = account.plant()
        cls.ill = json.loads(audit(cls.url, "--format", "json").stdout)
        cls.fixes = {language: audit(cls.url, "--fixes", language).stdout for language in ("cli", "cloudformation", "terraform")}

    @staticmethod
    def failures(report, check):
        return [finding["resource"] or "" for finding in report["findings"] if finding["check"] == check and finding["result"] == "fail"]

    def test_the_account_is_large_enough(self):
        self.assertGreaterEqual(self.healthy["resources"] + self.healthy["alarms"], 300)

    def test_each_planted_fault_is_found(self):
        for fault, where in self.planted.items():
            with self.subTest(fault):
                self.assertTrue(any(where in resource for resource in self.failures(self.ill, fault)), self.failures(self.ill, fault))

    def test_none_of_them_is_found_in_the_healthy_twin(self):
        for fault in FAULTS:
            with self.subTest(fault):
                self.assertEqual(self.failures(self.healthy, fault), [])

    def test_faults_lower_the_score(self):
        self.assertLess(self.ill["score"], self.healthy["score"])

    def test_what_could_not_be_read_is_unknown_and_never_a_failure(self):
        for finding in self.ill["findings"]:
            if finding["result"] == "unknown":
                self.assertTrue(finding["why"], finding)

    def test_the_template_of_all_fixes_has_no_finding_of_the_linter(self):
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as template:
            template.write(self.fixes["cloudformation"])
            template.flush()
            done = subprocess.run([os.path.join(os.path.dirname(sys.executable), "cfn-lint"), "--", template.name], capture_output=True, text=True,
                                  timeout=240, check=False)
        self.assertEqual(done.stdout, "")
        self.assertGreater(self.fixes["cloudformation"].count("Type: AWS::CloudWatch::Alarm"), 10)

    def test_the_terraform_file_of_all_fixes_parses_and_names_each_block_once(self):
        parsed = hcl2.loads(self.fixes["terraform"])
        names = [(kind, name) for resource in parsed["resource"] for kind, named in resource.items() for name in named]
        self.assertEqual(len(names), len(set(names)))
        self.assertGreater(len(names), 10)

    def test_the_script_of_all_fixes_is_a_shell_script_that_deletes_nothing(self):
        done = subprocess.run(["sh", "-n"], input=self.fixes["cli"], capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.stderr, "")
        commands = [line for line in self.fixes["cli"].splitlines() if line.startswith("aws ")]
        self.assertGreater(len(commands), 10)
        for command in commands:
            self.assertNotRegex(command.split()[2], "delete|remove|terminate|deregister|purge")

    def test_a_grade_below_the_wanted_one_is_status_1(self):
        self.assertNotEqual(self.ill["grade"], "A")
        self.assertEqual(audit(self.url, "--fail-under", "A", "--format", "json").returncode, 1)
        self.assertEqual(audit(self.url, "--fail-under", "F", "--format", "json").returncode, 0)
        self.assertEqual(audit(self.url, "--fail-under", "Z").returncode, 2)

    def test_a_comparison_tells_what_appeared_since_the_healthy_run(self):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as earlier:
            json.dump(self.healthy, earlier)
            earlier.flush()
            compared = json.loads(audit(self.url, "--compare", earlier.name, "--format", "json").stdout)["comparison"]
            earlier.truncate(10)
            self.assertEqual(audit(self.url, "--compare", earlier.name).returncode, 2)
        self.assertTrue(set(FAULTS) <= {finding["check"] for finding in compared["appeared"]})
        self.assertEqual(audit(self.url, "--compare", "/nonexistent.json").returncode, 2)

    def test_other_tools_can_read_it(self):
        sarif = json.loads(audit(self.url, "--format", "sarif").stdout)
        self.assertEqual(len(sarif["runs"][0]["tool"]["driver"]["rules"]), len(self.ill["checks"]))
        cases = xml.etree.ElementTree.fromstring(audit(self.url, "--format", "junit").stdout).findall("testcase")
        self.assertEqual(len(cases), len(self.ill["checks"]))

    def test_a_region_that_does_not_exist_is_one_line_and_status_2(self):
        done = audit(self.url, region="eu-wst-1")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 1)
        self.assertIn("did you mean eu-west-1?", done.stderr)


if __name__ == "__main__":
    unittest.main()
