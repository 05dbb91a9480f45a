"""P4 from outside: a server that shows two people different logs is found out, and nobody is kept from writing."""
import os
import pathlib
import shutil
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from KithPrograms import World  # noqa: E402


class ForkedLogTest(unittest.TestCase):
    def test_the_rows_of_a_forked_log_say_so(self):
        world = World(os.environ["KITH_BIN_DIR"])
        self.addCleanup(world.close)
        port = world.serve()["port"]
        world.befriend("ana", "ben")
        for who in ("ana", "ben"):
            self.assertEqual(world.kith(who, "receive")[0], 0)
        world.kill_server()
        # Two copies of one server, each of which goes its own way.
        shutil.copytree(world.home / "server", world.home / "other", ignore=shutil.ignore_patterns("*.sock", "LOCK"))
        listen = f"127.0.0.1:{port}"
        world.serve(listen=listen)
        self.assertEqual(world.kith("ana", "send", "ben", "only ana's server has this")[0], 0)
        self.assertEqual(world.kith("ana", "receive")[0], 0)  # her own entry is in her log
        world.kill_server()
        world.serve(data="other", listen=listen)
        self.assertEqual(world.kith("ben", "send", "ana", "only ben's server has this")[0], 0)
        self.assertEqual(world.kith("ben", "send", "ana", "ana is shown this")[0], 0)

        code, rows = world.kith("ana", "receive")
        self.assertEqual(code, 0, rows)
        shown = {row["text"]: row["log_differs"] for row in rows if row["type"] == "message"}
        self.assertEqual(shown, {"ana is shown this": True})
        history = {row["text"]: row["log_differs"] for row in world.kith("ana", "history", "ben")[1]}
        self.assertEqual((history["hello"], history["ana is shown this"]), (False, True))
        # The difference alone holds nothing back. What ana has sent since does wait: this server has forgotten one of hers.
        self.assertEqual(world.kith("ben", "send", "ana", "I go on writing")[0], 0)


if __name__ == "__main__":
    unittest.main()
