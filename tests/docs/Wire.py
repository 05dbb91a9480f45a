"""The wire schema as data: every message and field of core/protocol/wire/*.proto."""

import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FIELD = re.compile(r"^(?:repeated\s+|optional\s+)?([\w.]+)\s+(\w+)\s*=\s*(\d+)\s*(?:\[[^\]]*\])?;$")


def proto_files():
    return sorted((ROOT / "core/protocol/wire").glob("*.proto"))


def fields(path):
    """`Message.field` (nested: `Outer.Inner.field`) in order of appearance."""
    text = re.sub(r"//[^\n]*", "", path.read_text(encoding="utf-8"))
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    found, scopes = [], []
    for statement in re.findall(r"[^;{}]*[;{}]", text):
        words = " ".join(statement.split())
        if words.endswith("{"):
            kind, _, name = words[:-1].strip().partition(" ")
            scopes.append((kind, name))
        elif words.endswith("}"):
            scopes.pop()
        elif scopes and all(kind != "enum" for kind, _ in scopes):
            match = FIELD.match(words)
            if match is None and not words.startswith(("reserved", "option", "extensions")):
                raise ValueError(f"{path.name}: cannot read {words!r}")
            if match:
                found.append(".".join([name for kind, name in scopes if kind == "message"] + [match.group(2)]))
    return found


def enum_values(path, enum):
    """name -> number of one enum."""
    text = re.sub(r"//[^\n]*", "", path.read_text(encoding="utf-8"))
    body = re.search(rf"\benum {enum} \{{(.*?)\}}", text, re.DOTALL).group(1)
    return {name: int(number) for name, number in re.findall(r"(\w+)\s*=\s*(\d+);", body)}


def table_rows(path, columns):
    """The cells of every table row with so many columns, header rows left out."""
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")] if line.startswith("|") else []
        if len(cells) == columns and not set(cells[0]) <= set("-: ") and cells[0].startswith("`"):
            rows.append(cells)
    return rows


main = unittest.main
