"""An invite link is all that a person on another machine needs, and it binds: the server's key is the one in the link, or
nothing is said to it (mechanisms.md section 5). Server and client live in two network namespaces."""
import base64
import hashlib
import os
import pathlib
import re
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from KithPrograms import World  # noqa: E402
from TwoMachines import NAME, SERVER_ADDRESS, SERVER_ADDRESS6, Eavesdropper, TwoMachines, why_impossible  # noqa: E402

LISTEN = "0.0.0.0:8443"


def fingerprint(link):
    """What the link pins, in hexadecimal."""
    text = re.search(r"[#&]s=([\w-]+)", link).group(1)
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).hex()


def pinning(link, fingerprint_hex):
    other = base64.urlsafe_b64encode(bytes.fromhex(fingerprint_hex)).decode().rstrip("=")
    return re.sub(r"(?<=[#&]s=)[\w-]+", other, link)


def key_fingerprint(certificate):
    key = subprocess.run(["openssl", "x509", "-in", certificate, "-noout", "-pubkey"], check=True, capture_output=True).stdout
    der = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"], input=key, check=True, capture_output=True).stdout
    return hashlib.sha256(der).hexdigest()


class TwoMachinesTest(unittest.TestCase):
    def setUp(self):
        self.machines = self.enterContext(TwoMachines())
        self.world = World(os.environ["KITH_BIN_DIR"], self.machines.on_server(), self.machines.on_client())
        self.addCleanup(self.world.close)

    def register(self, who, link):
        code, rows = self.world.kith(who, "register", "--invite", link, "--name", who, "--timeout", "20")
        return code, rows[-1]

    def uses(self):
        return sum(invite["used"] for invite in self.world.kithd("invite", "list")["invites"])

    def test_the_link_alone_suffices(self):
        link = self.world.serve(listen=LISTEN)["invite"]
        self.assertTrue(link.startswith(f"kith://{SERVER_ADDRESS}/i#"), link)
        self.assertEqual(fingerprint(link), key_fingerprint(self.world.home / "server/server.crt"))
        self.assertNotIn("&k=", link)  # the server itself invites
        self.assertEqual(self.register("ana", link)[0], 0)
        self.assertEqual(self.register("ben", self.world.invite())[0], 0)
        self.assertEqual(self.world.kith("ana", "send", "ben", "from another machine")[0], 0)
        self.assertEqual(self.world.kith("ben", "accept", "ana")[0], 0)
        code, rows = self.world.kith("ben", "receive")
        self.assertEqual((code, [row["text"] for row in rows]), (0, ["from another machine"]))

    def test_a_persons_link_alone_suffices(self):
        link = self.world.serve("--name", NAME, listen="[::]:8443")["invite"].replace(NAME, SERVER_ADDRESS)
        self.assertEqual(self.register("ana", link)[0], 0)
        code, rows = self.world.kith("ana", "invite")
        self.assertEqual(code, 0, rows)
        # The server as ana reaches it, with the key that ana pinned.
        self.assertTrue(rows[0]["invite"].startswith(f"kith://{SERVER_ADDRESS}/i#"), rows)
        self.assertEqual(fingerprint(rows[0]["invite"]), fingerprint(link))
        code, registered = self.register("ben", rows[0]["invite"])
        self.assertEqual((code, registered["inviter"], registered["trust"]), (0, "ana", "verified_by_link"))
        self.assertEqual(self.world.kith("ben", "send", "ana", "from another machine")[0], 0)
        code, rows = self.world.kith("ana", "receive")
        self.assertEqual((code, [row["text"] for row in rows]), (0, ["from another machine"]))

    def test_a_name_is_in_links_and_every_address_in_the_certificate(self):
        link = self.world.serve("--name", NAME, listen="[::]:8443")["invite"]
        self.assertTrue(link.startswith(f"kith://{NAME}/i#"), link)
        covered = subprocess.run(["openssl", "x509", "-in", self.world.home / "server/server.crt", "-noout", "-ext",
                                  "subjectAltName"], check=True, capture_output=True, text=True).stdout
        for entry in (f"DNS:{NAME}", "DNS:localhost", f"IP Address:{SERVER_ADDRESS}", "IP Address:FD77:0:0:0:0:0:0:1"):
            self.assertIn(entry, covered)
        self.assertEqual(self.register("ana", link)[0], 0)
        for who, host in (("ben", SERVER_ADDRESS), ("eve", f"[{SERVER_ADDRESS6}]")):
            self.assertEqual(self.register(who, self.world.invite().replace(NAME, host))[0], 0, host)

    def test_a_changed_server_key_stops_with_both_fingerprints(self):
        old = self.world.serve(listen=LISTEN)["invite"]
        self.assertEqual(self.register("ana", old)[0], 0)
        self.world.kill_server()
        new = self.world.serve(data="another", listen=LISTEN)["invite"]
        code, rows = self.world.kith("ana", "status", "--timeout", "20")
        self.assertEqual(code, 6, rows)
        self.assertIn(f"pinned key {fingerprint(old)}, presented key {fingerprint(new)}", rows[-1]["message"])

    def test_a_link_with_a_wrong_fingerprint_is_refused_and_not_used_up(self):
        link = self.world.serve(listen=LISTEN)["invite"]
        wrong = hashlib.sha256(b"somebody else").hexdigest()
        code, error = self.register("ana", pinning(link, wrong))
        self.assertEqual(code, 6, error)
        self.assertIn(f"pinned key {wrong}, presented key {fingerprint(link)}", error["message"])
        self.assertEqual(self.uses(), 0)
        self.assertEqual(self.register("ana", link)[0], 0)
        self.assertEqual(self.uses(), 1)

    def test_nothing_is_said_to_a_server_with_another_key(self):
        link = self.world.serve(listen=LISTEN)["invite"]
        for pinned, silent in ((True, True), (False, False)):
            spy = Eavesdropper(self.machines, self.world.home)
            there = link.replace(SERVER_ADDRESS, f"{SERVER_ADDRESS}:{spy.port}")
            if not pinned:  # the same server, but the link says its key: now it is spoken to
                there = pinning(there, key_fingerprint(spy.certificate))
            code, error = self.register("ana", there)
            self.assertEqual(code, 6 if silent else 3, error)
            self.assertEqual(spy.heard() == 0, silent)


if __name__ == "__main__":
    if why := why_impossible():
        print(f"SKIP TwoMachinesTest: no network namespaces here: {why}")
        sys.exit(0)
    unittest.main()
