# Everything Kith stands on; each has its decision record in docs/decisions.
find_package(Qt6 6.4 REQUIRED COMPONENTS Core Network WebSockets Test)
# Without Qt's absolute paths of each test's folders (for QFINDTESTDATA, which no test uses): ccache hashes them.
set_property(TARGET Qt6::Test PROPERTY INTERFACE_COMPILE_DEFINITIONS QT_TESTLIB_LIB)
if(KITH_APP)
    find_package(Qt6 6.4 REQUIRED COMPONENTS Gui Qml Quick QuickControls2 Svg)
endif()
find_package(Protobuf 3.21 REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(RocksDB CONFIG REQUIRED)
find_package(Boost 1.74 REQUIRED)
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium>=1.0.18)
pkg_check_modules(SQLCIPHER REQUIRED IMPORTED_TARGET sqlcipher>=3.46) # SQLCipher 4.6 names the SQLite it is built on
pkg_check_modules(TOMLPLUSPLUS REQUIRED IMPORTED_TARGET tomlplusplus)
find_package(CLI11 2.1 CONFIG REQUIRED)
find_package(Qt6Keychain REQUIRED)
qt_standard_project_setup()
# A target with Q_OBJECT asks for moc itself.
set(CMAKE_AUTOMOC OFF)
set(CMAKE_AUTOUIC OFF)
set(CMAKE_AUTORCC OFF)
