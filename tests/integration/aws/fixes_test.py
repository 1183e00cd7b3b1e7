"""The files of fixes for an account full of hostile names: the script is run with an `aws` that only writes down what it was given, the template and
the Terraform file are read by parsers that others wrote."""
import contextlib
import json
import os
import stat
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import boto3
import hcl2
import yaml

from programs import REGION, clean_environment, keys, moto_server

NAMES = [
    "cpu", "cpu\u200b", "a'; touch \"$MARKER\" #", '$(touch "$MARKER")', '`touch "$MARKER"`', '"; touch "$MARKER"; "', "--endpoint-url=http://127.0.0.1:9",
    "-low-orders", "file:///etc/passwd", "https://evil.example/x", '["cpu"]', "@=file:///etc/passwd", "txt\u202eexe", "low\u2028orders", '${file("/etc/passwd")}',
    "$${x} %{ if true }", '"}\nresource "aws_iam_user" "x" {', 'x"\n  Evil:\n    Type: AWS::IAM::User', "!Ref AlarmTopicArn", "# comment", "नमस्ते 👩‍🚒", "low\\b\\u0041rders",
]
# The client reads names without characters that do not show: "cpu" could be either of two alarms, so neither has a fix.
NAMED = ({name.replace("\u202e", "").replace("\u2028", "") for name in NAMES} | {"resolved"}) - {"cpu", "cpu\u200b"}
RESOLVED = "{{resolve:secretsmanager:prod/db}}"

# Writes down its words, one JSON list a line, and calls nobody.
AWS = f"""#!{sys.executable}
import json, os, sys
with open(os.environ["CALLS"], "a") as calls:
    calls.write(json.dumps(sys.argv[1:]) + "\\n")
"""


class Template(yaml.SafeLoader):
    pass


Template.add_constructor("!Ref", lambda loader, node: {"Ref": loader.construct_scalar(node)})


def options_of(words):
    """As the AWS CLI reads them: --name value, --name=value; what --cli-input-json says is joined by the others."""
    options, name = {}, None
    for word in words[2:]:
        if word.startswith("--"):
            name, equals, value = word.partition("=")
            options[name] = [value] if equals else []
        else:
            options[name].append(word)
    return options


def name_of(options):
    if "--alarm-name" in options:
        return options["--alarm-name"][0]
    return json.loads(options["--cli-input-json"][0])["AlarmName"]


class Fixes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = contextlib.ExitStack()
        cls.addClassCleanup(cls.stack.close)
        url = cls.stack.enter_context(moto_server())
        client = boto3.client("cloudwatch", endpoint_url=url, region_name=REGION, aws_access_key_id="AKIATESTKEY", aws_secret_access_key="very-secret-access-key")
        for number, name in enumerate([*NAMES, "resolved"]):
            text = RESOLVED if name == "resolved" else NAMES[-number]
            client.put_metric_alarm(AlarmName=name, AlarmDescription=text, Namespace="Shop", MetricName="Orders", Statistic="Sum",
                                    Dimensions=[{"Name": "x", "Value": text}], Period=60, EvaluationPeriods=1, Threshold=1, ComparisonOperator="LessThanThreshold")
        events = boto3.client("events", endpoint_url=url, region_name=REGION, aws_access_key_id="AKIATESTKEY", aws_secret_access_key="very-secret-access-key")
        pattern = {"source": ["aws.cloudwatch"], "detail": {'x: 1\n  Evil:\n    Type: AWS::IAM::User': ["y"]}}
        events.put_rule(Name="alarms", EventPattern=json.dumps(pattern), State="DISABLED")
        cls.fixes = {}
        for language in ("cli", "cloudformation", "terraform"):
            done = subprocess.run([os.environ["CONVOPS"], "audit", "--region", REGION, "--fixes", language], capture_output=True, text=True, timeout=240,
                                  env=clean_environment(**keys(AWS_ENDPOINT_URL=url)), check=False)
            cls.fixes[language] = done.stdout

    def test_the_script_gives_the_cli_each_name_as_a_value_and_runs_nothing_else(self):
        with tempfile.TemporaryDirectory() as folder:
            program = Path(folder, "aws")
            program.write_text(AWS, encoding="utf-8")
            program.chmod(program.stat().st_mode | stat.S_IXUSR)
            marker, calls = Path(folder, "owned"), Path(folder, "calls")
            places = {name: "arn:aws:sns:eu-west-1:123456789012:on-call" for name in ("ALARM_TOPIC_ARN", "ON_CALL_MAILBOX", "DELIVERY_LOG_ROLE_ARN", "LOG_BUCKET")}
            done = subprocess.run(["sh"], input=self.fixes["cli"], capture_output=True, text=True, timeout=120, check=False,
                                  env={"PATH": f"{folder}:/usr/bin:/bin", "MARKER": str(marker), "CALLS": str(calls)} | places)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertFalse(marker.exists())
            given = [json.loads(line) for line in calls.read_text(encoding="utf-8").splitlines()]
        put = [options_of(words) for words in given if words[:2] == ["cloudwatch", "put-metric-alarm"]]
        changed = {name_of(options) for options in put}
        self.assertTrue(NAMED <= changed, NAMED - changed)
        self.assertNotIn("cpu", changed)
        for words in given:
            self.assertNotIn("--endpoint-url=http://127.0.0.1:9", words)
            for word in words:
                self.assertNotRegex(word, r"^(--[a-z-]+=)?(file|fileb|http|https)://")

    def test_the_template_names_each_alarm_and_nothing_that_was_smuggled_in(self):
        resources = yaml.load(self.fixes["cloudformation"], Loader=Template)["Resources"]
        kinds = {resource["Type"] for resource in resources.values()}
        self.assertFalse([kind for kind in kinds if kind.startswith("AWS::IAM")])
        alarms = {resource["Properties"]["AlarmName"] for resource in resources.values() if resource["Type"] == "AWS::CloudWatch::Alarm"}
        expected = NAMED - {"resolved"}
        self.assertTrue(expected <= alarms, expected - alarms)
        self.assertNotIn("{{resolve:", self.fixes["cloudformation"])

    def test_the_terraform_file_holds_no_resource_that_was_smuggled_in(self):
        parsed = hcl2.loads(self.fixes["terraform"])
        kinds = {kind.strip('"') for resource in parsed["resource"] for kind in resource}
        self.assertFalse([kind for kind in kinds if "iam" in kind])
        blocks = [name for resource in parsed["resource"] for kind, named in resource.items() if kind.strip('"') == "aws_cloudwatch_metric_alarm" for name in named]
        self.assertGreaterEqual(len(set(blocks)), len(NAMED))


if __name__ == "__main__":
    unittest.main()
