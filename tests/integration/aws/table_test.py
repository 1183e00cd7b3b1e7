"""Every row of src/adapters/aws/operations.cpp against botocore's service models."""
import re
import unittest

import botocore.session

from programs import AwsTest

# Our names are endpoint prefixes; these differ from botocore's service names.
BOTOCORE_NAMES = {"elasticloadbalancing": "elbv2", "monitoring": "cloudwatch", "servicequotas": "service-quotas",
                  "tagging": "resourcegroupstaggingapi", "elasticfilesystem": "efs", "states": "stepfunctions"}
PROTOCOLS = {"query": "query", "ec2": "ec2", "json-1.0": "json", "json-1.1": "json", "rest-json": "rest-json",
             "rest-xml": "rest-xml"}


def walk(shape, visit, seen=()):
    """Calls visit(name on the wire, name, member) for every member below a shape."""
    if shape is None or shape.name in seen:
        return
    seen += (shape.name,)
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            visit(member.serialization.get("name", name), name, member)
            walk(member, visit, seen)
    elif shape.type_name == "list":
        walk(shape.member, visit, seen)
    elif shape.type_name == "map":
        walk(shape.value, visit, seen)


class Table(AwsTest):
    @classmethod
    def setUpClass(cls):
        session = botocore.session.get_session()
        cls.rows = []
        test = cls()
        for row in test.tool(["operations"]):
            model = session.get_service_model(BOTOCORE_NAMES.get(row["service"], row["service"]))
            cls.rows.append((row, model, model.operation_model(row["operation"])))
        cls.session = session

    def check_rows(self, check):
        for row, model, operation in self.rows:
            with self.subTest(f"{row['service']}:{row['operation']}"):
                check(row, model, operation)

    def test_there_is_a_row_for_more_than_a_hundred_operations_and_none_twice(self):
        names = [(row["service"], row["operation"]) for row, _, _ in self.rows]
        self.assertGreater(len(names), 100)
        self.assertEqual(len(names), len(set(names)))

    def test_protocol_version_and_target_are_the_models(self):
        def check(row, model, _operation):
            metadata = model.metadata
            offered = metadata.get("protocols") or [metadata["protocol"]]
            self.assertIn(PROTOCOLS[row["protocol"]], offered)
            if row["protocol"].startswith("json"):
                self.assertEqual(row["version"], metadata["targetPrefix"])
                self.assertEqual(row["protocol"], "json-" + metadata["jsonVersion"])
            else:
                self.assertEqual(row["version"], metadata["apiVersion"])

        self.check_rows(check)

    def test_hosts_signing_names_and_endpoint_variables_are_the_models(self):
        def check(row, model, _operation):
            self.assertEqual(row["host"], model.endpoint_prefix)
            self.assertEqual(row["signing_name"], model.signing_name)
            self.assertEqual(row["id"], model.metadata["serviceId"].replace(" ", "_").upper())

        self.check_rows(check)

    def test_endpoints_are_global_where_botocores_are(self):
        resolver = self.session.get_component("endpoint_resolver")
        def check(row, model, _operation):
            if row["service"] in ("s3", "sts"):  # They have a global endpoint too; we use the regional ones.
                self.assertFalse(row["global"])
                return
            endpoint = resolver.construct_endpoint(model.endpoint_prefix, "eu-west-1")
            self.assertEqual(row["global"], "aws-global" == endpoint["endpointName"], endpoint)

        self.check_rows(check)

    def test_methods_paths_and_parameter_places_are_the_models(self):
        def check(row, _model, operation):
            if not row["protocol"].startswith("rest"):
                self.assertEqual((row["method"], row["path"]), ("POST", "/"))
                return
            self.assertEqual(row["method"], operation.http["method"])
            self.assertEqual(row["path"], operation.http["requestUri"].split("#")[0])
            renamed = dict(row["renamed"])
            for name, member in operation.input_shape.members.items() if operation.input_shape else ():
                place = member.serialization.get("location")
                if place in ("uri", "querystring"):
                    self.assertEqual(renamed.get(name, name), member.serialization.get("name", name))
                if place == "uri":
                    self.assertIn("{" + renamed.get(name, name) + "}", row["path"])
                if place is None:
                    self.assertNotEqual(row["method"], "GET")
                    self.assertEqual(renamed.get(name, name), member.serialization.get("name", name))

        self.check_rows(check)

    def test_timestamps_are_named(self):
        def check(row, _model, operation):
            times = set()
            walk(operation.input_shape, lambda _, name, member: times.add(name) if member.type_name == "timestamp" else 0)
            self.assertEqual(set(row["times"].split()), times)

        self.check_rows(check)

    def test_lists_in_answers_are_named(self):
        def check(row, _model, operation):
            if row["protocol"] not in ("query", "ec2", "rest-xml"):
                return
            known = {tuple(pair) for pair in row["answer_lists"]}

            def visit(wire, _, member, known=known):
                if member.type_name != "list" or member.serialization.get("flattened"):
                    return
                item = member.member.serialization.get("name", "member")
                self.assertTrue((wire, item) in known or (wire, "*") in known, (wire, item))

            walk(operation.output_shape, visit)

        self.check_rows(check)

    def test_lists_in_requests_are_written_as_the_models_say(self):
        def check(row, _model, operation):
            renamed = dict(row["request_lists"])

            def visit(_, name, member, row=row, renamed=renamed):
                if member.type_name != "list":
                    return
                if row["protocol"] == "ec2":
                    wire = member.serialization.get("name", name)
                    self.assertEqual(renamed.get(name, name), wire[0].upper() + wire[1:])
                elif row["protocol"] == "query":
                    self.assertFalse(member.serialization.get("flattened"))
                    self.assertEqual(renamed.get(name, "member"), member.member.serialization.get("name", "member"))

            if row["protocol"] in ("ec2", "query"):
                walk(operation.input_shape, visit)

        self.check_rows(check)

    def test_rows_that_customers_accounts_see_only_read(self):
        # By what the model says of itself, not by our verbs: no idempotency token (nothing is made), no PUT, PATCH or
        # DELETE. tests/unit: src/adapters/aws/operations_test.cpp looks at the verbs.
        def check(row, _model, operation):
            if row["access"] != "read":
                return
            self.assertIn(operation.http["method"], ("GET", "POST"))
            self.assertEqual(operation.idempotent_members, [])
            self.assertRegex(row["operation"], re.compile("^(Describe|List|Get|BatchGet|Lookup|Filter|StartQuery|StopQuery)"))

        self.check_rows(check)


if __name__ == "__main__":
    unittest.main()
