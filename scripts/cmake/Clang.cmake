# The clang of the sanitizer presets: version 14, the reference, or the newest found where 14 cannot be had.
set(kithClangNames clang++-14)
foreach(version RANGE 30 15 -1)
    list(APPEND kithClangNames clang++-${version})
endforeach()
find_program(KITH_CLANGXX NAMES ${kithClangNames} clang++ REQUIRED)
string(REPLACE "clang++" "clang" kithClang "${KITH_CLANGXX}")
set(CMAKE_CXX_COMPILER ${KITH_CLANGXX})
set(CMAKE_C_COMPILER ${kithClang})
