"""What the checks share: the tracked files of a tree, code without its comments, and how a finding is printed."""

import argparse
import re
import subprocess
from pathlib import Path

SOURCE_ROOTS = ("core", "server", "app", "platform", "qml", "tests")
PRODUCT_ROOTS = ("core", "server", "app", "platform", "qml")
CODE = (".h", ".cpp")

# One alternative each: block comment, line comment, raw string, string, character (a digit separator is none).
_TOKEN = re.compile(
    r'/\*.*?\*/|//[^\n]*|R"(?P<tag>[^(\s]*)\(.*?\)(?P=tag)"|"(?:\\.|[^"\\\n])*"|(?<![0-9A-Za-z])\'(?:\\.|[^\'\\\n])+\'',
    re.DOTALL)


def arguments(description):
    """The parser of every check: no argument is needed, --root points it at another tree."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parent.parent,
                        help="tree to check (default: the one this script lies in)")
    return parser


def files(root, roots, suffixes):
    """Files under `roots` with one of `suffixes`, as sorted paths relative to `root`. In a git work tree: tracked and
    new files, never ignored ones; elsewhere everything outside build/."""
    listed = subprocess.run(["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                            capture_output=True, check=False)
    top = subprocess.run(["git", "-C", str(root), "rev-parse", "--show-toplevel"], capture_output=True, text=True, check=False)
    if listed.returncode == 0 and top.returncode == 0 and Path(top.stdout.strip()) == root.resolve():
        names = [name for name in listed.stdout.decode().split("\0") if name and (root / name).is_file()]
    else:
        names = [path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()]
    return sorted({name for name in names if name.split("/")[0] in roots and name.endswith(tuple(suffixes))
                   and "node_modules/" not in name and not name.startswith("build/")})


def read(root, name):
    return (root / name).read_text(encoding="utf-8", errors="replace")


def code_only(text, keep_strings=False):
    """`text` with comments (and string contents) blanked; line numbers stay."""
    def blank(match):
        token = match.group(0)
        if token.startswith("/"):
            return " " + "\n" * token.count("\n")
        return token if keep_strings else '""' + "\n" * token.count("\n")
    return _TOKEN.sub(blank, text)


def finish(what, problems, warnings=()):
    """Prints every finding as file:line: reason; the exit status."""
    for line in warnings:
        print(line)
    for line in problems:
        print(line)
    if problems:
        print(f"{what}: {len(problems)} violation(s)")
        return 1
    print(f"{what}: ok" + (f", {len(warnings)} warning(s)" if warnings else ""))
    return 0
