"""Unit tests of the pure parts: aggregation, alarm evaluation, log reading and account assembly.

    python3 -m unittest discover -s tools/record
"""
import json
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import account  # noqa: E402
import aggregate  # noqa: E402
import alarm  # noqa: E402
import answers_database  # noqa: E402
import answers_ecs  # noqa: E402
import logs  # noqa: E402
from plan import PLANS, AlarmRule, Plan  # noqa: E402

T0 = 1795463000
RULE = AlarmRule("a", "d", "AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", {"LoadBalancer": "lb"}, "Sum", 5.0, 2, 3)


def counter(values: list, start: int = T0) -> dict:
    return {"name": "n", "start": start, "values": values, "counter": True}


def sample(t: int, **over) -> dict:
    found = {"t": float(t), "tasks": [], "db": {"connections": 1, "active": [], "database": [0, 0, 0, 0], "writer": [0], "wal": [0, 0, 0, 0]},
             "db_host": {"free": 900, "size": 1000, "cpu": 1.0, "mb": 10.0}, "queue": None, "cache": None}
    return {**found, **over}


class Aggregation(unittest.TestCase):
    def test_rounding_keeps_significant_digits(self):
        self.assertEqual([aggregate.rounded(v) for v in (0.0123456, 1234567.0, 0, None)], [0.01235, 1235000, 0, None])

    def test_percentile_interpolates(self):
        self.assertEqual(aggregate.percentile([1.0, 2.0, 3.0, 4.0], 0.5), 2.5)
        self.assertEqual(aggregate.percentile([7.0], 0.99), 7.0)

    def test_rate_is_unknown_across_a_gap_and_a_restart(self):
        self.assertEqual(aggregate.rates([(0, 10), (2, 14), None, (4, 20), (5, 3)]), [2.0, None, None, None])

    def test_load_balancer_tells_its_own_answers_from_the_targets(self):
        requests = [(T0 + 0.1, 0.2, 200, "target", "t"), (T0 + 0.5, 0.4, 500, "target", "t"), (T0 + 1.5, 1.0, 502, "elb", "t"),
                    (T0 - 1.0, 9.0, 500, "target", "t")]
        found = {(s["name"], len(s["dimensions"])): s for s in aggregate.load_balancer(requests, {T0: (3, 0)}, T0, 2, "lb", "g")}
        self.assertEqual(found["RequestCount", 1]["values"], [2, 1])
        self.assertEqual(found["HTTPCode_Target_5XX_Count", 2]["values"], [1, None])
        self.assertEqual(found["HTTPCode_ELB_5XX_Count", 1]["values"], [None, 1])
        self.assertEqual(found["TargetResponseTime", 1]["values"], [0.3, None])
        self.assertEqual(found["TargetResponseTime", 1]["samples"], [2, 0])
        self.assertEqual(found["HealthyHostCount", 2]["values"], [3, None])

    def test_a_database_that_is_down_has_no_datapoint(self):
        samples = [sample(T0), sample(T0 + 1, db=None, db_host={"free": 0, "size": 1000, "cpu": None, "mb": None}), sample(T0 + 2)]
        found = {s["name"]: s["values"] for s in aggregate.database(samples, T0, "db")}
        self.assertEqual(found["DatabaseConnections"], [1, None])
        self.assertEqual(found["FreeStorageSpace"], [900, 0])
        self.assertEqual(found["CPUUtilization"], [None, None])

    def test_a_process_caught_while_ending_is_no_reading(self):
        samples = [sample(T0, tasks=[{"service": "s", "id": "a", "cpu": 1.0, "mb": 0}, {"service": "s", "id": "b", "cpu": 1.0, "mb": 51.2}]),
                   sample(T0 + 1, tasks=[{"service": "s", "id": "b", "cpu": 1.1, "mb": 51.2}])]
        self.assertEqual(aggregate.task_groups(samples, "s", "mb"), [[10.0]])
        self.assertEqual([round(v, 6) for v in aggregate.task_groups(samples, "s", "cpu")[0]], [40.0])

    def test_a_late_sample_belongs_to_the_second_it_was_due(self):
        found = aggregate.by_second([sample(T0), {**sample(T0), "t": T0 + 1.02}], T0, 2)
        self.assertEqual([s and s["t"] for s in found], [T0, T0 + 1.02, None])


