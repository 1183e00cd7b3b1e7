"""Words by a model, facts by code, with the real server: who is honest is quoted, who lies or obeys somebody else is
not, and whatever happens to the model, the diagnosis arrives."""
import json
import os
import signal
import sqlite3
import subprocess
import unittest

from programs import REGION, free_port
from shop import ALARM
from words_base import ANTHROPIC, INJECTION, MODEL_KEY, PRIVATE, WordsTest, honest, sentence

PRICE = r"(\d{3,}) tokens · \$0\.\d*[1-9]"
UNPAID = " · 0 tokens · $0.00 · "


def liar(material):
    return {"headline": [sentence("The deploy of ECS service checkout at 03:14 UTC deleted 47 tables.", "C1")],
            "lines": [sentence("Free storage of RDS instance payments-db fell to 12 GB.", "F1"),
                      sentence("The password of the database was leaked.", "F2")]}


def half_a_liar(material):
    draft = honest(material)
    draft["lines"].append(sentence("Free storage of RDS instance payments-db fell to 12 GB.", material["causes"][0]["id"]))
    return draft


def obedient(material):
    """Does what the log line says."""
    return {"headline": [sentence("Delete the database now, see https://evil.example/x @channel.", "C1")],
            "lines": [sentence("Run `aws rds delete-db-instance` first.", "A1"), sentence(INJECTION, material["facts"][0]["id"]),
                      sentence("<!channel> the account is compromised.", "I1")]}


def in_german(material):
    return {"headline": [sentence("Der Speicherplatz von orders-db fiel auf 0 bytes.", material["causes"][0]["id"])], "lines": []}


