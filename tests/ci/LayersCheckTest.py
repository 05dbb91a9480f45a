"""check-layers.py fails on each kind of planted violation, and passes without it."""

import unittest

from Planted import PlantedTree

CHECK = "check-layers.py"


class LayersCheckTest(PlantedTree):
    def test_clean_tree_passes(self):
        self.passes(CHECK)

    def test_forbidden_arrow(self):
        self.plant("core/e2ee/Session.cpp", '#include "core/store/Outbox.h"\n')
        self.fails(CHECK, "core/e2ee/Session.cpp:1: core/e2ee may not include core/store")

    def test_single_header_arrow_opens_only_that_header(self):
        self.plant("server/bus/Local.h", "#pragma once\n/// Local. Thread: any.\n")
        self.plant("server/chat/Rules.cpp", '\n#include "server/bus/Local.h"\n')
        self.fails(CHECK, "server/chat/Rules.cpp:2: server/chat may not include server/bus")

    def test_server_cannot_reach_sessions(self):
        self.plant("server/chat/Rules.cpp", '#include "core/e2ee/Session.h"\n')
        self.fails(CHECK, "server/chat may not include core/e2ee")

    def test_generated_header_counts_as_its_proto(self):
        self.plant("core/store/Outbox.cpp", '#include "core/protocol/wire/rpc.pb.h"\n')
        self.fails(CHECK, "core/store may not include core/protocol/wire")

    def test_product_cannot_reach_tests(self):
        self.plant("tests/support/Fake.h", "#pragma once\n/// Fake. Thread: any.\n")
        self.plant("core/store/Outbox.cpp", '#include "tests/support/Fake.h"\n')
        self.fails(CHECK, "core/store may not include tests/support")

    def test_relative_and_missing_includes(self):
        self.plant("core/store/Outbox.cpp", '#include "Outbox.h"\n#include "../base/Result.h"\n#include "core/store/Gone.h"\n')
        self.fails(CHECK, 'Outbox.cpp:1: includes "Outbox.h": write the path from the repository root',
                   "Outbox.cpp:2:", '"core/store/Gone.h", which does not exist')

    def test_own_header_in_angle_brackets(self):
        self.plant("core/store/Outbox.cpp", "#include <core/store/Outbox.h>\n")
        self.fails(CHECK, "our own headers stand in quotes")

    def test_libraries_outside_their_wrappers(self):
        for include in ("sodium.h", "sqlite3.h", "sqlcipher/sqlite3.h", "rocksdb/db.h", "QtWebSockets/QWebSocket", "QWebSocketServer",
                        "openssl/ssl.h", "boost/beast.hpp", "toml++/toml.h", "CLI/CLI.hpp", "QtNetwork/QSslSocket",
                        "qt6keychain/keychain.h", "QtDBus/QDBusConnection", "QtGui/QImage", "QtQml/QQmlEngine",
                        "QtQuick/QQuickView", "google/protobuf/message_lite.h"):
            with self.subTest(include):
                self.plant("core/domain/Message.cpp", f"#include <{include}>\n")
                self.fails(CHECK, f"core/domain/Message.cpp:1: includes {include}")

    def test_library_inside_its_wrapper_passes(self):
        self.plant("core/store/sqlite/Statement.cpp", "#include <sqlcipher/sqlite3.h>\n")
        self.plant("core/crypto/Aead.cpp", "#include <sodium.h>\n")
        self.plant("server/storage/embedded/Db.cpp", "#include <rocksdb/db.h>\n")
        self.passes(CHECK)

    def test_tests_may_open_sockets_but_not_libsodium(self):
        self.plant("tests/core/store/OutboxTest.cpp", "#include <QtWebSockets/QWebSocket>\n")
        self.passes(CHECK)
        self.plant("tests/core/store/OutboxTest.cpp", "#include <sodium.h>\n")
        self.fails(CHECK, "includes sodium.h")

    def test_clocks_outside_the_adapter(self):
        for call in ("QDateTime::currentDateTimeUtc()", "QDateTime::currentMSecsSinceEpoch()", "std::chrono::system_clock::now()",
                     "std::chrono::steady_clock::now()", "time(nullptr)", "QElapsedTimer timer"):
            with self.subTest(call):
                self.plant("core/store/Outbox.cpp", f"\nauto f() {{ {call}; }}\n")
                self.fails(CHECK, "core/store/Outbox.cpp:2:", "reads a clock")

    def test_randomness_outside_the_adapter(self):
        for call in ("randombytes_buf(p, n)", "std::random_device rd", "std::rand()", "QRandomGenerator::global()",
                     "RAND_bytes(p, 1)", "crypto_sign_keypair(pk, sk)", "crypto_secretbox_keygen(k)"):
            with self.subTest(call):
                self.plant("core/crypto/Sign.cpp", f"\nvoid f() {{ {call}; }}\n")
                self.fails(CHECK, "core/crypto/Sign.cpp:2:", "draws randomness")

    def test_seeded_keys_and_words_in_comments_pass(self):
        self.plant("core/crypto/Sign.cpp",
                   'void f() { crypto_sign_seed_keypair(pk, sk, seed); } // not randombytes_buf()\nauto s = "std::rand()";\n')
        self.passes(CHECK)

    def test_tests_may_read_clocks_but_not_draw_randomness(self):
        self.plant("tests/core/store/OutboxTest.cpp", "auto t = std::chrono::steady_clock::now();\n")
        self.passes(CHECK)
        self.plant("tests/core/store/OutboxTest.cpp", "std::random_device rd;\n")
        self.fails(CHECK, "draws randomness")

    def test_include_cycle(self):
        self.plant("core/store/A.h", '#pragma once\n/// A.\n#include "core/store/B.h"\n')
        self.plant("core/store/B.h", '#pragma once\n/// B.\n#include "core/store/A.h"\n')
        self.fails(CHECK, "include cycle")

    def test_unknown_folder(self):
        self.plant("core/shared/Things.h", "#pragma once\n/// Things.\n")
        self.fails(CHECK, "core/shared/Things.h:1: folder core/shared stands in no row")

    def test_link_list_against_the_arrows(self):
        self.plant("core/store/CMakeLists.txt", "kith_library(core_store SOURCES Outbox.cpp PUBLIC core_base)\n")
        self.plant("core/base/CMakeLists.txt", "kith_library(core_base SOURCES Clock.cpp)\n")
        self.passes(CHECK)
        self.plant("core/base/CMakeLists.txt", "kith_library(core_base SOURCES Clock.cpp\n    PUBLIC core_store)\n")
        self.fails(CHECK, "core/base/CMakeLists.txt:2: core/base may not link core_store")


if __name__ == "__main__":
    unittest.main()
