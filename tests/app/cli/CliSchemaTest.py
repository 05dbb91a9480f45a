"""kith-cli against a real kithd: every row has the fields that docs/guides/cli.md promises, every failure its exit code."""
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from KithPrograms import World, documented_rows  # noqa: E402

GUIDE = pathlib.Path(__file__).parents[3] / "docs/guides/cli.md"


class CliSchemaTest(unittest.TestCase):
    def setUp(self):
        self.world = World(os.environ["KITH_BIN_DIR"])
        self.addCleanup(self.world.close)
        self.promised = documented_rows(GUIDE)
        self.seen = set()

    def check(self, outcome, code=0, kind=None):
        got, rows = outcome
        self.assertEqual(got, code, rows)
        for row in rows:
            self.assertIn(row["type"], self.promised, row)
            self.assertLessEqual(self.promised[row["type"]], set(row), row)
            self.seen.add(row["type"])
        if kind:
            self.assertIn(kind, [row["type"] for row in rows])
        return rows

    def test_every_command_prints_what_the_guide_says(self):
        world = self.world
        world.serve()
        kith = world.kith
        self.check(kith("ana", "register", "--invite", world.serving["invite"], "--name", "Ana"), kind="registered")
        self.check(kith("ben", "register", "--invite", world.invite(), "--name", "ben"), kind="registered")
        sent = self.check(kith("ana", "send", "ben", "Gr\u00fc\u00dfe \U0001F44B"), kind="message")[0]
        self.assertEqual((sent["seq"], sent["state"], sent["sender"]), (1, "accepted", "ana"))
        request = self.check(kith("ben", "requests"), kind="request")[0]
        self.assertEqual(request["from"], "ana")
        # A stranger's words stay hidden until accepted, however one asks.
        for command in (("receive",), ("history", "ana"), ("list",)):
            self.assertNotIn("\U0001F44B", str(self.check(kith("ben", *command))))
        self.assertEqual(self.check(kith("ana", "wait-read", "ben", "--timeout", "1"), code=9)[-1]["type"], "error")
        self.check(kith("ben", "accept", "ana"), kind="accepted")
        got = [row for row in self.check(kith("ben", "receive"), kind="message") if row["type"] == "message"]
        self.assertEqual([row["text"] for row in got], ["Gr\u00fc\u00dfe \U0001F44B"])
        self.assertEqual(self.check(kith("ben", "receive")), [])  # read once, not printed again
        self.assertEqual(self.check(kith("ana", "wait-read", "ben"))[0]["state"], "read")
        self.check(kith("ben", "send", "ana", "-", text="from standard input"), kind="message")
        followed = self.check(kith("ana", "receive", "--follow", "--timeout", "2"), kind="message")
        self.assertEqual(followed[0]["text"], "from standard input")
        self.check(kith("ana", "history", "ben"), kind="message")
        self.check(kith("ana", "list"), kind="conversation")
        lines = self.check(kith("ana", "send", "ben", "--lines", text="one\n\ntwo\r\nthree"), kind="message")
        self.assertEqual([row["text"] for row in lines], ["one", "two", "three"] * 2)  # told when on disk, and when stored
        self.assertEqual([row["state"] for row in lines], ["queued"] * 3 + ["accepted"] * 3)
        self.check(kith("ana", "status"), kind="status")
        ours = self.check(kith("ana", "safety-number", "ben"), kind="safety_number")[0]["number"]
        theirs = self.check(kith("ben", "safety-number", "ana"))[0]["number"]
        self.assertEqual((ours, len(ours)), (theirs, 60))
        invite = self.check(kith("ana", "invite", "--uses", "2", "--expires", "7d"), kind="invite")[0]
        self.check(kith("ana", "invite", "--revoke", invite["id"]), kind="invite_revoked")
        self.check(kith("ben", "block", "ana"), kind="blocked")
        failed = self.check(kith("ana", "send", "ben", "are you there?"), code=4)[0]
        self.assertEqual((failed["state"], set(failed["error"])), ("failed", {"code", "message"}))
        self.check(kith("ben", "unblock", "ana"), kind="unblocked")
        self.check(kith("ana", "retry", "ben"), kind="message")
        self.check(kith("carl", "register", "--invite", world.invite(), "--name", "carl"))
        self.check(kith("carl", "send", "ben", "you do not know me"))
        self.check(kith("ben", "decline", "carl"), kind="declined")
        self.check(kith("ana", "send", "ben", "again"), kind="message")
        never = set(self.promised) - self.seen - {"mark", "typing", "presence", "connection"}
        self.assertEqual(never, set())

    def test_a_follower_sees_people_come_type_write_and_read(self):
        world = self.world
        world.serve()
        world.befriend("ana", "ben")
        ana = world.start("ana", "receive", "--follow", "--timeout", "90")
        self.addCleanup(ana.end, signal.SIGKILL)
        ana.wait_for(lambda row: row["type"] == "presence", 20)  # as it is now

        def is_there(state):
            return lambda row: (row["type"], row.get("user"), row.get("state")) == ("presence", "ben", state)

        typist = world.start("ben", "send", "ana", "-", stdin=subprocess.PIPE)
        self.addCleanup(typist.end, signal.SIGKILL)
        typist.process.stdin.write("I have been ")
        typist.process.stdin.flush()
        came, _ = ana.wait_for(is_there("online"), 20)
        _, typing = ana.wait_for(lambda row: row["type"] == "typing" and row["typing"], 20)
        self.assertEqual(typing["user"], "ben")
        self.assertEqual(ana.texts(), [])
        typist.process.stdin.write("thinking")
        typist.process.stdin.close()
        typist.process.wait(30)
        self.check(typist.end()[:2], kind="message")
        ana.wait_for(lambda row: row.get("text") == "I have been thinking", 20)
        ana.wait_for(is_there("offline"), 20, came)

        sent = self.check(world.kith("ben", "receive"))  # reads "hello", and tells so
        self.assertEqual([row["text"] for row in sent if row["type"] == "message"], ["hello"])
        _, mark = ana.wait_for(lambda row: row["type"] == "mark" and row["read"] >= 1, 20)
        self.assertEqual((mark["user"], mark["conversation"]), ("ben", typing["conversation"]))
        self.assertGreaterEqual(mark["delivered"], mark["read"])
        world.kill_server()
        ana.wait_for(lambda row: row["type"] == "connection", 10)
        self.check(ana.end()[:2])
        self.assertLessEqual({"mark", "typing", "presence", "connection", "message"}, self.seen)

    def test_bad_input_has_its_exit_code_and_loses_nothing(self):
        world = self.world
        world.serve()
        kith = world.kith
        invite = world.invite()
        self.check(kith("ana", "register", "--invite", invite, "--name", "ana"))
        self.check(kith("eve", "register", "--invite", invite, "--name", "eve"), code=4)  # used up
        self.check(kith("eve", "register", "--invite", world.invite(), "--name", "ana"), code=4)  # taken
        stranger = self.check(
            kith("eve", "register", "--server", f"127.0.0.1:{world.serving['port']}", "--name", "eve"), code=6)[-1]
        self.assertRegex(stranger["message"], r"invite link.*; presented key [0-9a-f]{64}$")  # seen, and how to go on
        self.check(kith("eve", "register", "--invite", world.invite(), "--name", "eve"))  # nothing was spoilt
        self.check(kith("ana", "send", "nobody-here", "hi"), code=4)
        self.check(kith("ana", "send", "eve", "x" * 70_000), code=2)
        self.check(kith("ana", "list", passphrase="not it"), code=7)
        self.check(kith("nobody", "list"), code=4)
        self.assertEqual(kith("ana", "no-such-command")[0], 2)
        self.assertEqual((kith("ana", "send", "eve")[0], kith("ana", "send", "eve", "hi", "--lines")[0]), (2, 2))
        self.check(kith("ana", "send", "eve", "hello"), kind="message")
        port = world.serving["port"]
        world.kill_server()
        queued = self.check(kith("ana", "send", "eve", "while it was down", "--timeout", "2"), code=3, kind="message")[0]
        self.assertEqual((queued["seq"], queued["state"]), (None, "queued"))
        lines = self.check(kith("ana", "send", "eve", "--lines", "--timeout", "2", text="a\nb\n"), code=3, kind="message")
        self.assertEqual([row["state"] for row in lines if row["type"] == "message"], ["queued"] * 4)
        self.check(kith("ana", "send", "carl", "who is that?", "--timeout", "2"), code=3)
        self.check(kith("ana", "status", "--timeout", "2"), code=3)
        world.serve(listen=f"127.0.0.1:{port}")
        self.check(kith("ana", "send", "eve", "now it is up"), kind="message")
        texts = [row["text"] for row in self.check(kith("ana", "history", "eve"))]
        self.assertEqual(texts, ["hello", "while it was down", "a", "b", "now it is up"])

    def test_a_changed_server_key_stops_with_both_fingerprints(self):
        world = self.world
        world.serve()
        self.check(world.kith("ana", "register", "--invite", world.invite(), "--name", "ana"))
        port = world.serving["port"]
        world.kill_server()
        world.serve(data="another-server", listen=f"127.0.0.1:{port}")
        error = self.check(world.kith("ana", "status", "--timeout", "10"), code=6)[-1]
        self.assertRegex(error["message"], r"pinned key [0-9a-f]{64}, presented key [0-9a-f]{64}")

    def test_a_damaged_database_is_named_and_left_alone(self):
        world = self.world
        world.serve()
        self.check(world.kith("ana", "register", "--invite", world.invite(), "--name", "ana"))
        database = world.home / "ana/kith.db"
        bytes_now = bytearray(database.read_bytes())
        bytes_now[100:400] = bytes(300)
        database.write_bytes(bytes_now)
        damaged = shutil.copy(database, world.home / "copy.db")
        self.check(world.kith("ana", "list"), code=7)
        self.assertEqual(pathlib.Path(damaged).read_bytes(), database.read_bytes())

    def test_a_deaf_address_is_unreachable_in_time(self):
        with socket.create_server(("127.0.0.1", 0)) as deaf:
            link = f"kith://127.0.0.1:{deaf.getsockname()[1]}/i#t=AAAAAAAAAAAAAAAA"
            self.check(self.world.kith("ana", "register", "--invite", link, "--name", "ana", "--timeout", "3"), code=3)


if __name__ == "__main__":
    unittest.main()
