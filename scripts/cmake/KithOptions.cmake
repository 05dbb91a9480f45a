# One flag list for every target, both compilers.
option(KITH_TESTS "Build the tests" ON)
option(KITH_APP "Build the window: qml/ and what of app/ belongs to it" ON)
option(KITH_FUZZ "Build the fuzz targets (clang only)" OFF)
# The two compilers that CI builds with. What a newer one warns about is for us to mend, not a reason to fail for somebody
# who only wants to build.
if((CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 12
        AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    OR (CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 14
        AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 15))
    set(kithKnownCompiler ON)
else()
    set(kithKnownCompiler OFF)
endif()
option(KITH_WERROR "Warnings are errors" ${kithKnownCompiler})
set(KITH_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them: address,undefined or thread")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib)

add_library(kith_flags INTERFACE)
target_include_directories(kith_flags INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(kith_flags INTERFACE
    -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough -Wundef
    $<$<BOOL:${KITH_WERROR}>:-Werror>
    $<$<CONFIG:Debug>:-O1>
    -fstack-protector-strong -fno-omit-frame-pointer)
target_compile_definitions(kith_flags INTERFACE
    QT_NO_KEYWORDS QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_DEPRECATED_WARNINGS
    KITH_VERSION="${PROJECT_VERSION}")

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Guesses of g++ 12's optimiser about inlined std::string and std::optional code that it then reports as ours (GCC
    # bugs 105329, 105651, 105562); clang compiles with all of -Wall, and the sanitizers look at the real accesses.
    target_compile_options(kith_flags INTERFACE -Wno-restrict -Wno-stringop-overread -Wno-stringop-overflow
        -Wno-array-bounds -Wno-maybe-uninitialized)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    # A precompiled header without a time stamp, so that ccache may keep it.
    target_compile_options(kith_flags INTERFACE "SHELL:-Xclang -fno-pch-timestamp" -Wno-gnu-zero-variadic-macro-arguments)
endif()
if(KITH_SANITIZE)
    set(kithSanitizers ${KITH_SANITIZE})
    if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND KITH_SANITIZE MATCHES "address")
        # Coverage instrumentation too, so that the fuzz targets link these same objects.
        target_compile_options(kith_flags INTERFACE -fsanitize=fuzzer-no-link)
    endif()
    target_compile_options(kith_flags INTERFACE -fsanitize=${KITH_SANITIZE} -fno-sanitize-recover=all)
    target_link_options(kith_flags INTERFACE -fsanitize=${KITH_SANITIZE})
endif()

find_program(KITH_MOLD mold)
if(KITH_MOLD)
    add_link_options(-fuse-ld=mold)
endif()
find_program(KITH_CCACHE ccache)
if(KITH_CCACHE)
    set(kithCcache ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
        CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${KITH_CCACHE})
    set(CMAKE_C_COMPILER_LAUNCHER ${kithCcache})
    set(CMAKE_CXX_COMPILER_LAUNCHER ${kithCcache})
endif()
