"""Our audit and Prowler on one account in moto: time, calls, and finding by finding who found what.

audit_beside_prowler.py CONVOPS PROWLER [--latency-ms N] [--runs N] [--operations]
Prints JSON lines. Status 1: Prowler found something that is in scope and our audit did not.
"""
import argparse
import collections
import contextlib
import inspect
import json
import logging
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parent.parent / "integration" / "aws")]
import boto3

from audit_account import REGION, Account
from counted_moto import Clock, counted_moto
from programs import clean_environment, keys

SERVICES = ("cloudwatch", "sns")  # as Prowler names them; its "cloudwatch" holds Logs, and the trails and roles that those checks ask for
OUR_SERVICES = {"cloudwatch", "logs", "sns", "cloudtrail"}

TRAIL = "trail_feeds_security_alarms"
# Prowler's check to ours that answer the same question.
COUNTERPARTS = {
    "cloudwatch_alarm_actions_alarm_state_configured": ("alarm_has_action",),
    "cloudwatch_alarm_actions_enabled": ("alarm_actions_enabled",),
    "cloudwatch_log_group_retention_policy_specific_days_enabled": ("log_group_expires", "log_retention_is_long_enough"),
    "sns_subscription_not_using_http_endpoints": ("topic_uses_https",),
    **{f"cloudwatch_changes_to_{what}_alarm_configured": (TRAIL,) for what in ("network_acls", "network_gateways", "network_route_tables", "vpcs")},
    **{f"cloudwatch_log_metric_filter_{what}": (TRAIL,)
       for what in ("and_alarm_for_aws_config_configuration_changes_enabled", "and_alarm_for_cloudtrail_configuration_changes_enabled",
                    "authentication_failures", "disable_or_scheduled_deletion_of_kms_cmk", "for_s3_bucket_policy_changes", "policy_changes",
                    "aws_organizations_changes", "root_usage", "security_group_changes", "sign_in_without_mfa", "unauthorized_api_calls")},
}
# What is not a question of this audit, and why.
OUT_OF_SCOPE = {
    "cloudwatch_log_group_kms_encryption_enabled": "encryption with an own key: who may read, not who is told",
    "sns_topics_kms_encryption_at_rest_enabled": "encryption with an own key: who may read, not who is told",
    "cloudwatch_log_group_no_secrets_in_logs": "secrets in log lines: the audit reads error lines of the largest groups alone",
    "cloudwatch_log_group_not_publicly_accessible": "who may read from outside, not who is told",
    "sns_topics_not_publicly_accessible": "who may publish from outside, not who is told",
    "cloudwatch_cross_account_sharing_disabled": "a role for other accounts: who may read, not who is told",
    "cloudwatch_log_group_agentcore_data_protection_policy_enabled": "masking of personal data, not who is told",
}
# The fifteen CIS filters, by what Prowler's check is called: the number that ends the name of what our check judged.
CIS_NUMBER = {
    "unauthorized_api_calls": "4.1", "sign_in_without_mfa": "4.2", "root_usage": "4.3", "policy_changes": "4.4",
    "and_alarm_for_cloudtrail_configuration_changes_enabled": "4.5", "authentication_failures": "4.6",
    "disable_or_scheduled_deletion_of_kms_cmk": "4.7", "for_s3_bucket_policy_changes": "4.8",
    "and_alarm_for_aws_config_configuration_changes_enabled": "4.9", "security_group_changes": "4.10", "network_acls": "4.11",
    "network_gateways": "4.12", "network_route_tables": "4.13", "vpcs": "4.14", "aws_organizations_changes": "4.15",
}


def cis_number(check):
    name = check.removeprefix("cloudwatch_log_metric_filter_").removeprefix("cloudwatch_changes_to_").removesuffix("_alarm_configured")
    return CIS_NUMBER.get(name)


def tail(name):
    """The part of an ARN or URL that both tools call a thing by."""
    name = name.removesuffix(":*")
    for mark in (":alarm:", ":log-group:"):
        if mark in name:
            return name.partition(mark)[2]
    return name.rsplit(":", 1)[-1] if name.startswith("arn:") else name


