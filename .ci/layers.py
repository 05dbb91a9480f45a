"""The layout as data: which folder may include which, and which library belongs to which folder.

The key of a file is the longest entry of ARROWS that its path starts with ("." in a key ends it: server/. holds only
the files directly in server/). A folder may always include itself. The targets are folders or single headers."""

BASE = "core/base"
WIRE = "core/protocol/wire"
CONTENT = "core/protocol/content"
CRYPTO = "core/crypto"
FLOOR = (BASE, WIRE, CRYPTO)  # linked by client and server

CORE_BELOW_SESSION = (
    BASE, WIRE, CONTENT, CRYPTO, "core/domain", "core/e2ee", "core/e2ee/ports", "core/store", "core/store/sqlite",
    "core/net", "core/net/websocket", "core/media", "core/sync")
CORE = CORE_BELOW_SESSION + ("core/models", "core/session")
SERVER_BELOW_MAIN = (
    "server/domain", "server/gateway", "server/chat", "server/storage", "server/bus", "server/registry",
    "server/blobs", "server/push", "server/limits", "server/metrics", "server/admin")
SERVER = SERVER_BELOW_MAIN + ("server/config", "server/.")
APP = ("core/session", "core/models", "core/domain", BASE, "platform")
PROGRAMS = ("app/.", "app/chat", "app/conversations", "app/onboarding", "app/settings", "app/devices", "app/shell",
            "app/offline", "app/cli")
EVERYTHING = CORE + SERVER + PROGRAMS + ("platform", "tests/support")

ARROWS = {
    BASE: (),
    WIRE: (BASE,),
    CONTENT: (BASE,),
    CRYPTO: (BASE,),
    "core/domain": (BASE,),
    "core/e2ee/ports": (BASE, CRYPTO),
    "core/e2ee": (BASE, CRYPTO, "core/e2ee/ports"),
    "core/store/sqlite": (BASE, CRYPTO),
    "core/store": (BASE, CRYPTO, "core/domain", "core/e2ee/ports", "core/store/sqlite"),
    "core/net": (BASE, WIRE),
    "core/net/websocket": (BASE, "core/net"),
    "core/media": (BASE, "core/domain", CRYPTO, "core/net"),
    "core/sync": (BASE, "core/crypto", "core/domain", "core/e2ee", "core/e2ee/ports", "core/store", "core/net", "core/media", WIRE, CONTENT),
    "core/models": (BASE, "core/domain", "core/store"),
    "core/session": CORE_BELOW_SESSION,

    "server/.": FLOOR + SERVER_BELOW_MAIN + ("server/config",),
    "server/config": FLOOR + SERVER_BELOW_MAIN,
    "server/domain": (BASE,),
    "server/gateway": FLOOR + ("server/domain", "server/chat", "server/bus/Bus.h", "server/registry/Registry.h",
                               "server/limits", "server/metrics"),
    "server/chat": (BASE, CRYPTO, "server/domain", "server/storage/Storage.h", "server/bus/Bus.h",
                    "server/registry/Registry.h", "server/blobs/Blobs.h", "server/push/Push.h"),
    "server/storage": (BASE, CRYPTO, "server/domain"),
    "server/bus": (BASE, "server/domain"),
    "server/registry": (BASE, "server/domain"),
    "server/blobs": (BASE, "server/domain"),
    "server/push": (BASE, "server/domain"),
    "server/limits": (BASE,),
    "server/metrics": (BASE,),
    "server/admin": (BASE, "server/chat", "server/domain", "server/metrics"),

    "app/.": APP + ("app/chat", "app/conversations", "app/onboarding", "app/settings", "app/devices", "app/shell"),
    "app/chat": APP,
    "app/conversations": APP,
    "app/onboarding": APP,
    "app/settings": APP,
    "app/devices": APP,
    "app/shell": APP + ("app/chat", "app/conversations", "app/onboarding", "app/settings", "app/devices"),
    "app/offline": APP + ("app/chat", "app/conversations", "app/onboarding", "app/settings", "app/devices", "app/shell",
                          "tests/support"),
    "app/cli": ("core/session", "core/domain", BASE, "platform"),
    "platform": (BASE,),
    "qml": ("core/models",) + PROGRAMS,

    # A test folder sees what it tests and tests/support; simulation and crash programs see everything.
    "tests/.": EVERYTHING,
    "tests/core": CORE + ("tests/support",),
    "tests/server": FLOOR + SERVER + ("tests/support",),
    "tests/app": CORE + PROGRAMS + ("platform", "tests/support"),
    "tests/qml": ("core/models", "core/domain", BASE, "qml", "tests/support") + PROGRAMS,
    "tests/platform": (BASE, "platform", "tests/support"),
    "tests/support": CORE + SERVER + ("platform",),
    "tests/conformance": CORE + SERVER + ("platform", "tests/support"),
    "tests/vectors": (BASE, CRYPTO, "core/e2ee", "core/e2ee/ports", "tests/support"),
    "tests/e2e": EVERYTHING,
    "tests/fuzz": EVERYTHING,
    "tests/sim": EVERYTHING,
    "tests/crash": EVERYTHING,
    "tests/bench": CORE + PROGRAMS + ("platform", "qml", "tests/support"),
    "tests/interop": ("tests/support",),
}

