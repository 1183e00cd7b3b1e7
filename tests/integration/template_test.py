"""What `convops template` prints for a customer's account: valid by the linter, and no wider than it promises."""
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import boto3
import yaml

READING_VERBS = ("Describe", "Get", "List", "Lookup", "Filter", "BatchGet", "Search")
# Reads by their verb, but what they return is content: secrets, messages, objects, rows, source code, credentials.
CONTENT = {"secretsmanager:GetSecretValue", "ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath", "s3:GetObject",
           "s3:GetObjectVersion", "dynamodb:GetItem", "dynamodb:BatchGetItem", "lambda:GetFunction", "ecr:GetAuthorizationToken",
           "sts:GetSessionToken", "sts:GetFederationToken", "redshift:GetClusterCredentials", "kinesis:GetRecords"}
NEVER_CHANGED = {"iam", "secretsmanager", "kms", "sts", "organizations"}
SECRET = "secretsmanager:GetSecretValue"  # allowed on one ARN at most
# The name of a service in IAM, where botocore has another.
BOTOCORE_NAME = {"elasticloadbalancing": "elbv2", "servicequotas": "service-quotas", "elasticfilesystem": "efs", "es": "opensearch",
                 "states": "stepfunctions", "tag": "resourcegroupstaggingapi"}
# Actions that are not named after the operation that they allow.
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagement.html: GET is every read
OPERATION = {"apigateway:GET": "GetStages", "s3:GetMetricsConfiguration": "ListBucketMetricsConfigurations",
             "s3:GetReplicationConfiguration": "GetBucketReplication",
             "s3:ListAllMyBuckets": "ListBuckets", "budgets:ViewBudget": "DescribeBudgets"}
# All inline policies of one role together, white space not counted.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-entity-length
MOST_INLINE_CHARACTERS = 10_240


class Loader(yaml.SafeLoader):
    """CloudFormation's short forms: !Ref x is {"Ref": x}, !If [...] is {"Fn::If": [...]}."""


def short_form(loader, suffix, node):
    value = (loader.construct_scalar(node) if isinstance(node, yaml.ScalarNode)
             else loader.construct_sequence(node, deep=True) if isinstance(node, yaml.SequenceNode)
             else loader.construct_mapping(node, deep=True))
    return {"Ref" if suffix == "Ref" else "Fn::" + suffix: value}


Loader.add_multi_constructor("!", short_form)


def printed(what, *options):
    return subprocess.run([os.environ["CONVOPS"], "template", what, *options], capture_output=True, text=True, check=True, timeout=60).stdout


def as_list(value):
    return value if isinstance(value, list) else [value]


def decided(node, conditions):
    """The template with every Fn::If decided and every resource left out whose condition is false."""
    if isinstance(node, list):
        return [decided(each, conditions) for each in node]
    if not isinstance(node, dict):
        return node
    if list(node) == ["Fn::If"]:
        condition, when_true, when_false = node["Fn::If"]
        return decided(when_true if conditions[condition] else when_false, conditions)
    return {key: decided(value, conditions) for key, value in node.items()
            if not (isinstance(value, dict) and "Type" in value and not conditions.get(value.get("Condition"), True))}


def stack(*, actions=False, endpoint=False, github=False):
    template = yaml.load(printed("customer-stack"), Loader)  # a SafeLoader
    conditions = {"ActionsEnabled": actions, "HasEndpoint": endpoint, "HasNoEndpoint": not endpoint, "HasGitHubToken": github}
    assert set(template["Conditions"]) == set(conditions)
    return decided(template, conditions)


def of_type(template, kind):
    return [resource["Properties"] for resource in template["Resources"].values() if resource["Type"] == kind]


def role_policies(template):
    """Every policy document that the role carries."""
    role, = of_type(template, "AWS::IAM::Role")
    return [policy["PolicyDocument"] for policy in role.get("Policies", []) + of_type(template, "AWS::IAM::RolePolicy")]


def role_statements(template, effect):
    return [statement for document in role_policies(template) for statement in document["Statement"] if statement["Effect"] == effect]


def actions_of(statements):
    return {action for statement in statements for action in as_list(statement["Action"])}


def resource_policies(template):
    kinds = ("AWS::SNS::TopicPolicy", "AWS::SQS::QueuePolicy")
    return [statement for kind in kinds for policy in of_type(template, kind) for statement in policy["PolicyDocument"]["Statement"]]


