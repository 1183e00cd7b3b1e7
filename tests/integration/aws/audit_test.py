"""`convops audit` on an account of more than three hundred resources in moto: each planted fault is found, and nothing at all in its healthy twin."""
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree
from pathlib import Path

import boto3
import hcl2
import yaml

from audit_account import FAULTS, NOT_HEALTHY_IN_MOTO, NOT_IN_MOTO, REGION, REGIONS, SMALL_REGION, Account
from programs import clean_environment, keys, moto_server_and_clock


def audit(url, *options, region=REGIONS):
    return subprocess.run([os.environ["CONVOPS"], "audit", "--region", region, *options], capture_output=True, text=True, timeout=240,
                          env=clean_environment(**keys(AWS_ENDPOINT_URL=url)))


# What a new or a changed alarm alone can mend: after the fixes nothing of these is left.
MENDED_BY_ALARMS = (
    "load_balancer_has_alarms", "database_has_alarms", "function_has_alarms", "container_service_has_alarms", "dead_letter_queue_has_alarm",
    "nat_gateway_has_alarms", "certificate_expiry_is_watched", "status_check_recovers", "burst_balance_has_alarm", "kubernetes_has_alarms",
    "statistic_fits", "threshold_is_possible", "pace_is_as_advised", "quota_usage_is_watched", "alarm_has_action", "alarm_actions_enabled",
    "alarm_action_target_exists", "alarm_fires_on_more_than_one_datapoint", "alarm_treats_missing_data_well", "alarm_has_ok_action",
    "percentile_alarm_ignores_few_samples", "alarm_looks_back_at_most_a_day", "metric_filter_has_alarm",
)


def alarms_in(template, topic):
    """The alarms of the template as PutMetricAlarm takes them, which has the same fields."""
    class Loader(yaml.SafeLoader):
        pass

    Loader.add_constructor("!Ref", lambda loader, node: topic if node.value == "AlarmTopicArn" else node.value)
    return [one["Properties"] for one in yaml.load(template, Loader)["Resources"].values() if one["Type"] == "AWS::CloudWatch::Alarm"]


