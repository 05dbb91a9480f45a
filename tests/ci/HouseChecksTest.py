"""check-budgets.py, check-words.py, check-mutants.py and check-commits.py fail on each kind of planted violation, and pass without it."""

import unittest

from Planted import PlantedTree, Repository

HEADER = "#pragma once\n/// Something. Thread: any.\n"


class BudgetsCheckTest(PlantedTree):
    CHECK = "check-budgets.py"

    def test_clean_tree_passes(self):
        self.passes(self.CHECK)

    def test_over_budget_warns_past_twice_fails(self):
        cases = (("core/store/Big.h", HEADER, 150), ("core/store/Big.cpp", "", 400), ("qml/Chat/Big.qml", "", 200),
                 ("tests/core/store/BigTest.cpp", "", 600))
        self.plant("qml/Chat/README.md", "# qml/Chat\n")
        for name, start, budget in cases:
            with self.subTest(name):
                self.plant(name, start + "\n" * (budget + 1 - start.count("\n")))
                self.assertIn(f"{name}:{budget + 1}: warning", self.passes(self.CHECK))
                self.plant(name, start + "\n" * (2 * budget + 1 - start.count("\n")))
                self.fails(self.CHECK, f"{name}:{2 * budget + 1}:")
                (self.root / name).unlink()

    def test_exception_with_owner_and_reason(self):
        self.plant("core/store/Big.cpp", "\n" * 801)
        self.plant(".ci/budget-exceptions.txt", "# comment\ncore/store/Big.cpp | Ana | one table, generated\n")
        self.passes(self.CHECK)
        self.plant(".ci/budget-exceptions.txt", "core/store/Big.cpp | Ana\n")
        self.fails(self.CHECK, "write `path | owner | reason`", "core/store/Big.cpp:801")

    def test_exception_that_nothing_needs(self):
        self.plant(".ci/budget-exceptions.txt", "core/store/Outbox.cpp | Ana | once long\n")
        self.fails(self.CHECK, "needs no exception")

    def test_folder_without_readme(self):
        (self.root / "core/e2ee/README.md").unlink()
        self.fails(self.CHECK, "core/e2ee/README.md:1: missing")

    def test_readme_too_long(self):
        self.plant("core/e2ee/README.md", "\n" * 31)
        self.fails(self.CHECK, "core/e2ee/README.md:31: 31 lines")

    def test_header_without_opening_comment(self):
        self.plant("core/e2ee/Session.h", "#pragma once\n\n#include <vector>\n/// late\n")
        self.fails(self.CHECK, "core/e2ee/Session.h:3: after #pragma once comes")

    def test_header_without_pragma(self):
        self.plant("core/e2ee/Session.h", "/// A session.\n#ifndef X\n")
        self.fails(self.CHECK, "core/e2ee/Session.h:1: a header starts with #pragma once")


class WordsCheckTest(PlantedTree):
    CHECK = "check-words.py"

    def test_clean_tree_passes(self):
        self.passes(self.CHECK)

    def test_leftovers(self):
        for words in ("TODO: later", "FIXME", "XXX", "good enough for now", "a Stub", "HACK"):
            with self.subTest(words):
                self.plant("core/store/Outbox.cpp", f"\n// {words}\n")
                self.fails(self.CHECK, "core/store/Outbox.cpp:2: leftover")

    def test_words_that_only_look_like_leftovers(self):
        self.plant("core/store/Outbox.cpp", "// stubborn, todo lists, for nowhere\n")
        self.passes(self.CHECK)

    def test_secrets_in_logs(self):
        for value in ("passphrase", "session.rootKey", "resumeToken", "frame.body()", "message.plaintext", "profile.secret"):
            with self.subTest(value):
                self.plant("core/store/Outbox.cpp", f'void f() {{\n    log(LogLevel::Info, "sent",\n        {{{{"v", {value}}}}});\n}}\n')
                self.fails(self.CHECK, "core/store/Outbox.cpp:2: logs", "no secret and no content")

    def test_ids_only_hashed(self):
        self.plant("core/store/Outbox.cpp", 'void f() { log(LogLevel::Info, "sent", {{"log", id.bytes()}}); }\n')
        self.fails(self.CHECK, "log ids through hashed()")
        self.plant("core/store/Outbox.cpp", 'void f() { log(LogLevel::Info, "token_used", {{"log", hashed(id.bytes())}}); }\n')
        self.passes(self.CHECK)

    def test_debug_streams(self):
        for call in ("qDebug() << 1", "qCWarning(cat) << 1", "std::cerr << 1"):
            with self.subTest(call):
                self.plant("core/store/Outbox.cpp", f"void f() {{ {call}; }}\n")
                self.fails(self.CHECK, "log through core/base/Log.h")

    def test_programs_may_speak_to_their_user(self):
        self.plant("app/cli/main.cpp", "void f() { std::cerr << 1; }\n")
        self.passes(self.CHECK)


