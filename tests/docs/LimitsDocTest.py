"""docs/protocol/limits.md states the numbers of core/protocol/wire/Limits.h."""

import re
import unittest

from Wire import ROOT, table_rows

CONSTANT = re.compile(r"^constexpr [\w:]+ (\w+) = ([^;]+);", re.MULTILINE)


def limits():
    """name -> number, from the header."""
    text = (ROOT / "core/protocol/wire/Limits.h").read_text(encoding="utf-8")
    numbers = {}
    for name, value in CONSTANT.findall(text):
        plain = re.sub(r"(?<=\d)[uUlL]+", "", value.replace("'", ""))
        if not re.fullmatch(r"[\d\s<*+()-]+", plain):
            raise ValueError(f"{name}: cannot read {value!r}")
        numbers[name] = eval(plain)  # noqa: S307 digits and operators only, checked above
    return numbers


class LimitsDocTest(unittest.TestCase):
    def test_same_names_and_numbers(self):
        listed = {row[0].strip("`"): int(row[1].replace(" ", "")) for row in table_rows(ROOT / "docs/protocol/limits.md", 4)}
        self.assertGreater(len(listed), 10)
        self.assertEqual(listed, limits())


if __name__ == "__main__":
    unittest.main()
