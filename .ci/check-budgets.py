#!/usr/bin/env python3
"""Budgets of files (header 150 lines, implementation 400, QML 200, test 600: past that a warning, past twice that a
failure unless .ci/budget-exceptions.txt lists the file with owner and reason), the README that every source folder has
(at most 30 lines), and the `///` comment that every header opens with."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True
import checklib  # noqa: E402

README_LINES = 30
EXCEPTIONS = ".ci/budget-exceptions.txt"
SOURCES = (".h", ".cpp", ".qml", ".proto", ".sql")
# Folders of tests that only mirror the tree; tests/README.md speaks for them.
MIRRORS = ("tests/core", "tests/server", "tests/app", "tests/qml", "tests/platform")


def budget(name):
    if name.endswith(".h"):
        return "header", 150
    if name.endswith(".qml"):
        return "QML", 200
    if name.endswith(".cpp"):
        return ("test", 600) if name.startswith("tests/") else ("implementation", 400)
    return None


def exceptions(root, problems):
    """path -> line number of the list; a line is `path | owner | reason`."""
    found = {}
    path = root / EXCEPTIONS
    if not path.is_file():
        return found
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = [part.strip() for part in line.split("|")]
        if len(parts) != 3 or not all(parts):
            problems.append(f"{EXCEPTIONS}:{number}: write `path | owner | reason`")
            continue
        found[parts[0]] = number
    return found


def check_header(name, text, problems):
    lines = text.splitlines()
    if not lines or lines[0].strip() != "#pragma once":
        problems.append(f"{name}:1: a header starts with #pragma once")
        return
    rest = [(number, line) for number, line in enumerate(lines[1:], 2) if line.strip()]
    if not rest or not rest[0][1].startswith("///"):
        line = rest[0][0] if rest else 1
        problems.append(f"{name}:{line}: after #pragma once comes a /// comment: what it is, who owns it, which thread")


def main():
    root = checklib.arguments(__doc__).parse_args().root.resolve()
    problems, warnings, folders = [], [], set()
    excepted = exceptions(root, problems)
    needed = set()
    for name in checklib.files(root, checklib.SOURCE_ROOTS, SOURCES):
        folders.add(os.path.dirname(name))
        text = checklib.read(root, name)
        if name.endswith(".h"):
            check_header(name, text, problems)
        kind = budget(name)
        if kind is None:
            continue
        count = text.count("\n")
        if count > 2 * kind[1]:
            if name in excepted:
                needed.add(name)
            else:
                problems.append(f"{name}:{2 * kind[1] + 1}: {count} lines, past twice the {kind[0]} budget of {kind[1]}")
        elif count > kind[1]:
            warnings.append(f"{name}:{kind[1] + 1}: warning: {count} lines, over the {kind[0]} budget of {kind[1]}")
    for name, number in excepted.items():
        if name not in needed:
            problems.append(f"{EXCEPTIONS}:{number}: {name} needs no exception (any more)")
    for folder in sorted(folders):
        if any(folder == mirror or folder.startswith(mirror + "/") for mirror in MIRRORS):
            continue
        readme = root / folder / "README.md"
        if not readme.is_file():
            problems.append(f"{folder}/README.md:1: missing: every source folder says what it is, is not and may include")
        elif (count := readme.read_text(encoding="utf-8").count("\n")) > README_LINES:
            problems.append(f"{folder}/README.md:{README_LINES + 1}: {count} lines, at most {README_LINES}")
    return checklib.finish("budgets", problems, warnings)


if __name__ == "__main__":
    sys.exit(main())
