"""A few kills of the real server in every test run; `tools/bench kill` does two hundred."""
import json
import os
import random
import tempfile
import unittest

from kill_nine import NoAccess, QuietChat, QuietServer, Sender, Server, broken_promises, run, serving, wait_until_told


class KillNine(unittest.TestCase):
    def test_five_kills_lose_nothing_and_repeat_nothing_unmarked(self):
        seed = int(os.environ.get("KILL_SEED", random.SystemRandom().randrange(1 << 32)))
        print(f"KILL_SEED={seed}")
        with tempfile.TemporaryDirectory() as folder:
            figures = run(5, seed, folder)
        self.assertEqual(figures["broken"], [], figures)
        self.assertGreater(figures["alarms_acknowledged"], 0)

    def test_what_waits_for_a_channel_that_is_away_is_told_after_a_restart(self):
        chat = QuietChat(0)
        with tempfile.TemporaryDirectory() as folder, serving(QuietServer(("127.0.0.1", 0), NoAccess)) as aws, serving(chat):
            server = Server(folder, aws, chat.base)
            chat.faults.append({"status": 503, "times": 1000})
            server.start()
            server.wait_until_ready()
            sender = Sender(server, random.Random(1))
            sender.say("load-0001", "ALARM", "OK")
            while not chat.records:  # until a delivery was tried; the test's own time limit is the bound
                sender.over.wait(0.02)
            self.assertEqual(server.stop(), 0, "a graceful stop")
            self.assertEqual(chat.slack.channels, {})
            chat.faults.clear()
            server.start()
            server.wait_until_ready()
            wait_until_told(server)
            self.assertEqual(server.stop(), 0)
            self.assertEqual(broken_promises(server, sender, chat), [])
            self.assertNotEqual(chat.slack.channels, {})

    def test_a_dead_letter_is_listed_and_resent_while_the_server_runs_and_when_it_is_stopped(self):
        chat = QuietChat(0)
        with tempfile.TemporaryDirectory() as folder, serving(QuietServer(("127.0.0.1", 0), NoAccess)) as aws, serving(chat):
            server = Server(folder, aws, chat.base)
            chat.faults.append({"method": "chat.postMessage", "slack": "channel_not_found", "times": 2})
            server.start()
            server.wait_until_ready()
            sender = Sender(server, random.Random(1))
            sender.say("load-0001", "ALARM", "OK")
            wait_until_told(server)
            status, text = server.command("dead-letters", "list")
            self.assertEqual(status, 0, text)
            self.assertIn("deliver first_facts to slack #on-call", text)
            self.assertIn("channel_not_found", text)
            letters = json.loads(server.command("dead-letters", "list", "--format", "json")[1])["dead_letters"]
            self.assertEqual({letter["channel"] for letter in letters}, {"slack"})
            self.assertEqual(server.command("dead-letters", "resend", letters[0]["id"])[0], 0)  # beside the running server
            self.assertEqual(server.command("dead-letters", "resend", letters[0]["id"])[0], 2, "only once")
            wait_until_told(server)
            self.assertEqual(len(chat.slack.channels["C0123456789"]), 1)
            self.assertEqual(server.stop(), 0)
            self.assertEqual(server.command("dead-letters", "resend", "--all")[0], 0)  # and without it
            self.assertIn("No dead letters.", server.command("dead-letters", "list")[1])
            server.start()
            server.wait_until_ready()
            wait_until_told(server)
            self.assertEqual(server.stop(), 0)
            self.assertEqual(broken_promises(server, sender, chat), [])
            self.assertTrue(any(line.get("event") == "gave_up" and line["channel"] == "slack" for line in server.log_lines()))

    def test_dead_letters_of_no_store_are_a_mistake_and_create_none(self):
        with tempfile.TemporaryDirectory() as folder:
            server = Server(folder, "http://127.0.0.1:1", "http://127.0.0.1:1")
            self.assertEqual(server.command("dead-letters", "list")[0], 2)
            self.assertEqual(server.command("dead-letters", "resend")[0], 2)
            self.assertFalse(os.path.exists(os.path.join(folder, "state")))


if __name__ == "__main__":
    unittest.main()
