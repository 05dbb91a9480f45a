"""The main job, shown: two people talk through a server that is killed in the middle, and nothing is lost or doubled.

Usage: demo.py BIN_DIR. Exits 0 only if both transcripts are equal at the end.
"""
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile


class Demo:
    def __init__(self, programs: pathlib.Path, home: pathlib.Path):
        self.programs = programs
        self.home = home
        self.server = None
        self.address = None

    def say(self, text: str) -> None:
        print(f"\n== {text}", flush=True)

    def start_server(self, listen: str) -> dict:
        log = open(self.home / "kithd.log", "a")
        self.server = subprocess.Popen(
            [self.programs / "kithd", "serve", "--data", self.home / "server", "--listen", listen, "--json"],
            stdout=subprocess.PIPE, stderr=log, text=True)
        line = self.server.stdout.readline()
        if not line:
            raise SystemExit(f"demo: kithd did not start; its log:\n{(self.home / 'kithd.log').read_text()}")
        return json.loads(line)

    def kill_server(self) -> None:
        self.server.send_signal(signal.SIGKILL)
        self.server.wait()

    def invite(self) -> str:
        out = subprocess.run([self.programs / "kithd", "invite", "create", "--data", self.home / "server", "--json"],
                             check=True, capture_output=True, text=True).stdout
        return json.loads(out.splitlines()[0])["invite"]

    def kith(self, who: str, *arguments: str, expect: int = 0, quiet: bool = False) -> list[dict]:
        secret = self.home / f"{who}.passphrase"
        if not secret.exists():
            secret.write_text(f"a passphrase of {who}\n")
            secret.chmod(0o600)
        if not quiet:
            print(f"{who} $ kith-cli {' '.join(arguments)}", flush=True)
        run = subprocess.run(
            [self.programs / "kith-cli", "--profile", self.home / who, "--passphrase-file", secret, *arguments],
            capture_output=True, text=True)
        rows = [json.loads(line) for line in run.stdout.splitlines()]
        if run.returncode != expect:
            raise SystemExit(f"demo: {who}'s `{' '.join(arguments)}` ended with {run.returncode} instead of {expect}\n"
                             f"{run.stdout}{run.stderr}")
        if not quiet:
            for row in rows:
                print(f"    {describe(row)}", flush=True)
        return rows

    def transcript(self, who: str, other: str) -> list[tuple]:
        rows = self.kith(who, "history", other, quiet=True)
        return [(row["seq"], row["sender"], row["text"]) for row in rows if row["type"] == "message"]

    def view(self, who: str, other: str) -> None:
        print(f"  what {who} sees:", flush=True)
        for row in self.kith(who, "history", other, quiet=True):
            print(f"    {describe(row)}", flush=True)


TICKS = {"queued": "…", "sealed": "…", "sent": "…", "accepted": "✓", "delivered": "✓✓", "read": "[✓✓]", "failed": "!"}


def describe(row: dict) -> str:
    if row["type"] == "message":
        number = "#-" if row["seq"] is None else f"#{row['seq']}"
        return f"{number:>4} {row['sender']}: {row['text']}  {TICKS.get(row['state'], '')} {row['state']}"
    return " ".join(f"{key}={value}" for key, value in row.items())


def run(demo: Demo) -> None:
    demo.say("A server, from nothing")
    serving = demo.start_server("127.0.0.1:0")
    address = f"127.0.0.1:{serving['port']}"
    print(f"    kithd serves on {address} and printed an invite: {serving['invite']}")

    demo.say("Two people register")
    demo.kith("ana", "register", "--invite", serving["invite"], "--name", "ana")
    demo.kith("ben", "register", "--invite", demo.invite(), "--name", "ben")

    demo.say("Ana writes first; for Ben that is a request until he accepts")
    demo.kith("ana", "send", "ben", "Hello Ben, are you there?")
    demo.kith("ben", "receive")
    demo.kith("ben", "accept", "ana")
    demo.kith("ben", "receive")
    demo.view("ben", "ana")

    demo.say("The marks advance: Ana sees that it was read")
    demo.kith("ana", "wait-read", "ben")
    demo.view("ana", "ben")
    demo.kith("ben", "send", "ana", "I am. This is end-to-end encrypted?")
    demo.kith("ana", "receive")
    demo.kith("ana", "send", "ben", "Yes. Compare the safety number with me:")
    ours = demo.kith("ana", "safety-number", "ben")[0]["number"]
    theirs = demo.kith("ben", "safety-number", "ana")[0]["number"]
    if ours != theirs:
        raise SystemExit("demo: the safety numbers differ")

    demo.say("The server is killed (SIGKILL). Ana writes on: it waits in her outbox")
    demo.kill_server()
    demo.kith("ana", "--timeout", "2", "send", "ben", "Written while the server was down", expect=3)
    demo.view("ana", "ben")

    demo.say("The server is back: what waited goes out, once")
    demo.start_server(address)
    demo.kith("ana", "send", "ben", "And this one after it came back")
    demo.kith("ben", "receive")
    demo.kith("ben", "send", "ana", "Both arrived, in order.")
    demo.kith("ana", "receive")
    demo.kith("ben", "wait-read", "ana")
    demo.kith("ana", "wait-read", "ben")

    demo.say("Both transcripts")
    demo.view("ana", "ben")
    demo.view("ben", "ana")
    ana, ben = demo.transcript("ana", "ben"), demo.transcript("ben", "ana")
    if ana != ben or len(ana) != 6 or [row[0] for row in ana] != sorted({row[0] for row in ana}):
        raise SystemExit(f"demo: the transcripts differ\n{ana}\n{ben}")
    demo.server.send_signal(signal.SIGTERM)
    if demo.server.wait(timeout=20) != 0:
        raise SystemExit("demo: kithd did not end in good order")
    print("\nThe transcripts are equal on both sides: 6 messages, none lost, none twice, in one order.")


def main() -> None:
    programs = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory(prefix="kith-demo-") as home:
        os.chmod(home, 0o700)
        demo = Demo(programs, pathlib.Path(home))
        try:
            run(demo)
        finally:
            if demo.server is not None and demo.server.poll() is None:
                demo.server.kill()


if __name__ == "__main__":
    main()
