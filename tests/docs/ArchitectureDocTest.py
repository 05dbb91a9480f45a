"""Every path that docs/architecture.md, the README and the guides name exists."""

import re
import unittest

from Wire import ROOT

DOCUMENTS = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/README.md", "docs/architecture.md", "docs/glossary.md",
             "docs/threat-model.md", "docs/errors.md", "docs/protocol", "docs/decisions", "docs/guides")
TOP = r"(?:app|core|server|platform|qml|tests|scripts|docs|packaging|\.ci)"
PATH = re.compile(rf"(?<![\w/.-])({TOP}/[\w./*<>-]+|{TOP}/)")
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")


def documents():
    for name in DOCUMENTS:
        path = ROOT / name
        yield from sorted(path.rglob("*.md")) if path.is_dir() else [path]


def exists(name):
    """A path, a class by its path without suffix, or a pattern with at least one match; a trailing full stop or slash
    belongs to the sentence."""
    name = re.sub(r"<[^>]*>", "*", name).rstrip("./")
    if "*" in name:
        return any(ROOT.glob(name))
    return (ROOT / name).exists() or (ROOT / f"{name}.h").exists()


class ArchitectureDocTest(unittest.TestCase):
    def test_named_paths_exist(self):
        gone = [f"{path.relative_to(ROOT)}: {name}" for path in documents()
                for name in PATH.findall(path.read_text(encoding="utf-8")) if not exists(name)]
        self.assertEqual(gone, [])

    def test_links_lead_somewhere(self):
        gone = [f"{path.relative_to(ROOT)}: {link}" for path in documents()
                for link in LINK.findall(path.read_text(encoding="utf-8")) if not (path.parent / link).exists()]
        self.assertEqual(gone, [])

    def test_the_message_path_names_files(self):
        text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
        self.assertGreater(len(re.findall(r"[\w/]+\.(?:h|cpp|proto)\b", text)), 10)


if __name__ == "__main__":
    unittest.main()