class Found:
    """Our failures by check."""

    def __init__(self, report):
        self.report = report
        self.by_check = collections.defaultdict(set)
        for finding in report["findings"]:
            if finding["result"] == "fail":
                self.by_check[finding["check"]].add(tail(finding["resource"] or ""))

    def verdict(self, check, finding):
        """("both" | "by choice" | "missed", a word of why) about one failure of Prowler."""
        if check in OUT_OF_SCOPE:
            return "by choice", OUT_OF_SCOPE[check]
        if check not in COUNTERPARTS:
            return "missed", "no counterpart is named in the bench"
        thing = finding["resources"][0]
        names = {tail(thing["uid"]), thing["name"]}
        if TRAIL in COUNTERPARTS[check]:
            return self.about_a_filter(check)
        if any(names & self.by_check[ours] for ours in COUNTERPARTS[check]):
            return "both", ""
        if check.startswith("cloudwatch_log_group_retention"):
            return "by choice", "a year is asked of audit logs; of others that they expire at all"
        if check == "cloudwatch_alarm_actions_alarm_state_configured":
            return self.silent_by_choice(names)
        return "missed", ""

    def about_a_filter(self, check):
        number = cis_number(check)
        if any(thing.endswith(f" {number}") for thing in self.by_check[TRAIL]):
            return "both", ""
        if self.by_check["trail_covers_all_regions"] or not any(c["check"] == TRAIL and c["passed"] + c["failed"] for c in self.report["checks"]):
            return "by choice", "no trail feeds Logs: the trail is what we name, not each filter that it can not have"
        return "missed", f"no failure of {TRAIL} ends with {number}"

    def silent_by_choice(self, names):
        for other in ("alarm_resource_exists", "alarm_changes_state"):
            if names & self.by_check[other]:
                return "by choice", f"an alarm on what is gone needs no action; {other} names it"
        return "missed", ""


class Bench:
    def __init__(self, arguments, url, calls):
        self.arguments, self.url, self.calls = arguments, url, calls
        self.environment = clean_environment(**keys(AWS_ENDPOINT_URL=url, AWS_DEFAULT_REGION=REGION))

    def timed(self, command, runs=1, **more):
        """The last run's process, and figures; seconds are the median."""
        seconds, before = [], resource.getrusage(resource.RUSAGE_CHILDREN)
        for _ in range(runs):
            self.calls.reset()
            began = time.monotonic()
            done = subprocess.run(command, capture_output=True, text=True, timeout=1800, check=False, **{"env": self.environment} | more)
            seconds.append(time.monotonic() - began)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        own = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / runs
        count = self.calls.count
        return done, {"seconds": round(statistics.median(seconds), 2), "calls": sum(count.values()), "own_processor_seconds": round(own, 2),
                      "processor_seconds_of_moto": round(self.calls.processor_seconds, 2),
                      "calls_to_cloudwatch_logs_sns": sum(n for name, n in count.items() if name.partition(":")[0] in ("monitoring", "logs", "sns"))
                      } | ({"operations": dict(count.most_common())} if self.arguments.operations else {})

    def ours(self, name, *options):
        done, figures = self.timed([self.arguments.convops, "audit", "--region", REGION, "--format", "json", *options], self.arguments.runs)
        if done.returncode != 0:
            raise SystemExit(f"{name}: status {done.returncode}: {done.stderr}")
        report = json.loads(done.stdout)
        judged = [check for check in report["checks"] if check.get("looked_at", True)]
        say(tool=name, checks=len(judged), failed_checks=sum(check["failed"] > 0 for check in judged), **figures)
        return report, figures

    def prowler(self, folder):
        done, figures = self.timed([self.arguments.prowler, "aws", "--services", *SERVICES, "--region", REGION, "--no-banner", "--output-formats",
                                    "json-ocsf", "--output-directory", folder], env=self.environment | {"HOME": folder}, cwd=folder)
        reports = list(Path(folder).glob("*.ocsf.json"))
        if not reports:
            say(tool="prowler", error=(done.stdout + done.stderr)[-1500:], **figures)
            raise SystemExit("prowler wrote no report")
        findings = json.loads(reports[0].read_text())
        said = collections.defaultdict(collections.Counter)
        for finding in findings:
            said[finding["metadata"]["event_code"]][finding["status_code"]] += 1
        say(tool="prowler, " + " and ".join(SERVICES), checks=len(said), failed_checks=sum(one["FAIL"] > 0 for one in said.values()), **figures)
        return [finding for finding in findings if finding["status_code"] == "FAIL"], figures

    def warm_up(self):
        """moto imports a service at its first call: one run that does not count, and what only Prowler asks."""
        subprocess.run([self.arguments.convops, "audit", "--region", REGION], capture_output=True, timeout=900, env=self.environment, check=False)
        client(self.url)("iam").list_roles()


