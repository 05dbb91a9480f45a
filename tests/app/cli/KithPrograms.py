"""A real kithd and real kith-cli profiles in a directory of their own, for tests of the programs from outside."""
import json
import mmap
import os
import pathlib
import re
import shutil
import signal
import struct
import subprocess
import tempfile
import threading
import time


class Faults:
    """What goes wrong on the machine of the programs that run with it; see tests/support/faults."""

    def __init__(self, programs, path):
        path.write_bytes(bytes(16))
        with open(path, "r+b") as file:
            self.rules = mmap.mmap(file.fileno(), 16)
        self.environment = {**os.environ, "LD_PRELOAD": str(programs.parent / "tests/libkith_faults.so"),
                            "KITH_FAULTS": str(path)}

    def clock_off_by(self, seconds):
        self.rules[0:8] = struct.pack("q", int(seconds * 1000))

    def syncs_fail(self, fail=True):
        self.rules[8:16] = struct.pack("q", int(fail))


class Follower:
    """A kith-cli that goes on running; its rows with the moments (time.monotonic()) at which they came."""

    def __init__(self, command, **how):
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **how)
        self.rows = []
        self.words = ""
        self.came = threading.Condition()
        self.reader = threading.Thread(target=self.read)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            with self.came:
                self.rows.append((time.monotonic(), json.loads(line)))
                self.came.notify_all()
        with self.came:
            self.came.notify_all()

    def wait_for(self, fits, within, after=0.0):
        """The moment and the first row later than `after` that `fits`; fails when it does not come in time."""
        end = time.monotonic() + within
        with self.came:
            while True:
                for at, row in self.rows:
                    if at >= after and fits(row):
                        return at, row
                left = end - time.monotonic()
                assert left > 0, f"not within {within} s: {[row for _, row in self.rows]}"
                self.came.wait(left)

    def wait_for_state(self, state, within, after=0.0):
        return self.wait_for(lambda row: (row["type"], row.get("state")) == ("connection", state), within, after)[0]

    def texts(self):
        return [row["text"] for _, row in self.rows if row["type"] == "message"]

    def end(self, how=signal.SIGINT):
        """(exit code, rows, words)"""
        if self.process.poll() is None:
            self.process.send_signal(how)
        self.process.wait(60)
        self.reader.join()
        if not self.process.stdout.closed:
            self.words = self.process.stderr.read()
            self.process.stdout.close()
            self.process.stderr.close()
        return self.process.returncode, [row for _, row in self.rows], self.words


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

    def faults(self, name):
        return Faults(self.programs, self.home / f"{name}.faults")

    def serve(self, *arguments, data="server", listen="127.0.0.1:0", faults=None):
        with open(self.home / "kithd.log", "a") as log:
            self.server = subprocess.Popen(
                [*self.run_server, self.programs / "kithd", "serve", "--data", self.home / data, "--listen", listen,
                 "--json", *arguments], stdout=subprocess.PIPE, stderr=log, text=True,
                env=faults.environment if faults else None)
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

    def command(self, who, *arguments, passphrase=None):
        secret = self.home / f"{who}.{'other' if passphrase else 'own'}.passphrase"
        secret.write_text((passphrase or f"passphrase of {who}") + "\n")
        return [*self.run_client, self.programs / "kith-cli", "--profile", self.home / who, "--passphrase-file", secret,
                *arguments]

    def kith(self, who, *arguments, passphrase=None, text=None, faults=None):
        """(exit code, rows) of one kith-cli run as `who`."""
        run = subprocess.run(self.command(who, *arguments, passphrase=passphrase), capture_output=True, text=True,
                             input=text, timeout=120, env=faults.environment if faults else None)
        return run.returncode, [json.loads(line) for line in run.stdout.splitlines()]

    def start(self, who, *arguments, faults=None, **how):
        """A kith-cli that goes on running as `who`."""
        return Follower(self.command(who, *arguments), env=faults.environment if faults else None, **how)

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