# What each folder of qml/ may import besides itself; App is the C++ of app/shell (rule 19: QML presents).
QML_IMPORTS = {
    "Theme": (),
    "Icons": ("Theme",),
    "Controls": ("Theme", "Icons"),
    "Chat": ("App", "Controls", "Icons", "Theme"),
    "Conversations": ("App", "Controls", "Icons", "Theme"),
    "Onboarding": ("App", "Controls", "Icons", "Theme"),
    "Settings": ("App", "Controls", "Icons", "Theme"),
    "Shell": ("App", "Chat", "Controls", "Conversations", "Icons", "Onboarding", "Settings", "Theme"),
}

# (include path as regular expression, folders that may name it, reason). Tests may name any of them but the marked ones.
LIBRARIES = (
    (r"sodium(\.h|/)", (CRYPTO,), "libsodium is wrapped by core/crypto"),
    (r"(sqlcipher/)?sqlite3", ("core/store/sqlite",), "SQLCipher is wrapped by core/store/sqlite"),
    (r"rocksdb/", ("server/storage/embedded",), "RocksDB is wrapped by server/storage/embedded"),
    (r"(QtWebSockets/|QWebSocket|QMaskGenerator)", ("core/net/websocket", "server/gateway"),
     "Qt WebSockets belongs to core/net/websocket and server/gateway"),
    (r"openssl/", (CRYPTO, "server/gateway", "server/config", "server/tls"),
     "OpenSSL belongs to core/crypto and the server's TLS"),
    (r"boost/", ("server/gateway",), "the HTTP parser belongs to server/gateway"),
    (r"toml\+\+/|toml\.hpp", ("server/config",), "TOML belongs to server/config"),
    (r"CLI/", ("app/cli", "server/.", "server/admin"), "command lines belong to the programs"),
    (r"google/protobuf", ("core/protocol",), "Protobuf belongs to core/protocol; wire types stop at core/sync and server/gateway"),
    (r"(QtNetwork/|QNetwork|QTcp|QSsl|QUdp|QHost|QAbstractSocket|QLocalS|QDnsLookup)",
     ("core/net", "server/gateway", "server/config", "server/admin", "server/tls", "server/."),
     "Qt Network belongs to core/net and the server's edge"),
    (r"(qt6)?keychain", ("platform",), "QtKeychain belongs to platform"),
    (r"(QtDBus/|QDBus)", ("platform",), "DBus belongs to platform"),
    (r"(QtGui/|QGuiApplication|QImage|QPainter|QPixmap|QColor|QFont)", ("platform", "app", "core/media", "qml"),
     "Qt Gui stays out of core and server"),
    (r"(QtQuick|QtQml|QQml|QQuick|QtWidgets/|QWidget|QApplication$)", ("app", "qml"),
     "Qt Quick, Qml and Widgets stay out of core, server and platform"),
)
LIBRARIES_CLOSED_TO_TESTS = ("libsodium is wrapped by core/crypto",)

CLOCK_CALLS = (
    r"QDateTime::currentDateTime\w*", r"QDateTime::currentM?Secs\w*", r"QDate::currentDate", r"QTime::currentTime",
    r"\bQElapsedTimer\b", r"\b(system_clock|steady_clock|high_resolution_clock)::now", r"\bclock_gettime\b",
    r"\bgettimeofday\b", r"\btime\((nullptr|NULL|0)\)")
RANDOM_CALLS = (
    r"\brandombytes_\w+", r"\brandombytes\(", r"\bstd::random_device\b", r"\bstd::rand\b", r"\bsrand\(", r"\bQRandomGenerator\b",
    r"\bRAND_(priv_)?bytes\b", r"\bgetrandom\(", r"\bgetentropy\(",
    r"\bcrypto_(?!\w*seed_)\w+_(keypair|keygen)\b")
ADAPTERS = ("core/base/Clock.cpp", "core/base/Log.cpp", "core/crypto/SodiumRandom.cpp")
CLOCK_FREE = ("tests/",)  # tests and benches measure and wait; their randomness is seeded all the same