def client(url):
    return lambda service, region=REGION: boto3.client(service, endpoint_url=url, region_name=region, aws_access_key_id="AKIATESTKEY",
                                                       aws_secret_access_key="very-secret-access-key")


def say(**line):
    print(json.dumps(line), flush=True)


def compare(found, failures):
    """Prints who found what. The number of failures that only Prowler found although they are in scope."""
    both, chosen, missed, seen = collections.Counter(), collections.Counter(), 0, collections.defaultdict(set)
    for finding in failures:
        check = finding["metadata"]["event_code"]
        verdict, why = found.verdict(check, finding)
        thing = finding["resources"][0]["name"] or finding["resources"][0]["uid"]
        if verdict == "both":
            both[check] += 1
            seen[check].add(tail(finding["resources"][0]["uid"]))
        elif verdict == "by choice":
            chosen[check, why] += 1
        else:
            missed += 1
            say(found="by Prowler alone", check=check, resource=thing, says=finding["status_detail"], why=why)
    for check, times in sorted(both.items()):
        say(found="by both", check=check, ours=COUNTERPARTS[check], times=times)
    for (check, why), times in sorted(chosen.items()):
        say(found="by Prowler alone, by choice", check=check, times=times, why=why)
    asked = {ours for one in COUNTERPARTS.values() for ours in one}
    for ours in sorted(asked):
        prowlers = set().union(*(seen[check] for check, mine in COUNTERPARTS.items() if ours in mine))
        if more := sorted(found.by_check[ours] - prowlers) if ours != TRAIL else []:
            say(found="by us alone", check=ours, times=len(more), resources=more[:5])
    everything = sum(len(things) for things in found.by_check.values())
    say(found="summary", by_both=sum(both.values()), by_prowler_alone_in_scope=missed, by_prowler_alone_by_choice=sum(chosen.values()),
        our_failures_in_all=everything, our_failed_checks=len([1 for things in found.by_check.values() if things]))
    return missed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("convops")
    parser.add_argument("prowler")
    parser.add_argument("--latency-ms", type=int, default=0, help="wait before each answer, as the way to AWS would")
    parser.add_argument("--runs", type=int, default=3, help="of our audit; Prowler runs once")
    parser.add_argument("--operations", action="store_true", help="also print the calls by operation")
    arguments = parser.parse_args()
    logging.disable(logging.CRITICAL)
    with contextlib.ExitStack() as stack:
        url, calls = stack.enter_context(counted_moto())
        bench = Bench(arguments, url, calls)
        # An account of which some is made in the past wants moto's clock.
        clock = {"clock": Clock()} if "clock" in inspect.signature(Account).parameters else {}
        Account(client(url), **clock).seed().plant()
        bench.warm_up()
        calls.latency = arguments.latency_ms / 1000
        whole, all_figures = bench.ours("convops audit, everything")
        failures, prowler_figures = bench.prowler(stack.enter_context(tempfile.TemporaryDirectory()))
        catalogue = json.loads(subprocess.run([arguments.convops, "audit", "--list-checks", "--format", "json"], capture_output=True, text=True,
                                              check=True).stdout)
        same = [check["check"] for check in catalogue
                if {action.partition(":")[0] for action in check["iam_actions"]} <= OUR_SERVICES]
        part, same_figures = bench.ours("convops audit, every check of CloudWatch, Logs, SNS and trails", "--only", ",".join(same))
        alike = sorted({ours for one in COUNTERPARTS.values() for ours in one})
        counterparts, alike_figures = bench.ours("convops audit, the checks that Prowler has as well", "--only", ",".join(alike))
        for name, figures in (("everything", all_figures), ("same services", same_figures), ("same checks", alike_figures)):
            say(compared=name, share_of_time=round(figures["seconds"] / prowler_figures["seconds"], 3),
                share_of_calls=round(figures["calls"] / prowler_figures["calls"], 3))
        missed = compare(Found(whole), failures)
        for name, report in (("same services", part), ("same checks", counterparts)):
            mine = Found(report)
            missed += sum(mine.verdict(one["metadata"]["event_code"], one)[0] == "missed" for one in failures)
            unlike = [check for check in alike if mine.by_check[check] != Found(whole).by_check[check]]
            say(compared=f"findings of {name} beside everything", unlike=unlike)
            missed += len(unlike)
    raise SystemExit(1 if missed else 0)


if __name__ == "__main__":
    main()
