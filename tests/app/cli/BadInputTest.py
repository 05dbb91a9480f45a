"""What people, networks and machines do wrong, with the real programs: each has words, its exit code, and loses nothing.

Where the rest of the list is: a changed or unproven server key, a name taken, an invite used, a damaged database, a wrong
passphrase, a message that is too long: CliSchemaTest. A full disk under kithd: KithdTest. A newer protocol and a newer
store: NewerVersionsTest. A server killed under load: kith-crash."""
import ctypes
import os
import pathlib
import signal
import subprocess
import sys
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from KithPrograms import World  # noqa: E402

CLONE_NEWNS, CLONE_NEWUSER = 0x20000, 0x10000000
MS_REC_PRIVATE = 0x4000 | 0x40000
LIBC = ctypes.CDLL(None, use_errno=True)
YEAR = 365 * 24 * 3600


def own_mounts():
    """A mount namespace of this process and its children, as root or as a user who may map himself."""
    user, group = os.getuid(), os.getgid()
    if LIBC.unshare(CLONE_NEWNS) != 0:
        if LIBC.unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0:
            return False
        for name, text in (("setgroups", "deny"), ("uid_map", f"0 {user} 1"), ("gid_map", f"0 {group} 1")):
            pathlib.Path(f"/proc/self/{name}").write_text(text)
    return LIBC.mount(None, b"/", None, MS_REC_PRIVATE, None) == 0


