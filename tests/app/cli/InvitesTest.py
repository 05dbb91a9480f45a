"""A person's invite through the real programs: who comes by it knows the inviting person verified by link, and whatever does
not fit stops in words (mechanisms.md section 5)."""
import base64
import hashlib
import os
import pathlib
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from KithPrograms import World  # noqa: E402

HOUR = 3600


def part(link, name):
    """A fingerprint of the link in hexadecimal; nothing where it has none."""
    found = re.search(rf"[#&]{name}=([\w-]+)", link)
    return base64.urlsafe_b64decode(found.group(1) + "==").hex() if found else None


def with_person(link, fingerprint_hex):
    other = base64.urlsafe_b64encode(bytes.fromhex(fingerprint_hex)).decode().rstrip("=")
    return re.sub(r"&k=[\w-]+", "", link).replace("&s=", f"&k={other}&s=")


class InvitesTest(unittest.TestCase):
    def setUp(self):
        self.world = World(os.environ["KITH_BIN_DIR"])
        self.addCleanup(self.world.close)

    def done(self, outcome):
        self.assertEqual(outcome[0], 0, outcome[1])
        return outcome[1]

    def refused(self, outcome, code, words):
        self.assertEqual(outcome[0], code, outcome[1])
        self.assertRegex(outcome[1][-1]["message"], words)

    def register(self, who, link):
        return self.world.kith(who, "register", "--invite", link, "--name", who)

    def invite(self, who, *arguments):
        return self.done(self.world.kith(who, "invite", *arguments))[0]

    def test_who_comes_by_a_persons_invite_knows_them_verified(self):
        world = self.world
        served = world.serve()["invite"]
        ana = self.done(self.register("ana", served))[0]
        self.assertEqual((ana["inviter"], ana["trust"]), (None, None))  # the server itself invites
        made = self.invite("ana", "--expires", "90m")
        self.assertRegex(made["expires"], r"^\d{4}-\d\d-\d\dT")
        self.assertEqual(part(made["invite"], "s"), part(served, "s"))
        self.assertEqual(made["invite"].split("/i#")[0], served.split("/i#")[0])
        self.assertNotIn(made["id"], made["invite"])
        ben = self.done(self.register("ben", made["invite"]))[0]
        self.assertEqual((ben["inviter"], ben["trust"]), ("ana", "verified_by_link"))
        self.assertEqual(self.done(world.kith("ben", "safety-number", "ana"))[0]["trust"], "verified_by_link")
        # Neither asks the other for leave to write.
        self.done(world.kith("ben", "send", "ana", "here I am"))
        self.assertEqual(self.done(world.kith("ana", "requests")), [])
        self.assertEqual([row["text"] for row in self.done(world.kith("ana", "receive"))], ["here I am"])
        self.done(world.kith("ana", "send", "ben", "welcome"))
        self.assertEqual([row["text"] for row in self.done(world.kith("ben", "receive"))], ["welcome"])
        self.assertEqual(self.done(world.kith("ben", "list"))[0]["trust"], "verified_by_link")
        seen = self.done(world.kith("ana", "list"))[0]
        self.assertEqual((seen["with"], seen["state"], seen["trust"]), ("ben", "accepted", "unverified"))  # nothing vouched

    def test_an_invite_ends(self):
        world = self.world
        machine = world.faults("server")
        self.done(self.register("ana", world.serve(faults=machine)["invite"]))
        two = self.invite("ana", "--uses", "2")
        self.done(self.register("ben", two["invite"]))
        self.done(self.register("cem", two["invite"]))
        self.refused(self.register("eve", two["invite"]), 4, "was used already")
        for by in ("id", "invite"):
            revoked = self.invite("ana")
            self.refused(world.kith("ben", "invite", "--revoke", revoked[by]), 4, "no such invite of yours")
            self.assertEqual(self.done(world.kith("ana", "invite", "--revoke", revoked[by]))[0]["type"], "invite_revoked")
            self.refused(self.register("eve", revoked["invite"]), 4, "was revoked")
        brief = self.invite("ana", "--expires", "12h")
        machine.clock_off_by(13 * HOUR)
        self.refused(self.register("eve", brief["invite"]), 4, "has expired")
        self.done(self.register("eve", self.invite("ana")["invite"]))  # nothing was spoilt
        for wrong in (("--expires", "5x"), ("--expires", "0m"), ("--uses", "0"), ("--revoke", "1d", "--uses", "2")):
            self.assertEqual(world.kith("ana", "invite", *wrong)[0], 2, wrong)
        self.refused(world.kith("ana", "invite", "--expires", "2000d"), 4, "cannot live that long")
        self.refused(world.kith("ana", "invite", "--uses", "5000"), 4, "at most 1000")

    def test_a_link_with_another_persons_fingerprint_stops(self):
        world = self.world
        self.done(self.register("ana", world.serve()["invite"]))
        link = self.invite("ana")["invite"]
        other = hashlib.sha256(b"somebody else").hexdigest()
        self.refused(self.register("ben", with_person(link, other)), 6,
                     f"pinned key {other}, presented key {part(link, 'k')}")
        self.refused(world.kith("ben", "send", "ana", "is that you?"), 4, "no account")
        ben = self.done(self.register("ben", link))[0]
        self.assertEqual((ben["inviter"], ben["trust"]), ("ana", "verified_by_link"))
        # The server's own invite, as if a person had made it.
        self.refused(self.register("eve", with_person(world.invite(), other)), 6,
                     f"pinned key {other}, presented key none")

    def test_only_the_operator_may_invite_where_the_operator_says_so(self):
        world = self.world
        config = world.home / "kithd.toml"
        config.write_text("[registration]\nusers_invite = false\n")
        self.done(self.register("ana", world.serve("--config", str(config))["invite"]))
        self.refused(world.kith("ana", "invite"), 4, "Only the operator of this server makes invites")
        self.done(self.register("ben", world.invite()))


if __name__ == "__main__":
    unittest.main()
