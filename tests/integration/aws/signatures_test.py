"""Our signatures against botocore's, on random requests."""
import datetime
import random
import unittest
from unittest import mock
from urllib.parse import quote

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from programs import AwsTest

LETTERS = "abcXYZ019-_.~ /+=&%:,;@!$'()*é語\U0001f600"


def random_text(dice, longest, letters=LETTERS):
    return "".join(dice.choice(letters) for _ in range(dice.randint(1, longest)))


def random_request(dice):
    s3 = dice.random() < 0.25
    segments = [random_text(dice, 12).replace("/", "") or "x" for _ in range(dice.randint(0, 4))]
    if not s3 and dice.random() < 0.2:
        segments.insert(dice.randint(0, len(segments)), dice.choice(["..", ".", ""]))
    path = "/" + "/".join(quote(segment, safe="-_.~") for segment in segments)
    query = "&".join(quote(random_text(dice, 8), safe="-_.~") + "=" + quote(random_text(dice, 12), safe="-_.~")
                     for _ in range(dice.randint(0, 5)))
    headers = [{"name": "Host", "value": dice.choice(["example.amazonaws.com", "127.0.0.1:4566", "sts.eu-west-1.amazonaws.com"])}]
    for number in range(dice.randint(0, 4)):
        headers.append({"name": dice.choice(["X-Custom-", "content-", "X-AMZ-"]) + str(number),
                        "value": random_text(dice, 30, "abc  XYZ;,=/\t")})
    at = datetime.datetime(2026, 1, 1) + datetime.timedelta(seconds=dice.randint(0, 10**8))
    presign = dice.random() < 0.3
    if presign:  # botocore keeps the first of equal names, and moves a body into the query.
        query = "&".join({piece.split("=")[0]: piece for piece in query.split("&")}.values())
    return {"method": dice.choice(["GET", "POST", "PUT", "DELETE", "HEAD"]), "path": path, "query": query,
            "headers": headers, "body": random_text(dice, 200) if dice.random() < 0.6 and not presign else "",
            "access_key_id": "AKIA" + random_text(dice, 12, "ABCDEF234"),
            "secret_access_key": random_text(dice, 40, "abcDEF123/+="),
            "token": random_text(dice, 200, "abcDEF123/+=") if dice.random() < 0.5 else "",
            "region": dice.choice(["eu-west-1", "us-gov-west-1", "cn-north-1"]),
            "service": dice.choice(["ecs", "monitoring", "execute-api"]), "at": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "s3": s3, "presign": presign, "expires": dice.randint(1, 604800)}


def botocore_signature(case):
    credentials = Credentials(case["access_key_id"], case["secret_access_key"], case["token"] or None)
    service = "s3" if case["s3"] else case["service"]
    host = case["headers"][0]["value"]
    request = AWSRequest(case["method"], f"https://{host}{case['path']}" + ("?" + case["query"] if case["query"] else ""),
                         data=case["body"].encode())
    for header in case["headers"]:
        request.headers[header["name"]] = header["value"]
    if case["presign"]:
        kind = botocore.auth.S3SigV4QueryAuth if case["s3"] else botocore.auth.SigV4QueryAuth
        signer = kind(credentials, service, case["region"], expires=case["expires"])
    else:
        kind = botocore.auth.S3SigV4Auth if case["s3"] else botocore.auth.SigV4Auth
        signer = kind(credentials, service, case["region"])
    at = datetime.datetime.strptime(case["at"], "%Y-%m-%dT%H:%M:%SZ")
    with mock.patch.object(botocore.auth, "get_current_datetime", return_value=at):
        signer.add_auth(request)
    if case["presign"]:
        return request.url.split("X-Amz-Signature=")[1]
    return request.headers["Authorization"].split("Signature=")[1]


class Signatures(AwsTest):
    def test_500_random_requests_are_signed_as_botocore_signs_them(self):
        seed = random.SystemRandom().randint(0, 10**9)
        dice = random.Random(seed)
        cases = [random_request(dice) for _ in range(500)]
        for case in cases:
            if case["s3"]:
                case["service"] = "s3"
        answers = self.tool(["sign"], cases)
        self.assertEqual(len(answers), len(cases))
        for case, answer in zip(cases, answers):
            self.assertEqual(answer["signature"], botocore_signature(case),
                             f"seed {seed}: {case}\n{answer['canonical_request']}")


if __name__ == "__main__":
    unittest.main()
