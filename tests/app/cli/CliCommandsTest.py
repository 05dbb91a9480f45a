"""kith-cli against a real kithd: what a script relies on beyond rows and codes. Everything unread is printed once, what was
refused can be tried again, and whoever interrupts a command or closes its output learns that it was not done."""
import json
import os
import pathlib
import signal
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from KithPrograms import World  # noqa: E402

MOST = 64 * 1024  # octets of a text: core/domain/Text.h
PAGE = 100  # rows that `receive` holds at once: app/cli/ReceiveCommand.cpp


class CliCommandsTest(unittest.TestCase):
    def setUp(self):
        self.world = World(os.environ["KITH_BIN_DIR"])
        self.addCleanup(self.world.close)

    def done(self, outcome, code=0):
        self.assertEqual(outcome[0], code, outcome[1])
        return outcome[1]

    def texts(self, rows):
        return [row["text"] for row in rows if row["type"] == "message"]

    def history(self, who, other):
        return self.texts(self.done(self.world.kith(who, "history", other, "--limit", "1000")))

    def piped(self, who, *arguments, output):
        """(exit code, words) of a run that writes to `output`."""
        run = subprocess.run(self.world.command(who, *arguments), stdout=output, stderr=subprocess.PIPE, text=True,
                             timeout=120)
        return run.returncode, run.stderr

    def test_receive_prints_everything_unread_of_everybody_once(self):
        world = self.world
        world.serve()
        world.befriend("ana", "ben")
        self.done(world.kith("carl", "register", "--invite", world.invite(), "--name", "carl"))
        self.done(world.kith("carl", "send", "ben", "hello from carl"))
        self.done(world.kith("ben", "accept", "carl"))
        many = [f"message {number}" for number in range(2 * PAGE + 50)]
        few = [f"carl {number}" for number in range(PAGE)]
        self.done(world.kith("ana", "send", "ben", "--lines", "--timeout", "120", text="\n".join(many)))
        self.done(world.kith("carl", "send", "ben", "--lines", "--timeout", "120", text="\n".join(few)))
        # What nobody could read is not marked as read.
        with open("/dev/full", "w") as full:
            code, words = self.piped("ben", "receive", output=full)
        self.assertEqual(code, 10, words)
        self.assertIn("No space left on device", words)
        reader, writer = os.pipe()
        os.close(reader)
        code, words = self.piped("ben", "receive", output=writer)
        os.close(writer)
        self.assertEqual(code, 10, words)
        kept = self.done(world.kith("ben", "receive", "--keep-unread"))
        self.assertEqual(self.done(world.kith("ben", "list"))[-1]["type"], "conversation")
        self.assertEqual(sum(row["unread"] for row in self.done(world.kith("ben", "list"))), len(many) + len(few) + 2)
        got = self.done(world.kith("ben", "receive"))
        self.assertEqual(self.texts(kept), self.texts(got))
        for sender, texts in (("ana", ["hello", *many]), ("carl", ["hello from carl", *few])):
            self.assertEqual([row["text"] for row in got if row["sender"] == sender], texts)
        self.assertEqual(self.done(world.kith("ben", "receive")), [])
        self.assertEqual([row["unread"] for row in self.done(world.kith("ben", "list"))], [0, 0])

    def test_a_refused_message_keeps_its_reason_and_place_until_it_is_sent_again(self):
        world = self.world
        world.serve()
        world.befriend("ana", "ben")
        self.done(world.kith("ben", "receive"))
        self.done(world.kith("ben", "block", "ana"))
        refused, error = self.done(world.kith("ana", "send", "ben", "are you there?"), code=4)
        self.assertEqual((refused["state"], refused["seq"]), ("failed", None))
        self.assertRegex(refused["error"]["code"], r"^wire/(denied|not_found)$")
        self.assertEqual(refused["error"]["message"], error["message"])
        self.done(world.kith("ana", "send", "ben", "hello?"), code=4)
        self.done(world.kith("ben", "unblock", "ana"))
        self.done(world.kith("ana", "send", "ben", "now?"))
        self.done(world.kith("ben", "send", "ana", "yes"))
        self.done(world.kith("ana", "receive"))
        # It stands where it was written, and says why, also to the next run.
        self.assertEqual(self.history("ana", "ben"), ["hello", "are you there?", "hello?", "now?", "yes"])
        again = self.done(world.kith("ana", "history", "ben"))[1]
        self.assertEqual((again["state"], again["error"]), ("failed", refused["error"]))
        self.assertEqual(self.done(world.kith("ana", "status"))[0]["failed"], 2)

        self.assertEqual(self.done(world.kith("ana", "retry", "ben", "--message", "00" * 16), code=4)[-1]["type"], "error")
        self.done(world.kith("ana", "retry", "nobody"), code=4)
        sent = self.done(world.kith("ana", "retry", "ben", "--message", refused["client_msg_id"]))
        self.assertEqual([(row["text"], row["state"]) for row in sent], [("are you there?", "accepted")])
        self.assertNotIn("error", sent[0])
        self.assertEqual(self.texts(self.done(world.kith("ana", "retry", "ben"))), ["hello?"])
        self.assertEqual(self.done(world.kith("ana", "retry", "ben")), [])  # nothing has failed any more
        everything = ["hello", "now?", "yes", "are you there?", "hello?"]
        self.assertEqual(self.history("ana", "ben"), everything)
        self.done(world.kith("ben", "receive"))
        self.assertEqual(self.history("ben", "ana"), everything)

    def test_a_declined_request_is_gone(self):
        world = self.world
        world.serve()
        for who in ("ana", "ben"):
            self.done(world.kith(who, "register", "--invite", world.invite(), "--name", who))
        self.done(world.kith("ana", "send", "ben", "hello"))
        state = self.done(world.kith("ana", "list"))[0]["state"]
        self.done(world.kith("ben", "requests"))
        self.assertEqual(self.done(world.kith("ben", "decline", "ana"))[0], {"type": "declined", "who": "ana"})
        self.assertEqual(self.done(world.kith("ben", "requests")), [])
        self.assertEqual(self.done(world.kith("ben", "list")), [])
        self.done(world.kith("ben", "decline", "ana"), code=4)
        self.assertEqual(self.done(world.kith("ana", "list"))[0]["state"], state)  # nothing is told

    def test_a_text_of_the_greatest_length_arrives(self):
        world = self.world
        world.serve()
        world.befriend("ana", "ben")
        longest = "\u00fc" * (MOST // 2)
        self.assertEqual(self.done(world.kith("ana", "send", "ben", longest))[0]["state"], "accepted")
        self.assertEqual(self.texts(self.done(world.kith("ben", "receive"))), ["hello", longest])
        words = f"The text has {MOST + 1} octets; {MOST} is the most."
        for arguments, text in (((longest + "x",), None), (("-",), longest + "x"), (("--lines",), longest + "x\n")):
            error = self.done(world.kith("ana", "send", "ben", *arguments, text=text), code=2)[-1]
            self.assertEqual((error["code"], error["message"]), ("session/invalid_text", words))
        self.assertEqual(self.done(world.kith("ana", "send", "nobody-here", longest + "x"), code=2)[-1]["message"], words)
        self.assertEqual(self.history("ana", "ben"), ["hello", longest])  # nothing was stored

    def test_a_text_commands_no_terminal(self):
        world = self.world
        world.serve()
        world.befriend("ana", "ben")
        hostile = "\x1b[2J\u009b2J\x07 \u202enoitcerid\u202c \u2066x\u2069 \x7f\n\u05e9\u05dc\u05d5\u05dd"
        self.done(world.kith("ana", "send", "ben", hostile))
        run = subprocess.run(world.command("ben", "receive"), capture_output=True, timeout=60)
        self.assertEqual(json.loads(run.stdout.splitlines()[-1])["text"], hostile)  # the same text,
        shown = run.stdout.decode()
        for character in "\x1b\u009b\x07\u202e\u202c\u2066\u2069\x7f":
            self.assertNotIn(character, shown)  # escaped
        self.assertIn("\u05e9\u05dc\u05d5\u05dd", shown)
        for text in (b"a\xff", b"a\0b", b" \n"):
            run = subprocess.run(world.command("ana", "send", "ben", "-"), input=text, capture_output=True, timeout=60)
            self.assertEqual((run.returncode, json.loads(run.stdout)["code"]), (2, "session/invalid_text"), text)

    def test_an_interrupted_command_says_that_it_was_not_done(self):
        world = self.world
        world.serve()
        world.befriend("ana", "ben")
        for how, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            typist = world.start("ana", "send", "ben", "-", stdin=subprocess.PIPE)
            self.addCleanup(typist.end, signal.SIGKILL)
            watcher = world.start("ben", "receive", "--follow", "--keep-unread")
            self.addCleanup(watcher.end, signal.SIGKILL)
            watcher.wait_for(lambda row: row["type"] == "typing" and row["typing"], 30)  # so both are online
            ended, rows, words = typist.end(how)
            self.assertEqual((ended, [row["type"] for row in rows]), (code, ["error"]), rows)
            self.assertIn("before it was done", words)
            # Interrupting is how following ends.
            self.assertEqual(watcher.end(how)[0], 0)
        self.assertEqual(self.history("ana", "ben"), ["hello"])


if __name__ == "__main__":
    unittest.main()
