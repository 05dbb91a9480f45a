"""Processes that stand still and clocks that jump, with the real programs. The waits are real and run beside each other:
a client under SIGSTOP for 60 s, a server under SIGSTOP until it counts as deaf, a wall clock that somebody sets."""
import os
import pathlib
import signal
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from KithPrograms import World  # noqa: E402

YEAR = 365 * 24 * 3600


class StoppedProcessTest(unittest.TestCase):
    def world(self):
        world = World(os.environ["KITH_BIN_DIR"])
        self.addCleanup(world.close)
        world.serve()
        return world

    def follow(self, world, who, faults=None):
        follower = world.start(who, "receive", "--follow", "--timeout", "200", faults=faults)
        self.addCleanup(follower.end, signal.SIGKILL)
        follower.wait_for(lambda row: row["type"] == "message", 20)
        return follower

    def send(self, world, who, to, text):
        code, rows = world.kith(who, "send", to, text)
        self.assertEqual((code, rows[-1]["state"]), (0, "accepted"), rows)

    def arrives(self, follower, text, within):
        follower.wait_for(lambda row: row.get("text") == text, within)

    def test_everybody_comes_back_in_time(self):
        one, other = self.world(), self.world()
        one.befriend("ana", "ben")
        self.assertEqual(one.kith("carl", "register", "--invite", one.invite(), "--name", "carl")[0], 0)
        self.send(one, "ana", "carl", "hello")
        self.assertEqual(one.kith("carl", "accept", "ana")[0], 0)
        other.befriend("eva", "dan")
        clock = one.faults("carl")
        stopped, jumping, forsaken = self.follow(one, "ben"), self.follow(one, "carl", clock), self.follow(other, "dan")

        asleep = time.monotonic()
        stopped.process.send_signal(signal.SIGSTOP)
        other.server.send_signal(signal.SIGSTOP)
        said = [f"while you slept {number}" for number in range(3)]
        for text in said:
            self.send(one, "ana", "ben", text)

        for offset in (10 * YEAR, -10 * YEAR, 3600, 0):
            clock.clock_off_by(offset)
            text = f"the clock is off by {offset} s"
            self.send(one, "ana", "carl", text)
            self.arrives(jumping, text, 5)

        deaf = forsaken.wait_for_state("unreachable", asleep + 35 - time.monotonic(), asleep)
        self.assertLessEqual(deaf - asleep, 35)
        awake = time.monotonic()
        other.server.send_signal(signal.SIGCONT)
        self.assertLessEqual(forsaken.wait_for_state("online", 10, awake) - awake, 2)
        self.send(other, "eva", "dan", "there you are")
        self.arrives(forsaken, "there you are", 5)

        time.sleep(max(0.0, asleep + 60 - time.monotonic()))
        awake = time.monotonic()
        stopped.process.send_signal(signal.SIGCONT)
        self.assertLessEqual(stopped.wait_for_state("online", 10, awake) - awake, 5)
        self.send(one, "ana", "ben", "good morning")
        self.arrives(stopped, "good morning", 5)

        for follower, world, expected in (
                (stopped, one, ["hello", *said, "good morning"]),
                (jumping, one, ["hello", *(f"the clock is off by {offset} s" for offset in (10 * YEAR, -10 * YEAR, 3600, 0))]),
                (forsaken, other, ["hello", "there you are"])):
            code, _, words = follower.end()
            self.assertEqual((code, words), (0, ""))
            self.assertEqual(follower.texts(), expected)
        kept = [row["text"] for row in one.kith("ben", "history", "ana")[1] if row["type"] == "message"]
        self.assertEqual(kept, ["hello", *said, "good morning"])


if __name__ == "__main__":
    unittest.main()
