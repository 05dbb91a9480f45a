#!/usr/bin/env python3
"""Fails on every include that the table of .ci/layers.py does not allow, on every library outside the folder that wraps
it, on clocks and randomness outside their adapters, on cycles, and on link lists that go against the arrows."""

import os
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True
import checklib  # noqa: E402
import layers  # noqa: E402

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)
MOC = re.compile(r"(^|/)(moc_\w+\.cpp|\w+\.moc)$")
CALLS = [(re.compile("|".join(layers.CLOCK_CALLS)), "reads a clock; take a Clock& instead", True),
         (re.compile("|".join(layers.RANDOM_CALLS)), "draws randomness; take a Random& instead", False)]
LIBRARIES = [(re.compile(pattern), folders, reason) for pattern, folders, reason in layers.LIBRARIES]
LINK = re.compile(r"\b(kith_library|kith_program|kith_protocol|target_link_libraries)\s*\(([^)]*)\)", re.DOTALL)


def key_of(name):
    """The entry of ARROWS that governs a file, or None."""
    folder = os.path.dirname(name)
    if folder + "/." in layers.ARROWS:
        return folder + "/."
    while folder:
        if folder in layers.ARROWS:
            return folder
        folder = os.path.dirname(folder)
    return None


def within(name, target):
    """Does the path lie in the folder, directly in it ("folder/."), or equal the single header?"""
    if target.endswith("/."):
        return os.path.dirname(name) == target[:-2]
    return name == target or name.startswith(target + "/")


def allowed(source, source_key, target, target_key):
    if source_key == target_key:
        return True
    return any(arrow == target_key or arrow == target for arrow in layers.ARROWS[source_key])


def table_problems():
    """The table itself must be a graph without cycles, over entries that exist."""
    problems, state = [], {}

    def visit(key, trail):
        if state.get(key) == "done":
            return
        if state.get(key) == "open":
            problems.append(f".ci/layers.py:1: the table has a cycle: {' -> '.join(trail + [key])}")
            return
        state[key] = "open"
        for arrow in layers.ARROWS[key]:
            target = arrow if arrow in layers.ARROWS else key_of(arrow)
            if target is None:
                problems.append(f".ci/layers.py:1: {key} names {arrow}, which is no entry of the table")
            elif target != key:
                visit(target, trail + [key])
        state[key] = "done"

    for key in layers.ARROWS:
        visit(key, [])
    return problems


def include_cycles(graph):
    """Cycles among files, one line each."""
    problems, state, trail = [], {}, []

    def visit(name):
        state[name] = "open"
        trail.append(name)
        for line, target in graph.get(name, ()):
            if state.get(target) == "open":
                loop = trail[trail.index(target):] + [target]
                problems.append(f"{name}:{line}: include cycle: {' -> '.join(loop)}")
            elif target not in state:
                visit(target)
        trail.pop()
        state[name] = "done"

    sys.setrecursionlimit(10000)
    for name in sorted(graph):
        if name not in state:
            visit(name)
    return problems


def check_file(root, name, problems, graph):
    text = checklib.read(root, name)
    plain = checklib.code_only(text)
    includes = checklib.code_only(text, keep_strings=True)
    key = key_of(name)
    if key is None:
        problems.append(f"{name}:1: folder {os.path.dirname(name)} stands in no row of .ci/layers.py")
        return
    in_tests = name.startswith("tests/")
    line_of = lambda position: includes.count("\n", 0, position) + 1  # noqa: E731

    for match in INCLUDE.finditer(includes):
        quote, path, line = match.group(1), match.group(2), line_of(match.start())
        for pattern, folders, reason in LIBRARIES:
            if pattern.match(path) and not any(within(name, folder) for folder in folders):
                if not in_tests or reason in layers.LIBRARIES_CLOSED_TO_TESTS:
                    problems.append(f"{name}:{line}: includes {path}: {reason}")
        if quote == "<":
            if path.split("/")[0] in checklib.SOURCE_ROOTS and (root / path).exists():
                problems.append(f"{name}:{line}: includes <{path}>: our own headers stand in quotes")
            continue
        if MOC.search(path):
            continue
        target = re.sub(r"\.pb\.h$", ".proto", path)
        if ".." in path.split("/") or path.split("/")[0] not in checklib.SOURCE_ROOTS:
            problems.append(f'{name}:{line}: includes "{path}": write the path from the repository root')
            continue
        if not (root / target).is_file():
            problems.append(f'{name}:{line}: includes "{path}", which does not exist')
            continue
        target_key = key_of(target)
        if target_key is None:
            continue  # reported for the target itself
        if not allowed(name, key, target, target_key):
            problems.append(f"{name}:{line}: {key} may not include {target_key} ({path})")
        graph.setdefault(name, []).append((line, target))

    if name in layers.ADAPTERS:
        return
    for pattern, reason, is_clock in CALLS:
        if is_clock and name.startswith(layers.CLOCK_FREE):
            continue
        for match in pattern.finditer(plain):
            problems.append(f"{name}:{plain.count(chr(10), 0, match.start()) + 1}: {match.group(0)} {reason}")


def targets_of(root, lists):
    """Our library targets: name -> folder, from the CMake lists that declare them."""
    found = {}
    for name in lists:
        for match in re.finditer(r"\b(?:kith_library|kith_protocol|add_library)\s*\(\s*(\w+)", checklib.read(root, name)):
            found[match.group(1)] = os.path.dirname(name)
    return found


def check_links(root, problems):
    """Link lists of product targets follow the same arrows as includes."""
    lists = checklib.files(root, checklib.SOURCE_ROOTS, ("CMakeLists.txt",))
    targets = targets_of(root, lists)
    for name in lists:
        if name.startswith("tests/"):
            continue
        text = re.sub(r"#[^\n]*", "", checklib.read(root, name))
        source_key = key_of(name)
        for match in LINK.finditer(text):
            for word in re.finditer(r"\w+", match.group(2)):
                folder = targets.get(word.group(0))
                if folder is None or folder == os.path.dirname(name) or source_key is None:
                    continue
                target_key = key_of(folder + "/x")
                header_of = any(arrow.startswith(folder + "/") for arrow in layers.ARROWS[source_key])
                if target_key is not None and not header_of and not allowed(name, source_key, folder, target_key):
                    line = text.count("\n", 0, match.start(2) + word.start()) + 1
                    problems.append(f"{name}:{line}: {source_key} may not link {word.group(0)}")


def main():
    root = checklib.arguments(__doc__).parse_args().root.resolve()
    problems, graph = table_problems(), {}
    for name in checklib.files(root, checklib.SOURCE_ROOTS, checklib.CODE):
        check_file(root, name, problems, graph)
    problems += include_cycles(graph)
    check_links(root, problems)
    return checklib.finish("layers", problems)


if __name__ == "__main__":
    sys.exit(main())