class AlarmEvaluation(unittest.TestCase):
    def test_periods_are_aligned_and_whole(self):
        points = alarm.periods(counter([1] * 25, start=T0 + 5), "Sum", 10)
        self.assertEqual(points, [(T0 + 10, 10), (T0 + 20, 10)])

    def test_average_is_weighted_by_requests(self):
        series = {"name": "n", "start": T0, "values": [1.0, 4.0] + [None] * 8, "samples": [3, 1] + [0] * 8, "counter": False}
        self.assertEqual(alarm.periods(series, "Average", 10), [(T0, 1.75)])

    def test_two_of_three(self):
        points = [(T0 + 10 * i, v) for i, v in enumerate([None, 9, None, 9, 1, None, None])]
        changes = alarm.transitions(points, RULE)
        self.assertEqual([(c["new"], c["at"]) for c in changes],
                         [("ALARM", T0 + 40 + alarm.PUBLISH_DELAY_SECONDS), ("OK", T0 + 50 + alarm.PUBLISH_DELAY_SECONDS)])

    def test_a_threshold_that_is_only_reached_does_not_cross(self):
        self.assertEqual(alarm.transitions([(T0 + 10 * i, 5.0) for i in range(5)], RULE), [])

    def test_reason_is_worded_as_cloudwatch_does(self):
        points = [(T0, None), (T0 + 10, 9.0), (T0 + 20, 12.0)]
        self.assertEqual(alarm.reason(alarm.transitions(points, RULE)[0], RULE),
                         "Threshold Crossed: 2 out of the last 3 datapoints [12.0 (23/11/26 19:43:40), 9.0 (23/11/26 19:43:30)] were "
                         "greater than the threshold (5.0) (minimum 2 datapoints for OK -> ALARM transition).")

    def test_recovery_without_any_datapoint_says_so(self):
        points = [(T0 + 10 * i, v) for i, v in enumerate([9, 9, 9, None, None, None])]
        rule = AlarmRule("a", "d", "n", "m", {}, "Sum", 5.0, 1, 3)
        self.assertIn("no datapoints were received for 3 periods", alarm.reason(alarm.transitions(points, rule)[-1], rule))

    def test_a_percentile_needs_every_value(self):
        with self.assertRaises(ValueError):
            alarm.periods({"name": "n", "start": T0, "values": [1.0] * 10, "counter": False}, "p90", 10)


class Logs(unittest.TestCase):
    def test_a_line_without_a_time_continues_the_one_before(self):
        events = logs.service_events(["2026-11-23T19:43:20.123Z ERROR checkout a", "  more", "2026-11-23T19:43:21.000Z INFO b"])
        self.assertEqual(events, [[T0 * 1000 + 123, "2026-11-23T19:43:20.123Z ERROR checkout a\n  more"],
                                  [T0 * 1000 + 1000, "2026-11-23T19:43:21.000Z INFO b"]])

    def test_only_the_recorded_time_is_kept(self):
        self.assertEqual(logs.within([[T0 * 1000 - 1, "a"], [T0 * 1000, "b"], [T0 * 1000 + 1000, "c"]], T0, T0 + 1), [[T0 * 1000, "b"]])


class Answers(unittest.TestCase):
    TASK = {"service": "checkout", "revision": 42, "id": "f" * 32, "created": T0, "started": T0 + 2.0, "stopping": None, "stopped": T0 + 50.0,
            "exit_code": 137, "stop_code": "EssentialContainerExited", "stopped_reason": "Essential container in task exited",
            "container_reason": "OutOfMemoryError: Container killed due to memory usage"}

    def test_a_task_is_shown_as_it_was_at_that_moment(self):
        self.assertEqual([answers_ecs.task_state(self.TASK, T0 + s) for s in (-1, 1, 3, 60)], [None, "PENDING", "RUNNING", "STOPPED"])
        self.assertNotIn("stoppedAt", answers_ecs.describe_task(self.TASK, T0 + 3))
        stopped = answers_ecs.describe_task(self.TASK, T0 + 60)
        self.assertEqual((stopped["containers"][0]["exitCode"], stopped["stopCode"]), (137, "EssentialContainerExited"))

    def test_load_is_the_mean_of_active_sessions(self):
        busy = {"active": [["IO", "DataFileRead", "SELECT 1"], [None, None, "SELECT 2"]]}
        samples = [sample(T0, db=busy), sample(T0 + 1, db={"active": []}), sample(T0 + 2, db=None)]
        found = answers_database.load_by(samples, answers_database.wait_key, T0, T0 + 3, 3)
        self.assertEqual({dict(key)["db.wait_event.name"]: values for key, values in found.items()}, {"DataFileRead": [0.5], "CPU": [0.5]})

    def test_each_way_of_asking_for_load_gets_its_own_answer(self):
        samples = [sample(T0 + i, db={"active": [[None, None, "SELECT 1"]]}) for i in range(130)]
        found = answers_database.resource_metrics(samples, T0 + 130)
        asked = [[q["GroupBy"]["Group"] for q in r.get("when", {}).get("MetricQueries", [])] for r in found if r.get("when", {}).get("PeriodInSeconds") != 1]
        self.assertEqual(asked, [["db.wait_event", "db.sql_tokenized"], ["db.wait_event"], ["db.sql_tokenized"], []])
        self.assertEqual([len(r["answer"]["MetricList"]) for r in found], [3, 3, 2, 2, 2, 2, 1, 1])

    def test_statements_are_grouped_without_their_values(self):
        keys = {answers_database.sql_key([None, None, f"SELECT *  FROM t WHERE a = $1 AND b = {n}"]) for n in (1, 2)}
        self.assertEqual([dict(key)["db.sql_tokenized.statement"] for key in keys], ["SELECT * FROM t WHERE a = $1 AND b = ?"])

    def test_storage_events_come_once(self):
        samples = [sample(T0 + i, db_host={"free": free, "size": 1000}) for i, free in enumerate((500, 90, 80, 5, 0))]
        self.assertEqual([(at - T0, kind) for at, kind, _ in answers_database.storage_events(samples)], [(1, "low storage"), (3, "failure")])