class Linted(unittest.TestCase):
    def test_the_linter_finds_nothing(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "stack.yaml"
            path.write_text(printed("customer-stack"))
            linter = Path(sys.executable).parent / "cfn-lint"
            done = subprocess.run([linter, "--non-zero-exit-code", "informational", "--include-checks", "I", "--", path],
                                  capture_output=True, text=True, timeout=240)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


class Role(unittest.TestCase):
    def test_what_is_allowed_only_reads(self):
        allowed = actions_of(role_statements(stack(), "Allow"))
        self.assertGreater(len(allowed), 20)
        for action in allowed:
            with self.subTest(action):
                self.assertRegex(action, r"^[a-z0-9-]+:[A-Z][A-Za-z0-9]+$", "one named action, no wildcard")
                self.assertTrue(OPERATION.get(action, action.split(":")[1]).startswith(READING_VERBS))
                self.assertNotIn(action, CONTENT)

    def test_every_allowed_action_exists(self):
        for action in sorted(actions_of(role_statements(stack(), "Allow"))):
            with self.subTest(action):
                service, operation = action.split(":")
                client = boto3.client(BOTOCORE_NAME.get(service, service), region_name="eu-west-1", aws_access_key_id="none", aws_secret_access_key="none")
                self.assertIn(OPERATION.get(action, operation), client.meta.service_model.operation_names)

    def test_everything_that_is_not_allowed_is_denied(self):
        for enabled in (False, True):
            with self.subTest(actions=enabled):
                template = stack(actions=enabled)
                deny, one_secret = role_statements(template, "Deny")
                self.assertEqual(deny["Resource"], "*")
                self.assertNotIn("Condition", deny)
                self.assertEqual(set(deny["NotAction"]) - {SECRET}, actions_of(role_statements(template, "Allow")))
                self.assertEqual(one_secret["Action"], SECRET)
                self.assertIn("secret:none", str(one_secret["NotResource"]))

    def test_one_secret_may_be_read_when_it_is_named_and_no_other(self):
        template = stack(github=True)
        allow, = [s for s in role_statements(template, "Allow") if SECRET in as_list(s["Action"])]
        self.assertEqual(allow["Resource"], {"Ref": "GitHubTokenSecretArn"})
        _, deny = role_statements(template, "Deny")
        self.assertEqual((deny["Action"], deny["NotResource"]), (SECRET, {"Ref": "GitHubTokenSecretArn"}))
        self.assertEqual(template["Parameters"]["GitHubTokenSecretArn"]["Default"], "")

    def test_actions_add_only_named_remediations(self):
        added = actions_of(role_statements(stack(actions=True), "Allow")) - actions_of(role_statements(stack(), "Allow"))
        self.assertTrue(added)
        for action in added:
            with self.subTest(action):
                self.assertRegex(action, r"^[a-z0-9-]+:[A-Z][A-Za-z0-9]+$")
                service, operation = action.split(":")
                self.assertNotIn(service, NEVER_CHANGED)
                # Clearing a function's reserved concurrency is called a delete; it deletes no resource.
                if action != "lambda:DeleteFunctionConcurrency":
                    self.assertNotRegex(operation, "^(Delete|Terminate|Remove|Create(?!Invalidation))|SecurityGroup|Vpc")

    def test_only_the_named_principal_with_the_external_id_may_assume_it(self):
        template = stack()
        role, = of_type(template, "AWS::IAM::Role")
        statement, = role["AssumeRolePolicyDocument"]["Statement"]
        self.assertEqual(statement["Action"], "sts:AssumeRole")
        self.assertEqual(statement["Principal"], {"AWS": {"Ref": "ConvOpsPrincipalArn"}})
        self.assertEqual(statement["Condition"], {"StringEquals": {"sts:ExternalId": {"Ref": "ExternalId"}}})
        self.assertNotIn("ManagedPolicyArns", role)

    def test_the_external_id_is_long_hidden_and_has_no_default(self):
        parameter = stack()["Parameters"]["ExternalId"]
        self.assertGreaterEqual(parameter["MinLength"], 16)
        self.assertIs(parameter["NoEcho"], True)
        self.assertNotIn("Default", parameter)

    def test_the_principal_can_not_be_everybody(self):
        pattern = stack()["Parameters"]["ConvOpsPrincipalArn"]["AllowedPattern"]
        self.assertIsNotNone(re.fullmatch(pattern, "arn:aws:iam::111122223333:role/convops"))
        for bad in ("*", "arn:aws:iam::111122223333:role/*", "arn:aws:iam::*:root", ""):
            self.assertIsNone(re.fullmatch(pattern, bad), bad)

    def test_actions_are_off_by_default(self):
        self.assertEqual(stack()["Parameters"]["EnableActions"]["Default"], "false")

    def test_the_policies_fit_into_one_role(self):
        for enabled in (False, True):
            characters = sum(len(json.dumps(document, separators=(",", ":"))) for document in role_policies(stack(actions=enabled, github=True)))
            self.assertLess(characters, MOST_INLINE_CHARACTERS, f"actions={enabled}")

    def test_every_statement_names_its_resource(self):
        for statement in role_statements(stack(actions=True), "Allow") + resource_policies(stack()):
            self.assertIn("Resource", statement)


class TopicAndQueue(unittest.TestCase):
    def test_nobody_is_everybody(self):
        for statement in resource_policies(stack()):
            with self.subTest(statement["Sid"]):
                self.assertNotEqual(statement["Principal"], "*")
                self.assertNotIn("*", as_list(list(statement["Principal"].values())[0]))
                self.assertNotEqual(statement["Resource"], "*")
                self.assertFalse(any("*" in action for action in as_list(statement["Action"])))

    def test_only_the_topic_fills_the_queue_and_only_convops_empties_it(self):
        policy, = of_type(stack(), "AWS::SQS::QueuePolicy")
        may = {action: statement for statement in policy["PolicyDocument"]["Statement"] for action in as_list(statement["Action"])}
        self.assertEqual(set(may), {"sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"})
        self.assertEqual(may["sqs:SendMessage"]["Principal"], {"Service": "sns.amazonaws.com"})
        self.assertEqual(may["sqs:SendMessage"]["Condition"], {"ArnEquals": {"aws:SourceArn": {"Ref": "AlarmTopic"}}})
        self.assertEqual(may["sqs:ReceiveMessage"]["Principal"], {"AWS": {"Ref": "ConvOpsPrincipalArn"}})

    def test_only_this_accounts_alarms_reach_the_topic(self):
        policy, = of_type(stack(), "AWS::SNS::TopicPolicy")
        statement, = policy["PolicyDocument"]["Statement"]
        self.assertEqual(statement["Principal"], {"Service": "cloudwatch.amazonaws.com"})
        self.assertEqual(statement["Condition"], {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}})

    def test_alarms_go_to_the_endpoint_or_to_the_queue_and_never_nowhere(self):
        for endpoint, protocol in ((True, "https"), (False, "sqs")):
            subscription, = of_type(stack(endpoint=endpoint), "AWS::SNS::Subscription")
            self.assertEqual(subscription["Protocol"], protocol)
        kept, = of_type(stack(endpoint=True), "AWS::SNS::Subscription")
        self.assertIn("deadLetterTargetArn", kept["RedrivePolicy"])


