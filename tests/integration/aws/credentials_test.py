"""Where credentials come from, against real endpoints of each kind; and that no secret is ever written."""
import http.server
import json
import os
import tempfile
import unittest

from programs import REGION, AwsTest, clean_environment, serving

SECRET = "very-secret-access-key"
TOKEN = "very-secret-session-token"
FIELDS = {"AccessKeyId": "ASIAFETCHED", "SecretAccessKey": SECRET, "Token": TOKEN, "Expiration": "2099-01-01T00:00:00Z"}
STS = ("<{0}Response><{0}Result><Credentials><AccessKeyId>ASIASTS</AccessKeyId><SecretAccessKey>" + SECRET
       + "</SecretAccessKey><SessionToken>" + TOKEN + "</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>"
       "</Credentials></{0}Result></{0}Response>")


class Everything(http.server.ThreadingHTTPServer):
    """Instance metadata, container credentials, STS and the service itself, on one port."""
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Connection)
        self.seen = []


class Connection(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        """Quiet."""

    def answer(self, status, body):
        body = body.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_PUT(self):
        self.server.seen.append(("PUT " + self.path, dict(self.headers), ""))
        ttl = self.headers.get("X-aws-ec2-metadata-token-ttl-seconds")
        self.answer(200 if self.path == "/latest/api/token" and ttl else 400, "imds-token")

    def do_GET(self):
        self.server.seen.append(("GET " + self.path, dict(self.headers), ""))
        if self.path.startswith("/latest/"):
            if self.headers.get("X-aws-ec2-metadata-token") != "imds-token":
                return self.answer(401, "")
            return self.answer(200, "the-role" if self.path.endswith("/") else json.dumps(FIELDS))
        if self.path == "/container":
            if self.headers.get("Authorization") != "Bearer very-secret-container-token":
                return self.answer(403, "who are you? very-secret-container-token")
            return self.answer(200, json.dumps(FIELDS))
        return self.answer(404, "")

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self.server.seen.append(("POST " + self.path, dict(self.headers), body))
        for operation in ("AssumeRoleWithWebIdentity", "AssumeRole"):
            if f"Action={operation}&" in body:
                return self.answer(200, STS.format(operation))
        return self.answer(200, "{}")


class Sources(AwsTest):
    def call(self, environment, arguments=(), url_names=("AWS_ENDPOINT_URL",), status=0):
        """One ECS call with these settings; {url} in them is the server. Returns the row and what the server saw."""
        server = Everything()
        with serving(server) as url:
            settings = {name: value.replace("{url}", url) for name, value in environment.items()}
            settings |= {"AWS_REGION": REGION} | {name: url for name in url_names}
            rows = self.tool(["call", *arguments], [{"service": "ecs", "operation": "ListClusters"}], clean_environment(**settings))
        self.assertNotIn("very-secret", json.dumps(rows))
        return rows[0], server.seen

    def key_of(self, seen):
        authorization = seen[-1][1]["Authorization"]
        self.assertNotIn("very-secret", authorization)
        return authorization.split("Credential=")[1].split("/")[0]

    def test_instance_metadata_version_2(self):
        row, seen = self.call({"AWS_EC2_METADATA_SERVICE_ENDPOINT": "{url}", "AWS_EC2_METADATA_DISABLED": "false"})
        self.answer(row)
        self.assertEqual([what for what, _, _ in seen][:3], ["PUT /latest/api/token", "GET /latest/meta-data/iam/security-credentials/",
                                                               "GET /latest/meta-data/iam/security-credentials/the-role"])
        self.assertEqual(self.key_of(seen), "ASIAFETCHED")
        self.assertEqual(seen[-1][1]["X-Amz-Security-Token"], TOKEN)

    def test_container_credentials_with_a_token_file(self):
        with tempfile.NamedTemporaryFile("w") as token:
            token.write("Bearer very-secret-container-token\n")
            token.flush()
            row, seen = self.call({"AWS_CONTAINER_CREDENTIALS_FULL_URI": "{url}/container",
                                   "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": token.name})
        self.answer(row)
        self.assertEqual(self.key_of(seen), "ASIAFETCHED")

    def test_a_refused_container_token_is_not_repeated(self):
        row, _ = self.call({"AWS_CONTAINER_CREDENTIALS_FULL_URI": "{url}/container",
                            "AWS_CONTAINER_AUTHORIZATION_TOKEN": "Bearer very-secret-wrong"})
        self.assertIn("container credentials: HTTP status 403", self.error(row)["message"])

    def test_container_credentials_come_from_near_only(self):
        row, seen = self.call({"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://example.com/container"})
        self.assertIn("loopback", self.error(row)["message"])
        self.assertEqual(seen, [])

    def test_web_identity_is_unsigned(self):
        with tempfile.NamedTemporaryFile("w") as token:
            token.write("very-secret-identity")
            token.flush()
            row, seen = self.call({"AWS_WEB_IDENTITY_TOKEN_FILE": token.name, "AWS_ROLE_ARN": "arn:aws:iam::111122223333:role/r"})
        self.answer(row)
        self.assertIn("WebIdentityToken=very-secret-identity", seen[0][2])
        self.assertNotIn("Authorization", seen[0][1])
        self.assertEqual(self.key_of(seen), "ASIASTS")

    def test_a_connections_role_with_its_external_id(self):
        row, seen = self.call({"AWS_ACCESS_KEY_ID": "AKIAOWN", "AWS_SECRET_ACCESS_KEY": SECRET},
                              ["--role-arn", "arn:aws:iam::111122223333:role/convops", "--external-id", "cust 7/+"])
        self.answer(row)
        self.assertIn("ExternalId=cust%207%2F%2B", seen[0][2])
        self.assertIn("DurationSeconds=900", seen[0][2])
        self.assertIn("Credential=AKIAOWN/", seen[0][1]["Authorization"])
        self.assertEqual(self.key_of(seen), "ASIASTS")

    def test_a_profile_with_a_source_and_its_own_endpoints(self):
        with tempfile.TemporaryDirectory() as home:
            os.mkdir(os.path.join(home, ".aws"))
            server = Everything()
            with serving(server) as url:
                with open(os.path.join(home, ".aws", "config"), "w", encoding="utf-8") as file:
                    file.write(f"[profile prod]\nrole_arn = arn:aws:iam::111122223333:role/r\ncredential_source = EcsContainer\n"
                               f"region = {REGION}\nservices = here\n[services here]\necs =\n  endpoint_url = {url}\n"
                               f"sts =\n  endpoint_url = {url}\n")
                rows = self.tool(["call"], [{"service": "ecs", "operation": "ListClusters"}], clean_environment(
                    HOME=home, AWS_PROFILE="prod", AWS_CONTAINER_CREDENTIALS_FULL_URI=url + "/container",
                    AWS_CONTAINER_AUTHORIZATION_TOKEN="Bearer very-secret-container-token"))
            self.answer(rows[0])
            self.assertEqual(self.key_of(server.seen), "ASIASTS")

    def test_plain_http_beyond_loopback_is_refused(self):
        row, seen = self.call({"AWS_ACCESS_KEY_ID": "AKIAOWN", "AWS_SECRET_ACCESS_KEY": SECRET,
                               "AWS_ENDPOINT_URL_ECS": "http://ecs.example.com"}, url_names=())
        self.assertEqual(self.error(row)["kind"], "invalid_input")
        self.assertIn("loopback", self.error(row)["message"])
        self.assertEqual(seen, [])

    def test_without_credentials_the_error_says_what_to_set(self):
        row, seen = self.call({})
        self.assertIn("AWS_ACCESS_KEY_ID", self.error(row)["message"])
        self.assertEqual(seen, [])


if __name__ == "__main__":
    unittest.main()