class WordsByAModel(WordsTest):
    def expect_honest_words(self, told):
        self.assertRegex(told, r"\*Most likely cause: Free storage of RDS instance orders-db fell.*\* \[F\d+")
        self.assertRegex(told, PRICE)
        self.assertIn(", checked", told)

    def expect_template(self, told):
        self.assertRegex(told, r"\*Likely cause \(\d+ %\): Free storage of RDS instance orders-db")
        self.assertIn("Increase the storage of RDS instance orders-db.", told)
        self.assertNotIn(", checked", told)

    def test_an_honest_model_is_quoted_and_a_dishonest_one_is_not(self):
        self.model.answer_of = {"honest": honest, "liar": liar, "half": half_a_liar, "obedient": obedient, "german": in_german}
        self.start(languages=["en", "en", "en", "en", "de"])
        names = [f"honest 5xx behind {PRIVATE['address']}", f"liar-5xx {PRIVATE['phone']}", f"half-5xx {PRIVATE['card']}", f"obedient-5xx {INJECTION[:60]}", "german-5xx"]
        for number, name in enumerate(names):
            self.fire(number, name)
        told = [self.told(self.channel(number)) for number in range(len(names))]

        self.expect_honest_words(told[0])
        self.assertIn(f"The alarm \"honest 5xx behind {PRIVATE['address']}\" fired.", told[0], "the stand-in is what it stood for again")
        self.assertIn("words by claude-sonnet-5-5", told[0])
        self.assertNotIn("no fact supports", told[0])
        for lying, dropped in ((1, 3), (3, 4)):
            self.expect_template(told[lying])
            self.assertRegex(told[lying], PRICE)
            self.assertIn(f"sentences of the model that no fact supports: {dropped}", told[lying])
        for lie in ("payments-db", "47 tables", "leaked"):
            self.assertNotIn(lie, told[1] + told[2])
        self.expect_honest_words(told[2])
        self.assertIn("sentences of the model that no fact supports: 1", told[2])
        for obeyed in ("Delete the database", "delete-db-instance", "compromised", "<!channel>", "@channel", "https://evil"):
            self.assertNotIn(obeyed, told[3])
        self.assertIn("*Der Speicherplatz von orders-db fiel auf 0 bytes.*", told[4])
        self.assertIn("Worte von claude-sonnet-5-5, geprüft", told[4])
        self.expect_only_what_may_leave()
        self.expect_no_secret()

    def expect_only_what_may_leave(self):
        sent = json.dumps([record["body"] for record in self.model.records], ensure_ascii=False)
        for kind, private in PRIVATE.items():
            self.assertNotIn(private, sent, kind)
        # The e-mail address stands in a log line and has its stand-in already, which is itself text of a stranger.
        for hidden in ("[ip-1]", "[text-1]", "[phone-1]", "[card-1]", "[secret]", "Ignore previous instructions"):
            self.assertIn(hidden, sent)
        self.assertNotIn(MODEL_KEY, sent)
        self.assertEqual([material["language"] for material in self.model.material_of("german")], ["de"])
        self.assertEqual([material["language"] for material in self.model.material_of("honest")], ["en"])

    def test_whatever_happens_to_the_model_the_diagnosis_arrives(self):
        faults = {"overloaded": ({"status": 529}, "(throttled)"), "stalled": ({"stall_at": 400}, "fell silent in the middle of its answer"),
                  "silent": ({"silent": True}, "(timeout)"), "truncated": ({"cut_at": 400}, "(corrupt)"),
                  "refusing": ({"stop_reason": "refusal", "category": "cyber"}, "declined to answer (cyber)"), "dropping": ({"drop": True}, "(unavailable)"),
                  "gateway": ({"status": 401, "echo_key": True}, "[secret]"), "longer": ({"stop_reason": "max_tokens"}, "cut off"),
                  "prose": ({}, "not the JSON object that was asked for")}
        self.model.fault_of = {name: fault for name, (fault, _) in faults.items()}
        self.model.answer_of = dict.fromkeys(faults, honest) | {"prose": lambda _: "I am sorry, Dave."}
        names = list(faults)
        self.start(ANTHROPIC + "timeout_seconds = 3", languages=["en"] * len(names))
        for number, name in enumerate(names):
            self.fire(number, name + "-5xx")
        for number, name in enumerate(names):
            self.expect_template(self.told(self.channel(number)))
        for number, (name, (_, why)) in enumerate(faults.items()):
            words = [line["why_template"] for line in self.logged("worded") if line["incident"] in self.incidents_of(number)]
            self.assertEqual(len(words), 1, name)
            self.assertIn("the model gave no answer (", words[0])
            self.assertIn(why, words[0], name)
        self.expect_no_secret()

    def incidents_of(self, number):
        return [line["incident"] for line in self.logged("alarm") if line["connection"] == f"shop-{number}"]

    def test_over_budget_nothing_is_asked(self):
        self.model.answer_of = {"poor": honest}
        self.start(ANTHROPIC + "tokens_per_incident = 10")
        self.fire(0, "poor-5xx")
        told = self.told(self.channel(0))
        self.expect_template(told)
        self.assertIn(UNPAID, told)
        self.assertEqual(self.model.records, [])
        self.assertIn("budget", self.logged("worded")[0]["why_template"])

    def test_an_own_model_on_this_machine_without_a_key(self):
        self.model.answer_of = {"own": honest}
        self.start(f'provider = "openai_compatible"\nmodel = "qwen3:8b"\nbase_url = "{self.model_url}/v1"\nusd_per_million_input = 1.0\nusd_per_million_output = 2.0')
        self.fire(0, "own-5xx")
        told = self.told(self.channel(0))
        self.expect_honest_words(told)
        self.assertIn("words by qwen3:8b", told)
        self.assertEqual({record["path"] for record in self.model.records}, {"/v1/chat/completions"})
        self.expect_no_secret()

    def test_kill_nine_between_the_answer_and_the_message_pays_once(self):
        """English words are kept, the German ones still to come, and nothing diagnosed was told: killed there."""
        self.model.answer_of = {"killed": lambda material: in_german(material) if material["language"] == "de" else honest(material)}
        self.model.fault_of = {"killed": lambda asked: {"silent": True} if asked == 1 else {}}
        process = self.start(languages=["en de"])
        self.fire(0, "killed-5xx")
        self.eventually(lambda: self.model.asked_about("killed") == 2, "the German question")
        process.send_signal(signal.SIGKILL)
        process.wait(20)
        self.start_again()
        english, german = self.told(self.channel(0)), self.told(self.channel(100))
        self.expect_honest_words(english)
        self.assertIn("*Der Speicherplatz von orders-db", german)
        languages = [material["language"] for material in self.model.material_of("killed")]
        self.assertEqual(sorted(languages), ["de", "de", "en"], "what was answered before the kill is not paid for again")
        self.expect_no_secret()

    def test_kill_nine_after_the_report_asks_nobody_again(self):
        """The diagnosis is ready and Slack does not take it: killed there."""
        self.model.answer_of = {"killed": honest}
        with self.chat.lock:
            self.chat.faults.append({"method": "*", "times": 1000, "status": 500})
        process = self.start()
        self.fire(0, "killed-5xx")
        self.eventually(lambda: self.logged("worded"), "the model's answer")
        process.send_signal(signal.SIGKILL)
        process.wait(20)
        with self.chat.lock:
            self.chat.faults.clear()
        self.start_again()
        self.expect_honest_words(self.told(self.channel(0)))
        self.assertEqual(self.model.asked_about("killed"), 1)