class Audit(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = contextlib.ExitStack()
        cls.addClassCleanup(cls.stack.close)
        cls.url, clock = cls.stack.enter_context(moto_server_and_clock())
        account = Account(lambda service, region: boto3.client(service, endpoint_url=cls.url, region_name=region, aws_access_key_id="AKIATESTKEY",
                                                               aws_secret_access_key="very-secret-access-key"), clock).seed()
        with tempfile.NamedTemporaryFile("w", suffix=".json") as earlier:
            earlier.write(audit(cls.url, "--format", "json").stdout)
            earlier.flush()
            cls.healthy = json.loads(Path(earlier.name).read_text())
            cls.planted = account.plant()
            cls.ill = json.loads(audit(cls.url, "--compare", earlier.name, "--format", "json").stdout)
        cls.fixes = {language: audit(cls.url, "--fixes", language, region=REGION).stdout for language in ("cli", "cloudformation", "terraform")}
        cls.parts = {only: json.loads(audit(cls.url, "--format", "json", "--only", only).stdout) for only in ("hygiene", "delivery,logs", "alarm_has_action,59")}
        for alarm in alarms_in(cls.fixes["cloudformation"], account.topic):  # from here on the account is another
            account.cloudwatch.put_metric_alarm(**alarm)
        cls.mended = json.loads(audit(cls.url, "--format", "json", region=REGION).stdout)

    @staticmethod
    def failures(report, check):
        return [finding["resource"] or "" for finding in report["findings"] if finding["check"] == check and finding["result"] == "fail"]

    def test_the_account_is_large_enough(self):
        self.assertGreaterEqual(self.healthy["resources"], 300)

    def test_every_check_has_a_planted_fault_or_a_reason_why_moto_can_not_express_it(self):
        self.assertEqual(set(FAULTS) & set(NOT_IN_MOTO), set())
        self.assertEqual(set(FAULTS) | set(NOT_IN_MOTO), {check["check"] for check in self.healthy["checks"]})
        self.assertEqual(len(self.healthy["checks"]), 80)
        print(f"{len(FAULTS)} of 80 checks have a planted fault; {self.healthy['resources']} resources, {self.healthy['alarms']} alarms")

    def test_each_planted_fault_is_found(self):
        for fault, where in self.planted.items():
            with self.subTest(fault):
                found = self.failures(self.ill, fault)
                self.assertEqual([part for part in where if not any(part in resource for resource in found)], [], found)

    def test_nothing_is_found_in_the_healthy_twin(self):
        found = [(finding["check"], finding["resource"], finding["why"]) for finding in self.healthy["findings"] if finding["result"] == "fail"]
        self.assertEqual(found, [])
        self.assertEqual((self.healthy["grade"], self.healthy["untold"]), ("A", []))

    def test_every_planted_check_has_looked_at_something_healthy(self):
        looked = {check["check"] for check in self.healthy["checks"] if check["passed"]}
        self.assertEqual(set(FAULTS) - looked, set(NOT_HEALTHY_IN_MOTO))

    def test_a_moment_of_which_nobody_would_have_been_told_is_told(self):
        self.assertEqual(len(self.ill["untold"]), 1)
        self.assertIn("dead-mail", self.ill["untold"][0]["resource"])
        self.assertEqual((self.ill["untold"][0]["worst"], self.ill["untold"][0]["false_alarms"]), (7, 0))
        self.assertIn("put-metric-alarm", self.ill["untold"][0]["fix"]["cli"])

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

    def test_the_alarms_of_the_template_mend_what_they_are_for_and_break_nothing(self):
        left = {check: self.failures(self.mended, check) for check in MENDED_BY_ALARMS}
        self.assertEqual({check: where for check, where in left.items() if where}, {})
        self.assertGreater(self.mended["score"], self.ill["score"] + 5)

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
        self.assertEqual(audit(self.url, "--fail-under", "A", region=SMALL_REGION).returncode, 1)
        self.assertEqual(audit(self.url, "--fail-under", "F", region=SMALL_REGION).returncode, 0)
        self.assertEqual(audit(self.url, "--fail-under", "Z").returncode, 2)

    def test_a_comparison_tells_what_appeared_since_the_healthy_run(self):
        self.assertTrue(set(FAULTS) <= {finding["check"] for finding in self.ill["comparison"]["appeared"]})
        with tempfile.NamedTemporaryFile("w", suffix=".json") as broken:
            broken.write('{"findings": [')
            broken.flush()
            self.assertEqual(audit(self.url, "--compare", broken.name, region=SMALL_REGION).returncode, 2)
        self.assertEqual(audit(self.url, "--compare", "/nonexistent.json", region=SMALL_REGION).returncode, 2)

    def test_other_tools_can_read_it(self):
        sarif = json.loads(audit(self.url, "--format", "sarif", region=SMALL_REGION).stdout)
        self.assertEqual(len(sarif["runs"][0]["tool"]["driver"]["rules"]), len(self.ill["checks"]))
        cases = xml.etree.ElementTree.fromstring(audit(self.url, "--format", "junit", region=SMALL_REGION).stdout).findall("testcase")
        self.assertEqual(len(cases), len(self.ill["checks"]))

    def test_a_part_says_what_the_whole_says_of_it_with_fewer_calls_and_that_the_rest_was_not_looked_at(self):
        for only, part in self.parts.items():
            with self.subTest(only):
                looked_at = {check["check"] for check in part["checks"] if check["looked_at"]}
                self.assertEqual(set(part["only"]), looked_at)
                self.assertEqual(len(part["checks"]), len(self.ill["checks"]))
                for check in sorted(looked_at):
                    self.assertEqual(sorted(self.failures(part, check)), sorted(self.failures(self.ill, check)), check)
                self.assertEqual({finding["check"] for finding in part["findings"]} - looked_at, set())
                self.assertLess(part["cost"]["aws_calls"], self.ill["cost"]["aws_calls"])
        wrong = audit(self.url, "--only", "deliverry")
        self.assertEqual((wrong.returncode, len(wrong.stderr.splitlines())), (2, 1), wrong.stderr)
        self.assertIn("did you mean delivery?", wrong.stderr)

    def test_a_region_that_does_not_exist_is_one_line_and_status_2(self):
        done = audit(self.url, region="eu-wst-1")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 1)
        self.assertIn("did you mean eu-west-1?", done.stderr)


if __name__ == "__main__":
    unittest.main()