class Assembly(unittest.TestCase):
    def test_a_whole_account_from_raw_files(self):
        with tempfile.TemporaryDirectory() as name:
            work = Path(name)
            self.write_raw(work)
            rule = AlarmRule("five", "d", "AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", dict(PLANS[0].alarm.dimensions), "Sum", 5.0, 2, 3)
            document = account.assemble(Plan("test", "t1", rule, "deploy", "checkout"), work)
        self.assertEqual(document["format"], "convops-account/1")
        self.assertEqual(document["alarm_message"]["NewStateValue"], "ALARM")
        self.assertEqual([r["eventName"] for r in document["trail"]], ["RegisterTaskDefinition", "UpdateService"])
        environments = {r["when"]["taskDefinition"]: r["answer"]["taskDefinition"]["containerDefinitions"][0]["environment"]
                        for r in document["responses"] if r["operation"] == "ecs:DescribeTaskDefinition"}
        self.assertIn({"name": "DB_POOL_SIZE", "value": "20"}, environments["checkout:41"])
        self.assertIn({"name": "DB_POOL_SIZE", "value": "2"}, environments["checkout:42"])
        lengths = {len(s["values"]) for s in document["metrics"]}
        self.assertEqual(len(lengths), 1)
        json.dumps(document)

    def test_a_second_after_the_last_known_request_is_not_recorded(self):
        self.assertEqual(account.recorded_until({"ended": T0 + 99.0}, [(T0 + 70.9, 0.1, 200, "target", "t")]), T0 + 70)
        self.assertEqual(account.recorded_until({"ended": T0 + 60.0}, [(T0 + 70.9, 0.1, 200, "target", "t")]), T0 + 59)

    def write_raw(self, work: Path) -> None:
        service = {"name": "checkout", "desired": 1, "tasks": [Answers.TASK], "events": [{"at": T0, "id": "e", "message": "m"}],
                   "deployments": [{"revision": 42, "created": T0 + 31.0, "completed": None}, {"revision": 41, "created": T0 - 9.0, "completed": T0}]}
        changes = [{"at": T0 + 30.0, "kind": "register_task_definition", "revision": 42, "image": "1.43.0", "changed_env": {"DB_POOL_SIZE": "2"}},
                   {"at": T0 + 31.0, "kind": "update_service", "revision": 42}, {"at": T0 + 32.0, "kind": "outside", "what": "-"}]
        env = {"DB_HOST": "db.example", "DB_POOL_SIZE": "2", "PAYMENTS_URL": "http://payments.example.net:1"}
        (work / "raw.json").write_text(json.dumps({"began": T0 - 1.0, "ended": T0 + 99.0, "changes": changes, "env": env,
                                                   "services": [service, {**service, "name": "worker", "tasks": []}]}))
        rows = [(T0 + i + 0.5, 0.1, 500 if i > 40 else 200, "target", "t") for i in range(98)]
        (work / "requests.tsv").write_text("\n".join("\t".join(map(str, row)) for row in rows))
        (work / "health.tsv").write_text("\n".join(f"{T0 + i}\t1\t0" for i in range(98)))
        (work / "samples.jsonl").write_text("\n".join(json.dumps(sample(T0 + i)) for i in range(98)))
        (work / "postgres.log").write_text("2026-11-23 19:43:20 UTC::@:[1]:LOG:  checkpoint starting: time\n")
        (work / f"task-checkout-{'f' * 32}.log").write_text("2026-11-23T19:43:20.123Z ERROR checkout failed\n")


if __name__ == "__main__":
    unittest.main()
