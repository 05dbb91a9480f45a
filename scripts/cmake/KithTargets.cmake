# The three kinds of target. Names are folder paths with underscores: core/base is core_base.

# A common precompiled header of std and Qt Core, compiled once and shared.
add_library(kith_pch STATIC ${PROJECT_SOURCE_DIR}/scripts/cmake/Precompiled.cpp)
target_link_libraries(kith_pch PUBLIC kith_flags Qt6::Core)
# In brackets, found by -I: an absolute path in the generated header would keep ccache from serving another clone.
target_precompile_headers(kith_pch PRIVATE <scripts/cmake/Precompiled.h>)

function(kith_setup target)
    target_link_libraries(${target} PUBLIC kith_flags)
    if(NOT ARG_NO_PCH)
        target_link_libraries(${target} PRIVATE Qt6::Core)
        target_precompile_headers(${target} REUSE_FROM kith_pch)
    endif()
    if(ARG_MOC)
        set_target_properties(${target} PROPERTIES AUTOMOC ON)
    endif()
endfunction()

# kith_library(name SOURCES ... PUBLIC targets... PRIVATE targets... [MOC] [METATYPES] [NO_PCH])
# METATYPES: its classes are described for QML, which app/shell registers.
function(kith_library target)
    cmake_parse_arguments(ARG "MOC;METATYPES;NO_PCH" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
    add_library(${target} STATIC ${ARG_SOURCES})
    target_link_libraries(${target} PUBLIC ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE})
    kith_setup(${target})
    if(ARG_METATYPES AND KITH_APP)
        qt_extract_metatypes(${target})
    endif()
endfunction()

# kith_protocol(name PROTOS ... PUBLIC targets...): Protobuf messages, lite runtime; generated code is not ours to warn about.
function(kith_protocol target)
    cmake_parse_arguments(ARG "" "" "PROTOS;PUBLIC" ${ARGN})
    set(out ${PROJECT_BINARY_DIR}/proto)
    file(RELATIVE_PATH folder ${PROJECT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
    foreach(proto ${ARG_PROTOS})
        get_filename_component(stem ${proto} NAME_WE)
        set(generated ${out}/${folder}/${stem}.pb)
        add_custom_command(OUTPUT ${generated}.cc ${generated}.h
            COMMAND ${CMAKE_COMMAND} -E make_directory ${out}
            COMMAND protobuf::protoc --cpp_out=${out} -I${PROJECT_SOURCE_DIR} ${folder}/${proto}
            WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${proto} VERBATIM)
        list(APPEND sources ${generated}.cc)
    endforeach()
    add_library(${target} STATIC ${sources})
    set_target_properties(${target} PROPERTIES AUTOMOC OFF AUTOUIC OFF AUTORCC OFF)
    target_link_libraries(${target} PUBLIC protobuf::libprotobuf-lite ${ARG_PUBLIC})
    target_include_directories(${target} SYSTEM PUBLIC ${out})
    if(KITH_SANITIZE)
        target_compile_options(${target} PRIVATE -fsanitize=${KITH_SANITIZE})
    endif()
endfunction()

# kith_program(name SOURCES ... PRIVATE targets... [MOC])
function(kith_program target)
    cmake_parse_arguments(ARG "MOC;NO_PCH" "" "SOURCES;PRIVATE" ${ARGN})
    add_executable(${target} ${ARG_SOURCES})
    target_link_libraries(${target} PRIVATE ${ARG_PRIVATE})
    kith_setup(${target})
endfunction()

# kith_test(Name PRIVATE targets... [LABELS ...] [TIMEOUT s]): Name.cpp with one QTEST_* main; the ctest name is Name.
# Labels with a meaning for scripts/test: gateway (runs under ThreadSanitizer too), long (not under AddressSanitizer).
# A test that cannot run prints a line starting with "SKIP " (QSKIP does); in CI that fails unless it is expected.
function(kith_test name)
    cmake_parse_arguments(ARG "NO_PCH" "TIMEOUT" "PRIVATE;LABELS;SOURCES" ${ARGN})
    set(ARG_MOC ON)
    add_executable(${name} ${name}.cpp ${ARG_SOURCES})
    target_link_libraries(${name} PRIVATE ${ARG_PRIVATE} Qt6::Test)
    kith_setup(${name})
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
    add_test(NAME ${name} COMMAND ${name})
    if(NOT ARG_TIMEOUT)
        set(ARG_TIMEOUT 60)
    endif()
    set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}"
        ENVIRONMENT "KITH_SOURCE_DIR=${PROJECT_SOURCE_DIR};KITH_BIN_DIR=${PROJECT_BINARY_DIR}/bin")
endfunction()

# kith_fuzz(name): name.cpp with LLVMFuzzerTestOneInput, linking the sanitized objects of the libraries.
function(kith_fuzz name)
    if(NOT KITH_FUZZ)
        return()
    endif()
    cmake_parse_arguments(ARG "" "" "PRIVATE" ${ARGN})
    add_executable(${name} ${name}.cpp)
    target_link_libraries(${name} PRIVATE ${ARG_PRIVATE} kith_flags)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/fuzz)
endfunction()

# kith_qml_module(name URI Kith.Part QML files... [RESOURCES files...] [IMPORTS uris...]): a folder of qml/ as a module of
# its own; programs link nameplugin and name it in app/shell/QmlModules.cpp. Imports are found below :/qt/qml in
# programs, and below imports/ of the build folder by qmllint.
function(kith_qml_module target)
    cmake_parse_arguments(ARG "" "URI" "QML;RESOURCES;IMPORTS" ${ARGN})
    string(REPLACE "." "/" path ${ARG_URI})
    qt_add_library(${target} STATIC)
    # Generated code is not ours to warn about.
    set_target_properties(${target} PROPERTIES AUTOMOC ON)
    qt_add_qml_module(${target} URI ${ARG_URI} VERSION 1.0 RESOURCE_PREFIX /qt/qml QML_FILES ${ARG_QML}
        RESOURCES ${ARG_RESOURCES} IMPORTS ${ARG_IMPORTS} OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/imports/${path}
        IMPORT_PATH ${PROJECT_BINARY_DIR}/imports)
    target_link_libraries(${target} PRIVATE Qt6::Quick)
    set_target_properties(${target}plugin PROPERTIES AUTOMOC ON)
    set_property(GLOBAL APPEND PROPERTY KITH_QML_FILES ${ARG_QML})
endfunction()