class IamPolicy(unittest.TestCase):
    def test_it_allows_what_the_stack_allows_and_denies_the_rest(self):
        policy = json.loads(printed("iam-policy"))
        allow, deny = policy["Statement"]
        self.assertEqual((allow["Effect"], deny["Effect"]), ("Allow", "Deny"))
        self.assertEqual(set(allow["Action"]), actions_of(role_statements(stack(), "Allow")))
        self.assertEqual(deny["NotAction"], allow["Action"])
        self.assertEqual((allow["Resource"], deny["Resource"]), ("*", "*"))
        self.assertLess(len(json.dumps(policy, separators=(",", ":"))), MOST_INLINE_CHARACTERS)

    def test_the_audits_actions_are_a_statement_of_their_own_and_only_read(self):
        policy = json.loads(printed("iam-policy", "--audit"))
        reads, audits, deny = policy["Statement"]
        self.assertEqual((audits["Sid"], audits["Effect"], audits["Resource"]), ("ConvOpsAudits", "Allow", "*"))
        self.assertEqual(set(reads["Action"]), actions_of(role_statements(stack(), "Allow")))
        self.assertFalse(set(reads["Action"]) & set(audits["Action"]))
        self.assertEqual(set(deny["NotAction"]), set(reads["Action"]) | set(audits["Action"]))
        self.assertLess(len(json.dumps(policy, separators=(",", ":"))), MOST_INLINE_CHARACTERS)
        for action in audits["Action"]:
            with self.subTest(action):
                self.assertRegex(action, r"^[a-z0-9-]+:[A-Z][A-Za-z0-9]+$", "one named action, no wildcard")
                self.assertNotIn(action, CONTENT)
                service, operation = action.split(":")
                operation = OPERATION.get(action, operation)
                self.assertTrue(operation.startswith(READING_VERBS))
                client = boto3.client(BOTOCORE_NAME.get(service, service), region_name="eu-west-1", aws_access_key_id="none", aws_secret_access_key="none")
                self.assertIn(operation, client.meta.service_model.operation_names)

    def test_an_unknown_template_is_one_line_and_status_2(self):
        done = subprocess.run([os.environ["CONVOPS"], "template", "iam-polcy"], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 2)
        self.assertEqual(len(done.stderr.splitlines()), 1)
        self.assertIn('did you mean iam-policy?', done.stderr)


if __name__ == "__main__":
    unittest.main()
