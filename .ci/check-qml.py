#!/usr/bin/env python3
"""What QML may not do: name a colour, a size, a duration or a font outside qml/Theme; hold logic (functions of more than
layout arithmetic, loops, timers of its own making); connect to globals; leave a delegate's file without ComponentBehavior;
import a module that the table of .ci/layers.py does not allow."""

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True
import checklib  # noqa: E402
import layers  # noqa: E402

THEME = "qml/Theme/"
SIZES = (r"(?:implicit)?(?:width|height)|x|y|radius|spacing|(?:\w+\.)?(?:pixelSize|pointSize)|(?:top|bottom|left|right|vertical|horizontal)?"
         r"(?:P|p)adding|(?:anchors\.)?(?:top|bottom|left|right)?(?:M|m)argins?|border\.width|(?:row|column)Spacing|"
         r"Layout\.\w*(?:[wW]idth|[hH]eight|[mM]argins?)|sourceSize\.\w+|maximumWidth|minimumWidth")
RULES = (
    (re.compile(r'"#[0-9A-Fa-f]{3,8}"|\bQt\.(?:rgba|hsla|hsva|color|lighter|darker|tint)\('), "names a colour"),
    (re.compile(r"\b(?:[\w.]*[cC]olor|tint|fill|ground)\s*:\s*\"\w+\""), "names a colour"),
    (re.compile(rf"(?:^|[\s;{{])(?:{SIZES})\s*:\s*-?(?!0(?:\.0)?\b)\d"), "names a size"),
    (re.compile(r"\b(?:duration|interval|delay|timeout)\s*:\s*(?!0\b)\d"), "names a duration"),
    (re.compile(r"font\.(?:family|weight)\s*:\s*(?:\"|Font\.|\d)"), "names a font"),
    (re.compile(r"\b(?:for|while|do)\s*[({]|\bJSON\.|\bnew Date|\.(?:forEach|map|filter|reduce|split|replace)\("), "holds logic: make it C++"),
    (re.compile(r"\bQt\.(?:createComponent|createQmlObject|callLater|include)\b|\bsetTimeout\b"), "makes things by hand"),
    (re.compile(r"target\s*:\s*(?:Qt\.application|Qt\b|Theme|Strings|Application)\b(?!\s*;\s*property)"), "listens to a global"),
    (re.compile(r"\btextFormat\s*:\s*Text\.(?:RichText|StyledText|MarkdownText|AutoText)"), "takes text for markup"),
)
FUNCTION = re.compile(r"^\s*function\s+(?!on[A-Z])\w+\s*\([^)]*\)[^{]*\{", re.MULTILINE)
FUNCTION_LINES = 6
IMPORT = re.compile(r"^\s*import\s+Kith\.(\w+)", re.MULTILINE)
DELEGATE = re.compile(r"\bdelegate\s*:|\bRepeater\s*\{")


def body_lines(text, start):
    """Lines of the block whose opening brace ends at `start`."""
    depth = 1
    for position in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[position], 0)
        if depth == 0:
            return text.count("\n", start, position)
    return text.count("\n", start)


def check_imports(name, text, problems):
    module = name.split("/")[1]
    allowed = layers.QML_IMPORTS.get(module)
    if allowed is None:
        problems.append(f"{name}:1: folder qml/{module} stands in no row of QML_IMPORTS in .ci/layers.py")
        return
    for match in IMPORT.finditer(text):
        if match.group(1) not in allowed and match.group(1) != module:
            line = text.count("\n", 0, match.start(1)) + 1
            problems.append(f"{name}:{line}: qml/{module} may not import Kith.{match.group(1)}")


def main():
    root = checklib.arguments(__doc__).parse_args().root.resolve()
    problems = []
    for name in checklib.files(root, ("qml",), (".qml",)):
        plain = checklib.code_only(checklib.read(root, name), keep_strings=True)
        check_imports(name, plain, problems)
        if DELEGATE.search(plain) and "pragma ComponentBehavior: Bound" not in plain:
            problems.append(f"{name}:1: has delegates and no pragma ComponentBehavior: Bound")
        for match in FUNCTION.finditer(plain):
            if body_lines(plain, match.end()) > FUNCTION_LINES:
                line = plain.count("\n", 0, match.end()) + 1
                problems.append(f"{name}:{line}: a function of more than {FUNCTION_LINES} lines holds logic: make it C++")
        for number, line in enumerate(plain.splitlines(), 1):
            for pattern, reason in RULES:
                theme = name.startswith(THEME) and reason.startswith("names")
                found = None if theme else pattern.search(line)
                bound = found and reason == "listens to a global" and "Binding" in line
                if found and not bound:
                    problems.append(f"{name}:{number}: {found.group(0).strip()!r} {reason}")
    return checklib.finish("qml", problems)


if __name__ == "__main__":
    sys.exit(main())
