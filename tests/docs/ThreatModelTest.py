"""docs/threat-model.md lists every field of every wire message, and nothing that is no longer one."""

import unittest

from Wire import ROOT, fields, proto_files, table_rows


class ThreatModelTest(unittest.TestCase):
    def setUp(self):
        self.rows = table_rows(ROOT / "docs/threat-model.md", 3)
        self.listed = [row[0].strip("`") for row in self.rows]
        self.wire = [field for path in proto_files() for field in fields(path)]

    def test_schema_was_read(self):
        self.assertGreater(len(self.wire), 100)
        self.assertIn("SystemRecord.Cut.seq", self.wire)

    def test_every_field_has_a_row(self):
        self.assertEqual(sorted(set(self.wire) - set(self.listed)), [])

    def test_every_row_is_a_field(self):
        self.assertEqual(sorted(set(self.listed) - set(self.wire)), [])

    def test_no_row_twice_and_none_empty(self):
        self.assertEqual(sorted({name for name in self.listed if self.listed.count(name) > 1}), [])
        for row in self.rows:
            self.assertTrue(all(row), row)


if __name__ == "__main__":
    unittest.main()