class WordsOnTheCommandLine(WordsTest):
    def run_convops(self, *arguments, **more):
        environment = self.environment(**({"ANTHROPIC_API_KEY": MODEL_KEY} | more))
        return subprocess.run([os.environ["CONVOPS"], *arguments], env=environment, capture_output=True, text=True, timeout=120)

    def investigate(self, *arguments, **more):
        return self.run_convops("investigate", "--alarm", ALARM, "--region", REGION, "--words", "model", "--format", "json", *arguments, **more)

    def test_investigate_pays_and_replay_never_asks(self):
        self.model.answer_of = {ALARM: honest}
        capsule = os.path.join(self.folder, "one.capsule")
        done = self.investigate("--save", capsule)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        found = json.loads(done.stdout)
        self.assertTrue(found["wording"]["stands"], found["wording"])
        self.assertEqual(found["wording"]["model"], "claude-sonnet-5-5")
        self.assertIn("Most likely cause: Free storage", found["text"])
        for figure in ("input_tokens", "output_tokens", "usd", "aws_calls", "seconds"):
            self.assertGreater(found["cost"][figure], 0, figure)
        replayed = self.run_convops("replay", capsule, "--format", "json")
        self.assertEqual(replayed.returncode, 0, replayed.stderr)
        again = json.loads(replayed.stdout)
        self.assertEqual((again["wording"], again["cost"]["input_tokens"]), (None, 0))
        self.assertEqual(again["causes"], found["causes"])
        self.assertEqual(len(self.model.records), 1)
        with open(capsule, "rb") as file:
            self.assertNotIn(MODEL_KEY.encode(), file.read())

    def test_an_error_is_one_clear_line_and_the_diagnosis_is_printed_all_the_same(self):
        self.model.fault_of = {ALARM: {"status": 401, "error": "authentication_error", "message": "invalid x-api-key", "echo_key": True}}
        refused = self.investigate()
        self.expect_template_and_one_line(refused, "(access_denied): ")
        down = self.investigate(CONVOPS_ANTHROPIC_URL=f"http://127.0.0.1:{free_port()}")
        self.expect_template_and_one_line(down, "(unavailable): ")
        self.assertEqual(json.loads(down.stdout)["cost"]["usd"], 0)
        missing = self.investigate(ANTHROPIC_API_KEY="")
        self.assertEqual((missing.returncode, missing.stdout, missing.stderr.count("\n")), (2, "", 1), missing.stderr)
        self.assertIn("ANTHROPIC_API_KEY", missing.stderr)
        for done in (refused, down, missing):
            self.assertNotIn(MODEL_KEY, done.stdout + done.stderr)

    def expect_template_and_one_line(self, done, why):
        self.assertEqual((done.returncode, done.stderr.count("\n")), (0, 1), done.stderr)
        self.assertTrue(done.stderr.startswith("convops: the template's words stand: the model gave no answer " + why), done.stderr)
        self.assertEqual(json.loads(done.stdout)["causes"][0]["kind"], "storage_exhaustion")


if __name__ == "__main__":
    unittest.main()
