#!/usr/bin/env python3
"""Mutants that scripts/mutate could not use: a patch of tests/mutants that does not apply to the tree as it stands, that
names no promise or no test of this tree, or that is more than the break it is named after."""

import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True
import checklib  # noqa: E402

LINES = 10  # removed and added together; a break is one line, now and then a few


def tests_of(root):
    """Every name that ctest may know: some are registered in loops, so each word of those files counts."""
    return {name for file in checklib.files(root, ("tests",), ("CMakeLists.txt",))
            for name in re.findall(r"\w+", checklib.read(root, file))}


def check(root, name, tests, problems):
    head, _, change = checklib.read(root, name).partition("\n---")
    field = lambda key: re.search(rf"^# {key}: *(\S+)", head, re.MULTILINE)  # noqa: E731
    if field("Promise") is None:
        problems.append(f"{name}:1: starts with `# Promise: P1` (which promise it breaks)")
    test = field("Test")
    if test is None:
        problems.append(f"{name}:1: names no test: `# Test: NameOfTheCtest`")
    elif test.group(1) not in tests:
        problems.append(f"{name}:1: no CMakeLists.txt under tests/ has a test {test.group(1)}")
    changed = sum(re.match(r"[+-](?![+-]{2} )", line) is not None for line in change.splitlines()[2:])
    if changed > LINES:
        problems.append(f"{name}:1: changes {changed} lines; at most {LINES}, or it is no longer clear what broke")
    applied = subprocess.run(["git", "apply", "--check", name], cwd=root, capture_output=True, text=True, check=False)
    if applied.returncode != 0:
        why = applied.stderr.strip().splitlines()[0].removeprefix("error: ")
        problems.append(f"{name}:1: does not apply ({why}); break the line anew, see tests/mutants/README.md")


def main():
    root = checklib.arguments(__doc__).parse_args().root.resolve()
    problems = []
    tests = tests_of(root)
    for name in checklib.files(root, ("tests",), (".patch",)):
        if name.startswith("tests/mutants/"):
            check(root, name, tests, problems)
    return checklib.finish("mutants", problems)


if __name__ == "__main__":
    sys.exit(main())
