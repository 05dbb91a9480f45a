"""docs/errors.md has one row per error code of the wire, with its number and its remedy."""

import re
import unittest

from Wire import ROOT, enum_values, table_rows

REMEDIES = {"Retry": "retry", "AskUser": "ask the user", "Bug": "bug"}


def remedies():
    """code -> remedy, from the switch in WireError.cpp."""
    text = (ROOT / "core/protocol/wire/WireError.cpp").read_text(encoding="utf-8")
    body = re.search(r"::remedy\(wire::WireCode code\)\n\{(.*?)\n\}", text, re.DOTALL).group(1)
    found, pending = {}, []
    for name, default, remedy in re.findall(r"case WireCode::(\w+):|(default):|return Remedy::(\w+);", body):
        if remedy:
            found.update(dict.fromkeys(pending, REMEDIES[remedy]))
            pending = []
        else:
            pending.append(default or re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper())
    return found


class ErrorsDocTest(unittest.TestCase):
    def setUp(self):
        self.rows = table_rows(ROOT / "docs/errors.md", 6)
        self.codes = enum_values(ROOT / "core/protocol/wire/rpc.proto", "ErrorCode")
        del self.codes["ERROR_CODE_UNSPECIFIED"]

    def test_one_row_per_code(self):
        self.assertEqual({row[0].strip("`"): int(row[1]) for row in self.rows}, self.codes)

    def test_remedies_agree(self):
        switch = remedies()
        for row in self.rows:
            code = row[0].strip("`")
            self.assertEqual(row[5], switch.get(code, switch["default"]), code)

    def test_every_cell_speaks(self):
        for row in self.rows:
            self.assertTrue(all(row), row)


if __name__ == "__main__":
    unittest.main()
