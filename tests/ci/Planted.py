"""A small tree in a temporary folder that every check passes, into which a test plants one violation."""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

CLEAN = {
    "core/base/README.md": "# core/base\n",
    "core/base/Result.h": "#pragma once\n/// A value or an error. Thread: any.\n",
    "core/base/Clock.cpp": "long now() { return std::chrono::steady_clock::now().time_since_epoch().count(); }\n",
    "core/store/README.md": "# core/store\n",
    "core/store/Outbox.h": '#pragma once\n/// What waits to be sent. Owned by the session; engine thread.\n\n#include "core/base/Result.h"\n',
    "core/store/Outbox.cpp": '#include "core/store/Outbox.h"\n\n#include <vector>\n\n// steady_clock::now() stands in a comment\n',
    "core/e2ee/README.md": "# core/e2ee\n",
    "core/e2ee/Session.h": "#pragma once\n/// A session, a value. Thread: any.\n",
    "core/protocol/wire/README.md": "# core/protocol/wire\n",
    "core/protocol/wire/rpc.proto": 'syntax = "proto3";\n',
    "server/bus/README.md": "# server/bus\n",
    "server/bus/Bus.h": "#pragma once\n/// Hints between gateways. Thread: any.\n",
    "server/chat/README.md": "# server/chat\n",
    "server/chat/Rules.cpp": '#include "server/bus/Bus.h"\n',
    "tests/core/store/OutboxTest.cpp": '#include "core/store/Outbox.h"\n#include "OutboxTest.moc"\n',
}


class PlantedTree(unittest.TestCase):
    """One temporary tree per test; `plant` writes a file into it, `run_check` runs a check on it."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name).resolve()
        for name, text in CLEAN.items():
            self.plant(name, text)

    def plant(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def run_check(self, check, *arguments):
        done = subprocess.run([str(ROOT / ".ci" / check), "--root", str(self.root), *arguments],
                              capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    def passes(self, check, *arguments):
        status, output = self.run_check(check, *arguments)
        self.assertEqual(status, 0, output)
        return output

    def fails(self, check, *expected, arguments=()):
        """The check exits with 1 and names what was planted."""
        status, output = self.run_check(check, *arguments)
        self.assertEqual(status, 1, output)
        for words in expected:
            self.assertIn(words, output)


class Repository(PlantedTree):
    """A temporary git repository."""

    def setUp(self):
        super().setUp()
        self.git("init", "-q", "-b", "main")
        self.commit("core: Lay the floor")

    def git(self, *arguments):
        environment = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1",
                       "GIT_AUTHOR_NAME": "t", "GIT_AUTHOR_EMAIL": "t@example.org",
                       "GIT_COMMITTER_NAME": "t", "GIT_COMMITTER_EMAIL": "t@example.org"}
        subprocess.run(["git", "-C", str(self.root), *arguments], check=True, env=environment, capture_output=True)

    def commit(self, title):
        self.git("commit", "-q", "--allow-empty", "-m", title)