class BadInputTest(unittest.TestCase):
    def setUp(self):
        self.world = World(os.environ["KITH_BIN_DIR"])
        self.addCleanup(self.world.close)

    def refused(self, outcome, code, words):
        """The last row is an error that says `words`, and the exit code is `code`."""
        got, rows = outcome
        self.assertEqual((got, rows[-1]["type"]), (code, "error"), rows)
        self.assertRegex(rows[-1]["message"], words)
        return rows

    def done(self, outcome):
        self.assertEqual(outcome[0], 0, outcome[1])
        return outcome[1]

    def texts(self, who, other):
        rows = self.done(self.world.kith(who, "history", other))
        return [row["text"] for row in rows if row["type"] == "message"]

    def test_a_wrong_address(self):
        def register(option, value):
            return self.world.kith("ana", "register", option, value, "--name", "ana", "--timeout", "3")

        for address in ("http://chat.example.org", "127.0.0.1:99999", "[::1", ""):
            self.assertEqual(register("--server", address)[0], 2, address)
        self.refused(register("--invite", "hello"), 2, "starts with kith://")
        self.refused(register("--invite", "kith://chat.example.org"), 2, "cut off")
        self.refused(register("--server", "no-such-host.invalid"), 3, "no-such-host.invalid is not known")
        self.refused(register("--server", "127.0.0.1:1"), 3, "No server listens at 127.0.0.1:1")
        # The profile that was begun is good for the right address.
        self.world.serve()
        self.done(self.world.kith("ana", "register", "--invite", self.world.invite(), "--name", "ana"))

    def test_tls_on_one_side_only(self):
        world = self.world
        world.serve()
        self.done(world.kith("ana", "register", "--invite", world.invite(), "--name", "ana"))
        port = world.serving["port"]
        world.kill_server()
        world.serve("--plain", listen=f"127.0.0.1:{port}")
        self.refused(world.kith("ana", "status", "--timeout", "3"), 3, "does not speak TLS")
        self.done(world.kith("ben", "register", "--invite", world.invite(), "--name", "ben"))
        world.kill_server()
        world.serve(listen=f"127.0.0.1:{port}")
        self.refused(world.kith("ben", "status", "--timeout", "3"), 3, "hung up before it said that it is a Kith server")
        self.assertEqual(self.done(world.kith("ana", "status"))[0]["connection"], "online")

    def test_an_invite_that_is_no_longer_good(self):
        world = self.world
        machine = world.faults("server")
        world.serve(faults=machine)
        revoked, expired = world.invite(), world.kithd("invite", "create", "--expires", "1d")["invite"]
        world.kithd("invite", "revoke", revoked)
        self.refused(world.kith("ana", "register", "--invite", revoked, "--name", "ana"), 4, "invite")
        machine.clock_off_by(25 * 3600)
        self.refused(world.kith("ana", "register", "--invite", expired, "--name", "ana"), 4, "invite")
        self.done(world.kith("ana", "register", "--invite", world.invite(), "--name", "ana"))

    def test_the_server_is_killed_in_mid_send(self):
        world = self.world
        world.serve()
        world.befriend("ana", "ben")
        port = world.serving["port"]
        texts = [f"message {number}" for number in range(8)]
        outcomes = []
        started = threading.Event()

        def send_all():
            for number, text in enumerate(texts):
                if number == 3:
                    started.set()
                outcomes.append(world.kith("ana", "send", "ben", text, "--timeout", "1"))

        sender = threading.Thread(target=send_all)
        sender.start()
        started.wait(60)
        world.kill_server()
        sender.join()
        codes = [code for code, _ in outcomes]
        self.assertLessEqual(set(codes), {0, 3})
        self.assertIn(3, codes)
        for code, rows in outcomes:
            self.assertEqual(rows[0]["state"] == "accepted", code == 0, rows)
        world.serve(listen=f"127.0.0.1:{port}")
        self.done(world.kith("ana", "send", "ben", "the last one"))
        got = [row["text"] for row in self.done(world.kith("ben", "receive")) if row["type"] == "message"]
        self.assertEqual(got, ["hello", *texts, "the last one"])
        self.assertEqual(self.texts("ana", "ben"), got)

    def test_a_device_whose_syncs_fail(self):
        world = self.world
        world.serve()
        world.befriend("ana", "ben")
        self.done(world.kith("ben", "receive"))
        machine = world.faults("ben")
        follower = world.start("ben", "receive", "--follow", "--timeout", "60", faults=machine)
        self.addCleanup(follower.end, signal.SIGKILL)
        self.done(world.kith("ana", "send", "ben", "one"))
        follower.wait_for(lambda row: row.get("text") == "one", 10)
        machine.syncs_fail()
        self.done(world.kith("ana", "send", "ben", "two"))
        follower.process.wait(30)
        code, rows, words = follower.end()
        self.assertEqual((code, rows[-1]["code"]), (7, "store/io"))
        self.assertIn("what was stored before is kept", words)
        self.assertEqual(follower.texts(), ["one"])  # nothing is shown that is not on disk
        # Reads go on where writes do not; the exit code says what is wrong.
        code, rows = world.kith("ben", "history", "ana", faults=machine)
        self.assertEqual((code, [row.get("text") for row in rows[:-1]]), (7, ["hello", "one"]))
        self.refused(world.kith("ben", "send", "ana", "not this one", faults=machine), 7, "kept")
        machine.syncs_fail(False)
        got = [row["text"] for row in self.done(world.kith("ben", "receive")) if row["type"] == "message"]
        self.assertEqual(got, ["two"])
        self.assertEqual(self.texts("ben", "ana"), ["hello", "one", "two"])

    def test_a_server_whose_syncs_fail(self):
        world = self.world
        machine = world.faults("server")
        world.serve(faults=machine)
        world.befriend("ana", "ben")
        port = world.serving["port"]
        machine.syncs_fail()
        self.refused(world.kith("ana", "send", "ben", "kept here", "--timeout", "3"), 3, ".")
        self.assertEqual(world.server.wait(30), 74)
        self.assertIn("cannot be written", (world.home / "kithd.log").read_text())
        machine.syncs_fail(False)
        world.kill_server()
        world.serve(listen=f"127.0.0.1:{port}")
        self.done(world.kith("ana", "send", "ben", "after it"))
        got = [row["text"] for row in self.done(world.kith("ben", "receive")) if row["type"] == "message"]
        self.assertEqual(got, ["hello", "kept here", "after it"])

    def test_a_device_whose_disk_is_full(self):
        if not MOUNTS:
            self.skipTest("needs a mount namespace")
        world = self.world
        world.serve()
        disk = world.home / "ben"
        disk.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "none", disk], check=True)
        self.addCleanup(subprocess.run, ["umount", "-l", disk], check=True)
        world.befriend("ana", "ben")
        self.done(world.kith("ben", "receive"))
        follower = world.start("ben", "receive", "--follow", "--timeout", "60")
        self.addCleanup(follower.end, signal.SIGKILL)
        follower.wait_for(lambda row: row["type"] == "presence", 10)
        with open(disk / "filler", "wb", buffering=0) as filler, self.assertRaises(OSError):
            while True:
                filler.write(bytes(1024))
        sent = []
        while follower.process.poll() is None and len(sent) < 20:
            sent.append(f"number {len(sent)}, " + "long " * 2000)
            self.done(world.kith("ana", "send", "ben", sent[-1]))
        code, rows, words = follower.end()
        self.assertEqual((code, rows[-1]["code"]), (7, "store/full"))
        self.assertIn("full", words)
        before = follower.texts()
        self.refused(world.kith("ben", "send", "ana", "not this one"), 7, ".")
        (disk / "filler").unlink()
        after = [row["text"] for row in self.done(world.kith("ben", "receive")) if row["type"] == "message"]
        self.assertEqual(before + after, sent)
        self.assertEqual(self.texts("ben", "ana"), ["hello", *sent])

    def test_a_clock_that_is_wrong_by_years(self):
        world = self.world
        world.serve()
        late, early = world.faults("ana"), world.faults("ben")
        late.clock_off_by(-12 * YEAR)
        early.clock_off_by(15 * YEAR)
        self.done(world.kith("ana", "register", "--invite", world.invite(), "--name", "ana", faults=late))
        self.done(world.kith("ben", "register", "--invite", world.invite(), "--name", "ben", faults=early))
        self.done(world.kith("ana", "send", "ben", "from the past", faults=late))
        self.done(world.kith("ben", "accept", "ana", faults=early))
        got = self.done(world.kith("ben", "receive", faults=early))
        self.assertEqual([row["text"] for row in got if row["type"] == "message"], ["from the past"])
        self.done(world.kith("ben", "send", "ana", "from the future", faults=early))
        rows = self.done(world.kith("ana", "receive", faults=late))
        times = [row["time"] for row in got + rows if row["type"] == "message"]
        self.assertEqual(times, sorted(times))  # the server's, whatever the devices think
        # And each again with a clock that somebody has set right meanwhile.
        self.done(world.kith("ana", "send", "ben", "now it is right"))
        self.assertEqual(self.texts("ben", "ana"), ["from the past", "from the future"])
        self.assertEqual([row["text"] for row in self.done(world.kith("ben", "receive"))], ["now it is right"])


if __name__ == "__main__":
    MOUNTS = own_mounts()
    if not MOUNTS:
        print("SKIP test_a_device_whose_disk_is_full: needs a mount namespace")
    unittest.main()
