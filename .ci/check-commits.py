#!/usr/bin/env python3
"""Commit titles read `area: Imperative effect`: a lower-case folder word, a colon, an effect that starts with a capital
in the imperative, at most 72 characters, no full stop. By default the whole history of HEAD is checked; with --base REF
what HEAD has beyond REF."""

import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True
import checklib  # noqa: E402

TITLE = re.compile(r"[a-z0-9][a-z0-9/_-]*: (\S+)( .*)?$")
LONGEST = 72
# Words that only look like a past tense, a gerund or a third person.
IMPERATIVES = {
    "Embed", "Feed", "Need", "Seed", "Shed", "Speed", "Exceed", "Proceed", "Succeed", "Heed", "Wed", "Weed", "Bleed",
    "Bring", "Ping", "Ring", "String", "Swing", "Sing", "Spring", "Cling", "Fling", "Bias", "Canvas", "Alias", "Focus", "Bus"}


def reason(title):
    """Why the title breaks the rule, or None."""
    match = TITLE.match(title)
    if match is None:
        return "write `area: Imperative effect` with a lower-case area"
    if len(title) > LONGEST:
        return f"{len(title)} characters, at most {LONGEST}"
    if title.endswith("."):
        return "no full stop at the end"
    word = match.group(1)
    if not word[0].isupper():
        return "the effect starts with a capital"
    if word not in IMPERATIVES and re.search(r"(ed|ing|[^sui]s)$", word):
        return f"say what the commit does in the imperative, not {word!r}"
    return None


def main():
    parser = checklib.arguments(__doc__)
    parser.add_argument("--base", help="check only what HEAD has beyond this commit")
    options = parser.parse_args()
    span = f"{options.base}..HEAD" if options.base else "HEAD"
    log = subprocess.run(["git", "-C", str(options.root), "log", "--no-merges", "--format=%h%x00%s", span],
                         capture_output=True, text=True, check=False)
    if log.returncode != 0:
        print(f"{options.root}:1: no history to check: {log.stderr.strip()}")
        return 1
    problems = []
    for line in log.stdout.splitlines():
        commit, title = line.split("\0", 1)
        why = reason(title)
        if why:
            problems.append(f"commit {commit}:1: {why}: {title}")
    return checklib.finish("commits", problems)


if __name__ == "__main__":
    sys.exit(main())
