"""A few kills of the real server in every test run; `tools/bench kill` does two hundred."""
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


if __name__ == "__main__":
    unittest.main()