class MutantsCheckTest(PlantedTree):
    CHECK = "check-mutants.py"
    PATCH = ("# Promise: P3\n# Test: OutboxTest\ndiff --git a/core/store/Order.cpp b/core/store/Order.cpp\n"
             "--- a/core/store/Order.cpp\n+++ b/core/store/Order.cpp\n@@ -1 +1 @@\n-int next(int n) { return n + 1; }\n"
             "+int next(int n) { return n; }\n")

    def setUp(self):
        super().setUp()
        self.plant("core/store/Order.cpp", "int next(int n) { return n + 1; }\n")
        self.plant("tests/core/store/CMakeLists.txt", "kith_test(OutboxTest)\n")
        self.plant("tests/mutants/order.patch", self.PATCH)

    def test_clean_tree_passes(self):
        self.passes(self.CHECK)

    def test_patch_that_the_code_has_outgrown(self):
        self.plant("core/store/Order.cpp", "int next(int n) { return 1 + n; }\n")
        self.fails(self.CHECK, "tests/mutants/order.patch:1: does not apply (patch failed: core/store/Order.cpp:1)")

    def test_patch_without_its_header(self):
        self.plant("tests/mutants/order.patch", self.PATCH.replace("# Promise: P3\n", ""))
        self.fails(self.CHECK, "starts with `# Promise")
        self.plant("tests/mutants/order.patch", self.PATCH.replace("# Test: OutboxTest\n", ""))
        self.fails(self.CHECK, "names no test")

    def test_test_that_does_not_exist(self):
        self.plant("tests/mutants/order.patch", self.PATCH.replace("OutboxTest", "InboxTest"))
        self.fails(self.CHECK, "has a test InboxTest")

    def test_patch_that_breaks_more_than_it_says(self):
        more = self.PATCH.replace("@@ -1 +1 @@", "@@ -1 +1,11 @@") + "+// more\n" * 10
        self.plant("tests/mutants/order.patch", more)
        self.fails(self.CHECK, "changes 12 lines")


class CommitsCheckTest(Repository):
    CHECK = "check-commits.py"

    def test_good_titles_pass(self):
        for title in ("core: Add the outbox", "core/store: Embed the schema dump", "ci: Pass --root through"):
            self.commit(title)
        self.passes(self.CHECK)

    def test_bad_titles_fail(self):
        for title, why in (("Add the outbox", "lower-case area"), ("Core: Add the outbox", "lower-case area"),
                           ("core: add the outbox", "capital"), ("core: Add the outbox.", "full stop"),
                           ("core: Added the outbox", "imperative"), ("core: Adding the outbox", "imperative"),
                           ("core: Adds the outbox", "imperative"), ("core: Add " + "x" * 70, "at most 72"),
                           ("core:Add it", "lower-case area")):
            with self.subTest(title):
                self.commit(title)
                self.fails(self.CHECK, why, title)
                self.git("reset", "-q", "--hard", "HEAD~1")

    def test_whole_history_or_only_beyond_a_base(self):
        self.commit("wrong")
        self.commit("core: Mend it")
        self.fails(self.CHECK, "wrong")
        self.passes(self.CHECK, "--base", "HEAD~1")

    def test_no_repository(self):
        status, output = self.run_check(self.CHECK, "--root", "/")
        self.assertEqual((status, "no history" in output), (1, True), output)


if __name__ == "__main__":
    unittest.main()
