"""A real kithd and real kith-cli profiles in a directory of their own, for tests of the programs from outside."""
import json
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile


class World:
    def __init__(self, programs: str, run_server=(), run_client=()):
        self.programs = pathlib.Path(programs)
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="kith-test-"))
        self.run_server = list(run_server)  # a prefix such as: ip netns exec NAME
        self.run_client = list(run_client)
        self.server = None
        self.serving = None

    def close(self):
        if self.server and self.server.poll() is None:
            self.server.kill()
            self.server.wait()
        if self.server:
            self.server.stdout.close()
        shutil.rmtree(self.home, ignore_errors=True)

    def serve(self, *arguments, data="server", listen="127.0.0.1:0"):
        with open(self.home / "kithd.log", "a") as log:
            self.server = subprocess.Popen(
                [*self.run_server, self.programs / "kithd", "serve", "--data", self.home / data, "--listen", listen,
                 "--json", *arguments], stdout=subprocess.PIPE, stderr=log, text=True)
        line = self.server.stdout.readline()
        assert line, (self.home / "kithd.log").read_text()
        self.serving = json.loads(line)
        return self.serving

    def kill_server(self):
        self.server.send_signal(signal.SIGKILL)
        self.server.wait()
        self.server.stdout.close()
        self.server = None

    def kithd(self, *arguments):
        out = subprocess.run([self.programs / "kithd", *arguments, "--data", self.home / "server", "--json"],
                             capture_output=True, text=True, check=True).stdout
        return json.loads(out.splitlines()[0])

    def invite(self):
        return self.kithd("invite", "create")["invite"]

    def kith(self, who, *arguments, passphrase=None, text=None):
        """(exit code, rows) of one kith-cli run as `who`."""
        secret = self.home / f"{who}.{'other' if passphrase else 'own'}.passphrase"
        secret.write_text((passphrase or f"passphrase of {who}") + "\n")
        run = subprocess.run(
            [*self.run_client, self.programs / "kith-cli", "--profile", self.home / who, "--passphrase-file", secret,
             *arguments], capture_output=True, text=True, input=text, timeout=120)
        return run.returncode, [json.loads(line) for line in run.stdout.splitlines()]

    def befriend(self, one, other):
        for who in (one, other):
            assert self.kith(who, "register", "--invite", self.invite(), "--name", who)[0] == 0
        assert self.kith(one, "send", other, "hello")[0] == 0
        assert self.kith(other, "accept", one)[0] == 0


def documented_rows(guide):
    """type -> set of fields, from the table of docs/guides/cli.md."""
    rows = {}
    for line in pathlib.Path(guide).read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 2 and re.fullmatch(r"(`\w+` ?)+", cells[0]) and re.fullmatch(r"(`\w+` ?)+", cells[1]):
            for kind in re.findall(r"`(\w+)`", cells[0]):
                rows[kind] = set(re.findall(r"`(\w+)`", cells[1]))
    return rows
