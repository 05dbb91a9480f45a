#!/usr/bin/env python3
"""Words that must not stand in product code: leftovers (a note of work not done), and secrets or content handed to a log
or to a debug stream. Ids are logged through hashed()."""

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True
import checklib  # noqa: E402

SUFFIXES = (".h", ".cpp", ".qml", ".proto", ".sql", "CMakeLists.txt")
LEFTOVERS = (re.compile(r"\b(TODO|FIXME|XXX|HACK)\b"), re.compile(r"\b(for now|stubs?|stubbed)\b", re.IGNORECASE))
STREAMS = re.compile(r"\b(q(?:C?)(?:Debug|Info|Warning|Critical|Fatal)\s*\(|std::(?:cerr|clog)\b)")
# Where a program answers the person who started it, on stderr.
SPEAKS_TO_USER = re.compile(r"app/|server/[^/]+$|server/admin/")
LOG_CALL = re.compile(r"(?<![\w.>])(?:kith::)?log\(\s*LogLevel::")
# Identifiers whose value never belongs in a log, whole or as a part of a name: messageText, rawKey, session.secret.
SECRET = re.compile(
    r"\b\w*(secret|passphrase|password|privateKey|plaintext|ratchet|rootKey|chainKey|messageKey|contentKey|rawKey"
    r"|inviteToken|resumeToken|resume_token|messageText|draft)\w*\b|\b(token|body|envelope|seed|text)\b(?!\s*\.\s*size)",
    re.IGNORECASE)
ID = re.compile(r"\b\w*(?:\.|->)?(toBytes|bytes|toHex|hex)\(\)|\b(toHex|hexOf)\(")


def call_text(text, start):
    """From the opening parenthesis at or after `start` to its partner."""
    begin = text.find("(", start)
    depth = 0
    for position in range(begin, min(len(text), begin + 4000)):
        depth += {"(": 1, ")": -1}.get(text[position], 0)
        if depth == 0:
            return text[begin:position + 1]
    return text[begin:begin + 4000]


def without_hashed(call):
    """The call without what stands inside hashed(...)."""
    while (match := re.search(r"\bhashed\(", call)) is not None:
        inner = call_text(call, match.start())
        call = call[:match.start()] + call[match.start() + len("hashed") + len(inner):]
    return call


def check_code(name, text, problems):
    plain = checklib.code_only(text)
    line_of = lambda position: plain.count("\n", 0, position) + 1  # noqa: E731
    for match in STREAMS.finditer(plain):
        if match.group(1).startswith("std::") and SPEAKS_TO_USER.match(name):
            continue
        if name == "core/base/Log.cpp":
            continue
        problems.append(f"{name}:{line_of(match.start())}: {match.group(1).rstrip('( ')}: log through core/base/Log.h")
    for match in LOG_CALL.finditer(plain):
        call = without_hashed(call_text(plain, match.start()))
        found = SECRET.search(call)
        if found:
            problems.append(f"{name}:{line_of(match.start())}: logs {found.group(0)}: no secret and no content in logs")
        elif (found := ID.search(call)) is not None:
            problems.append(f"{name}:{line_of(match.start())}: logs {found.group(0)}: log ids through hashed()")


def main():
    root = checklib.arguments(__doc__).parse_args().root.resolve()
    problems = []
    for name in checklib.files(root, checklib.PRODUCT_ROOTS, SUFFIXES):
        text = checklib.read(root, name)
        for number, line in enumerate(text.splitlines(), 1):
            for pattern in LEFTOVERS:
                if (found := pattern.search(line)) is not None:
                    problems.append(f"{name}:{number}: leftover {found.group(0)!r}: finish it, or open an issue")
        if name.endswith(checklib.CODE):
            check_code(name, text, problems)
    return checklib.finish("words", problems)


if __name__ == "__main__":
    sys.exit(main())
