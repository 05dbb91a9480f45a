"""What becomes of a profile's folder, and of the server's, between two runs of the real programs: put back from an old
copy, emptied, moved, on a disk that takes no writes. Words, exit codes, and nothing lost or sealed twice."""
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from KithPrograms import World  # noqa: E402

READ_ONLY = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'


class ProfileFolderTest(unittest.TestCase):
    def setUp(self):
        self.world = World(os.environ["KITH_BIN_DIR"])
        self.addCleanup(self.world.close)

    def refused(self, outcome, code, words):
        got, rows = outcome
        self.assertEqual((got, rows[-1]["type"]), (code, "error"), rows)
        self.assertRegex(rows[-1]["message"], words)
        return rows

    def done(self, outcome):
        self.assertEqual(outcome[0], 0, outcome[1])
        return outcome[1]

    def texts(self, who, other):
        return [row["text"] for row in self.done(self.world.kith(who, "history", other)) if row["type"] == "message"]

    def received(self, who):
        return [row["text"] for row in self.done(self.world.kith(who, "receive")) if row["type"] == "message"]

    def keep(self, folder):
        sockets = lambda where, names: [name for name in names if pathlib.Path(where, name).is_socket()]  # noqa: E731
        shutil.copytree(self.world.home / folder, self.world.home / f"{folder}.kept", ignore=sockets)

    def put_back(self, folder, aside):
        os.rename(self.world.home / folder, self.world.home / aside)
        os.rename(self.world.home / f"{folder}.kept", self.world.home / folder)

    def test_an_old_copy_of_a_profile_writes_nothing(self):
        world = self.world
        world.serve()
        world.befriend("ana", "ben")
        self.done(world.kith("ana", "send", "ben", "before the copy"))
        self.keep("ana")
        self.done(world.kith("ana", "send", "ben", "after the copy"))
        self.assertEqual(self.received("ben"), ["hello", "before the copy", "after the copy"])
        self.put_back("ana", "newest")
        for _ in range(2):  # for ever: a second try is no other
            rows = self.refused(world.kith("ana", "send", "ben", "under a used key"), 4, "older than what the server saw")
            self.assertEqual((rows[0]["state"], rows[-1]["code"]), ("queued", "session/revoked"))
        rows = self.refused(world.kith("ana", "status"), 4, "register or link this device as a new one")
        self.assertEqual(rows[0]["connection"], "revoked")
        self.assertEqual(self.texts("ana", "ben")[:2], ["hello", "before the copy"])
        self.assertEqual(self.received("ben"), [])
        shutil.rmtree(world.home / "ana")
        os.rename(world.home / "newest", world.home / "ana")
        self.done(world.kith("ana", "send", "ben", "with the newest copy"))
        self.assertEqual(self.received("ben"), ["with the newest copy"])

    def test_an_old_copy_that_only_received_less(self):
        world = self.world
        world.serve()
        world.befriend("ana", "ben")
        self.done(world.kith("ben", "receive"))
        self.keep("ben")
        self.done(world.kith("ana", "send", "ben", "after the copy"))
        self.assertEqual(self.received("ben"), ["after the copy"])
        self.put_back("ben", "newest")
        self.refused(world.kith("ben", "send", "ana", "x"), 4, "older than what the server saw")

    def test_a_server_that_was_put_back(self):
        world = self.world
        world.serve()
        world.befriend("ana", "ben")
        port = world.serving["port"]
        world.kill_server()
        self.keep("server")
        world.serve(listen=f"127.0.0.1:{port}")
        self.done(world.kith("ana", "send", "ben", "after the copy"))
        self.assertEqual(self.received("ben"), ["hello", "after the copy"])
        world.kill_server()
        self.put_back("server", "newest")
        world.serve(listen=f"127.0.0.1:{port}")
        for who, other in (("ana", "ben"), ("ben", "ana")):
            self.refused(world.kith(who, "send", other, f"{who} waits", "--timeout", "5"), 3, "run 'kithd restored'")
            self.assertEqual(self.texts(who, other), ["hello", "after the copy", f"{who} waits"])
        said = [line for line in (world.home / "kithd.log").read_text().splitlines() if "server_put_back" in line]
        self.assertEqual(len(said), 1, said)  # once a minute, whoever comes
        self.assertIn("kithd restored", said[0])
        world.kill_server()
        shutil.rmtree(world.home / "server")
        os.rename(world.home / "newest", world.home / "server")
        world.serve(listen=f"127.0.0.1:{port}")
        self.done(world.kith("ana", "send", "ben", "the newest copy is back"))
        self.done(world.kith("ben", "receive"))
        self.assertEqual(sorted(self.texts("ben", "ana")),
                         sorted(["hello", "after the copy", "ana waits", "ben waits", "the newest copy is back"]))

    def test_a_database_that_was_emptied_or_lost(self):
        world = self.world
        world.serve()
        world.befriend("ana", "ben")
        database = world.home / "ana" / "kith.db"
        whole = database.read_bytes()
        database.write_bytes(b"")
        self.refused(world.kith("ana", "status"), 7, "kith.db is empty")
        self.refused(world.kith("ana", "register", "--invite", world.invite(), "--name", "anew"), 7, "kith.db is empty")
        self.assertEqual(database.read_bytes(), b"")
        database.unlink()
        self.refused(world.kith("ana", "history", "ben"), 7, "kith.db is missing")
        self.refused(world.kith("ana", "register", "--invite", world.invite(), "--name", "anew"), 7, "kith.db is missing")
        self.assertFalse(database.exists())
        database.write_bytes(whole)
        self.assertEqual(self.texts("ana", "ben"), ["hello"])

    def test_a_moved_profile(self):
        world = self.world
        world.serve()
        world.befriend("ana", "ben")
        (world.home / "elsewhere").mkdir()
        os.rename(world.home / "ana", world.home / "elsewhere" / "anna")
        secret = world.home / "ana.own.passphrase"
        command = [world.programs / "kith-cli", "--profile", world.home / "elsewhere" / "anna", "--passphrase-file", secret]
        run = subprocess.run([*command, "send", "ben", "from elsewhere"], capture_output=True, text=True, timeout=120)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        self.assertEqual(self.received("ben"), ["hello", "from elsewhere"])

    def read_only(self, who, *arguments):
        """(exit code, stdout, stderr) with the profile on a mount that takes no writes, in a namespace of its own."""
        command = ["unshare", "-m", "sh", "-c", READ_ONLY, self.world.home / who, *self.world.command(who, *arguments)]
        run = subprocess.run(command, capture_output=True, text=True, timeout=120)
        return run.returncode, run.stdout, run.stderr

    def test_a_profile_on_a_read_only_disk(self):
        probe = ["unshare", "-m", "sh", "-c", READ_ONLY, self.world.home, "true"]
        if subprocess.run(probe, capture_output=True).returncode != 0:
            self.skipTest("no mount namespaces here")
        world = self.world
        world.serve()
        world.befriend("ana", "ben")

        def reads(texts):
            code, out, err = self.read_only("ana", "history", "ben")
            self.assertEqual(code, 0, out + err)
            for text in texts:
                self.assertIn(f'"{text}"', out)
            self.assertIn("nothing can be written where this profile lies", err)

        reads(["hello"])
        for command, row in (("list", '"with":"ben"'), ("status", '"handle":"ana"'), ("requests", "")):
            code, out, err = self.read_only("ana", command)
            self.assertEqual((code, row in out), (0, True), out + err)
            self.assertNotIn("error", out)
            self.assertIn("nothing can be written", err)
        for command in (("send", "ben", "x"), ("receive",), ("accept", "ben"), ("block", "ben"),
                        ("register", "--invite", world.invite(), "--name", "ana2")):
            code, out, err = self.read_only("ana", *command)
            self.assertEqual(code, 7, out + err)
            self.assertIn("nothing can be written", err)
        # What a killed program left unmerged is read too.
        follower = world.start("ana", "receive", "--follow", "--timeout", "60")
        self.addCleanup(follower.end, signal.SIGKILL)
        self.done(world.kith("ben", "send", "ana", "not merged yet"))
        follower.wait_for(lambda row: row.get("text") == "not merged yet", 20)
        follower.end(signal.SIGKILL)
        reads(["hello", "not merged yet"])
        (world.home / "ana" / "kith.db-shm").unlink()  # a backup has no need to hold it
        reads(["hello", "not merged yet"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
