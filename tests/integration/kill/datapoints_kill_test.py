"""kill -9 of a process that appends datapoints: what it acknowledged is there, and a batch is there whole or not at all."""
import os
import random
import subprocess
import tempfile
import unittest

WRITER = os.environ["POINTS_WRITER"]
KILLS = 12


class DatapointsSurvive(unittest.TestCase):
    def test_every_acknowledged_batch_is_readable_after_kill_nine(self):
        dice = random.Random(7)
        with tempfile.TemporaryDirectory() as folder:
            last = -1
            for _ in range(KILLS):
                writer = subprocess.Popen([WRITER, "write", folder, str(last + 1)], stdout=subprocess.PIPE, text=True)
                for _ in range(dice.randrange(1, 40)):
                    last = int(writer.stdout.readline())
                writer.kill()
                rest = writer.stdout.read().split()
                writer.wait(20)
                writer.stdout.close()
                if rest:
                    last = int(rest[-1])
                checked = subprocess.run([WRITER, "check", folder, str(last)], capture_output=True, text=True, timeout=60)
                self.assertEqual(checked.returncode, 0, f"after batch {last}: {checked.stderr}")


if __name__ == "__main__":
    unittest.main()
